"""What there is to note in the audit log: its words, how long it is kept, what it may say more."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Who came in from where is kept no longer than it helps to find a break-in.
SIGN_INS = timedelta(days=180)
TWO_YEARS = timedelta(days=730)


@dataclass(frozen=True)
class Kind:
    """`says` names what a note of it may hold besides who, what and when: never a secret."""

    title: str | Promise
    says: frozenset[str] = frozenset()
    kept: timedelta = TWO_YEARS


def sign_in(title: str | Promise, *says: str) -> Kind:
    return Kind(title, frozenset(says), SIGN_INS)


def kind(title: str | Promise, *says: str) -> Kind:
    return Kind(title, frozenset(says))


KINDS: dict[str, Kind] = {
    "SIGNED_IN": sign_in(_("Signed in"), "methods"),
    "SIGN_IN_FAILED": sign_in(_("Failed to sign in"), "means"),
    "SIGN_IN_LOCKED": sign_in(_("Tried to sign in too often")),
    # What somebody signs in with.
    "PASSWORD_CHANGED": kind(_("Changed the password")),
    "PASSWORD_SET": kind(_("Set a password")),
    "PASSWORD_RESET": kind(_("Set a new password by mail")),
    "EMAIL_CHANGED": kind(_("Changed the email address")),
    "SECOND_FACTOR_ADDED": kind(_("Set up a second factor"), "type"),
    "SECOND_FACTOR_REMOVED": kind(_("Removed a second factor"), "type"),
    "RECOVERY_CODES_MADE": kind(_("Made new recovery codes")),
    "PROVIDER_CONNECTED": kind(_("Connected another account to sign in with"), "provider"),
    "PROVIDER_DISCONNECTED": kind(_("Disconnected another account"), "provider"),
    "TOKEN_MADE": kind(_("Made an API token"), "days"),
    "TOKEN_REVOKED": kind(_("Revoked an API token")),
    # People.
    "OWNER_MADE": kind(_("Made the owner of the school")),
    "ROLE_CHANGED": kind(_("Changed a role"), "before", "after"),
    "GROUPS_CHANGED": kind(_("Changed what somebody may do"), "added", "removed"),
    "ACCOUNT_CLOSED": kind(_("Closed an account")),
    "ACCOUNT_OPENED": kind(_("Opened an account again")),
    "LOOK_BEGAN": kind(_("Began to look at the site as somebody")),
    "LOOK_ENDED": kind(_("Stopped looking as somebody"), "how"),
    "SECOND_FACTOR_TAKEN": kind(_("Took away somebody's second factor")),
    "EXPORT_ASKED": kind(_("Asked for all that is kept of somebody")),
    "ERASED": kind(_("Erased an account")),
    # The school.
    "LOOK_ASKED": kind(_("Had the whole site looked over")),
    "SCHOOL_CHANGED": kind(_("Changed the school's settings"), "fields"),
    "ADDED": kind(_("Added in the admin"), "model", "parts"),
    "CHANGED": kind(_("Changed in the admin"), "model", "fields", "parts"),
    "DELETED": kind(_("Deleted in the admin"), "model"),
    # Learning.
    "EXTRA_TIME_SET": kind(_("Set extra time"), "percent"),
    "ENROLLED": kind(_("Enrolled somebody")),
    "TAKEN_OUT": kind(_("Took somebody out of a course")),
    "PUT_BACK": kind(_("Put somebody back into a course")),
    "PLACES_PAUSED": kind(_("Paused enrolments"), "count"),
    "PLACES_RESUMED": kind(_("Ended a pause of enrolments"), "count"),
    "WROTE": kind(_("Wrote to students"), "count"),
    "REGRADED": kind(_("Marked a quiz again"), "changed"),
    "REJUDGED": kind(_("Had code judged again")),
    "DRAFTS_TRIED_AGAIN": kind(_("Had the model draft again")),
    # Points.
    "XP_GIVEN": kind(_("Gave XP"), "xp"),
    "XP_TAKEN_BACK": kind(_("Took XP back"), "xp"),
    "BADGE_TAKEN_BACK": kind(_("Took a badge back"), "badge"),
    "OFF_THE_BOARDS": kind(_("Took somebody off all boards")),
    "STREAK_PAUSED": kind(_("Let a streak wait")),
    "MULTIPLIER_ANNOUNCED": kind(_("Announced a time that pays more")),
    "MULTIPLIER_CALLED_OFF": kind(_("Called off a time that pays more")),
    "SEASON_WRITTEN": kind(_("Announced or changed a season")),
    "SEASON_CALLED_OFF": kind(_("Called off a season")),
    "SEASON_CLOSED": kind(_("Closed a season")),
    "CHALLENGE_WRITTEN": kind(_("Made or changed a challenge")),
    "CHALLENGE_PUBLISHED": kind(_("Published a challenge")),
    "CHALLENGE_CALLED_OFF": kind(_("Called off a challenge")),
    "STARTED_AGAIN": kind(_("Let somebody start a challenge again")),
    "REFERRAL_ACCEPTED": kind(_("Accepted a referral")),
    "REFERRAL_REJECTED": kind(_("Rejected a referral")),
    # Certificates and plans.
    "CERTIFICATE_ISSUED": kind(_("Issued a certificate by hand")),
    "CERTIFICATE_REVOKED": kind(_("Revoked a certificate")),
    "CERTIFICATE_RENAMED": kind(_("Put the name on a certificate right")),
    "PLAN_GIVEN": kind(_("Gave a plan"), "plan"),
    "PLAN_WITHDRAWN": kind(_("Withdrew a plan"), "plan"),
    "REFUNDED": kind(_("Money was paid back"), "amount", "currency"),
    "MESSAGES_DISMISSED": kind(_("Set messages of Stripe aside"), "count"),
    # Courses and news.
    "COURSE_PUBLISHED": kind(_("Published a course")),
    "COURSE_TAKEN_BACK": kind(_("Took a course back to draft")),
    "COURSE_ARCHIVED": kind(_("Archived a course")),
    "COURSE_DELETED": kind(_("Deleted a course")),
    "COURSE_RESTORED": kind(_("Restored a course")),
    "COURSE_IMPORTED": kind(_("Imported a course")),
    "EXPORTED": kind(_("Exported"), "what"),
    "ANNOUNCEMENT_SENT": kind(_("Sent an announcement")),
    "ANNOUNCEMENT_WITHDRAWN": kind(_("Withdrew an announcement")),
    "MAIL_FREED": kind(_("Let mail go to addresses again"), "count"),
}
