"""The shell of a course's insight pages: which tabs there are, who is counted, and since when."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.numerals import grouped
from courses.models import Course
from progress.models import InsightCount, InsightDay
from studio.insights.population import HORIZONS, Population, monday, population_of
from studio.insights.sheets import Cell
from studio.pages.insights_assignments import assignments_page, assignments_table
from studio.pages.insights_feedback import feedback_page, feedback_table
from studio.pages.insights_lessons import lessons_page, lessons_table
from studio.pages.insights_overview import (
    cohorts_file,
    cohorts_table,
    overview_page,
    overview_table,
)
from studio.pages.insights_quizzes import quizzes_page, quizzes_table
from studio.pages.insights_reviews import reviews_page, reviews_table
from studio.pages.insights_students import students_file, students_page, students_table

# Of fewer who have started, numbers would be about persons.
STARTERS = 5
WEEKS = 26  # that can be chosen, the latest of them


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of the shell. `build` asks for what `template` shows, `table` is its CSV file."""

    key: str
    title: Any
    template: str
    build: Callable[[Course, Population, InsightCount], Any]
    table: Callable[[Any], tuple[Sequence[str], Iterable[Sequence[Cell]]]]

    is_live = False
    names_leavers = True


@dataclass(frozen=True, slots=True)
class LiveTab:
    """A page that asks the facts, and waits for no count and no horizon.

    `ask` is given the query of the address as well; what it returns says in `everybody` how many
    people the filters leave, and in `kept` what of the query its file is to be asked with.
    """

    key: str
    title: Any
    template: str
    ask: Callable[[Course, Population, Mapping[str, str]], Any]
    table: Callable[[Any], tuple[Sequence[str], Iterable[Sequence[Cell]]]]
    names_leavers: bool = True  # whether who has left the course is among the people

    is_live = True


TABS: tuple[Tab | LiveTab, ...] = (
    Tab("overview", _("Overview"), "studio/insights_overview.html", overview_page, overview_table),
    Tab("lessons", _("Lessons"), "studio/insights_lessons.html", lessons_page, lessons_table),
    Tab(
        "assignments",
        _("Assignments"),
        "studio/insights_assignments.html",
        assignments_page,
        assignments_table,
    ),
    Tab("quizzes", _("Quizzes"), "studio/insights_quizzes.html", quizzes_page, quizzes_table),
    LiveTab(
        "students",
        _("Students"),
        "studio/insights_students.html",
        students_page,
        students_table,
        names_leavers=False,
    ),
    LiveTab("reviews", _("Reviews"), "studio/insights_reviews.html", reviews_page, reviews_table),
    LiveTab(
        "feedback", _("Feedback"), "studio/insights_feedback.html", feedback_page, feedback_table
    ),
)
TAB_OF = {tab.key: tab for tab in TABS}
# Files of tables that are a part of a tab, or more than it shows.
COHORTS = Tab("cohorts", _("Who comes back"), "", cohorts_file, cohorts_table)
STUDENTS = LiveTab("students", _("Students"), "", students_file, students_table)
FILE_OF = {**TAB_OF, COHORTS.key: COHORTS, STUDENTS.key: STUDENTS}


@dataclass(frozen=True)
class InsightsPage:
    """`days` are those on which people enrolled, with how many did, and how many have started.

    `body` is what the tab shows; None where there is nothing to say yet.
    """

    course: Course
    tab: Tab | LiveTab
    population: Population
    count: InsightCount | None
    days: Sequence[tuple[date, int, int]]
    body: Any

    horizons = HORIZONS

    @cached_property
    def started(self) -> int:
        return sum(started for _, _, started in self.days)

    @property
    def is_empty(self) -> bool:
        return self.started < STARTERS

    @property
    def counted_now(self) -> int:
        """How many people the filters leave."""
        if self.tab.is_live:
            return int(self.body.everybody)
        first, last = self.population.span()
        return sum(enrolled for day, enrolled, _ in self.days if first <= day <= last)

    @cached_property
    def too_young(self) -> int:
        """How many the horizon alone leaves out."""
        if self.tab.is_live:
            return 0
        first, last = self.population.span(grown=False)
        within = sum(enrolled for day, enrolled, _ in self.days if first <= day <= last)
        return within - self.counted_now

    @property
    def words(self) -> str:
        """Who is counted, as a sentence."""
        whom = replace(self.population, horizon=0) if self.tab.is_live else self.population
        if self.tab.names_leavers:
            return f"{whom.words} {_('Who has left since is counted too.')}"
        return f"{whom.words} {_('Who has left is not counted either.')}"

    @property
    def said(self) -> str:
        """What is read out when the tab or a filter has changed the page under somebody."""
        if self.body is None:
            return str(self.tab.title)
        people = ngettext(
            "%(tab)s: %(n)s person is counted", "%(tab)s: %(n)s people are counted",
            self.counted_now,
        )  # fmt: skip
        return people % {"tab": self.tab.title, "n": grouped(self.counted_now)}

    @property
    def nobody(self) -> str:
        """Why there is nobody to count, where newcomers are not the reason."""
        if self.population.has_days:
            return str(_("Nobody enrolled in the days you chose."))
        if self.tab.names_leavers:
            return str(_("Nobody has enrolled in this course yet."))
        return str(_("Nobody is in this course now."))

    @property
    def weeks(self) -> list[date]:
        """The Mondays that can be chosen, and the one that is.

        None that the other filters leave empty, whoever enrolled then.
        """
        chosen = self.population.cohort
        others = replace(self.population, cohort=None)
        first, last = others.span(grown=not self.tab.is_live)
        mondays = {monday(day) for day, _, _ in self.days if first <= day <= last}
        found = sorted(mondays, reverse=True)[:WEEKS]
        return found if chosen is None or chosen in found else [*found, chosen]

    @property
    def tabs(self) -> list[tuple[Tab | LiveTab, str]]:
        """Each with its address, which keeps the filters."""
        return [(tab, self._address(tab.key)) for tab in TABS]

    @property
    def address(self) -> str:
        """Of this tab, without filters."""
        return insights_address(self.course, self.tab.key)

    @property
    def export_address(self) -> str:
        path = reverse("studio:insights_export", args=[self.course.slug, self.tab.key])
        kept = self.body.kept if self.tab.is_live else ""
        query = "&".join(part for part in (self.population.query, kept) if part)
        return f"{path}?{query}" if query else path

    def _address(self, tab: str) -> str:
        path = insights_address(self.course, tab)
        return f"{path}?{self.population.query}" if self.population.query else path


def insights_address(course: Course, tab: str) -> str:
    if tab == TABS[0].key:
        return reverse("studio:insights", args=[course.slug])
    return reverse("studio:insights_tab", args=[course.slug, tab])


def insights_page(course: Course, tab: Tab | LiveTab, asked: Mapping[str, str]) -> InsightsPage:
    """Two queries, and those of the tab."""
    count = InsightCount.objects.filter(course=course).first()
    rows = InsightDay.objects.filter(course=course).order_by("day")
    days = [
        (day, enrolled, len(started))
        for day, enrolled, started in rows.values_list("day", "enrolled", "started_after")
    ]
    moment: datetime = count.counted_at if count and isinstance(tab, Tab) else now()
    population = population_of(course.pk, asked, moment.astimezone(UTC).date())
    if isinstance(tab, LiveTab):
        body = tab.ask(course, population, asked)
        return InsightsPage(course, tab, population, count, days, body)
    page = InsightsPage(course, tab, population, count, days, None)
    if count is None or page.is_empty:
        return page
    body = tab.build(course, population, count)
    return InsightsPage(course, tab, population, count, days, body)
