"""What the page shows on which a quiz is marked again."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from assessments.models import Answer, Quiz
from assessments.regrading import Change, changes, completions_after

# As many as a page lists, and as many attempts as are marked again while somebody waits.
MOST = 200
# As many answers as are marked for a preview while somebody waits: one to two seconds.
MOST_ANSWERS = 25_000


@dataclass(slots=True)
class Look:
    """What marking again would come to: the first changes, and how many of each sort."""

    rows: list[Change] = field(default_factory=list)
    up: int = 0
    down: int = 0
    unchanged: int = 0
    completions: int = 0

    @property
    def count(self) -> int:
        return self.up + self.down

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


@dataclass(frozen=True, slots=True)
class RegradePage:
    """`look` is None where it would take too long: the command tells then."""

    quiz: Quiz
    look: Look | None
    takes_long: bool

    @property
    def may_change(self) -> bool:
        """Whether there is anything to do, as far as is known."""
        return self.look is None or self.look.count > 0

    @property
    def may_lower(self) -> bool:
        """Whether a score would fall, as far as is known."""
        return self.look is None or self.look.down > 0


def regrade_page(quiz: Quiz) -> RegradePage:
    """Nine queries, and two more for each chunk of attempts after the first."""
    answers = Answer.objects.filter(attempt__quiz=quiz)
    look = None if has_more_than(MOST_ANSWERS, answers) else look_at(quiz)
    return RegradePage(quiz, look, takes_long(quiz))


def takes_long(quiz: Quiz) -> bool:
    """Whether marking its attempts again is a worker's."""
    return has_more_than(MOST, quiz.attempts.all())


def has_more_than(most: int, rows: QuerySet[Any]) -> bool:
    """Whether there are more rows, however many more."""
    return rows.order_by()[: most + 1].count() > most


def look_at(quiz: Quiz) -> Look:
    look, passing = Look(), set[UUID]()
    for change in changes(quiz):
        look.up += change.raised
        look.down += change.lowered
        if change.newly_passed:
            passing.add(change.attempt.user_id)
        if len(look.rows) < MOST:
            look.rows.append(change)
    look.unchanged = quiz.attempts.closed().count() - look.count
    look.completions = completions_after(quiz, passing)
    return look
