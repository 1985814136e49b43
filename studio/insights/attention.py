"""The students of a course, live: how far each is, and which plain signs say to look closer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.models import User
from courses.models import Course
from progress.attention import HIDES
from progress.attention_rows import AttentionMark
from progress.percent import percent_of
from studio.insights.population import Population
from studio.insights.reasons import SAID, Reason, Seen, level_of
from studio.insights.signs import student_sql, students_sql

PER_PAGE = 50
MOST = 1_000_000  # rows of a file
# The planned days of a course: its minutes at two hours a week, and two weeks at least.
A_WEEK, LEAST = 120, 14


@dataclass(frozen=True, slots=True)
class Student:
    """One person in the list. `aside` says why they are left out of it for now; `desk` is the
    review that they wait for, where they asked for help and that is looked up.
    """

    pk: UUID
    name: str
    seen: Seen
    points: int
    is_at_it: bool
    has_completed: bool
    aside: str
    aside_at: datetime | None
    aside_by: str
    desk: UUID | None = None

    @property
    def percent(self) -> int | None:
        return percent_of(self.seen.done, self.seen.total)

    @property
    def reasons(self) -> Sequence[Reason]:
        return self.seen.reasons()

    @property
    def level(self) -> str:
        return level_of(self.points)

    @property
    def aside_words(self) -> str:
        return str(AttentionMark.Kind(self.aside).label)

    @property
    def aside_until(self) -> datetime | None:
        return self.aside_at and self.aside_at + HIDES[AttentionMark.Kind(self.aside)]


@dataclass(frozen=True, slots=True)
class Students:
    """A page of the list, and how many there are of each kind."""

    rows: Sequence[Student]
    everybody: int
    attention: int
    reach_out: int
    never_started: int
    aside: int


def students_of(
    population: Population, now: datetime, shown: str, *, page: int = 1, limit: int = PER_PAGE
) -> Students:
    """One query. A page beyond the last is the last."""
    rows = list(rows_of(students_sql(shown), values_of(population, now, page, limit)))
    told = ("everybody", "attention", "reach_out", "never_started")
    counts = {name: rows[0][name] for name in told}
    students = [student_of(row, now) for row in rows if row["user_id"]]
    return Students(students, **counts, aside=rows[0]["set_aside"])


def all_in(population: Population, now: datetime, shown: str) -> Iterator[Student]:
    """All of a list, made one by one: there may be very many. One query."""
    rows = rows_of(students_sql(shown), values_of(population, now, 1, MOST))
    return (student_of(row, now) for row in rows if row["user_id"])


def values_of(population: Population, now: datetime, page: int, limit: int) -> dict[str, Any]:
    return {
        **population.values(grown=False), "now": now, "today": now.date(), "page": page,
        "limit": limit, "a_week": A_WEEK, "least": LEAST,
        **{kind.value.lower(): hides for kind, hides in HIDES.items()},
    }  # fmt: skip


def rows_of(sql: str, values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [column.name for column in cursor.description or ()]
        for row in cursor:
            yield dict(zip(names, row, strict=True))


def student_in(course: Course, user: User, now: datetime) -> Student | None:
    """What the list says of one person, whether it names them or not. None: it never would.

    One query.
    """
    rows = rows_of(
        student_sql(), {**values_of(Population(course.pk, now.date()), now, 1, 1), "user": user.pk}
    )
    return next((student_of(row, now) for row in rows if row["user_id"]), None)


def student_of(row: dict[str, Any], now: datetime) -> Student:
    names = [name for name in Seen.__dataclass_fields__ if name in row]
    seen = Seen(now=now, signs={kind: row[kind] for kind in SAID}, **{n: row[n] for n in names})
    is_aside = row["is_aside"]
    return Student(
        pk=row["user_id"],
        name=row["name"],
        seen=seen,
        points=row["points"],
        is_at_it=row["is_at_it"],
        has_completed=row["has_completed"],
        aside=row["aside"] if is_aside else "",
        aside_at=row["aside_at"] if is_aside else None,
        aside_by=row["aside_by"] if is_aside else "",
    )
