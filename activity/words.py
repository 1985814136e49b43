"""How a feed speaks of what happened: one line a kind, or why it says nothing."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from activity.models import Event

Kind = Event.Kind


@dataclass(frozen=True, slots=True)
class Line:
    """`words` may hold gaps for what the event's data says; title and link stand beside them.

    `icon`: its picture. `of_points`: about points, badges or streaks, so nothing for who hides
    these. `plural`: what others may be shown of this kind, in the list of choices; empty: nothing.
    """

    words: str | Promise
    icon: str
    of_points: bool = False
    plural: str | Promise = ""


LINES: dict[str, Line] = {
    Kind.SIGNED_UP: Line(_("Joined the school"), "flag"),
    Kind.ENROLLED: Line(_("Began a course"), "book-open"),
    Kind.ENROLLED_IN_LANGUAGE: Line(_("Began to follow a language"), "languages"),
    Kind.LESSON_COMPLETED: Line(_("Finished a lesson"), "check", plural=_("Lessons I finish")),
    Kind.QUIZ_PASSED: Line(_("Passed a quiz"), "list-checks", plural=_("Quizzes I pass")),
    Kind.ASSIGNMENT_PASSED: Line(
        _("Solved an assignment"), "terminal", plural=_("Assignments I solve")
    ),
    Kind.CHALLENGE_FINISHED: Line(
        _("Finished a challenge"), "target", plural=_("Challenges I finish")
    ),
    Kind.COURSE_COMPLETED: Line(
        _("Completed a course"), "graduation-cap", plural=_("Courses I complete")
    ),
    Kind.CERTIFICATE_ISSUED: Line(_("Got a certificate"), "award"),
    Kind.LEVEL_REACHED: Line(_("Reached level {level}"), "zap", of_points=True),
    Kind.ACHIEVEMENT_EARNED: Line(_("Earned a badge"), "trophy", of_points=True),
    Kind.STREAK_REACHED: Line(_("Learned {days} days in a row"), "flame", of_points=True),
    Kind.REFERRAL_QUALIFIED: Line(_("Brought somebody who learns here"), "users", of_points=True),
}

NOT_SHOWN: dict[str, str] = {
    Kind.LEFT_COURSE: "It is nothing that was finished.",
    Kind.CAME_BACK: "They began it before.",
    Kind.ATTEMPT_FINISHED: "It may have gone badly; what was passed is shown.",
    Kind.ATTEMPT_REGRADED: "A correction is told, and not celebrated.",
    Kind.REPORT_ANSWERED: "It is what somebody else did, and is told.",
    Kind.SUBMISSION_JUDGED: "It may have failed; what was passed is shown.",
    Kind.SUBMISSION_REJUDGED: "A correction is told, and not celebrated.",
    Kind.HELP_GIVEN: "It is what somebody else did, and is told.",
    Kind.REVIEW_GIVEN: "It is what somebody else did, and is told.",
    Kind.REPLY_GIVEN: "It is what somebody else did, and is told.",
    Kind.SEASON_ENDED: "It may be a result of nothing; the page of the season has it.",
    Kind.XP_CORRECTED: "A correction is told, and not celebrated.",
    Kind.CERTIFICATE_REVOKED: "It is no good news, and is told.",
    Kind.COURSE_PUBLISHED: "It is of the school, and no learning.",
    Kind.SUBSCRIPTION_STARTED: "It is about money.",
    Kind.SUBSCRIPTION_ENDED: "It is about money.",
    Kind.INVOICE_PAID: "It is about money.",
    Kind.PAYMENT_FAILED: "It is about money.",
    Kind.SEAT_TAKEN: "It is about money.",
    Kind.PLAN_GRANTED: "It is about money.",
}

# What others may be shown, in the order of the choices.
SHARED = [Kind(kind) for kind, line in LINES.items() if line.plural]


def shown_kinds(*, points: bool) -> list[str]:
    """The kinds of a person's own feed, with or without points in sight."""
    return [kind for kind, line in LINES.items() if points or not line.of_points]


def title_of(data: Mapping[str, Any]) -> str:
    """What it was about. Of a badge in tiers, which of them: each tier is an event of its own.

    Badges are stored by their English name, which the program gave them, so it is translated here.
    """
    title, tiers = str(data.get("title", "")), data.get("tiers") or 1
    if title and "tiers" in data:
        title = gettext(title)
    if tiers == 1 or not data.get("tier"):
        return title
    named = _("%(title)s, tier %(tier)s of %(tiers)s")
    return str(named) % {"title": title, "tier": data["tier"], "tiers": tiers}


def words_of(kind: str, data: Mapping[str, Any]) -> str:
    """The line in words. What its data does not say is left out."""
    return str(LINES[kind].words).format_map(defaultdict(str, data))
