"""Whom an announcement is for: who may learn in the course, or everybody.

Each has confirmed an address. Who never confirmed one has never been here: nothing waits for them.
"""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import User
from enrollments.models import Enrollment
from notifications.channels import available
from notifications.messages import MESSAGES
from notifications.models import (
    Announcement,
    Channel,
    Contact,
    Mute,
    Notification,
    Preference,
    PushSubscription,
)

EVERYBODY_HAS = (Channel.IN_APP, Channel.EMAIL, Channel.WEEKLY)


@dataclass(frozen=True)
class Audience:
    """How many it is for, and how many of them want to hear it anywhere."""

    people: int
    listening: int


def kind_of(announcement: Announcement) -> str:
    """Of a course it is wanted unless it is switched off; of the school, where it is asked for."""
    return "ANNOUNCEMENT" if announcement.course_id else "NEWS"


def everybody(announcement: Announcement) -> QuerySet[User]:
    """Those who were there when it started, or who are there now."""
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    people = User.objects.filter(Exists(confirmed), is_active=True)
    started = announcement.started_at
    if announcement.course_id is None:
        return people.filter(date_joined__lte=started) if started else people
    places = Enrollment.objects.learning().filter(
        user=OuterRef("pk"), course=announcement.course_id, course__deleted_at=None
    )
    return people.filter(Exists(places.filter(enrolled_at__lte=started) if started else places))


def audience_of(announcement: Announcement) -> Audience:
    """One query."""
    wanted = wants(kind_of(announcement), about_of(announcement))
    counted = everybody(announcement).aggregate(
        people=Count("pk"), listening=Count("pk", filter=wanted)
    )
    return Audience(**counted)


def owned() -> dict[Channel, Q]:
    """Channels that take something of a person's own: a browser, a number; and who has it."""
    browsers = PushSubscription.objects.filter(user=OuterRef("pk"), gone_at=None)
    numbers = Contact.objects.filter(user=OuterRef("pk")).exclude(phone_confirmed_at=None)
    return {Channel.PUSH: Q(Exists(browsers)), Channel.SMS: Q(Exists(numbers))}


def about_of(announcement: Announcement) -> str:
    """What muting it mutes."""
    return f"course:{announcement.course_id}" if announcement.course_id else ""


def not_told(kind: str, subject: str, about: str = "") -> QuerySet[User]:
    """Who wants to hear of this, and has not been told it yet."""
    told = Notification.objects.filter(user=OuterRef("pk"), kind=kind, subject=subject)
    return User.objects.filter(~Exists(told), wants(kind, about), is_active=True)


def wants(kind: str, about: str) -> Q:
    """Some way that reaches them is on, by choice or because it was left so; nothing is muted."""
    topic = MESSAGES[kind].topic
    chosen = Preference.objects.filter(user=OuterRef("pk"), topic=topic.key)
    wanted = Q(Exists(chosen.filter(channel__in=EVERYBODY_HAS, is_on=True)))
    for channel in sorted(topic.defaults):
        wanted |= Q(~Exists(chosen.filter(channel=channel, is_on=False)))
    for channel, has_it in owned().items():
        if channel in available():
            wanted |= Q(Exists(chosen.filter(channel=channel, is_on=True))) & has_it
    if not about:
        return wanted
    return wanted & ~Q(Exists(Mute.objects.filter(user=OuterRef("pk"), about=about)))
