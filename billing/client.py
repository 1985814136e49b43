"""Stripe's client, loaded when it is first needed, and what it answers as plain dictionaries."""

import importlib
import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any

from django.conf import settings

from billing.errors import GatewayAway, GatewayOdd, GatewayRefused
from billing.transport import Transport

if TYPE_CHECKING:
    from stripe import StripeClient

NOT_INSTALLED = (
    "STRIPE_SECRET_KEY is set, but the package stripe is not installed: "
    "install waymark with its extra payments."
)
# The shapes of objects go by it; a newer package would ask for a newer one.
API_VERSION = "2026-10-28.endive"
MOST_AT_ONCE = 100
# What comes of an answer whose shape is not Stripe's.
ODD = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)


def client(seconds: float) -> "StripeClient":
    """The client for the key in the settings; an answer may take `seconds`."""
    key = settings.STRIPE_SECRET_KEY
    if not key:
        raise GatewayRefused("No key of Stripe's is set: nothing is sold.")
    return _client(key, settings.STRIPE_API_BASE, seconds)


@lru_cache(maxsize=8)
def _client(key: str, base: str, seconds: float) -> "StripeClient":
    stripe = _package()
    carrier: Any = Transport(seconds)
    addresses: Any = {"api": base} if base else None
    made: StripeClient = stripe.StripeClient(
        key, stripe_version=API_VERSION, base_addresses=addresses, http_client=carrier
    )
    return made


def _package() -> Any:
    found: Any = None
    with suppress(ImportError):
        found = importlib.import_module("stripe")
    if found is None:
        raise GatewayAway(NOT_INSTALLED)
    # It would write whole requests and answers, and a file in the home folder.
    logging.getLogger("stripe").setLevel(logging.WARNING)
    found._util.STRIPE_LOG = None
    found.enable_telemetry = False
    return found


def in_our_words[**P, T](asking: Callable[P, T]) -> Callable[P, T]:
    """Whatever in an answer is not there, or odd, is trouble that says nothing of it."""

    @wraps(asking)
    def asked(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return asking(*args, **kwargs)
        except ODD as error:
            kind = type(error).__name__
        # Out here, so that it does not bring along what was caught.
        raise GatewayOdd(f"An answer of Stripe's is not of the shape that was expected ({kind}).")

    return asked


def plain(thing: Any) -> dict[str, Any]:
    """An object of Stripe's as a dictionary."""
    return dict(thing.to_dict())


def each(ask: Callable[[Any], Any], wanted: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All of a list, a hundred at a request.

    The package could do it, but would go where the answer says, and not by our client.
    """
    wanted = {**wanted, "limit": MOST_AT_ONCE}
    more = True
    while more:
        things, more = _page(ask, wanted)
        yield from things
        if more:
            wanted["starting_after"] = things[-1]["id"]


def every(ask: Callable[[Any], Any], wanted: dict[str, Any]) -> list[dict[str, Any]]:
    return list(each(ask, wanted))


@in_our_words
def _page(ask: Callable[[Any], Any], wanted: dict[str, Any]) -> tuple[list[dict[str, Any]], bool]:
    """The things of a page, and whether others follow the last of them."""
    found = plain(ask(wanted))
    things = [{**one} for one in found["data"]]
    if found["has_more"] and things[-1]["id"] == wanted.get("starting_after"):
        raise ValueError
    return things, bool(found["has_more"])
