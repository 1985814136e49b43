"""Awarding what everybody has reached, a range of people at a time.

Each range is one statement in one transaction. A kill loses at most the range under way; the next
run finds the rest by itself, because what was awarded is never awarded again.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.models import User
from gamification import bonuses
from gamification.achievements.awarding import XP_OF_TIER, about
from gamification.achievements.paying import count_again
from gamification.achievements.registry import ALL
from gamification.achievements.statements import AWARD_RANGE, COUNT_RANGE, rows
from gamification.policy import policy

BATCH = 1_000  # people
NIL = UUID(int=0)
Tally = Counter[tuple[str, int]]


def award_all(
    *,
    dry_run: bool = False,
    batch_size: int = BATCH,
    on_batch: Callable[[int], object] | None = None,
) -> Tally:
    """Award everybody what they have reached; return how many of each (key, tier).

    `dry_run` only counts. `on_batch` is told how many people were looked at. Nobody is notified:
    what was earned long ago is no news.
    """
    done = Tally()
    for first, last, people in ranges(batch_size):
        done += count(first, last) if dry_run else award_range(first, last)
        if on_batch:
            on_batch(people)
    return done


def pay_all(
    *,
    dry_run: bool = False,
    batch_size: int = BATCH,
    on_batch: Callable[[int], object] | None = None,
) -> Counter[str]:
    """Pay everybody the bonuses that they have earned, where bonuses pay; return how many of each.

    `dry_run` only counts. `on_batch` is told how many people were looked at.
    """
    done = Counter[str]()
    if not policy().bonuses_pay:
        return done
    for first, last, people in ranges(batch_size):
        with transaction.atomic():
            look = bonuses.count_range if dry_run else bonuses.pay_range
            done += look(first, last)
        if on_batch:
            on_batch(people)
    return done


def ranges(size: int) -> Iterator[tuple[UUID, UUID, int]]:
    after = NIL
    everybody = User.objects.order_by("pk").values_list("pk", flat=True)
    while keys := list(everybody.filter(pk__gt=after)[:size]):
        yield keys[0], keys[-1], len(keys)
        after = keys[-1]


def count(first: UUID, last: UUID) -> Tally:
    """How many of each tier are missing in the range."""
    found = rows(COUNT_RANGE, first=first, last=last)
    return Tally({(key, tier): n for key, tier, n in found})


@transaction.atomic
def award_range(first: UUID, last: UUID) -> Tally:
    """Award what is missing in the range, with its events and, where badges pay, its XP."""
    found = rows(AWARD_RANGE, first=first, last=last, **following())
    if found and found[0][3]:
        count_again(sorted(found[0][3]))
    return Tally({(key, tier): n for key, tier, n, _ in found})


def following() -> dict[str, Any]:
    """What the events and the entries of the ledger say, and what a tier pays."""
    said = {
        f"{one.key}:{tier}": about(one.key, tier)
        for one in ALL
        for tier in range(1, len(one.tiers) + 1)
    }
    return {"about": json.dumps(said), "xp": list(XP_OF_TIER), "pays": policy().bonuses_pay}
