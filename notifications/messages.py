"""Every message there is: its words and its topic."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from activity.models import Event
from activity.words import title_of
from notifications.facts import Names, facts_of
from notifications.topics import (
    ACCOUNT,
    ACHIEVEMENT,
    ANNOUNCEMENT,
    BILLING,
    CERTIFICATE,
    CHALLENGE,
    CHANGES,
    CORRECTION,
    FREEZE,
    NEWS,
    PLACE,
    REFERRAL,
    REPLY,
    RESULT,
    REVIEW,
    SITE,
    STREAK,
    TEACHER,
    Topic,
    Words,
)


@dataclass(frozen=True)
class Message:
    """Words with gaps for what the notification's data says. `link`: an address if it says none.

    `of_points`: about points, badges or streaks, so nothing for who hides these. `until_learned`:
    about a day on which nothing is done yet. `is_letter`: its text is what somebody wrote to them,
    and is read at the notification's own address. `names_text`: its title is one of the site's own
    texts, by its English, which each reads in their language.
    """

    topic: Topic
    title: Words
    text: Words = ""
    link: str = ""
    of_points: bool = False
    until_learned: bool = False
    is_letter: bool = False
    names_text: bool = False


@dataclass(frozen=True)
class Told:
    """A message about something, ready to be read."""

    topic: Topic
    title: str
    text: str
    url: str
    facts: Sequence[str] = ()
    is_letter: bool = False


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
        PLACE,
        _("You were taken out of “{title}”"),
        _("What you did there stays yours, and counts again if you come back."),
    ),
    "PUT_BACK": Message(
        PLACE,
        _("You are back in “{title}”"),
        _("A teacher put you back. All that you did there counts again."),
    ),
    "STAFF_LOOKED": Message(
        ACCOUNT,
        _("Somebody from the staff looked at the site as you see it"),
        _("They could read what you read for up to half an hour, and change nothing."),
        link="classroom:seen_by_staff",
    ),
    "SITE_OFF": Message(
        SITE,
        _("Something of the site is off"),
        _("{title}: {count}. The page of its health says what mends it."),
        names_text=True,
    ),
    "SITE_UNSEEN": Message(
        SITE,
        _("The site could not be looked over"),
        _("It was begun three times and never came to its end. The page says how far it came."),
        link="site_health",
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

# What people do themselves as well, and are told of where staff did it.
BY_STAFF: Mapping[str, str] = {Kind.LEFT_COURSE: "TAKEN_OUT", Kind.CAME_BACK: "PUT_BACK"}


def kind_of(event: Event) -> str:
    """The message that an event is, which may hang on what was decided, and on who did it."""
    if event.kind == Kind.REVIEW_GIVEN and event.data.get("decision") == "CHANGES":
        return "CHANGES_ASKED"
    return BY_STAFF.get(event.kind, event.kind) if event.data.get("by") else event.kind


def told(kind: str, data: Mapping[str, Any], names: Names | None = None) -> Told:
    """The message in words. What its data does not say is left out, and who has no name here."""
    message = MESSAGES[kind]
    about = title_of(data)
    known = defaultdict(
        str, {**data, "title": gettext(about) if about and message.names_text else about}
    )
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
