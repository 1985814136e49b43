"""What the verdicts of an assignment hang on, and what keeps it from being published."""

import json
from collections.abc import Iterable

from django.db.models import Model, Prefetch, QuerySet
from django.utils.translation import gettext_lazy

from assessments.errors import AssessmentRefused
from assessments.fairness import NO_CASE, NO_SOLUTION, Faults, doubts_about, faults_of
from assessments.models import Assignment, TestCase, Trial, Work
from courses.checks import Problem, error, warning
from courses.errors import NotReady
from courses.models import Course, Lesson

RULES = (
    "language", "function", "compare", "tolerance", "pass_percent", "cpu_seconds", "memory",
    "starter", "solution",
)  # fmt: skip
# What authors write: hints change no verdict.
WRITTEN = (*RULES, "hints")
JUDGED_BY = (
    "is_visible", "points", "function", "args", "kwargs", "expected", "raises", "stdin",
    "expected_stdout",
)  # fmt: skip
NO_RULES = gettext_lazy("The assignment has neither a language nor cases.")
# Then a trial fails because of that, which is said by itself.
NOTHING_TO_TRY = {NO_CASE, NO_SOLUTION}
TRIAL_FAILED = gettext_lazy(
    "Its trial failed: the solution does not pass its own tests, or the starter code does."
)


class AssignmentRefused(AssessmentRefused):
    """The assignment cannot be judged like this; `faults` are pairs of a field and a sentence."""

    def __init__(self, faults: Faults) -> None:
        super().__init__(faults)
        self.faults = faults
        self.message = " ".join(words for _, words in faults)


def create_assignment(lesson: Lesson) -> Assignment:
    """Return the assignment of a lesson of that kind, made with the usual rules if it has none."""
    return Assignment.objects.get_or_create(lesson=lesson)[0]


def essence(assignment: Assignment, cases: Iterable[TestCase]) -> tuple[str, dict[str, str]]:
    """All that a verdict hangs on: the rules, and the live cases by their keys."""
    live = {case.key: as_text(case, JUDGED_BY) for case in cases if not case.deleted_at}
    return as_text(assignment, RULES), live


def as_text(row: Model, names: Iterable[str]) -> str:
    """These fields as a text in which True is not 1, nor 1 the same as 1.0.

    The names inside a value stay in their order: programs see it.
    """
    return json.dumps([getattr(row, name) for name in names], default=str)


def refuse(faults: Faults) -> None:
    if faults:
        raise AssignmentRefused(faults)


def problems_of_assignments(lessons: QuerySet[Lesson]) -> list[Problem]:
    """Judge those of the lessons that are assignments. Three queries.

    A trial that is still due holds nothing up: it may take minutes, and what it finds is shown.
    """
    live = Prefetch("assignment__cases", TestCase.objects.live().in_order())
    rows = lessons.filter(kind=Lesson.Kind.ASSIGNMENT).select_related("assignment")
    tried = Trial.objects.filter(status=Work.Status.FAILED, assignment__lesson__in=lessons)
    failed = set(tried.values_list("assignment", "revision"))
    found = list[Problem]()
    for lesson in rows.order_by("module__position", "position", "id").prefetch_related(live):
        assignment = getattr(lesson, "assignment", None)
        if assignment is None:
            found.append(error("assignment", str(NO_RULES), lesson.title))
            continue
        cases = list(assignment.cases.all())
        faults = faults_of(assignment, cases)
        found += [error("assignment", one, lesson.title) for one in faults]
        if (assignment.pk, assignment.revision) in failed and not NOTHING_TO_TRY & set(faults):
            found.append(error("assignment", str(TRIAL_FAILED), lesson.title))
        found += [warning("assignment", one, lesson.title) for one in doubts_about(cases)]
    return found


def refuse_unfair_assignments(course: Course) -> None:
    """Raises NotReady if a published assignment cannot be judged, unless the course is out."""
    problems = problems_of_assignments(course.lessons.shown())
    found = [problem for problem in problems if problem.is_error]
    if found and not course.is_published:
        raise NotReady(found)
