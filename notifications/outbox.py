"""The one engine that lets things out of the site: whatever the way, each leaves at most once.

A row is claimed for a while, asked about again, and written down as handed over before it is.
What goes wrong before that is tried again, later each time; what is lost after it may have
arrived, and is never sent again.
"""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.timezone import now

from notifications.models import Outgoing

logger = logging.getLogger(__name__)

State = Outgoing.State

LEASE = timedelta(minutes=5)
BATCH = 10
# How long one task sends before it lets others of its queue have a turn.
SECONDS = 15.0
# After each try that came to nothing. Two days in all: then whoever was to be told knows better.
PAUSES = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240, 480, 480, 720, 720)
)
MOST_TRIES = len(PAUSES) + 1


class NotWanted(Exception):
    """It is not to be sent any more. Its words say why."""


class NotNow(Exception):
    """It is to be sent later, which is no try. Nothing is wrong, unless there is a fault."""

    def __init__(self, until: datetime, fault: str = "") -> None:
        super().__init__(until)
        self.until, self.fault = until, fault


class NotTaken(Exception):
    """It was certainly not taken; another time it may be: not before `until`, if that is said."""

    def __init__(self, why: str, until: datetime | None = None) -> None:
        super().__init__(why)
        self.until = until


class Refused(Exception):
    """It was certainly not taken, and never will be."""


@dataclass(frozen=True)
class Ready:
    """What is to be handed over, and what its row is to say of it."""

    content: Any
    noted: Mapping[str, Any] = field(default_factory=dict)


class Way[Row: Outgoing](Protocol):
    """One way out of the site."""

    def rows(self) -> QuerySet[Row]:
        """All that go this way, with what writing them needs."""

    def prepare(self, row: Row) -> Ready:
        """Ask again whether it is wanted, and write it: NotWanted, NotNow, Refused."""

    def connect(self) -> None:
        """Make sure that somebody listens at the other end; anything may be raised if not."""

    def hand_over(self, row: Row, content: Any) -> str:
        """Send it and return the other end's name for it. NotTaken and Refused are certain."""

    def close(self) -> None:
        """Hang up, whatever state the connection is in."""


def send_due[Row: Outgoing](way: Way[Row], seconds: float = SECONDS) -> bool:
    """Send what is due. Return whether anything may be left that could be sent at once."""
    give_up_lost(way)
    end = time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            batch = claim(way)
            if not batch:
                return False
            for place, row in enumerate(batch):
                if not send(way, row):
                    for other in batch[place + 1 :]:
                        put_off(way, other, State.CLAIMED, "The connection failed.")
                    return False
                if time.monotonic() > end:
                    give_back(way, batch[place + 1 :])
                    break
    finally:
        way.close()
    return True


def give_up_lost[Row: Outgoing](way: Way[Row]) -> int:
    """What was being handed over when its worker ended may have arrived."""
    lost = way.rows().filter(state=State.HANDED, claimed_until__lt=now())
    return lost.update(
        state=State.UNCERTAIN, claimed_until=None, fault="The worker ended while it handed it over."
    )


def claim[Row: Outgoing](way: Way[Row]) -> list[Row]:
    """Take what is due, and nobody else has taken, for the time of a lease."""
    moment = now()
    until = moment + LEASE
    with transaction.atomic(durable=True):
        free = way.rows().filter(
            Q(state=State.DUE) | Q(claimed_until__lt=moment),
            state__in=[State.DUE, State.CLAIMED],
            due_at__lte=moment,
        )
        locked = free.order_by("due_at", "pk").select_for_update(skip_locked=True, of=("self",))
        keys = list(locked.values_list("pk", flat=True)[:BATCH])
        way.rows().filter(pk__in=keys).update(state=State.CLAIMED, claimed_until=until)
    mine = way.rows().filter(pk__in=keys, state=State.CLAIMED, claimed_until=until)
    return list(mine.order_by("due_at", "pk"))


