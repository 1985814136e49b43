"""What the page of a course's students shows: who needs a person, and why, in sentences."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.models import Review
from courses.models import Course
from enrollments.models import Enrollment, EnrollmentQuerySet
from studio.insights.attention import PER_PAGE, Student, Students, all_in, students_of
from studio.insights.namings import Namings, namings_of
from studio.insights.population import Population
from studio.insights.sheets import Cell

SHOWN = {
    "attention": _("Need attention"),
    "never_started": _("Never started"),
    "everybody": _("Everybody"),
    "aside": _("Set aside"),
}
DEFAULT = "attention"
# The last of those who were taken out.
MOST_TAKEN_OUT = 50


@dataclass(frozen=True)
class StudentsPage:
    """`shown` is which of the lists; `number` the page of it, which may lie beyond the last."""

    course: Course
    population: Population
    shown: str
    students: Students
    number: int
    namings: Namings

    @cached_property
    def last_taken_out(self) -> Sequence[Enrollment]:
        """The last who were taken out. Asked for only where they are shown. One query."""
        return list(taken_out_of(self.course).select_related("user")[: MOST_TAKEN_OUT + 1])

    @property
    def taken_out(self) -> Sequence[Enrollment]:
        return self.last_taken_out[:MOST_TAKEN_OUT]

    @property
    def are_more_taken_out(self) -> bool:
        return len(self.last_taken_out) > MOST_TAKEN_OUT

    @property
    def kept(self) -> str:
        """Its file is of the list that is shown."""
        return urlencode({"show": self.shown})

    @property
    def rows(self) -> Sequence[Student]:
        return self.students.rows

    @property
    def everybody(self) -> int:
        return self.students.everybody

    @property
    def counts(self) -> dict[str, int]:
        found = self.students
        return {
            "attention": found.attention, "never_started": found.never_started,
            "everybody": found.everybody, "aside": found.aside,
        }  # fmt: skip

    @property
    def lists(self) -> list[dict[str, Any]]:
        """Each with its name, how many are in it, and its query."""
        return [
            {"key": key, "title": title, "count": self.counts[key], "query": self.query(key)}
            for key, title in SHOWN.items()
        ]

    @property
    def pages(self) -> int:
        return max(1, -(-self.counts[self.shown] // PER_PAGE))

    @property
    def page(self) -> int:
        return min(self.number, self.pages)

    @property
    def here(self) -> str:
        return self.query(self.shown, self.page)

    @property
    def before(self) -> str:
        return self.query(self.shown, self.page - 1) if self.page > 1 else ""

    @property
    def after(self) -> str:
        return self.query(self.shown, self.page + 1) if self.page < self.pages else ""

    def query(self, shown: str, page: int = 1) -> str:
        """The address of a page of a list, with the filters."""
        said = {"show": shown, **({"page": page} if page > 1 else {})}
        return "&".join(part for part in (self.population.query, urlencode(said)) if part)


def students_page(course: Course, population: Population, asked: Mapping[str, str]) -> StudentsPage:
    """Two queries, and another where somebody waits for help."""
    shown = asked.get("show", DEFAULT)
    shown = shown if shown in SHOWN else DEFAULT
    number = number_of(asked.get("page", ""))
    students = students_of(population, now(), shown, page=number)
    students = replace(students, rows=with_desks(course, students.rows))
    return StudentsPage(course, population, shown, students, number, namings_of(course, now()))


def with_desks(course: Course, students: Sequence[Student]) -> Sequence[Student]:
    """Of those who wait for help, say which review it is that they wait for."""
    waiting = [one.pk for one in students if one.seen.signs["help"]]
    if not waiting:
        return students
    desks = Review.objects.help_for(waiting, course)
    return [
        replace(one, desk=desks.get((one.pk, one.seen.help_at))) if one.seen.help_at else one
        for one in students
    ]


def number_of(text: str) -> int:
    """A page as an address says it; what is none is the first."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= 6
    return max(1, int(text)) if is_number else 1


def students_in(course: Course) -> QuerySet[Enrollment]:
    """Whom the list can name."""
    rows = Enrollment.objects.current().filter(course=course, user__is_active=True)
    return rows.exclude(user__role=User.Role.ADMIN)


def not_in_the_list(course: Course, keys: Set[UUID]) -> tuple[Sequence[User], Sequence[User]]:
    """Of these people, who left the course, and who has a place in it but is no student any more.

    Those are closed accounts, and admins. One query, or none.
    """
    rows = Enrollment.objects.filter(course=course, user__in=keys, user__deleted_at=None)
    rows = rows.select_related("user").order_by("user__name", "user") if keys else rows.none()
    left = {place.pk for place in rows if place.status == Enrollment.Status.DROPPED}
    return (
        [place.user for place in rows if place.pk in left],
        [place.user for place in rows if place.pk not in left],
    )


def taken_out_of(course: Course) -> EnrollmentQuerySet:
    """Whom staff took out of the course, and may put back."""
    return Enrollment.objects.taken_out().filter(course=course, user__is_active=True)


def students_file(
    course: Course, population: Population, asked: Mapping[str, str]
) -> Iterator[Student]:
    """All pages of a list; nothing asked is everybody, nonsense what the page shows. One query."""
    shown = asked.get("show", "everybody")
    return all_in(population, now(), shown if shown in SHOWN else DEFAULT)


def students_table(found: Iterable[Student]) -> tuple[Sequence[str], Iterable[Sequence[Cell]]]:
    header = [
        "name", "enrolled", "first active", "lessons done", "lessons", "last active", "pace",
        "points", "level", "reasons", "set aside",
    ]  # fmt: skip
    return header, map(line_of, found)


def line_of(one: Student) -> Sequence[Cell]:
    seen = one.seen
    return [
        one.name, iso(seen.enrolled_at), iso(seen.first_at), seen.done, seen.total,
        iso(seen.last_at), seen.pace, one.points, one.level,
        " ".join(reason.text for reason in one.reasons), one.aside and one.aside_words,
    ]  # fmt: skip


def iso(moment: datetime | None) -> str:
    return moment.astimezone(UTC).date().isoformat() if moment else ""
