"""What the insight page of quizzes shows: how first attempts went, and what they can tell."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from courses.models import Course
from progress.models import InsightCount
from studio.insights import charts
from studio.insights.population import Population
from studio.insights.quizzes import QuizNumbers, quizzes_of
from studio.insights.sheets import Cell

LOW = 0.7  # from which alpha on scores are commonly relied on


@dataclass(frozen=True, slots=True)
class QuizRow:
    """One quiz, with a picture of its scores."""

    numbers: QuizNumbers

    @property
    def chart(self) -> SafeString:
        one = self.numbers
        rows = [
            charts.Bar(span_text(low, high), share.value or 0.0, share.text)
            for low, high, share in one.scores
        ]
        said = "; ".join(f"{span_text(low, high)}: {share.text}" for low, high, share in one.scores)
        title = _("Scores of first attempts at “%s”") % one.lesson
        return charts.bars(f"scores-{one.lesson.pk}", title, said, rows)


def span_text(low: int, high: int) -> str:
    if high == 100:
        return _("%(low)s%% and more") % {"low": low}
    return _("%(low)s%% to below %(high)s%%") % {"low": low, "high": high}


@dataclass(frozen=True, slots=True)
class QuizzesPage:
    """`rows` are in the order of the course."""

    rows: Sequence[QuizRow]

    @property
    def shown(self) -> list[QuizNumbers]:
        """Those with enough first attempts to say anything."""
        return [one.numbers for one in self.rows if one.numbers.whole]

    @property
    def hardest(self) -> QuizNumbers | None:
        """The one that the smallest part passes."""
        return min(self.shown, key=lambda one: one.passing.exact or 0, default=None)

    @property
    def unsteady(self) -> list[QuizNumbers]:
        """Where the questions do not agree about who knows the matter."""
        return [
            one
            for one in self.shown
            if one.is_reliable and one.whole and one.whole.alpha is not None
            and one.whole.alpha < LOW
        ]  # fmt: skip

    @property
    def chart(self) -> SafeString:
        """Who passed at the first attempt."""
        rows = [
            charts.Bar(f"{one.place}. {one.lesson}", one.passing.value or 0.0, one.passing.text)
            for one in self.shown
        ]
        said = "; ".join(f"{one.place}: {one.passing.text}" for one in self.shown)
        return charts.bars("quizzes", _("How many pass each quiz at the first attempt"), said, rows)


def quizzes_page(course: Course, population: Population, count: InsightCount) -> QuizzesPage:
    """Four queries."""
    return QuizzesPage([QuizRow(one) for one in quizzes_of(population)])


def quizzes_table(page: QuizzesPage) -> tuple[Sequence[str], Sequence[Sequence[Cell]]]:
    """Every quiz; where there are too few first attempts, only how many they are."""
    header = [
        "place", "quiz", "first attempts", "reliable", "passed", "pass rate", "mean", "median",
        "SD", "median seconds", "alpha", "SEM", "within one SEM of the pass mark", "pass mark",
        "attempts behind alpha",
    ]  # fmt: skip
    return header, [line_of(one.numbers) for one in page.rows]


def line_of(one: QuizNumbers) -> Sequence[Cell]:
    start: list[Cell] = [
        one.place,
        str(one.lesson),
        one.attempts,
        "yes" if one.is_reliable else "no",
    ]
    mark, whole = one.lesson.quiz.pass_percent, one.whole
    if whole is None:
        return [*start, *[None] * 9, mark, None]
    return [
        *start, one.passed, whole.pass_rate, whole.mean, whole.median, whole.deviation,
        whole.seconds, whole.alpha, whole.error, whole.near, mark, whole.alike,
    ]  # fmt: skip
