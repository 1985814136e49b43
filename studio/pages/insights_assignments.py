"""What the insight page of assignments shows: who passes, and where those fail who fail."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from courses.models import Course
from progress.models import InsightCount
from studio.insights import charts
from studio.insights.assignments import AssignmentNumbers, Fault, assignments_of
from studio.insights.population import Population
from studio.insights.sheets import Cell


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """One assignment, with a picture of where those fail who fail; the table has every test."""

    numbers: AssignmentNumbers

    @property
    def chart(self) -> SafeString:
        one = self.numbers
        rows = [
            charts.Bar(heat.case.name, heat.blamed.value or 0.0, heat.blamed.text,
                       marked=heat is one.hottest)
            for heat in one.stopping
        ]  # fmt: skip
        said = "; ".join(f"{heat.case.name}: {heat.blamed.text}" for heat in one.heat)
        title = _("Which test fails first, in “%s”") % one.lesson
        return charts.bars(f"heat-{one.lesson.pk}", title, said, rows)


@dataclass(frozen=True)
class AssignmentsPage:
    """`rows` are in the order of the course."""

    rows: Sequence[AssignmentRow]

    @cached_property
    def flagged(self) -> list[AssignmentNumbers]:
        """Where too many fail or never pass, most people first."""
        found = [one.numbers for one in self.rows if one.numbers.reason]
        return sorted(found, key=lambda one: -one.counted.stuck)

    @property
    def hardest(self) -> AssignmentNumbers | None:
        """Where the smallest part passes, of those with enough people to say it."""
        found = [one.numbers for one in self.rows if one.numbers.passing.is_rate]
        return min(found, key=lambda one: one.passing.exact or 0, default=None)

    @property
    def tried(self) -> bool:
        return any(one.numbers.counted.tried for one in self.rows)

    @property
    def chart(self) -> SafeString:
        """Who passed each, of those who tried it."""
        marked = {one.lesson.pk for one in self.flagged}
        shown = [one.numbers for one in self.rows]
        rows = [
            charts.Bar(f"{one.place}. {one.lesson}", one.passing.value or 0.0, one.passing.text,
                       marked=one.lesson.pk in marked)
            for one in shown
        ]  # fmt: skip
        said = "; ".join(f"{one.place}: {one.passing.text}" for one in shown)
        return charts.bars("passing", _("How many pass each assignment"), said, rows)


def assignments_page(
    course: Course, population: Population, count: InsightCount
) -> AssignmentsPage:
    """Six queries."""
    return AssignmentsPage([AssignmentRow(one) for one in assignments_of(population)])


def assignments_table(page: AssignmentsPage) -> tuple[Sequence[str], Sequence[Sequence[Cell]]]:
    """Every assignment with its counts. A rate of too few people stays empty."""
    header = [
        "place", "assignment", "opened", "started", "passed", "pass rate", "handed in",
        "passed at the first go", "first go rate", "median submissions", "p75 submissions",
        "median minutes", "p75 minutes", "failed five times or never passed", "with a failing run",
        "first failing test", "share stopped by it", "fails first", "failed all tests", "errors",
        "reasons",
    ]  # fmt: skip
    return header, [line_of(one.numbers) for one in page.rows]


def line_of(one: AssignmentNumbers) -> Sequence[Cell]:
    counted, times, heat = one.counted, one.shown_times, one.first_to_fail
    return [
        one.place, str(one.lesson), counted.opened, counted.tried, counted.passed,
        one.passing.rate, counted.handed_in, counted.first_passed, one.first_go.rate,
        *(times.submissions if times else (None, None)),
        *(times.minutes if times else (None, None)),
        counted.stuck, counted.failing, heat and heat.case.name, heat and heat.blamed.rate,
        "; ".join(f"{each.case.name}: {each.blamed.count}" for each in one.stopping),
        counted.failing_all, "; ".join(error_line(fault) for fault in one.faults),
        ". ".join(reasons_of(one)),
    ]  # fmt: skip


def reasons_of(one: AssignmentNumbers) -> list[str]:
    """Why it is named on the page; which test and which errors stand in columns of their own."""
    if one.reason is None:
        return []
    return [said for said in (one.reason.text, one.said_of_all) if said]


def error_line(fault: Fault) -> str:
    """An error, where it is, and how many had it."""
    said = {"error": fault.words, "people": fault.people.count}
    if fault.lines is None:
        return _("%(error)s: %(people)s") % said
    first, last = fault.lines
    return _("%(error)s, lines %(first)s to %(last)s: %(people)s") % {
        **said, "first": first, "last": last,
    }  # fmt: skip
