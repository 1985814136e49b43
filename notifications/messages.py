"""Every message there is: its words and its topic."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from activity.models import Event
from activity.words import title_of
from notifications.facts import Names, facts_of
from notifications.models import Channel

type Words = str | Promise


@dataclass(frozen=True)
class Topic:
    """What a person switches on and off at once.

    `reason` ends a mail: why it came. `urgent` messages wait for no quiet hours. A topic that is
    `always_mail` is mailed whatever was chosen, muted or unsubscribed from. What `holds_for`
    a while only is not sent after it, and stands in no weekly mail.
    """

    key: str
    name: Words
    reason: Words
    defaults: frozenset[str]
    urgent: bool = False
    always_mail: bool = False
    holds_for: timedelta | None = None


@dataclass(frozen=True)
class Message:
    """Words with gaps for what the notification's data says. `link`: an address if it says none.

    `of_points`: about points, badges or streaks, so nothing for who hides these. `until_learned`:
    about a day on which nothing is done yet. `is_letter`: its text is what somebody wrote to them,
    and is read at the notification's own address.
    """

    topic: Topic
    title: Words
    text: Words = ""
    link: str = ""
    of_points: bool = False
    until_learned: bool = False
    is_letter: bool = False


@dataclass(frozen=True)
class Told:
    """A message about something, ready to be read."""

    topic: Topic
    title: str
    text: str
    url: str
    facts: Sequence[str] = ()
    is_letter: bool = False


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
    _("You get this because a teacher of your course wrote to you or changed your place."),
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

# In the order in which they are listed.
TOPICS = {
    topic.key: topic
    for topic in (
        REVIEW, CHANGES, REPLY, TEACHER, ANNOUNCEMENT, CERTIFICATE, CORRECTION, ACHIEVEMENT, RESULT,
        STREAK, FREEZE, CHALLENGE, REFERRAL, NEWS, BILLING, ACCOUNT,
    )
}  # fmt: skip

Kind = Event.Kind

MESSAGES: dict[str, Message] = {
    Kind.REVIEW_GIVEN: Message(REVIEW, _("Your work was reviewed"), "{title}"),
    "CHANGES_ASKED": Message(CHANGES, _("Changes are asked for"), "{title}"),
    Kind.HELP_GIVEN: Message(REPLY, _("You got help with your work"), "{title}"),
    Kind.REPLY_GIVEN: Message(REPLY, _("Your reply was answered"), "{title}"),
    Kind.REPORT_ANSWERED: Message(REPLY, _("Your report was answered"), "{title}: {reply}"),
    Kind.CERTIFICATE_ISSUED: Message(CERTIFICATE, _("Your certificate is ready"), "{title}"),
    Kind.CERTIFICATE_REVOKED: Message(
        CERTIFICATE, _("Your certificate was revoked"), "{title}: {reason}"
    ),
    Kind.ATTEMPT_REGRADED: Message(
        CORRECTION,
        _("Your quiz was marked again"),
        _("{title}: {before}% became {after}%. {reason}"),
    ),
    Kind.SUBMISSION_REJUDGED: Message(
        CORRECTION, _("Your code was judged again"), "{title}. {reason}"
    ),
    Kind.XP_CORRECTED: Message(
        CORRECTION, _("Your points were corrected"), _("{xp} XP. {reason}"), of_points=True
    ),
    Kind.LEVEL_REACHED: Message(
        ACHIEVEMENT, _("You reached level {level}"), link="classroom:progress", of_points=True
    ),
    Kind.ACHIEVEMENT_EARNED: Message(
        ACHIEVEMENT, _("You earned a badge"), "{title}", of_points=True
    ),
    Kind.STREAK_REACHED: Message(
        ACHIEVEMENT, _("{days} days of learning in a row"), of_points=True
    ),
    Kind.SEASON_ENDED: Message(
        RESULT, _("A season has ended"), _("{title}: {points} points"), of_points=True
    ),
    Kind.REFERRAL_QUALIFIED: Message(
        REFERRAL, _("Somebody you invited learns here"), _("You earned {xp} XP."), of_points=True
    ),
    Kind.SUBSCRIPTION_ENDED: Message(
        BILLING,
        _("Your subscription has ended"),
        _("{title}. What you finished stays yours."),
        link="billing:overview",
    ),
    Kind.PLAN_GRANTED: Message(
        BILLING, _("You were given a plan"), "{title}", link="billing:overview"
    ),
    # Those that are no events: whoever tells them gives these names.
    "ANNOUNCEMENT": Message(ANNOUNCEMENT, "{title}", "{course_title}"),
    "TEACHER_WROTE": Message(
        TEACHER, _("A teacher wrote to you about “{title}”"), "{text}", is_letter=True
    ),
    "TAKEN_OUT": Message(
        TEACHER,
        _("You were taken out of “{title}”"),
        _("What you did there stays yours, and counts again if you come back."),
    ),
    "STAFF_LOOKED": Message(
        ACCOUNT,
        _("Somebody from the staff looked at the site as you see it"),
        _("They could read what you read for up to half an hour, and change nothing."),
        link="classroom:seen_by_staff",
    ),
    "NEWS": Message(NEWS, "{title}"),
    "STREAK_AT_RISK": Message(
        STREAK,
        _("Your streak of {days} days ends tonight"),
        _("One lesson today keeps it."),
        link="classroom:streak",
        of_points=True,
        until_learned=True,
    ),
    "STREAK_WAITS": Message(
        STREAK,
        _("Nothing is done yet today for your streak of {days} days"),
        _("One lesson keeps it. Without one, a freeze covers today."),
        link="classroom:streak",
        of_points=True,
        until_learned=True,
    ),
    "STREAK_FREEZE_USED": Message(
        FREEZE,
        _("A freeze kept your streak"),
        _("Streak still {days}. Freezes left: {left}."),
        link="classroom:streak",
        of_points=True,
    ),
    "CHALLENGE_OPENS": Message(CHALLENGE, _("A challenge is open"), "{title}", of_points=True),
}


def kind_of(event: Event) -> str:
    """The message that an event is, which may hang on what was decided."""
    if event.kind == Kind.REVIEW_GIVEN and event.data.get("decision") == "CHANGES":
        return "CHANGES_ASKED"
    return event.kind


def told(kind: str, data: Mapping[str, Any], names: Names | None = None) -> Told:
    """The message in words. What its data does not say is left out, and who has no name here."""
    message = MESSAGES[kind]
    known = defaultdict(str, {**data, "title": title_of(data)})
    title = str(message.title).format_map(known)
    text = str(message.text).format_map(known).strip()
    return Told(
        topic=message.topic,
        title=title,
        text=text,
        facts=[fact for fact in facts_of(kind, data, names or {}) if fact not in (title, text)],
        url=data.get("url") or (reverse(message.link) if message.link else ""),
        is_letter=message.is_letter,
    )
