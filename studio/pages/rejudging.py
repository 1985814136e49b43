"""What the page shows on which submissions are judged again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assessments.models import Assignment, Rejudging
from assessments.rejudgings import waiting_for

# As many changes as a page lists.
MOST = 200


@dataclass(frozen=True, slots=True)
class Change:
    """What judging again makes of one submission, in percent; 'stays' keeps what would fall."""

    submission: str
    person: str
    number: int
    before: int
    after: int
    stays: bool

    @property
    def is_raised(self) -> bool:
        return self.after > self.before

    @property
    def is_lowered(self) -> bool:
        return self.after < self.before


@dataclass(frozen=True, slots=True)
class RejudgePage:
    """`row` is the last that was asked for, a preview or not; `waiting` submissions are judged
    by other cases than those of today.
    """

    assignment: Assignment
    waiting: int
    row: Rejudging | None
    changes: Sequence[Change]

    @property
    def is_at_work(self) -> bool:
        return self.row is not None and self.row.is_open

    @property
    def is_stale(self) -> bool:
        """Whether the assignment was changed after this was worked out."""
        return self.row is not None and self.row.revision != self.assignment.revision

    @property
    def is_preview(self) -> bool:
        """Whether it can be decided now: a preview stands, and is of today."""
        row = self.row
        return bool(row and row.is_preview and row.status == row.Status.PASSED) and (
            not self.is_stale
        )

    @property
    def may_decide(self) -> bool:
        return self.is_preview and self.waiting > 0

    @property
    def may_lower(self) -> bool:
        return any(one.stays or one.is_lowered for one in self.changes)

    @property
    def up(self) -> int:
        return sum(not one.stays and not one.is_lowered for one in self.changes)

    @property
    def down(self) -> int:
        return sum(not one.stays and one.is_lowered for one in self.changes)

    @property
    def kept(self) -> int:
        return sum(one.stays for one in self.changes)

    @property
    def shown(self) -> Sequence[Change]:
        return self.changes[:MOST]

    @property
    def more(self) -> int:
        return len(self.changes) - len(self.shown)


def rejudge_page(assignment: Assignment) -> RejudgePage:
    """Two queries."""
    row = Rejudging.objects.filter(assignment=assignment).select_related("asked_by").first()
    changes: list[dict[str, Any]] = row.changes if row else []
    read = [Change(**one) for one in changes]
    return RejudgePage(assignment, waiting_for(assignment), row, read)
