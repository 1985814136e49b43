"""What is kept of people: each room says of its own tables what becomes of them with a person.

A table with a way to a person that no room has declared fails a test of the house, and so does a
column of words that nobody has decided on. Export, erasure and `doctor` read the same lines.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Case, Model, Q, QuerySet, Value, When

from accounts.models import User

# What stands where words were that a constraint asks for.
TAKEN_OUT = "–"


class Fate(StrEnum):
    """What becomes of rows when their person is erased."""

    DELETED = "deleted"
    KEPT = "kept, under the pseudonym"
    NOBODYS = "nobody's"


class Blank:
    """Words that a constraint wants something of: taken out, and said to have been there."""


BLANK = Blank()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table. `whose`: the lookups that lead from a row to the person whom it is about.

    `acts` are keys to people who did something to the row of another: they stay. Of a row that is
    kept, `clears` says what its columns become, `keeps` which columns of words stay as they are.
    An export leaves out `hides`, and rows that are not `shown`; it adds the lookups of `reads` and
    what `adds` makes of a row, and of `acts` it says no more than whether it was they themself.
    """

    model: type[Model]
    fate: Fate
    why: str = ""
    whose: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    clears: Mapping[str, Any] = field(default_factory=dict)
    keeps: tuple[str, ...] = ()
    hides: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    adds: Mapping[str, Any] = field(default_factory=dict)
    shown: Q | None = None
    # Rows that still hold words, where this does not follow from `clears`.
    holding: Q | None = None

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    def rows_of(self, user: User) -> Iterator[QuerySet[Model]]:
        """The rows about one person, each way by itself: an index serves it."""
        for way in self.whose:
            yield self.model._base_manager.filter(**{way: user.pk})

    def still_holding(self, rows: QuerySet[Model]) -> QuerySet[Model]:
        """Those of the rows that an erasure has still to change."""
        if self.fate is Fate.DELETED:
            return rows
        if self.holding is not None:
            return rows.filter(self.holding)
        found = Q(pk__in=[])
        for column, value in self.clears.items():
            found |= ~gone(column, value)
        return rows.filter(found)

    def erase(self, user: User) -> int:
        """Delete the rows of a person, or clear them; how many there were. Twice changes none."""
        done = 0
        for rows in self.rows_of(user):
            due = self.still_holding(rows)
            if self.fate is Fate.DELETED:
                done += due.delete()[0]
            elif self.clears:
                done += due.update(**{name: become(name, to) for name, to in self.clears.items()})
        return done

    def left_of(self, erased: QuerySet[User]) -> int:
        """How many rows of people who were erased hold something still."""
        return sum(rows.count() for rows in self.rows_left_of(erased).values())

    def people_left(self, erased: QuerySet[User]) -> set[UUID]:
        """Of whom of them a row holds something still, in one statement."""
        found = self.rows_left_of(erased).items()
        people = [rows.values_list(way, flat=True) for way, rows in found]
        return set(people[0].union(*people[1:]).order_by()) if people else set()

    def rows_left_of(self, erased: QuerySet[User]) -> dict[str, QuerySet[Model]]:
        """What an erasure has still to change of them, by the way that leads to a person."""
        if self.fate is Fate.KEPT and not self.clears:
            return {}
        rows, keys = self.model._base_manager, erased.values("pk")
        ways = {way: rows.filter(**{f"{way}__in": keys}) for way in self.whose}
        return {way: self.still_holding(found) for way, found in ways.items()}


def gone(column: str, value: Any) -> Q:
    """Whether a column is what it is to become."""
    if value is BLANK:
        return Q(**{f"{column}__in": ["", TAKEN_OUT]})
    return Q(**{f"{column}__isnull": True} if value is None else {column: value})


def become(column: str, value: Any) -> Any:
    """What a column is set to."""
    if value is BLANK:
        return Case(When(**{column: ""}, then=Value("")), default=Value(TAKEN_OUT))
    return value


def kept(model: type[Model], *whose: str, **more: Any) -> Table:
    return Table(model=model, fate=Fate.KEPT, whose=whose, **more)


def deleted(model: type[Model], *whose: str, **more: Any) -> Table:
    return Table(model=model, fate=Fate.DELETED, whose=whose, **more)


def nobodys(model: type[Model], why: str) -> Table:
    return Table(model=model, fate=Fate.NOBODYS, why=why)


@dataclass(frozen=True, slots=True)
class Leaving:
    """Somebody who is being erased, with what they were called until now."""

    user: User
    emails: frozenset[str]
    name: str


@dataclass(frozen=True, slots=True)
class File:
    """A file of an export besides its tables. Asked for when it is written; None: there is none."""

    path: str
    content: Callable[[], bytes | None]


@dataclass(frozen=True, slots=True)
class Room:
    """What one app keeps of people. `first` does what its own verbs know best, and comes before."""

    tables: tuple[Table, ...]
    first: Callable[[Leaving], object] | None = None
    files: Callable[[User], Iterator[File]] | None = None
    # What somebody is told before they are erased, in sentences.
    says: Callable[[User], list[str]] | None = None
    # Whoever holds rows of these takes no others after them.
    is_last: bool = False

    def erase(self, leaving: Leaving) -> int:
        if self.first:
            self.first(leaving)
        return sum(table.erase(leaving.user) for table in self.tables)


ROOMS: dict[str, Room] = {}


def declare(name: str, *tables: Table, **more: Any) -> None:
    """Say what a room keeps of people. Called once, when the app is ready."""
    ROOMS[name] = Room(tables, **more)


def rooms() -> list[Room]:
    """In the order in which rows are locked: as they were declared, lower floors first."""
    return sorted(ROOMS.values(), key=lambda room: room.is_last)


def tables() -> list[Table]:
    return [table for room in ROOMS.values() for table in room.tables]


def warnings(user: User) -> list[str]:
    """What an erasure means to this person besides what it means to everybody."""
    return [one for room in rooms() if room.says for one in room.says(user)]


def in_batches(rows: QuerySet[Any, Any], most: int) -> Iterator[Any]:
    """All rows, so many at a time by their keys: a cursor would not outlive a pooler's turn."""
    ordered, last = rows.order_by("pk"), None
    while batch := list((ordered.filter(pk__gt=last) if last else ordered)[:most]):
        yield from batch
        last = batch[-1]["pk"] if isinstance(batch[-1], dict) else batch[-1].pk


def erase_rows(user: User, emails: frozenset[str] = frozenset(), name: str = "") -> int:
    """Take a person out of all tables; how many rows that changed. Their own row is not touched."""
    leaving = Leaving(user, emails, name)
    return sum(room.erase(leaving) for room in rooms())


def left_of_erased(erased: QuerySet[User]) -> dict[str, int]:
    """What is still there of people who were erased, by table."""
    counts = {table.label: table.left_of(erased) for table in tables()}
    return {label: count for label, count in counts.items() if count}


def people_left(erased: QuerySet[User]) -> set[UUID]:
    """Whom of them something is still there of: a statement a table, however many they are."""
    return {key for table in tables() for key in table.people_left(erased)}
