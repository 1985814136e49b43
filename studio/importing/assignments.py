"""Bringing the assignments of a tree into the database: rules and cases."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.timezone import now

from assessments import trials
from assessments.assignments import essence
from assessments.models import Assignment, TestCase
from assessments.models.assignment import COMPARED
from assessments.rejudgings import waiting_for
from courses.models import Course, Lesson
from studio.importing.compare import moved_within
from studio.importing.refusal import Finding
from studio.importing.report import Action, Report
from studio.importing.rows import Rows
from studio.importing.tree import AssignmentNode, CaseNode, LessonNode, as_text

RULES = [
    "language", "function", "compare", "tolerance", "pass_percent", "cpu_seconds", "memory",
    "hints", "starter", "solution",
]  # fmt: skip
CASE_FIELDS = [*COMPARED, "position", "deleted_at"]
LEFT = "the assignment was edited on the site since the last import"


class AssignmentImport:
    """The assignments of one import. `run` and `write` are called in this order.

    An assignment is settled as a whole, with its lesson: cases edited on the site keep all of it.
    """

    def __init__(self, course: Course, report: Report) -> None:
        self.course, self.report, self.rows = course, report, Rows()
        self.assignments: dict[UUID, Assignment] = {}
        self.cases: dict[UUID, list[TestCase]] = {}
        # Those that verdicts hang on differently after this import, with their file.
        self.revised: dict[Assignment, str] = {}
        self._read()

    def _read(self) -> None:
        found = Assignment.objects.filter(lesson__course=self.course).order_by("pk")
        for assignment in found.select_for_update(no_key=True):
            self.assignments[assignment.lesson_id] = assignment
        rows = TestCase.objects.filter(assignment__in=self.assignments.values()).in_order()
        for case in rows:
            self.cases.setdefault(case.assignment_id, []).append(case)

    def _live(self, assignment: Assignment) -> list[TestCase]:
        return [case for case in self.cases.get(assignment.pk, []) if case.deleted_at is None]

    def rules_of(self, lesson: Lesson) -> dict[str, Any]:
        """What `AssignmentNode.compared` says, as the rows have it; nothing if there are none."""
        assignment = self.assignments.get(lesson.pk)
        if assignment is None:
            return {}
        cases = [[case.key, as_text(case.compared)] for case in self._live(assignment)]
        return {**{name: getattr(assignment, name) for name in RULES}, "cases": cases}

    def run(self, nodes: list[LessonNode], lessons: dict[str, Lesson], left: set[str]) -> None:
        """Settle every assignment. Those `left` alone stay as the site has them."""
        for node in nodes:
            if node.assignment:
                self._settle(node, node.assignment, lessons[node.key], is_left=node.key in left)

    def _settle(
        self, lesson: LessonNode, node: AssignmentNode, row: Lesson, *, is_left: bool
    ) -> None:
        assignment = self.assignments.get(row.pk)
        if assignment is None:
            assignment = self.rows.add(Assignment(lesson=row))
            self.assignments[row.pk] = assignment
        if is_left:
            self._leave(lesson, node, assignment)
            return
        before = essence(assignment, self._live(assignment))
        self.rows.place(assignment, node.rules)
        self._cases(lesson, node, assignment)
        if essence(assignment, self._live(assignment)) == before:
            return
        self.revised[assignment] = lesson.source
        if not assignment._state.adding:
            self.rows.place(assignment, {"revision": assignment.revision + 1})

    def _leave(self, lesson: LessonNode, node: AssignmentNode, assignment: Assignment) -> None:
        """Tell what became of every case where the site keeps what it has."""
        same = {case.key: as_text(case.compared) for case in self._live(assignment)}
        for one in node.cases:
            is_same = same.get(one.key) == one.compared
            action = Action.UNCHANGED if is_same else Action.CONFLICT
            self._tell(action, lesson, one.key, "" if is_same else LEFT)

    def _cases(self, lesson: LessonNode, node: AssignmentNode, assignment: Assignment) -> None:
        rows = {case.key: case for case in self.cases.get(assignment.pk, [])}
        alive = [key for key, row in rows.items() if row.deleted_at is None]
        moved = moved_within(alive, [one.key for one in node.cases])
        for position, one in enumerate(node.cases, start=1):
            row = rows.get(one.key)
            if row is None:
                row = rows[one.key] = self.rows.add(TestCase(assignment=assignment, key=one.key))
                self._place(row, one)
                self._tell(Action.CREATED, lesson, one.key)
            else:
                self._renew(lesson, one, row, is_moved=one.key in moved)
            self.rows.place(row, {"position": position})
        wanted = {one.key for one in node.cases}
        for row in rows.values():
            if row.key not in wanted and row.deleted_at is None:
                self.rows.place(row, {"deleted_at": now()})
                self._tell(Action.ARCHIVED, lesson, row.key)
        self.cases[assignment.pk] = sorted(rows.values(), key=lambda row: row.position)

    def _renew(self, lesson: LessonNode, node: CaseNode, row: TestCase, *, is_moved: bool) -> None:
        changed = differing(row.compared, node.values)
        if row.deleted_at:
            action = Action.RESTORED
        elif changed:
            action = Action.UPDATED
        else:
            action = Action.MOVED if is_moved else Action.UNCHANGED
        if action in {Action.RESTORED, Action.UPDATED}:
            self._place(row, node)
        detail = ", ".join(changed) if action == Action.UPDATED else ""
        self._tell(action, lesson, node.key, "moved" if action == Action.MOVED else detail)

    def _place(self, row: TestCase, node: CaseNode) -> None:
        """Set all values: to `Rows.place` True would be 1."""
        for name, value in node.values.items():
            setattr(row, name, value)
        row.deleted_at = None
        self.rows.touch(row)

    def _tell(self, action: Action, lesson: LessonNode, key: str, detail: str = "") -> None:
        self.report.add(action, "case", f"{lesson.key}/{key}", detail)

    def write(self) -> None:
        """Write it all, and put on trial what verdicts hang on differently now."""
        self.rows.write(Assignment, [*RULES, "revision"])
        self.rows.write(TestCase, CASE_FIELDS)
        for assignment, source in self.revised.items():
            trials.ask(assignment)
            if judged := waiting_for(assignment):
                were = "1 submission was" if judged == 1 else f"{judged:,} submissions were"
                message = f"{were} judged by other rules or cases, and keep what they were given."
                self.report.warnings.append(Finding(message, source, code="judged"))


def differing(before: dict[str, Any], after: dict[str, Any]) -> Iterable[str]:
    """The names of values that are other than before; True is not 1 here."""
    return sorted(
        name for name in after if as_text({"": before[name]}) != as_text({"": after[name]})
    )
