"""What the page of a course's feedback shows: whether it helps, and who comes back to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Course
from studio.insights import charts
from studio.insights.heard import Answers, Feedback, Heard, Said, feedback_of
from studio.insights.population import Population
from studio.insights.sheets import Cell
from studio.pages.ranges import RANGES, range_of, range_query

NAMES = {
    "rules": gettext_lazy("Built-in rules"),
    "model": gettext_lazy("AI"),
    "person": gettext_lazy("A person"),
}


@dataclass(frozen=True, slots=True)
class FeedbackPage:
    days_back: int
    feedback: Feedback

    ranges = RANGES

    @property
    def everybody(self) -> int:
        return self.answers.everybody

    @property
    def kept(self) -> str:
        return range_query(self.days_back)

    @property
    def answers(self) -> Answers:
        return self.feedback.answers

    @property
    def is_empty(self) -> bool:
        return not (self.answers.submissions or self.answers.attempts)

    @property
    def sources(self) -> list[tuple[str, Heard]]:
        return [(str(NAMES[source]), one) for source, one in self.feedback.sources.items()]

    @property
    def chart(self) -> SafeString:
        """Which part of the ratings of each source says that it helped."""
        rows = [
            charts.Bar(name, one.share.value or 0.0, one.share.text) for name, one in self.sources
        ]
        said = "; ".join(f"{name}: {one.share.text}" for name, one in self.sources)
        return charts.bars("helpful", _("How many ratings say that it helped"), said, rows)

    @property
    def frequent(self) -> list[tuple[str, Said]]:
        return [(str(NAMES[one.source]), one) for one in self.feedback.frequent]


def feedback_page(course: Course, population: Population, asked: Mapping[str, str]) -> FeedbackPage:
    """Two queries."""
    days = range_of(asked)
    return FeedbackPage(days, feedback_of(population, now(), days))


def feedback_table(page: FeedbackPage) -> tuple[Sequence[str], Sequence[Sequence[Cell]]]:
    """Each source, then the most frequent remarks. A rate of too few ratings stays empty."""
    header = ["by", "rule", "remark", "people", "times", "ratings", "helpful", "helpful share"]
    rows: list[Sequence[Cell]] = [
        [name, "", "", one.people, one.times, one.ratings, one.helpful, one.share.rate]
        for name, one in page.sources
    ]
    rows += [
        [name, one.rule, one.words, one.people, one.times, one.ratings, one.helpful,
         one.share.rate]
        for name, one in page.frequent
    ]  # fmt: skip
    return header, rows
