"""Stripe's client, loaded when it is first needed, and what it answers as plain dictionaries."""

import importlib
import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings

from billing.errors import GatewayAway, GatewayRefused
from billing.transport import Transport

if TYPE_CHECKING:
    from stripe import StripeClient

NOT_INSTALLED = (
    "STRIPE_SECRET_KEY is set, but the package stripe is not installed: "
    "install waymark with its extra payments."
)
# What comes of an answer whose shape is not Stripe's.
ODD = (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError)


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
    made: StripeClient = stripe.StripeClient(key, base_addresses=addresses, http_client=carrier)
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


def read[T](reading: Callable[[], T]) -> T:
    """Read something of an answer. What is not there, or is odd, is trouble without its words."""
    try:
        return reading()
    except ODD:
        pass
    raise GatewayAway("Stripe's answer is not of the shape that was expected.")


def plain(thing: Any) -> dict[str, Any]:
    """An object of Stripe's as a dictionary."""
    return read(lambda: dict(thing.to_dict()))


def each(first_page: Any) -> Iterator[dict[str, Any]]:
    """All of a list, further pages too."""
    walk = read(first_page.auto_paging_iter)
    while (thing := read(lambda: next(walk, None))) is not None:
        yield plain(thing)


def every(first_page: Any) -> list[dict[str, Any]]:
    return list(each(first_page))
