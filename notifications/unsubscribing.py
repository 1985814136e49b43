"""Leaving a topic by the link of a mail: whoever holds the link may, and needs no account."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

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
    """Who is to be left alone, by which address ("" for nobody any more), and with what."""

    user: UUID
    email: str
    topic: Topic

    @property
    def hint(self) -> str:
        """The address as its owner knows it again and others who hold the mail do not learn it."""
        name, _, domain = self.email.rpartition("@")
        return f"{name[0]}…@{domain}" if name else ""


def token_of(user: UUID, topic: str) -> str:
    return signing.dumps([user.hex, topic], salt=SALT)


def address_of(user: UUID, topic: str) -> str:
    path = reverse("mail:unsubscribe", args=[token_of(user, topic)])
    return f"{settings.SITE_URL}{path}"


def read(token: str) -> Leaving:
    """What the link is for, or BadLink."""
    try:
        user, key = signing.loads(token, salt=SALT, max_age=LIVES)
        topic = digests.TOPIC if key == digests.TOPIC.key else TOPICS[key]
        found = User.objects.filter(pk=UUID(user)).values_list("pk", "email").first()
        return Leaving(*(found or (UUID(user), "")), topic)
    except signing.SignatureExpired as error:
        raise OldLink from error
    except (signing.BadSignature, ValueError, KeyError, TypeError) as error:
        raise BadLink from error


def unsubscribe(leaving: Leaving) -> None:
    """Mail no more about the topic. Done again, or by somebody who is gone, nothing happens."""
    if leaving.topic.always_mail or not leaving.email:
        return
    if leaving.topic == digests.TOPIC:
        switches = [(key, Channel.WEEKLY) for key, topic in TOPICS.items() if not topic.always_mail]
    else:
        switches = [(leaving.topic.key, Channel.EMAIL)]
    Preference.objects.bulk_create(
        [
            Preference(user_id=leaving.user, topic=topic, channel=channel, is_on=False)
            for topic, channel in switches
        ],
        update_conflicts=True,
        unique_fields=["user", "topic", "channel"],
        update_fields=["is_on"],
    )
