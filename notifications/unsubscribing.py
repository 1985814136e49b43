"""Leaving a topic by the link of a mail: whoever holds the link may, and needs no account."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.crypto import salted_hmac

from accounts.models import User
from notifications import digests
from notifications.models import Channel, Preference
from notifications.topics import TOPICS, Topic

SALT = "notifications.unsubscribe"
# Mail is kept for long, but not every link in it has to work for ever.
LIVES = timedelta(days=400)


class BadLink(Exception):
    """Nobody but us makes such links, and this one we did not make."""


class OldLink(BadLink):
    """We made it, long ago."""


@dataclass(frozen=True)
class Leaving:
    """Who is to be left alone with what, if they are there, and whether they are already.

    `hint`: the address, as its owner knows it again; "" if the mail went to another.
    """

    user: UUID
    topic: Topic
    is_there: bool = False
    is_done: bool = False
    hint: str = ""


def token_of(user: UUID, topic: str, email: str = "") -> str:
    """`email`: where the mail with the link goes."""
    return signing.dumps([user.hex, topic, mark_of(email)], salt=SALT)


def mark_of(email: str) -> str:
    """By this a link knows the address it went to, and names it to nobody."""
    return salted_hmac(SALT, email, algorithm="sha256").hexdigest()[:16]


def address_of(user: UUID, topic: str, email: str = "") -> str:
    path = reverse("mail:unsubscribe", args=[token_of(user, topic, email)])
    return f"{settings.SITE_URL}{path}"


def read(token: str) -> Leaving:
    """What the link is for, or BadLink."""
    try:
        user, key, *marks = signing.loads(token, salt=SALT, max_age=LIVES)
        topic = digests.TOPIC if key == digests.TOPIC.key else TOPICS[key]
        people = User.objects.filter(pk=UUID(str(user)), deleted_at=None)
    except signing.SignatureExpired as error:
        raise OldLink from error
    except (signing.BadSignature, ValueError, KeyError, TypeError) as error:
        raise BadLink from error
    channel, topics = switches_of(topic)
    choices = Preference.objects.filter(channel=channel, topic__in=topics, is_on=False)
    people = people.annotate(
        off=Count("notification_preferences", filter=Q(notification_preferences__in=choices))
    )
    leaving = Leaving(UUID(user), topic)
    for email, number in people.values_list("email", "off"):
        # Older mail may have gone to an address that is somebody else's by now.
        hint = hint_of(email) if marks == [mark_of(email)] else ""
        leaving = Leaving(UUID(user), topic, True, number == len(topics), hint)
    return leaving


def hint_of(email: str) -> str:
    name, _, domain = email.rpartition("@")
    return f"{name[:1]}…@{domain}"


def switches_of(topic: Topic) -> tuple[Channel, list[str]]:
    """What is switched off, and for which topics."""
    if topic == digests.TOPIC:
        return Channel.WEEKLY, [key for key, one in TOPICS.items() if not one.always_mail]
    return Channel.EMAIL, [topic.key]


def unsubscribe(leaving: Leaving) -> None:
    """Mail no more about the topic. Done again, or by somebody who is gone, nothing happens."""
    if leaving.topic.always_mail or not leaving.is_there:
        return
    channel, topics = switches_of(leaving.topic)
    Preference.objects.bulk_create(
        [
            Preference(user_id=leaving.user, topic=topic, channel=channel, is_on=False)
            for topic in topics
        ],
        update_conflicts=True,
        unique_fields=["user", "topic", "channel"],
        update_fields=["is_on"],
    )
