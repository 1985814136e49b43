"""Queries that are put together once a process."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.prepared import Prepared, among

pytestmark = pytest.mark.django_db


def named(key: UUID, name: str) -> QuerySet[User]:
    return User.objects.select_related("profile").filter(pk=key, name=name)


def some(keys: list[UUID]) -> QuerySet[User, str]:
    return User.objects.filter(among("pk", keys)).order_by("name").values_list("name", flat=True)


def test_the_rows_are_those_of_the_query_with_what_came_along(
    ada: User, bob: User, django_assert_num_queries: Any
) -> None:
    found = Prepared(named, UUID, str)
    with django_assert_num_queries(3):
        mine, his = found.first(ada.pk, "Ada"), found.first(bob.pk, "Bob")
        assert (mine, his, found(ada.pk, "Bob")) == (ada, bob, [])
    assert mine is not None
    with django_assert_num_queries(0):
        assert mine.profile.user_id == ada.pk


def test_it_is_built_once_and_asked_in_the_words_of_the_query(ada: User, bob: User) -> None:
    built = []

    def build(key: UUID, name: str) -> QuerySet[User]:
        built.append(key)
        return named(key, name)

    found = Prepared(build, UUID, str)
    with CaptureQueriesContext(connection) as asked:
        found(ada.pk, "Ada")
        found(bob.pk, "it's %s")
        list(named(ada.pk, "Ada"))
        list(named(bob.pk, "it's %s"))
    sent = [one["sql"] for one in asked.captured_queries]
    assert len(built) == 1
    assert sent[:2] == sent[2:]


def test_a_list_is_of_any_length(ada: User, bob: User, grace: User) -> None:
    found = Prepared(some, list[UUID])
    assert found([]) == []
    assert found([ada.pk]) == ["Ada"]
    assert found([grace.pk, bob.pk, UUID(int=1)]) == ["Bob", "Grace"]


def test_a_value_that_nothing_asks_for_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="Not every value is asked for"):
        Prepared(lambda key, other: User.objects.filter(pk=key), UUID, UUID)(1, 2)


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_through_its_own_connection(ada: User) -> None:
    found = Prepared(named, UUID, str)
    found(ada.pk, "Ada")

    def ask(_: int) -> tuple[User | None, bool]:
        try:
            rows = found.rows(ada.pk, "Ada")
            mine = rows.query.get_compiler(rows.db).connection is connections["default"]
            return next(iter(rows), None), mine
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(ask, range(6))) == [(ada, True)] * 6
