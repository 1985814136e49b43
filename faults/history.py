"""Is what was answered in the database, and is nothing in it that nobody asked for? (I6)"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from courses.models import Lesson
from faults.crowd import Operation
from gamification.models import XPTransaction
from progress.models import LessonProgress

TOGGLE = "toggle"


def lost_and_invented(log: Iterable[Operation]) -> list[str]:
    """Sentences about toggles; `about` is the lesson and the wanted end, each person's in order.

    What is completed by passing is none of theirs."""
    asked: dict[tuple[str, str], list[Operation]] = defaultdict(list)
    for one in log:
        if one.what == TOGGLE:
            asked[one.who, one.about[0]].append(one)
    by_hand = Lesson.objects.filter(completion=Lesson.Completion.BY_HAND)
    marks = pairs(LessonProgress.objects.filter(lesson__in=by_hand).values_list("user", "lesson"))
    keys = [f"lesson:{key}" for key in by_hand.values_list("pk", flat=True)]
    entries = XPTransaction.objects.filter(source_key__in=keys)
    paid = pairs(entries.values_list("user", "source_key"))
    broken = [f"I6 nobody asked for {pair}" for pair in (marks | paid) - asked.keys()]
    for pair, operations in asked.items():
        broken += wrong_end(pair, operations, is_done=pair in marks)
        broken += wrong_payment(pair, operations, is_paid=pair in paid)
    return broken


def pairs(rows: Iterable[tuple[Any, Any]]) -> set[tuple[str, str]]:
    """Person and lesson, as operations name them."""
    return {(str(user), str(lesson).removeprefix("lesson:")) for user, lesson in rows}


def wrong_end(pair: tuple[str, str], operations: list[Operation], *, is_done: bool) -> list[str]:
    """The mark is what the last answered one wanted, or an unanswered one after it."""
    possible = {False}
    for one in operations:
        if one.done:
            possible = {one.about[1]}
        elif one.failed:
            possible |= {one.about[1]}
    if is_done in possible:
        return []
    return [f"I6 {pair}: done is {is_done}, answered was {possible}"]


def wrong_payment(
    pair: tuple[str, str], operations: list[Operation], *, is_paid: bool
) -> list[str]:
    wanted = [one for one in operations if one.about[1]]
    if any(one.done for one in wanted) and not is_paid:
        return [f"I6 {pair}: completing was answered and nothing was paid"]
    if is_paid and not any(one.done or one.failed for one in wanted):
        return [f"I6 {pair}: paid, and nobody completed it"]
    return []
