"""Is it still wanted? Asked again just before something leaves, whatever the way."""

from datetime import date, datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy

from accounts.models import User
from notifications.messages import Message
from notifications.models import Contact, Mute, Notification, Preference
from notifications.outbox import NotNow, NotWanted
from notifications.quiet import end_of_quiet
from notifications.topics import Topic

RETIRED = gettext_lazy("There is no such message any more.")
GONE = gettext_lazy("The account is closed.")
SWITCHED_OFF = gettext_lazy("It was switched off.")
MUTED = gettext_lazy("It was muted.")
NO_POINTS = gettext_lazy("Points are hidden.")
DONE = gettext_lazy("The day was learned on meanwhile.")
TOO_LATE = gettext_lazy("It is no news any more.")


def people(topic: str, channel: str, about: str = "") -> QuerySet[User]:
    """Everybody who is here, with what they chose about the topic, and whether they muted it."""
    choices = Preference.objects.filter(user=OuterRef("pk"), topic=topic, channel=channel)
    mutes = Mute.objects.filter(user=OuterRef("pk"), about=about)
    return (
        User.objects.filter(is_active=True)
        .select_related("profile", "contact")
        .annotate(
            choice=Subquery(choices.values("is_on")[:1]),
            has_muted=Exists(mutes) if about else Value(False),
        )
    )


def check(person: User | None, message: Message, channel: str) -> User:
    """Return the person, or refuse what they do not want any more.

    `person` is one of `people`. What is mailed always is asked for nothing but an open account.
    """
    topic = message.topic
    if person is None:
        raise NotWanted(GONE)
    if topic.always_mail:
        return person
    choice, has_muted = getattr(person, "choice", None), getattr(person, "has_muted", False)
    if not (channel in topic.defaults if choice is None else choice):
        raise NotWanted(SWITCHED_OFF)
    if has_muted:
        raise NotWanted(MUTED)
    if message.of_points and hides_points(person):
        raise NotWanted(NO_POINTS)
    return person


def end_of_news(notification: Notification, topic: Topic) -> datetime | None:
    """Until when it holds, from when it happened: what is about today is no news tomorrow."""
    return notification.created_at + topic.holds_for if topic.holds_for else None


def refuse_what_is_over(until: datetime | None, moment: datetime) -> None:
    if until and until <= moment:
        raise NotWanted(TOO_LATE)


def refuse_what_is_done(notification: Notification, message: Message) -> None:
    """Who has learned since they were reminded is not told that nothing is done yet."""
    named, _, day = notification.subject.partition(":")
    if not (message.until_learned and named == "day"):
        return
    if import_string(settings.DAY_IS_KEPT)(notification.user_id, date.fromisoformat(day)):
        raise NotWanted(DONE)


def wait_for_quiet_to_end(person: User, topic: Topic, moment: datetime) -> None:
    """Put off what can wait until the person may be disturbed."""
    if topic.urgent or topic.always_mail:
        return
    contact = getattr(person, "contact", None) or Contact(user=person)
    if not contact.is_quiet:
        return
    until = end_of_quiet(moment, person.zone, contact.quiet_from, contact.quiet_to)
    if until:
        raise NotNow(until)


def hides_points(person: User) -> bool:
    return person.profile.preferences.get("show_points") is False or not points_are_shown()


def points_are_shown() -> bool:
    """Whether the school shows points at all: a room beside this one knows."""
    return bool(import_string(settings.POINTS_ARE_SHOWN)())
