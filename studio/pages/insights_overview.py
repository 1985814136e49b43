"""What the first insight page of a course shows: four numbers, the worst lessons, the funnel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.numerals import grouped
from activity.analytics import visitors_of_course
from assessments.models import QuestionReport, Review
from courses.models import Course
from progress.models import InsightCount
from studio.insights import charts
from studio.insights.cohorts import Cohort, cohorts_of
from studio.insights.funnel import Funnel, Stage, funnel_of
from studio.insights.lessons import stuck_lessons
from studio.insights.population import Population
from studio.insights.shares import ENOUGH, Share
from studio.insights.sheets import Cell
from studio.pages.insights_causes import StuckLesson, with_causes


@dataclass(frozen=True, slots=True)
class Glance:
    """What asks for an answer now, whatever the filters are. `attention`: at the last count."""

    attention: int | None
    active: int
    active_before: int
    reviews: int
    oldest: datetime | None
    reports: int

    @property
    def change(self) -> int:
        return self.active - self.active_before

    @property
    def fewer(self) -> int:
        return -self.change


@dataclass(frozen=True, slots=True)
class OverviewPage:
    glance: Glance
    funnel: Funnel
    stuck: Sequence[StuckLesson]
    cohorts: Sequence[Cohort]
    visitors: int  # about so many looked at the course's page while these people enrolled

    @property
    def of_visitors(self) -> Share | None:
        """About how many of them enrolled; None where looks were not kept all the time."""
        enrolled = self.funnel.enrolled
        return Share(enrolled, self.visitors) if enrolled <= self.visitors else None

    @property
    def chart(self) -> SafeString:
        return funnel_chart("funnel", self.funnel)

    @property
    def in_cohorts(self) -> int:
        """How many people the table of weeks is about."""
        return sum(cohort.enrolled for cohort in self.cohorts)

    @property
    def unstarted(self) -> int:
        return self.funnel.steps[0].lost

    @property
    def weeks(self) -> range:
        return range(len(self.cohorts[0].cells)) if self.cohorts else range(0)


def overview_page(course: Course, population: Population, count: InsightCount) -> OverviewPage:
    """Nine queries, and those of the causes."""
    reviews = reviews_of(course)
    glance = Glance(
        count.attention, count.active, count.active_before, *reviews, open_reports_of(course)
    )
    stuck = with_causes(course, population, stuck_lessons(population))
    days = population.values()
    visitors = visitors_of_course(course, days["since"], days["until"])
    return OverviewPage(glance, funnel_of(population), stuck, cohorts_of(population), visitors)


def cohorts_file(course: Course, population: Population, count: InsightCount) -> list[Cohort]:
    """One query."""
    return cohorts_of(population)


def reviews_of(course: Course) -> tuple[int, datetime | None]:
    of_course = Q(submission__assignment__lesson__course=course) | Q(
        attempt__quiz__lesson__course=course
    )
    waiting = Review.objects.waiting().filter(of_course)
    found = waiting.aggregate(number=Count("pk"), oldest=Min("waiting_since"))
    return found["number"], found["oldest"]


def open_reports_of(course: Course) -> int:
    rows = QuestionReport.objects.filter(status=QuestionReport.Status.OPEN)
    return rows.filter(question__quiz__lesson__course=course).count()


def funnel_chart(key: str, funnel: Funnel) -> SafeString:
    """The stages as bars, the one after the biggest loss marked."""
    worst = funnel.biggest_loss
    rows = [
        charts.Bar(stage.name, stage.overall.value or 0.0, bar_text(stage), marked=stage is worst)
        for stage in funnel.stages
    ]
    desc = "; ".join(f"{stage.name}: {grouped(stage.count)}" for stage in funnel.stages)
    return charts.funnel(key, _("How many people reach each stage"), desc, rows)


def bar_text(stage: Stage) -> str:
    if stage.enrolled < ENOUGH:
        return grouped(stage.count)
    return f"{grouped(stage.count)} ({stage.overall.text})"


def overview_table(page: OverviewPage) -> tuple[Sequence[str], Sequence[Sequence[Cell]]]:
    """The funnel. A rate of too few people stays empty."""
    header = ["stage", "people", "of the stage before", "low", "high", "of all", "median days",
              "came so far in all"]  # fmt: skip
    first, *rest = page.funnel.stages
    rows: list[Sequence[Cell]] = [[first.name, first.count, *[None] * 5, first.came]]
    for stage in rest:
        step, overall = stage.step, stage.overall
        interval = (step.low, step.high) if step.is_rate else (None, None)
        shown = [step.value if step.is_rate else None, *interval]
        whole = overall.value if overall.is_rate else None
        rows.append([stage.name, stage.count, *shown, whole, stage.days, stage.came])
    return header, rows


def cohorts_table(found: Sequence[Cohort]) -> tuple[Sequence[str], Sequence[Sequence[Cell]]]:
    """A line for each week of enrolling and each week after it that is over.

    Where none is, the line says who enrolled and leaves the rest open.
    """
    header = ["enrolled in the week of", "people", "weeks after", "active", "share active"]
    rows: list[Sequence[Cell]] = []
    for one in found:
        over: list[Sequence[Cell]] = [
            (number, cell.count, cell.value if cell.is_rate else None)
            for number, cell in enumerate(one.cells)
            if cell is not None
        ]
        rows += [
            [one.week.isoformat(), one.enrolled, *cells] for cells in over or [(None, None, None)]
        ]
    return header, rows
