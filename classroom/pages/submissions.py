"""What came of a submission, and what is said about it."""

from dataclasses import dataclass, replace
from datetime import timedelta

from accounts.models import User
from assessments.analyser import LANGUAGES
from assessments.differences import Line, difference, lines_of
from assessments.glosses import Gloss, gloss
from assessments.models import HelpRequest, Outcome, Submission, SubmissionAnalysis, Work
from assessments.printed import Marked, Printed, legible, marked, printed
from assessments.running import NOT_RUN, limits_of
from assessments.showing import ShownResult, shown_results
from assessments.verdicts import Told, announcement, headline
from classroom.pages.code import handed_in
from gamification.ledger import paid_at

SOON = timedelta(minutes=3)
# From so many of ten points on.
WORDS = ((9, "Very good"), (7, "Good"), (5, "Fair"), (3, "Needs work"), (0, "Weak"))


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
    return paid_at(submission.user, lesson, submission.finished_at)


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


@dataclass(frozen=True, slots=True)
class Figure:
    """A score of the analysis, in words and on a meter."""

    name: str
    value: int

    @property
    def word(self) -> str:
        return next(word for least, word in WORDS if self.value >= least)


@dataclass(frozen=True)
class SubmissionPage:
    """A submission with all that is said about it."""

    submission: Submission
    draft_version: int = 0

    @property
    def analysis(self) -> SubmissionAnalysis | None:
        return getattr(self.submission, "analysis", None)

    @property
    def help_request(self) -> HelpRequest | None:
        return getattr(self.submission, "help_request", None)

    @property
    def figures(self) -> list[Figure]:
        return figures_of(self.analysis)

    @property
    def offers_help(self) -> bool:
        judged = self.submission.is_graded and self.submission.status == Work.Status.FAILED
        return judged and self.help_request is None

    @property
    def lines(self) -> list[str]:
        return [legible(line) for line in lines_of(self.submission)]

    @property
    def expects_analysis(self) -> bool:
        """Whether the rules are still at work, as far as one can tell from the time."""
        ended = self.submission.finished_at
        is_recent = ended is not None and self.submission.moment - ended < SOON
        return has_rules(self.submission) and is_recent

    @property
    def has_earlier(self) -> bool:
        return (self.submission.number or 0) > 1

    @property
    def earlier_number(self) -> int:
        return (self.submission.number or 1) - 1


def has_rules(submission: Submission) -> bool:
    """Whether anything is ever said of code in its language by itself."""
    return submission.assignment.language in LANGUAGES


def figures_of(analysis: SubmissionAnalysis | None) -> list[Figure]:
    if analysis is None or analysis.readability is None:
        return []
    named = (
        ("Readability", analysis.readability),
        ("Efficiency", analysis.efficiency),
        ("Good practice", analysis.best_practices),
    )
    return [Figure(name, value) for name, value in named if value is not None]


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
