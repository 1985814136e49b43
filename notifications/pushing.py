"""Push messages: to which browser, what they say, and how they are handed over."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db.models import QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from notifications import browsers, push_services, vapid, web_push
from notifications.brief import Brief, brief_of, cut
from notifications.models import Channel, Delivery, PushSubscription
from notifications.outbox import NotNow, NotTaken, NotWanted, Ready, Refused

NO_BROWSER = _("The browser shows no messages of this person any more.")
NOT_KNOWN = _("Its push service is not one of those in the settings.")
SILENT = "Its push service did not answer."
TITLE, TEXT = 120, 240
# For a service that is away, or wants peace and does not say how long.
REST = timedelta(minutes=1)


@dataclass(frozen=True)
class Sealed:
    """A message for one browser, and what its service is told of it."""

    endpoint: str
    body: bytes
    headers: Mapping[str, str]


class Push:
    """The way of push messages. One service that is away stops no other."""

    def __init__(self) -> None:
        # Until when each service is left alone, and why.
        self.resting: dict[str, tuple[datetime, str]] = {}

    def rows(self) -> QuerySet[Delivery]:
        pushed = Delivery.objects.filter(channel=Channel.PUSH)
        return pushed.select_related("notification", "push_subscription")

    def prepare(self, row: Delivery) -> Ready:
        browser = row.push_subscription
        if browser is None or browser.gone_at or browser.user_id != row.user_id:
            raise NotWanted(NO_BROWSER)
        brief = brief_of(row)
        if not push_services.may_be_asked(browser.endpoint):
            raise Refused(NOT_KNOWN)
        rest = self.resting.get(service_of(browser.endpoint))
        if rest and rest[0] > now():
            raise NotNow(*rest)
        return Ready(seal(row, browser, brief))

    def connect(self) -> None:
        """Nothing yet: whom to ask hangs on the browser."""

    def hand_over(self, row: Delivery, content: Sealed) -> str:
        service = service_of(content.endpoint)
        # Unless it answers.
        self.resting[service] = now() + REST, SILENT
        answer = push_services.post(content.endpoint, content.body, content.headers)
        said = f"{answer.status} {answer.said}"
        if answer.status in (429, 503):
            self.resting[service] = answer.until or now() + REST, said
            raise NotTaken(said, answer.until)
        if answer.status < 200 or answer.status >= 500:
            raise RuntimeError(said)
        del self.resting[service]
        if answer.status in (404, 410):
            browsers.note_gone(content.endpoint)
        if answer.status >= 300:
            raise Refused(said)
        return answer.name

    def close(self) -> None:
        """Nothing is kept open."""


def service_of(endpoint: str) -> str:
    return push_services.origin_of(urlsplit(endpoint))


def seal(row: Delivery, browser: PushSubscription, brief: Brief) -> Sealed:
    """Write it for this browser alone."""
    moment = now()
    try:
        body = web_push.encrypt(payload(row, brief), browser.p256dh, browser.auth)
    except web_push.BadKeys as fault:
        raise Refused(str(fault)) from fault
    headers = {
        "Authorization": vapid.authorization(browser.endpoint, moment),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        # So long the service keeps it for a browser that is off.
        "TTL": str(int((brief.until - moment).total_seconds())),
        "Urgency": "high" if brief.urgent else "normal",
        # What waits there under the same name is put in its place.
        "Topic": row.notification_id.hex,
    }
    return Sealed(browser.endpoint, body, headers)


def payload(row: Delivery, brief: Brief) -> bytes:
    """What `service-worker.js` reads; under the same tag a browser shows one message."""
    said = {
        "title": cut(brief.title, TITLE),
        "text": cut(brief.text, TEXT),
        "path": brief.path,
        "tag": row.notification_id.hex,
    }
    return json.dumps(said, ensure_ascii=False).encode()
