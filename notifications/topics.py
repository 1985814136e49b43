"""What people switch on and off at once, and what of it is on where they chose nothing."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifications.models import Channel

type Words = str | Promise


@dataclass(frozen=True)
class Topic:
    """What a person switches on and off at once.

    `reason` ends a mail: why it came. `urgent` messages wait for no quiet hours. A topic that is
    `always_mail` waits for none either, and is mailed whatever was chosen, muted or unsubscribed
    from. What `holds_for` a while only is not sent after it, and stands in no weekly mail.
    """

    key: str
    name: Words
    reason: Words
    defaults: frozenset[str]
    urgent: bool = False
    always_mail: bool = False
    holds_for: timedelta | None = None


# From the last minute in which somebody is reminded.
UNTIL_MIDNIGHT = timedelta(hours=3)
ON_SITE = frozenset({Channel.IN_APP})
AND_MAIL = frozenset({Channel.IN_APP, Channel.EMAIL})
AND_WEEKLY = frozenset({Channel.IN_APP, Channel.WEEKLY})
NOTHING: frozenset[str] = frozenset()

REVIEW = Topic(
    "review", _("Reviews of my work"), _("You get this because your work was reviewed."), AND_MAIL
)
CHANGES = Topic(
    "changes",
    _("Changes asked for"),
    _("You get this because a reviewer asked for changes to your work."),
    AND_MAIL,
)
REPLY = Topic(
    "reply",
    _("Answers to me"),
    _("You get this because you asked, replied or reported something."),
    AND_MAIL,
)
ANNOUNCEMENT = Topic(
    "announcement",
    _("Announcements of my courses"),
    _("You get this because you are in the course."),
    AND_WEEKLY,
)
TEACHER = Topic(
    "teacher",
    _("Messages of teachers"),
    _("You get this because a teacher of your course wrote to you."),
    AND_MAIL,
)
CERTIFICATE = Topic(
    "certificate",
    _("Certificates"),
    _("You get this because it is about a certificate of yours."),
    AND_MAIL,
)
CORRECTION = Topic(
    "correction",
    _("Results that were changed"),
    _("You get this because a result of yours was changed."),
    ON_SITE,
)
ACHIEVEMENT = Topic(
    "achievement",
    _("Badges, levels and streaks"),
    _("You get this because you reached something."),
    ON_SITE,
)
RESULT = Topic(
    "result", _("Results of seasons"), _("You get this because you took part in a season."), NOTHING
)
STREAK = Topic(
    "streak",
    _("Streak about to end"),
    _("You get this because you asked to be reminded of your streak."),
    NOTHING,
    # It is about today: in the morning it is too late.
    urgent=True,
    holds_for=UNTIL_MIDNIGHT,
)
FREEZE = Topic(
    "freeze", _("Freeze used"), _("You get this because a freeze kept your streak."), ON_SITE
)
CHALLENGE = Topic(
    "challenge",
    _("Challenges that open"),
    _("You get this because you asked to hear of challenges."),
    NOTHING,
)
REFERRAL = Topic(
    "referral",
    _("People I invited"),
    _("You get this because somebody you invited learns here."),
    ON_SITE,
)
NEWS = Topic(
    "news",
    _("News of the school"),
    _("You get this because you asked for news of the school."),
    NOTHING,
)
BILLING = Topic(
    "billing",
    _("Plans and payments"),
    _("You get this because it is about your plan. It cannot be switched off."),
    AND_MAIL,
    always_mail=True,
)

ACCOUNT = Topic(
    "account",
    _("Who looked at my account"),
    _("You get this because it is about your account. It cannot be switched off."),
    AND_MAIL,
    always_mail=True,
)
PLACE = Topic(
    "place",
    _("My place in courses"),
    _("You get this because your place in a course was changed. It cannot be switched off."),
    AND_MAIL,
    always_mail=True,
)
SITE = Topic(
    "site",
    _("Health of the site"),
    _("You get this because you administer the site. It cannot be switched off."),
    AND_MAIL,
    always_mail=True,
)

# In the order in which they are listed.
TOPICS = {
    topic.key: topic
    for topic in (
        REVIEW, CHANGES, REPLY, TEACHER, ANNOUNCEMENT, CERTIFICATE, CORRECTION, ACHIEVEMENT, RESULT,
        STREAK, FREEZE, CHALLENGE, REFERRAL, NEWS, BILLING, ACCOUNT, PLACE, SITE,
    )
}  # fmt: skip
