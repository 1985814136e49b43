"""What this Stripe knows, and what it has told: objects by id, and events in order."""

import copy
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections import defaultdict
from typing import Any

from tests.doubles.stripe_endpoint import shapes
from tests.doubles.stripe_endpoint.shapes import Shape

WEBHOOK = "/billing/webhooks/stripe/"


class Store:
    """Everything in memory. Whoever changes it holds `lock`."""

    key = "sk_test_double51waymark"
    webhook_secret = "whsec_double51waymark"

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.base = ""
        # Ids of two doubles never meet in one database.
        self.mark = secrets.token_hex(4)
        self.count = 0
        # How many seconds its clock is ahead of ours.
        self.ahead = 0
        self.livemode = False
        self.objects: dict[str, dict[str, Shape]] = defaultdict(dict)
        # With what each checkout was opened, and the lines of each invoice.
        self.asked: dict[str, Any] = {}
        self.lines: dict[str, list[Shape]] = {}
        self.events: list[Shape] = []
        self.delivered = 0

    def now(self) -> int:
        return int(time.time()) + self.ahead

    def wait(self, days: float) -> None:
        """Let its own clock go on; ours stays."""
        self.ahead += int(days * 24 * 3600)

    def new_id(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}_{self.mark}{self.count:06}"

    def keep(self, thing: Shape) -> Shape:
        thing["livemode"] = self.livemode
        self.objects[thing["object"]][thing["id"]] = thing
        return thing

    def get(self, kind: str, one: str | Shape) -> Shape:
        """The object itself, by its id or by a copy of it."""
        return self.objects[kind][one if isinstance(one, str) else one["id"]]

    def all(self, kind: str, **where: Any) -> list[Shape]:
        """Newest first, as Stripe lists them."""
        found = [
            one
            for one in self.objects[kind].values()
            if all(one.get(name) == value for name, value in where.items())
        ]
        return found[::-1]

    def tell(self, type: str, about: Shape, **before: Any) -> Shape:
        """Note an event with the object as it is now."""
        event = shapes.event(
            self.new_id("evt"), self.now(), type, copy.deepcopy(about), before or None
        )
        event["livemode"] = self.livemode
        self.events.append(event)
        return event

    def signed(
        self, event: Shape | bytes, secret: str | None = None, at: float | None = None
    ) -> tuple[bytes, str]:
        """The body of a webhook, and its header Stripe-Signature."""
        body = event if isinstance(event, bytes) else json.dumps(event, indent=2).encode()
        moment = int(time.time() if at is None else at)
        said = f"{moment}.".encode() + body
        mark = hmac.new((secret or self.webhook_secret).encode(), said, hashlib.sha256)
        return body, f"t={moment},v1={mark.hexdigest()}"

    def take_undelivered(self) -> list[Shape]:
        with self.lock:
            waiting = self.events[self.delivered :]
            self.delivered = len(self.events)
        return waiting

    def deliver_to(self, client: Any, events: list[Shape] | None = None) -> list[Any]:
        """Post events to the site by Django's test client: by default those not delivered yet."""
        answers = []
        for event in self.take_undelivered() if events is None else events:
            body, header = self.signed(event)
            sent = {"content_type": "application/json", "headers": {"Stripe-Signature": header}}
            answers.append(client.post(WEBHOOK, body, **sent))
        return answers
