"""Mail about notifications: whom it goes to, what it says, and how it is handed over."""

import contextlib
from typing import Any
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMessage, mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.timezone import now, override
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override as speaking

from accounts.mail import Letter, host, letter
from accounts.models import User
from notifications import digests, mail_faults, wanted
from notifications.facts import names_of
from notifications.messages import MESSAGES, told
from notifications.models import Channel, EmailLog
from notifications.outbox import NotWanted, Ready
from notifications.topics import Topic
from notifications.unsubscribing import address_of

TRANSPORT = "transport"
NO_ADDRESS = _("There is no confirmed address.")
CAME_BACK = _("Mail to the address came back, or was called unwanted.")


class Mail:
    """The way of mail."""

    def __init__(self) -> None:
        self.backend: BaseEmailBackend | None = None

    def rows(self) -> QuerySet[EmailLog]:
        return EmailLog.objects.select_related("notification")

    def prepare(self, row: EmailLog) -> Ready:
        letter = digest_letter(row) if row.kind == digests.TOPIC.key else letter_of(row)
        # What cannot be written as mail is found out now, and not half-way.
        letter.message().as_bytes()
        return Ready(letter, {"to": letter.to[0], "subject": letter.subject[:200]})

    def connect(self) -> None:
        if self.backend is not None and is_alive(self.backend):
            return
        self.close()
        backend = mailers[TRANSPORT]
        backend.open()
        self.backend = backend

    def hand_over(self, row: EmailLog, content: Letter) -> str:
        assert self.backend is not None  # noqa: S101
        try:
            self.backend.send_messages([content])
        except Exception as fault:
            raise mail_faults.certainty(fault) from fault
        return name_given(content)

    def close(self) -> None:
        backend, self.backend = self.backend, None
        if backend is not None:
            with contextlib.suppress(Exception):
                backend.close()


def is_alive(backend: BaseEmailBackend) -> bool:
    """Servers hang up on who says nothing for a while: ask before anything is written down."""
    connection = getattr(backend, "connection", None)
    if connection is None or not hasattr(connection, "noop"):
        return True
    try:
        return bool(connection.noop()[0] == 250)
    except OSError:
        return False


def name_given(content: EmailMessage) -> str:
    """What a provider calls the mail, by which it tells later that it came back."""
    status = getattr(content, "anymail_status", None)
    return str(getattr(status, "message_id", None) or "")


def letter_of(row: EmailLog) -> Letter:
    """The mail of a notification, if it is wanted still, and now."""
    notification = row.notification
    if notification is None or notification.kind not in MESSAGES:
        raise NotWanted(wanted.RETIRED)
    message = MESSAGES[notification.kind]
    who = people(message.topic, notification.about).filter(pk=notification.user_id).first()
    person = wanted.check(who, message, Channel.EMAIL)
    check_address(person, message.topic)
    wanted.refuse_what_is_over(wanted.end_of_news(notification, message.topic), now())
    wanted.refuse_what_is_done(notification, message)
    wanted.wait_for_quiet_to_end(person, message.topic, now())
    with speaking(person.speaks), override(person.zone):
        words = told(notification.kind, notification.data, names_of([notification.data]))
        context = {"told": words, "url": at_our_address(words.url)}
        return written("message", row, person, message.topic, words.title, context)


def digest_letter(row: EmailLog) -> Letter:
    """The weekly mail, of what is still unread."""
    topic = digests.TOPIC
    who = people(topic).filter(pk__in=[row.user_id]).first()
    if who is None:
        raise NotWanted(wanted.GONE)
    check_address(who, topic)
    with speaking(who.speaks), override(who.zone):
        news = digests.news_for(who, row.period)
        if not news.items:
            raise NotWanted(digests.NOTHING_NEW)
        wanted.wait_for_quiet_to_end(who, topic, now())
        items = [{"told": one, "url": at_our_address(one.url)} for one in news.items]
        inbox = at_our_address(reverse("notifications:inbox"))
        context = {"items": items, "more": news.more, "inbox": inbox}
        subject = digests.subject_of(news.total)
        return written("digest", row, who, topic, subject, context)


def people(topic: Topic, about: str = "") -> QuerySet[User]:
    """People with what mailing them needs to know, in one query."""
    addresses = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    confirmed = addresses.annotate(lower=Lower("email")).filter(lower=Lower(OuterRef("email")))
    unwanted = EmailLog.objects.filter(
        to=Lower(OuterRef("email")),
        state__in=[EmailLog.State.BOUNCED, EmailLog.State.COMPLAINED],
    )
    return wanted.people(topic.key, Channel.EMAIL, about).annotate(
        has_address=Exists(confirmed), is_suppressed=Exists(unwanted)
    )


def check_address(person: User, topic: Topic) -> None:
    """Only to an address that is theirs, and that takes our mail."""
    if not getattr(person, "has_address", False):
        raise NotWanted(NO_ADDRESS)
    if getattr(person, "is_suppressed", False) and not topic.always_mail:
        raise NotWanted(CAME_BACK)


def written(
    template: str,
    row: EmailLog,
    person: User,
    topic: Topic,
    subject: str,
    context: dict[str, Any],
) -> Letter:
    """One mail of ours, as text and as HTML. Its name is made of its row's key."""
    unsubscribe = "" if topic.always_mail else address_of(person.pk, topic.key, person.email)
    headers = {"Message-ID": f"<{row.pk}@{host()}>"}
    if unsubscribe:
        headers["List-Unsubscribe"] = f"<{unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return letter(
        f"notifications/mail/{template}",
        person.email.lower(),
        subject,
        str(topic.reason),
        headers=headers,
        name=person.name,
        topic=topic,
        unsubscribe=unsubscribe,
        **context,
    )


def at_our_address(url: str) -> str:
    """The whole address of a page of ours; nothing for a page of anybody else's."""
    if url.startswith("/") and not url.startswith("//"):
        return f"{settings.SITE_URL}{url}"
    return url if urlsplit(url)[:2] == urlsplit(settings.SITE_URL)[:2] else ""
