"""A Stripe of our own on the loopback: it keeps state, and tells of it, as the real one does.

    with serving() as stripe, override_settings(**stripe.settings()):
        stripe.price("price_pro", 1200, "eur", "month")
        session = gateway.open_session(…)
        subscription = stripe.complete(session.id)
        stripe.deliver_to(client)

What happens there without our asking are the verbs of `life` and `money`. What goes wrong on the
way is `away`, `slow`, `answers_with` and `faults`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.doubles.stripe_endpoint import faults, posting, server
from tests.doubles.stripe_endpoint.life import Life
from tests.doubles.stripe_endpoint.server import Request
from tests.doubles.stripe_endpoint.shapes import Shape

__all__ = ["StripeEndpoint", "faults", "serving"]


class StripeEndpoint(Life):
    def __init__(self) -> None:
        super().__init__()
        # What was asked, in order.
        self.requests: list[Request] = []
        # How many of these were slow to the end: nobody who asked may wait so long.
        self.slow_answers_ended = 0
        # The connection ends without an answer.
        self.away = False
        # Seconds before each answer.
        self.slow = 0.0
        # Where it posts its events by itself, signed, as they happen.
        self.webhook_url = ""
        self.kept: dict[str, tuple[Any, int, Any]] = {}
        self._faults: list[server.Fault | None] = []
        self._always: server.Fault | None = None
        self._postman = posting.Postman(self)

    def settings(self) -> dict[str, Any]:
        """For `override_settings`."""
        return {
            "STRIPE_SECRET_KEY": self.key,
            "STRIPE_WEBHOOK_SECRET": self.webhook_secret,
            "STRIPE_API_BASE": self.base,
            "STRIPE_IS_LIVE": False,
        }

    def goes_wrong(self, fault: server.Fault | None, times: int | None = None) -> None:
        """The next `times` requests, or all from now on, end in this of `faults`; None: go well."""
        if times is None:
            self._always = fault
        else:
            self._faults += [fault] * times

    def loses_answers(self, times: int, after: int = 0) -> None:
        """After so many that go well, Stripe does what is asked, and its answer never comes."""
        self._faults += [None] * after + [faults.lost] * times

    def answers_with(self, status: int, times: int | None = None, **headers: str) -> None:
        self.goes_wrong(faults.status(status, **headers), times)

    def is_well(self) -> None:
        """Nothing goes wrong any more."""
        self._faults, self._always, self.away, self.slow = [], None, False, 0.0

    def next_fault(self) -> Callable[[server.Handler], None] | None:
        return self._faults.pop(0) if self._faults else self._always

    def tell(self, type: str, about: Shape, **before: Any) -> Shape:
        event = super().tell(type, about, **before)
        if self.webhook_url:
            self._postman.post(self.webhook_url, event)
        return event


@contextmanager
def serving(port: int = 0) -> Iterator[StripeEndpoint]:
    """A Stripe at a free port."""
    double = StripeEndpoint()
    running, thread = server.start(double, port)
    try:
        yield double
    finally:
        running.shutdown()
        running.server_close()
        thread.join()
