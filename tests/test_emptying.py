"""After a test that commits the tables are as they were before it."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, OperationalError, connection
from django.test import TransactionTestCase
from psycopg.errors import DeadlockDetected

from activity.actions import record
from activity.models import Event
from tests import emptying
from tests.emptying import KEPT, empty_tables, may_pass_triggers

pytestmark = pytest.mark.django_db(transaction=True)


def filled():
    """The tables with anything in them."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {connection.ops.quote_name(name)})")
            if cursor.fetchone()[0]:
                yield name


def test_all_rows_go_and_what_is_protected_stays_protected(ada, root):
    if not may_pass_triggers():
        assert TransactionTestCase._fixture_teardown is not empty_tables
        return
    assert TransactionTestCase._fixture_teardown is empty_tables
    record(ada, Event.Kind.SIGNED_UP, "a")
    Group.objects.create(name="a group").permissions.add(Permission.objects.first())
    before = [set(model.objects.values_list("pk")) for model in (ContentType, Permission)]
    assert set(filled()) > KEPT
    empty_tables()
    assert set(filled()) == KEPT
    assert before == [set(model.objects.values_list("pk")) for model in (ContentType, Permission)]
    record(None, Event.Kind.SIGNED_UP, "b")
    with pytest.raises(DatabaseError):
        Event.objects.all().delete()


def test_who_is_chosen_to_end_a_deadlock_tries_again(monkeypatch, ada):
    if not may_pass_triggers():
        return
    really, tried = emptying.delete_all, []

    def chosen_twice():
        tried.append(None)
        if len(tried) < 3:
            raise OperationalError from DeadlockDetected()
        really()

    monkeypatch.setattr(emptying, "delete_all", chosen_twice)
    empty_tables()
    assert (len(tried), set(filled())) == (3, KEPT)


@pytest.mark.parametrize("cause", [DeadlockDetected(), None])
def test_what_does_not_end_is_told(monkeypatch, cause):
    def fails():
        raise OperationalError from cause

    monkeypatch.setattr(emptying, "delete_all", fails)
    with pytest.raises(OperationalError):
        empty_tables()
    monkeypatch.undo()
