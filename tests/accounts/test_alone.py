"""One at a time, for minutes: whatever the server does to transactions that wait."""

import pytest
from django.db import connection

from accounts.alone import alone

pytestmark = pytest.mark.django_db(transaction=True)
# The second came with PostgreSQL 17.
LIMITS = {"idle_in_transaction_session_timeout", "transaction_timeout"}


@pytest.fixture
def beside(monkeypatch):
    """The connection that holds the lock, at a server that lets no transaction wait for long."""
    made = connection.copy()
    with made.cursor() as cursor:
        cursor.execute(
            "SELECT set_config(name, '1min', false) FROM pg_settings WHERE name = ANY(%s)",
            [[*LIMITS]],
        )
    monkeypatch.setattr(connection, "copy", lambda: made)
    yield made
    if made.connection:
        made.connection.close()


def limits(link):
    with link.cursor() as cursor:
        cursor.execute("SELECT setting FROM pg_settings WHERE name = ANY(%s)", [[*LIMITS]])
        return {setting for (setting,) in cursor.fetchall()}


def test_its_transaction_may_wait_for_as_long_as_the_work_takes_and_no_other(beside, monkeypatch):
    with monkeypatch.context() as kept:
        kept.setattr(beside, "close", lambda: None)
        with alone("a long night") as is_alone:
            assert is_alone
            assert limits(beside) == {"0"}
    assert limits(beside) == {"60000"}


def test_work_whose_lock_was_lost_on_the_way_is_not_undone_by_that(beside):
    with alone("a long night") as is_alone, connection.cursor() as cursor:
        assert is_alone
        cursor.execute("SELECT pg_terminate_backend(%s)", [beside.connection.info.backend_pid])
    with alone("a long night") as is_alone:
        assert is_alone
