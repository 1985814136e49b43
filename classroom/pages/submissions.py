"""What came of a submission, and what changed since the one before."""

from dataclasses import dataclass, replace

from accounts.models import User
from assessments.differences import Line, difference
from assessments.glosses import Gloss, gloss
from assessments.models import Outcome, Submission
from assessments.printed import Marked, Printed, legible, marked, printed
from assessments.running import NOT_RUN, limits_of
from assessments.showing import ShownResult, shown_results
from assessments.verdicts import Told, announcement, headline
from classroom.pages.code import handed_in
from gamification.ledger import paid_at


@dataclass(frozen=True, slots=True)
class Row:
    """One test as it is shown. Of a hidden one there is nothing but what `shown` lets out."""

    shown: ShownResult
    called: Printed
    expected: Printed
    got: Marked | None
    difference: str
    output: Printed
    gloss: Gloss | None
    trace: Printed
    note: str
    is_first_failing: bool = False

    @property
    def has_body(self) -> bool:
        return self.shown.is_visible or bool(self.shown.hint)


@dataclass(frozen=True)
class ResultPage:
    """A judged submission: the verdict in a line, the tests, what to do next."""

    submission: Submission
    told: Told
    rows: list[Row]
    xp: int

    @property
    def headline(self) -> str:
        return headline(self.told)

    @property
    def announcement(self) -> str:
        return announcement(self.told, self.xp)

    @property
    def announcement_without_points(self) -> str:
        return announcement(self.told)

    @property
    def start_error(self) -> Row | None:
        """Code that does not start fails every test for one reason: it is told once."""
        if self.told.outcome != Outcome.COMPILE_ERROR:
            return None
        return next((row for row in self.rows if row.trace), None)


def result_page(submission: Submission) -> ResultPage:
    """Two queries for a grade that passed, else one."""
    rows = [row_of(submission, one) for one in shown_results(submission)]
    failing = [place for place, row in enumerate(rows) if not row.shown.passed]
    # Code that does not start has nothing to show test by test.
    if failing and submission.outcome != Outcome.COMPILE_ERROR:
        rows[failing[0]] = replace(rows[failing[0]], is_first_failing=True)
    limits, started = limits_of(submission.assignment), submission.started_at
    ended = submission.finished_at
    told = Told(
        outcome=submission.outcome,
        total=len(rows),
        failing=[rows[place].shown.name for place in failing],
        is_graded=submission.is_graded,
        has_passed=submission.is_passed,
        percent=submission.percent or 0,
        pass_percent=submission.assignment.pass_percent,
        seconds=(ended - started).total_seconds() if started and ended else None,
        limit_seconds=limits.cpu_seconds,
        limit_memory=submission.assignment.memory,
    )
    return ResultPage(submission, told, rows, xp_of(submission))


def xp_of(submission: Submission) -> int:
    """What completing the lesson by this submission paid."""
    if not (submission.is_graded and submission.is_passed and submission.finished_at):
        return 0
    lesson = f"lesson:{submission.assignment.lesson_id}"
    # Entries of before carry the moment of judging.
    return paid_at(submission.user, lesson, submission.created_at, submission.finished_at)


def row_of(submission: Submission, shown: ShownResult) -> Row:
    """A result with its texts made fit to be looked at."""
    wrong = shown.outcome == Outcome.WRONG and shown.is_visible
    unordered = submission.assignment.compare == submission.assignment.Compare.UNORDERED
    where = "" if unordered else shown.where
    was_run = shown.stderr != NOT_RUN
    return Row(
        shown=shown,
        called=printed(shown.called),
        expected=printed(shown.expected),
        got=got_of(shown, where, marks=wrong and not unordered),
        difference=where if wrong else "",
        output=printed(shown.stdout) if submission.assignment.function else Printed(),
        gloss=gloss_of(submission, shown) if was_run else None,
        trace=printed(shown.stderr) if was_run else Printed(),
        note="" if was_run else shown.stderr.strip(),
    )


def got_of(shown: ShownResult, where: str, *, marks: bool) -> Marked | None:
    if not shown.is_visible or not (shown.got or shown.outcome == Outcome.WRONG):
        return None
    if marks:
        return marked(shown.expected, shown.got, where)
    return Marked(legible(shown.got).rstrip("\n"), "", "")


def gloss_of(submission: Submission, shown: ShownResult) -> Gloss | None:
    if shown.passed or not shown.stderr:
        return None
    return gloss(submission.assignment.language, shown.stderr, submission.source)


@dataclass(frozen=True)
class SubmissionPage:
    """A submission in its place among the others."""

    submission: Submission
    draft_version: int = 0

    @property
    def has_earlier(self) -> bool:
        return (self.submission.number or 0) > 1

    @property
    def earlier_number(self) -> int:
        return (self.submission.number or 1) - 1


@dataclass(frozen=True)
class ChangesPage:
    """What changed from the submission before to this one."""

    submission: Submission
    before: Submission | None
    lines: list[Line]
    is_cut: bool


def changes_page(user: User, submission: Submission) -> ChangesPage:
    """One query."""
    earlier = handed_in(user, submission.assignment).filter(number__lt=submission.number or 0)
    before = earlier.order_by("-number").first()
    found = difference(before, submission)
    return ChangesPage(submission, before, found.lines, found.is_cut)
