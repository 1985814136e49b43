"""Bringing the assignments of a tree into the database: rules and cases."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.timezone import now

from assessments.assignments import WRITTEN
from assessments.authoring import save_assignments
from assessments.models import Assignment, TestCase
from assessments.rejudgings import waiting_for_each
from courses.models import Course, Lesson
from studio.importing.compare import KEPT, is_own, moved_within
from studio.importing.refusal import Finding
from studio.importing.report import Action, Line, Report
from studio.importing.tree import AssignmentNode, CaseNode, LessonNode, as_text

LEFT = "the assignment was edited on the site since the last import"
NO_LESSON = "its lesson does not come in"
OWN = "the assignment was written on the site"


class AssignmentImport:
    """The assignments of one import. `run` and `write` are called in this order.

    An assignment is settled as a whole, with its lesson: cases edited on the site keep all of it.
    """

    def __init__(self, course: Course, report: Report) -> None:
        self.course, self.report = course, report
        self.assignments: dict[UUID, Assignment] = {}
        self.cases: dict[UUID, list[TestCase]] = {}
        # Those that are to become what the source says, with the line of their lesson.
        self.settled: dict[Assignment, Line] = {}
        self._read()

    def _read(self) -> None:
        found = Assignment.objects.filter(lesson__course=self.course).order_by("pk")
        for assignment in found.select_for_update(no_key=True):
            self.assignments[assignment.lesson_id] = assignment
        rows = TestCase.objects.filter(assignment__in=self.assignments.values()).in_order()
        for case in rows:
            self.cases.setdefault(case.assignment_id, []).append(case)

    def rules_of(self, lesson: Lesson) -> dict[str, Any]:
        """What `AssignmentNode.compared` says, as the rows have it; nothing if there are none."""
        assignment = self.assignments.get(lesson.pk)
        if assignment is None:
            return {}
        cases = self.cases.get(assignment.pk, [])
        live = [[case.key, as_text(case.compared)] for case in cases if case.deleted_at is None]
        return {**{name: getattr(assignment, name) for name in WRITTEN}, "cases": live}

    def run(
        self, nodes: list[LessonNode], lessons: dict[str, Lesson], left: set[str],
        lines: Mapping[str, Line],
    ) -> None:  # fmt: skip
        """Settle every assignment. Those `left` alone stay as the site has them.

        `lines` are those of the lessons in the report.
        """
        for node in nodes:
            if node.assignment and node.key not in lessons:
                for one in node.assignment.cases:
                    self._tell(Action.CONFLICT, node, one, NO_LESSON)
            elif node.assignment and node.key in left:
                is_kept = lines[node.key].action != Action.CONFLICT
                self._leave(node, node.assignment, lessons[node.key], is_kept=is_kept)
            elif node.assignment:
                self._settle(node, node.assignment, lessons[node.key], lines[node.key])

    def _leave(
        self, lesson: LessonNode, node: AssignmentNode, row: Lesson, *, is_kept: bool
    ) -> None:
        """Tell what became of every case where the site keeps what it has.

        `is_kept` says that the source does not want it to be other.
        """
        same = dict(self.rules_of(row).get("cases", []))
        why = OWN if is_own(row) else LEFT
        for one in node.cases:
            is_same = same.get(one.key) == one.compared
            action = Action.UNCHANGED if is_same or is_kept else Action.CONFLICT
            self._tell(action, lesson, one, "" if is_same else KEPT if is_kept else why)

    def _settle(self, lesson: LessonNode, node: AssignmentNode, row: Lesson, line: Line) -> None:
        is_same = self.rules_of(row) == node.compared
        assignment = self.assignments.setdefault(row.pk, Assignment(lesson=row))
        if not is_same:
            self.settled[assignment] = line
        for name, value in node.rules.items():
            setattr(assignment, name, value)
        self._cases(lesson, node, assignment)

    def _cases(self, lesson: LessonNode, node: AssignmentNode, assignment: Assignment) -> None:
        rows = {case.key: case for case in self.cases.get(assignment.pk, [])}
        alive = [key for key, row in rows.items() if row.deleted_at is None]
        moved = moved_within(alive, [one.key for one in node.cases])
        written = {}
        for one in node.cases:
            row = rows.pop(one.key, None)
            action, detail = change_of(one, row, is_moved=one.key in moved)
            self._tell(action, lesson, one, detail)
            written[one.key] = row or TestCase(assignment=assignment, key=one.key)
            for name, value in {**one.values, "deleted_at": None}.items():
                setattr(written[one.key], name, value)
        for row in rows.values():
            if row.deleted_at is None:
                row.deleted_at = now()
                self.report.add(Action.ARCHIVED, "case", f"{lesson.key}/{row.key}")
        self.cases[assignment.pk] = [*written.values(), *rows.values()]

    def _tell(self, action: Action, lesson: LessonNode, node: CaseNode, detail: str) -> None:
        key = f"{lesson.key}/{node.key}"
        self.report.add(action, "case", key, detail, path=node.path, line=node.line)

    def write(self) -> None:
        """Write it all, and tell whose submissions were judged by what is no more."""
        if not self.settled:
            return
        old = {one.pk for one in self.settled if not one._state.adding}
        saved = save_assignments({one: self.cases[one.pk] for one in self.settled})
        known = [one for one in saved if one.pk in old]
        waiting = waiting_for_each(known) if known else {}
        for assignment in known:
            if judged := waiting.get(assignment.pk):
                were = "1 submission was" if judged == 1 else f"{judged:,} submissions were"
                message = f"{were} judged by other rules or cases, and keep what they were given."
                line = self.settled[assignment]
                line.effect = f"judged by earlier tests: {judged:,}"
                self.report.warnings.append(Finding(message, line.path, code="judged"))


def change_of(node: CaseNode, row: TestCase | None, *, is_moved: bool) -> tuple[Action, str]:
    """What becomes of a case, and what there is to say about it."""
    if row is None:
        return Action.CREATED, ""
    if row.deleted_at:
        return Action.RESTORED, ""
    if changed := differing(row.compared, node.values):
        return Action.UPDATED, ", ".join(changed)
    return (Action.MOVED, "moved") if is_moved else (Action.UNCHANGED, "")


def differing(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The names of values that are other than before; True is not 1 here."""
    return sorted(
        name for name in after if as_text({"": before[name]}) != as_text({"": after[name]})
    )
