"""A notification in few words, by push or as a text message: if it is wanted still, and now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.timezone import now, override
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override as speaking

from accounts.models import User
from notifications import wanted
from notifications.messages import MESSAGES, told
from notifications.models import Delivery
from notifications.outbox import NotWanted

READ = _("It was read on the site.")
# Longer than any night. What is about today says itself how long it holds.
NEWS_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Brief:
    """Who is told what, and the address of ours that leads to it. `until`: so long it is news."""

    person: User
    title: str
    text: str
    path: str
    urgent: bool
    until: datetime


def brief_of(row: Delivery) -> Brief:
    """What this delivery says. Raises NotWanted, NotNow."""
    notification, moment = row.notification, now()
    if notification.kind not in MESSAGES:
        raise NotWanted(wanted.RETIRED)
    if notification.read_at:
        raise NotWanted(READ)
    message = MESSAGES[notification.kind]
    # What happened days ago may be told today.
    until = wanted.end_of_news(notification, message.topic) or row.created_at + NEWS_FOR
    wanted.refuse_what_is_over(until, moment)
    everybody = wanted.people(message.topic.key, row.channel, notification.about)
    person = wanted.check(everybody.filter(pk=notification.user_id).first(), message, row.channel)
    wanted.refuse_what_is_done(notification, message)
    wanted.wait_for_quiet_to_end(person, message.topic, moment)
    with speaking(person.speaks), override(person.zone):
        words = told(notification.kind, notification.data)
    path = reverse("notifications:thing", args=[notification.pk])
    return Brief(person, line(words.title), line(words.text), path, message.topic.urgent, until)


def line(text: str) -> str:
    """What somebody wrote may have breaks; a message in a corner of the screen has none."""
    return " ".join(text.split())


def cut(text: str, most: int) -> str:
    """The text, or as many of its signs as may be there; then it says that it goes on."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
