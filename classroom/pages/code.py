"""An assignment to work on: what is asked, how it is tested, what I have written and handed in."""

from dataclasses import dataclass
from functools import lru_cache

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet

from accounts.models import User
from assessments.access import AT
from assessments.drafts import draft_of
from assessments.judging import expectation
from assessments.models import Assignment, Draft, Submission, TestCase
from assessments.printed import Printed, printed
from assessments.showing import call_of
from classroom.pages.waiting import Wait, wait_of
from courses.markdown import render

SHOWN = 10
# What a list of submissions needs of each.
LISTED = ("number", "status", "percent", "created_at")


@dataclass(frozen=True, slots=True)
class Sample:
    """A test that everybody may see before anything is run."""

    name: str
    called: Printed
    expected: Printed


@dataclass(frozen=True, slots=True)
class Desk:
    """What is in the editor. `theirs` is what another window has saved; `undo`, what was there."""

    source: str
    version: int
    saved: Draft | None = None
    theirs: Draft | None = None
    undo: str | None = None
    refusal: str = ""
    stdin: str = ""

    @property
    def has_trouble(self) -> bool:
        return bool(self.refusal or self.theirs)


@dataclass(frozen=True)
class AssignmentPage:
    """Everything about an assignment that its learner sees while working on it."""

    assignment: Assignment
    desk: Desk
    samples: list[Sample]
    hidden_count: int
    hints: list[str]
    history: Page[Submission]
    best: Submission | None
    wait: Wait | None

    @property
    def has_passed(self) -> bool:
        return self.best is not None and self.best.is_passed

    @property
    def is_ready(self) -> bool:
        return bool(self.samples or self.hidden_count)


def assignment_page(
    user: User, assignment: Assignment, desk: Desk | None = None, page: str = "1"
) -> AssignmentPage:
    """Seven queries, however many tests and submissions there are."""
    cases = list(assignment.cases.live().in_order())
    history, best = history_of_work(user, assignment, page)
    return AssignmentPage(
        assignment=assignment,
        desk=desk or desk_of(user, assignment),
        samples=[sample(assignment, case) for case in cases if case.is_visible],
        hidden_count=sum(not case.is_visible for case in cases),
        hints=[rendered(hint) for hint in assignment.hints],
        history=history,
        best=best,
        wait=newest_wait(user, assignment),
    )


def desk_of(user: User, assignment: Assignment) -> Desk:
    """The draft, or the code to begin with."""
    draft = draft_of(user, assignment)
    if draft is None:
        return Desk(assignment.starter, 0)
    return Desk(draft.source, draft.version, draft)


def handed_in(user: User, assignment: Assignment) -> QuerySet[Submission]:
    return Submission.objects.of(user).graded().filter(assignment=assignment)


def history_of_work(
    user: User, assignment: Assignment, page: str = "1"
) -> tuple[Page[Submission], Submission | None]:
    """A page of what was handed in, newest first, and the best of all. Three queries."""
    mine = handed_in(user, assignment).only(*LISTED)
    best = mine.filter(percent__isnull=False)
    rows = Paginator(mine.order_by("-number"), SHOWN).get_page(page)
    rows.object_list = list(rows.object_list)
    return rows, best.order_by(F("percent").desc(), "number").first()


def newest_wait(user: User, assignment: Assignment) -> Wait | None:
    """What still waits or runs, so that a page which is loaded again goes on with it."""
    rows = Submission.objects.of(user).open().filter(assignment=assignment)
    newest = rows.annotate(**AT).order_by("-created_at").first()
    return wait_of(newest) if newest else None


def sample(assignment: Assignment, case: TestCase) -> Sample:
    expected = expectation(assignment, case) if assignment.function else case.expected_stdout
    return Sample(case.name, printed(call_of(assignment, case)), printed(expected))


@lru_cache(maxsize=512)
def rendered(hint: str) -> str:
    return render(hint)
