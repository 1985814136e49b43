"""What the page shows on which submissions are judged again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assessments.models import Assignment, Rejudging
from assessments.rejudgings import people_of, staying_of, waiting_for

# As many changes as a page lists.
MOST = 200


@dataclass(frozen=True, slots=True)
class Change:
    """What judging again makes of one submission, in percent; 'stays' keeps what would fall.

    One that could not be judged has no `after`. `person` is known of those that are shown.
    """

    submission: str
    number: int
    before: int
    after: int | None
    stays: bool
    fault: str
    person: str = ""

    @property
    def is_raised(self) -> bool:
        return self.after is not None and self.after > self.before

    @property
    def is_lowered(self) -> bool:
        return self.after is not None and self.after < self.before


@dataclass(frozen=True, slots=True)
class RejudgePage:
    """`row` is the last that was asked for, a preview or not; `waiting` submissions are judged
    by other cases than those of today; `staying` would be lower by today's, and stay.
    """

    assignment: Assignment
    waiting: int
    staying: int
    row: Rejudging | None
    changes: Sequence[Change]
    shown: Sequence[Change]

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
    def is_told(self) -> bool:
        """Whether there is something to tell of the last: what it shows, or what it has done."""
        row = self.row
        if row is None or row.is_preview:
            return self.is_preview
        return row.status == row.Status.PASSED or row.looked_at > 0

    @property
    def may_only_lower(self) -> bool:
        """Whether all is judged by the cases of today, but for what would be lower."""
        return self.staying > 0 and not self.waiting and not self.is_at_work

    @property
    def may_decide(self) -> bool:
        return (self.is_preview and self.waiting > 0) or self.may_only_lower

    @property
    def may_lower(self) -> bool:
        return self.staying > 0 or any(one.stays or one.is_lowered for one in self.changes)

    @property
    def up(self) -> int:
        return sum(not (one.stays or one.is_lowered or one.fault) for one in self.changes)

    @property
    def down(self) -> int:
        return sum(not one.stays and one.is_lowered for one in self.changes)

    @property
    def kept(self) -> int:
        return sum(one.stays for one in self.changes)

    @property
    def not_judged(self) -> int:
        return sum(bool(one.fault) for one in self.changes)

    @property
    def more(self) -> int:
        return len(self.changes) - len(self.shown)


def rejudge_page(assignment: Assignment) -> RejudgePage:
    """Five queries."""
    row = Rejudging.objects.filter(assignment=assignment).select_related("asked_by").first()
    changes: list[dict[str, Any]] = row.changes if row else []
    people = people_of(changes[:MOST])
    shown = [Change(**one, person=people.get(one["submission"], "")) for one in changes[:MOST]]
    return RejudgePage(
        assignment=assignment,
        waiting=waiting_for(assignment),
        staying=staying_of(assignment),
        row=row,
        changes=[Change(**one) for one in changes],
        shown=shown,
    )
