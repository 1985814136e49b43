"""The orders of modules, lessons and questions: what a source left as it was stays the site's."""

from collections.abc import Sequence, Set

from courses.models import Lesson, Module
from studio.importing.agreement import mark_of_order
from studio.importing.compare import moved_within
from studio.importing.refusal import Finding
from studio.importing.report import Report

WORDS = {
    "modules": "The modules had",
    "lessons": "The lessons of {} had",
    "questions": "The questions of {} had",
}
OTHER = "another order on the site than at the export: they get that of the folder."


class Orders:
    """Compares the orders of one source with those of the site. `exported` are its marks."""

    def __init__(self, report: Report, exported: Set[str], *, overwrite: bool) -> None:
        self.report, self.exported, self.overwrite = report, exported, overwrite

    def moved(
        self, kind: str, owner: str, before: Sequence[str], after: Sequence[str], path: str = ""
    ) -> set[str] | None:
        """What has to move for the order of the source; None where the order of the site stays.

        It stays where the source has the order that it was exported with.
        """
        if not self.overwrite and mark_of_order(kind, owner, after) in self.exported:
            return None
        moved = {str(key) for key in moved_within(before, after)}
        if moved and self.exported and mark_of_order(kind, owner, before) not in self.exported:
            message = f"{WORDS[kind].format(owner)} {OTHER}"
            self.report.warnings.append(Finding(message, path, code="order"))
        return moved


def has_place(row: Lesson | None, module: Module) -> bool:
    """Whether a lesson is seen where the site has it, in this module or in another one."""
    if row is None or row.deleted_at:
        return False
    return row.module_id == module.pk or row.module.deleted_at is None
