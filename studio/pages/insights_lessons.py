"""What the insight page of lessons shows: the words first, then a picture and the table."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from courses.models import Course
from progress.models import InsightCount
from studio.insights import charts
from studio.insights.lessons import LessonNumbers, lessons_of, stuck_among, usual_drop
from studio.insights.population import Population
from studio.insights.shares import ENOUGH, Share
from studio.insights.sheets import Cell
from studio.pages.insights_causes import StuckLesson, with_causes


@dataclass(frozen=True, slots=True)
class LessonsPage:
    """`lessons` are in the order of the course, `stuck` the flagged ones, the worst first."""

    lessons: Sequence[LessonNumbers]
    stuck: Sequence[StuckLesson]

    @property
    def enrolled(self) -> int:
        return max((one.enrolled for one in self.lessons), default=0)

    @property
    def usual(self) -> float:
        return float(usual_drop(self.lessons))

    @property
    def furthest_drop(self) -> LessonNumbers | None:
        """Where most people stop, flagged or not; the first of equals."""
        found = max(self.lessons, key=lambda one: one.affected, default=None)
        return found if found is not None and found.counted.idle else None

    @property
    def chart(self) -> SafeString:
        """Who opened each lesson, of all: where the steps are high, people stay away."""
        flags = {one.numbers.lesson.pk for one in self.stuck}
        rows = [
            charts.Bar(
                f"{one.place}. {one.lesson}", one.reach.value or 0.0, bar_text(one.reach),
                marked=one.lesson.pk in flags,
            )
            for one in self.lessons
        ]  # fmt: skip
        said = "; ".join(f"{one.place}: {one.reach.text}" for one in self.lessons)
        return charts.bars("reach", _("How many people open each lesson"), said, rows)


def bar_text(share: Share) -> str:
    return share.text if share.of >= ENOUGH else f"{share.count}"


def lessons_page(course: Course, population: Population, count: InsightCount) -> LessonsPage:
    """Four queries, and those of the causes."""
    lessons = lessons_of(population)
    stuck = stuck_among(lessons, len(lessons))
    return LessonsPage(lessons, with_causes(course, population, stuck))


def lessons_table(page: LessonsPage) -> tuple[Sequence[str], Sequence[Sequence[Cell]]]:
    """Every lesson with its counts. A rate of too few people stays empty."""
    header = [
        "place", "lesson", "enrolled", "opened", "reach", "completed", "completion",
        "stopped here", "of", "drop", "drop low", "drop high", "people affected",
        "median minutes", "p75 minutes", "planned minutes", "ratio", "passed over", "skip of",
        "skip", "days here", "reasons",
    ]  # fmt: skip
    causes = {one.numbers.lesson.pk: one.causes for one in page.stuck}
    return header, [line_of(one, causes.get(one.lesson.pk, ())) for one in page.lessons]


def line_of(one: LessonNumbers, causes: Sequence[str]) -> Sequence[Cell]:
    drop, counted = one.drop, one.counted
    interval = (drop.low, drop.high) if drop.is_rate else (None, None)
    minutes = (one.median_minutes, one.p75_minutes) if one.completion.is_rate else (None, None)
    return [
        one.place, str(one.lesson), one.enrolled, counted.opened, one.reach.rate,
        counted.completed, one.completion.rate, drop.count, drop.of, drop.rate, *interval,
        one.people_affected, *minutes, one.lesson.minutes, one.times, counted.passed_over,
        one.skip.of, one.skip.rate,
        one.returns if one.completion.is_rate else None,
        ". ".join([*(reason.text for reason in one.reasons), *causes]),
    ]  # fmt: skip
