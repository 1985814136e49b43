"""Comparing the tree with what is there. Asks no database."""

from bisect import bisect_left
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from studio.importing.agreement import tidied, tidied_value
from studio.importing.report import Action
from studio.importing.tree import fingerprint

WRITTEN = {Action.CREATED, Action.RESTORED, Action.UPDATED}
KEPT = "edited on the site, kept"


@dataclass(frozen=True, slots=True)
class Verdict:
    action: Action
    detail: str = ""

    @property
    def is_written(self) -> bool:
        """Whether the row gets the values of the source."""
        return self.action in WRITTEN

    @property
    def is_left(self) -> bool:
        """Whether the row stays as the site has it, though the source says something else."""
        return self.action == Action.CONFLICT or self.detail == KEPT

    def and_moved(self, where: str) -> "Verdict":
        """The same for a node that has moved as well; "" says it has not."""
        if where and self.action == Action.UNCHANGED:
            return Verdict(Action.MOVED, f"{where}; {self.detail}" if self.detail else where)
        if where and self.action == Action.UPDATED:
            return Verdict(self.action, f"{self.detail}, {where}")
        return self


def judge(
    wanted: dict[str, Any], row: dict[str, Any], imported: str, *, deleted: bool, overwrite: bool,
    is_exported: bool = False, is_untouched: bool = False,
) -> Verdict:  # fmt: skip
    """Say what is to be done with a node that has a row.

    `imported` is the hash of the row when it was last imported. It is empty for what was written
    on the site, which a source names after an export, and for what an import archived, so that it
    comes back, while what was imported and then deleted on the site stays away. `is_exported` says
    that the row is as it was when the source was exported. A source that says what it said at the
    last import has changed nothing since: then the row was put back on the site. `is_untouched`
    says that the source has the node as it was exported: nobody wants what the site made of it
    since to be other.
    """
    if deleted and imported and not overwrite:
        return Verdict(Action.CONFLICT, "deleted on the site since the last import")
    if deleted:
        return Verdict(Action.RESTORED)
    changed = [name for name in wanted if not is_same(wanted[name], row.get(name))]
    if not changed:
        return Verdict(Action.UNCHANGED)
    detail = ", ".join(sorted(changed))
    is_changed_there = is_exported and fingerprint(wanted) != imported
    if overwrite or is_changed_there or (imported and not is_edited(row, imported)):
        return Verdict(Action.UPDATED, detail)
    if is_untouched:
        return Verdict(Action.UNCHANGED, KEPT)
    how = "edited on the site since the last import" if imported else "written on the site"
    return Verdict(Action.CONFLICT, f"{how}: {detail}")


def is_same(wanted: Any, value: Any) -> bool:
    """Whether the row has what is wanted, but for line ends as browsers send them."""
    return bool(wanted == value or wanted == tidied_value(value))


def is_own(row: Any) -> bool:
    """Whether a row with a hash was written on the site: no import has made it or found it equal.

    Told of what stands: what an import archived has no hash either.
    """
    return row.deleted_at is None and not row.imported_hash


def is_edited(row: dict[str, Any], imported: str) -> bool:
    if not imported or imported == fingerprint(row):
        return False
    return imported != fingerprint(tidied(row))


def moved_within(before: Sequence[Hashable], after: Sequence[Hashable]) -> set[Hashable]:
    """The fewest items that have to move to get from one order to the other."""
    places = {item: place for place, item in enumerate(before)}
    kept = [item for item in after if item in places]
    # The longest run that keeps its order stays; the classic with a pile for each length.
    tops: list[int] = []
    owners: list[Hashable] = []
    previous: dict[Hashable, Hashable | None] = {}
    for item in kept:
        pile = bisect_left(tops, places[item])
        previous[item] = owners[pile - 1] if pile else None
        if pile == len(tops):
            tops.append(places[item])
            owners.append(item)
        else:
            tops[pile], owners[pile] = places[item], item
    staying: set[Hashable] = set()
    last = owners[-1] if owners else None
    while last is not None:
        staying.add(last)
        last = previous[last]
    return set(kept) - staying
