"""Queries put together once a process: that takes Django far longer than to have them answered."""

from collections.abc import Callable
from copy import copy
from datetime import UTC, date, datetime
from functools import cached_property, partial
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connections
from django.db.models import BooleanField, F, Func, QuerySet, UUIDField, Value
from django.db.models.sql.compiler import SQLCompiler

# What stands in a query for a value that comes later: the n-th of its kind, found again by this.
STAND_INS: dict[Any, Callable[[int], Any]] = {
    UUID: lambda n: UUID(int=n),
    str: lambda n: f"\x01{n}",
    date: lambda n: date(1, 1, n),
    datetime: lambda n: datetime(1, 1, n, tzinfo=UTC),
    list[UUID]: lambda n: [UUID(int=n)],
}


class Prepared[Row]:
    """`Prepared(build, UUID, str)`: the query that `build` makes of a UUID and a text.

    It is built with stand-ins, once, so what it looks like must hang on no value: none is None,
    no list of `IN` among them, and the time of day is a value like any other.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], *kinds: Any) -> None:
        self.build = build
        self.stand_ins = [STAND_INS[kind](n) for n, kind in enumerate(kinds, 1)]

    @cached_property
    def written(self) -> tuple[QuerySet[Any, Row], SQLCompiler, str, list[tuple[Any, int | None]]]:
        """The query, what reads its rows, its words, and what goes in them: values, or which."""
        rows = self.build(*self.stand_ins)
        compiler = rows.query.get_compiler(rows.db)
        sql, given = compiler.as_sql()
        places = [(one, self.place_of(one)) for one in given]
        if not {*range(len(self.stand_ins))} <= {place for _, place in places}:
            raise ValueError(f"Not every value is asked for: {sql}")
        return rows, compiler, sql, places

    def place_of(self, given: Any) -> int | None:
        same = (
            place
            for place, one in enumerate(self.stand_ins)
            if type(one) is type(given) and one == given
        )
        return next(same, None)

    def rows(self, *values: Any) -> QuerySet[Any, Row]:
        """The query with these values, to be read as it is: what is chained to it is lost."""
        written, compiler, sql, places = self.written
        given = tuple(one if place is None else values[place] for one, place in places)
        rows = written.all()
        rows.query.get_compiler = partial(ready, compiler, (sql, given))  # type: ignore[method-assign]
        return rows

    def __call__(self, *values: Any) -> list[Row]:
        return list(self.rows(*values))

    def first(self, *values: Any) -> Row | None:
        return next(iter(self.rows(*values)), None)


def among(name: str, keys: list[UUID]) -> Func:
    """`filter(among("pk", keys))`: the field is one of these, however many they are."""
    return Func(
        F(name),
        Value(keys, output_field=ArrayField(UUIDField())),
        arg_joiner=" = ANY(",
        template="%(expressions)s)",
        output_field=BooleanField(),
    )


def ready(
    compiler: SQLCompiler, statement: tuple[str, tuple[Any, ...]], using: str, **_: Any
) -> SQLCompiler:
    """A compiler that has its words already, for the connection of this thread."""
    one = copy(compiler)
    one.using, one.connection = using, connections[using]
    one.as_sql = lambda *_, **__: statement  # type: ignore[method-assign]
    return one
