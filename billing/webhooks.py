"""Reading a message of Stripe's: is it from them, is it new, what is it about. Knows no Django.

A message is believed in one thing: that something about a customer changed. So a few short values
are read of it, each by a narrow form, and whatever else it holds is never looked at or kept.
"""

import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

# Stripe signs every delivery anew, so an older signature is a copy.
OLDEST = 300  # seconds
# Clocks differ by seconds. A signature from further ahead would be a copy that keeps.
FURTHEST_AHEAD = 60
# More are tried while a secret is changed: two at Stripe, for a day.
MOST_SIGNATURES = 10
TIME = re.compile(r"[0-9]{1,12}")
SIGNATURE = re.compile(r"[0-9a-f]{64}")
ID = re.compile(r"[A-Za-z0-9_-]{1,255}")
TYPE = re.compile(r"[a-z0-9_.]{1,100}")
LAST_MOMENT = 253_402_300_799  # the end of the year 9999


class BadMessage(Exception):
    """The message is refused. Its text is the answer."""

    text = ""

    def __init__(self) -> None:
        super().__init__(self.text)


class BadSignature(BadMessage):
    """Nobody knows who sent it, or it is a copy of an older one."""

    text = "invalid signature"


class BadPayload(BadMessage):
    """It is signed, and is no event."""

    text = "invalid payload"


@dataclass(frozen=True, slots=True)
class Message:
    """What a message is about. `object_id` is a charge's where it names that and no customer."""

    id: str
    type: str
    customer_id: str
    object_id: str
    happened_at: datetime
    is_live: bool


def verify(body: bytes, header: str, secret: str, now: float) -> None:
    """Raise BadSignature unless the body was signed with this secret, and lately."""
    if not secret:
        raise BadSignature
    pairs = [part.strip().partition("=") for part in header.split(",")]
    times = [value for name, _, value in pairs if name == "t"]
    signatures = [value for name, _, value in pairs if name == "v1"]
    if len(times) != 1 or not TIME.fullmatch(times[0]) or len(signatures) > MOST_SIGNATURES:
        raise BadSignature
    if not now - OLDEST <= int(times[0]) <= now + FURTHEST_AHEAD:
        raise BadSignature
    wanted = hmac.new(secret.encode(), f"{times[0]}.".encode() + body, hashlib.sha256).hexdigest()
    # Only what looks like one is compared: the comparison itself raises at other letters.
    given = [value for value in signatures if SIGNATURE.fullmatch(value)]
    if not any(hmac.compare_digest(wanted, value) for value in given):
        raise BadSignature


def read(body: bytes) -> Message:
    """Return what the message is about, or raise BadPayload and nothing else."""
    try:
        event = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadPayload from error
    return message_of(event)


def message_of(event: Any) -> Message:
    """The message in an event as Stripe shapes it, of a delivery or of their list of events."""
    if not isinstance(event, dict):
        raise BadPayload
    about = inner(event, "data", "object")
    is_live = event.get("livemode")
    if not isinstance(is_live, bool):
        raise BadPayload
    return Message(
        id=needed(event.get("id"), ID),
        type=needed(event.get("type"), TYPE),
        customer_id=customer_in(about),
        object_id=object_in(about),
        happened_at=moment(event.get("created")),
        is_live=is_live,
    )


def inner(event: dict[str, Any], *names: str) -> dict[str, Any]:
    """The object that lies at the end of the names; empty if there is none."""
    value: Any = event
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def needed(value: Any, form: re.Pattern[str]) -> str:
    if isinstance(value, str) and form.fullmatch(value):
        return value
    raise BadPayload


def named(value: Any) -> str:
    """The id that a field holds, or the object in it, where Stripe spells that out; or nothing."""
    if isinstance(value, dict):
        value = value.get("id")
    return value if isinstance(value, str) and ID.fullmatch(value) else ""


def customer_in(about: dict[str, Any]) -> str:
    return named(about if about.get("object") == "customer" else about.get("customer"))


def object_in(about: dict[str, Any]) -> str:
    """What it is about. Refunds and disputes name no customer: their charge leads to one."""
    if not customer_in(about) and (charge := named(about.get("charge"))):
        return charge
    return named(about)


def moment(value: Any) -> datetime:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LAST_MOMENT:
        raise BadPayload
    return datetime.fromtimestamp(value, UTC)