def send[Row: Outgoing](way: Way[Row], row: Row) -> bool:
    """Look after one row. Return False if nothing can be sent at the moment."""
    try:
        ready = way.prepare(row)
    except NotWanted as why:
        settle(way, row, State.CLAIMED, state=State.DROPPED, fault=words(why))
        return True
    except NotNow as pause:
        make_due(way, row, State.CLAIMED, pause.until, pause.fault)
        return True
    except Refused as why:
        settle(way, row, State.CLAIMED, state=State.FAILED, fault=words(why))
        return True
    except Exception:
        logger.exception("%s could not be written", row)
        put_off(way, row, State.CLAIMED, "It could not be written.")
        return True
    try:
        way.connect()
    except Exception as fault:
        # Each way fails in its own words, and nothing has left yet.
        logger.warning("Nothing can be sent: %r", fault)
        put_off(way, row, State.CLAIMED, f"No connection: {words(fault)}")
        return False
    if hand(way, row, ready.noted):
        hand_over(way, row, ready.content)
    return True


def hand[Row: Outgoing](way: Way[Row], row: Row, noted: Mapping[str, Any]) -> bool:
    """Write down that it leaves now, unless somebody else has taken it since."""
    mine = still(way, row, State.CLAIMED).filter(claimed_until__gt=now())
    until = now() + LEASE
    # Committed by itself: no transaction is open here, or `claim` would have refused to begin.
    found = mine.update(state=State.HANDED, claimed_until=until, tries=F("tries") + 1, **noted)
    row.claimed_until, row.tries = until, row.tries + found
    return bool(found)


def hand_over[Row: Outgoing](way: Way[Row], row: Row, content: Any) -> None:
    try:
        name = way.hand_over(row, content)
    except NotTaken as why:
        put_off(way, row, State.HANDED, words(why), why.until)
        way.close()
    except Refused as why:
        settle(way, row, State.HANDED, state=State.FAILED, fault=words(why))
        way.close()
    except Exception as fault:
        logger.exception("What became of %s is not known", row)
        settle(way, row, State.HANDED, state=State.UNCERTAIN, fault=words(fault))
        way.close()
    else:
        sent = {"state": State.SENT, "sent_at": now(), "fault": "", "provider_id": name[:200]}
        # It has left, even if somebody took it for lost meanwhile.
        came_out = way.rows().filter(pk=row.pk, state__in=[State.HANDED, State.UNCERTAIN])
        came_out.update(claimed_until=None, **sent)


def put_off[Row: Outgoing](
    way: Way[Row], row: Row, state: str, fault: str, until: datetime | None = None
) -> None:
    """It certainly did not leave: it is due again after a pause, so many times."""
    tries = row.tries if state == State.HANDED else row.tries + 1
    if tries >= MOST_TRIES:
        settle(way, row, state, state=State.FAILED, fault=fault[:200], tries=tries)
    else:
        due_at = max(now() + PAUSES[tries - 1], until or now())
        make_due(way, row, state, due_at, fault, tries=tries)


def make_due[Row: Outgoing](
    way: Way[Row], row: Row, was: str, due_at: datetime, fault: str, **became: Any
) -> None:
    """Later. Without a fault it waits for that moment alone, whatever was wrong before."""
    stuck_since = Coalesce("stuck_since", "due_at") if fault else None
    became |= {"due_at": due_at, "stuck_since": stuck_since, "fault": fault[:200]}
    settle(way, row, was, state=State.DUE, **became)


def give_back[Row: Outgoing](way: Way[Row], rows: list[Row]) -> None:
    for row in rows:
        settle(way, row, State.CLAIMED, state=State.DUE)


def settle[Row: Outgoing](way: Way[Row], row: Row, was: str, **became: Any) -> None:
    still(way, row, was).update(claimed_until=None, **became)


def still[Row: Outgoing](way: Way[Row], row: Row, state: str) -> QuerySet[Row]:
    """The row, if it is still claimed by this very claim."""
    return way.rows().filter(pk=row.pk, state=state, claimed_until=row.claimed_until)


def words(fault: Exception) -> str:
    """What a fault says, short enough for its row."""
    return " ".join(str(fault).split())[:180] or type(fault).__name__
