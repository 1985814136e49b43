"""Insight pages ask the copy of the database where there is one, and do without it."""

import os
import subprocess
import sys

import pytest
from django.db import DatabaseError, connection, connections
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from progress.models import AttentionMark
from studio.insights.replica import REPLICA, asking_the_replica
from tests.studio.insights.test_pages import PAGE, alike
from tests.test_house import ROOT

pytestmark = pytest.mark.django_db(transaction=True)
TABS = ["", "lessons/", "assignments/", "quizzes/", "reviews/", "feedback/", "lessons/export/"]


@pytest.fixture
def replica():
    """The same data by another connection that cannot write; `replica(port=1)`: it is away."""

    def there(**other):
        read_only = {"options": "-c default_transaction_read_only=on", "connect_timeout": 2}
        # A copy keeps the alias of the tests' own database: they let nobody at any other.
        copy = connection.copy()
        copy.settings_dict = {**connection.settings_dict, "OPTIONS": read_only, **other}
        connections[REPLICA], connections.settings[REPLICA] = copy, copy.settings_dict
        return copy

    yield there
    connections[REPLICA].close()
    del connections[REPLICA], connections.settings[REPLICA]


@pytest.fixture
def greeted(desk):
    """Staff are told once that this is no real school."""
    desk.get("/studio/")
    return desk


def look(browser, path):
    answer = browser.get(PAGE + path)
    return answer.status_code, alike(answer.content)


def test_pages_that_count_ask_the_replica_and_say_the_same(greeted, stopped, replica):
    before = {tab: look(greeted, tab) for tab in TABS}
    assert {code for code, _ in before.values()} <= {200, 302}
    copy = replica()
    for tab in TABS:
        with CaptureQueriesContext(copy) as asked:
            assert look(greeted, tab) == before[tab], tab
        assert asked.captured_queries, tab


def test_what_buttons_lead_back_to_and_what_is_written_never_goes_there(desk, stopped, replica):
    with CaptureQueriesContext(replica()) as asked:
        assert desk.get(f"{PAGE}students/").status_code == 200
        aside = desk.post(f"{PAGE}students/{stopped[0].pk}/", {"kind": "CONTACTED"})
        assert desk.post(f"{PAGE}count/").status_code == aside.status_code == 302
        assert desk.get("/studio/").status_code == 200
    assert not asked.captured_queries
    assert AttentionMark.objects.exists()


def test_a_write_to_the_replica_fails_and_afterwards_all_is_as_before(stopped, replica):
    replica()
    with pytest.raises(DatabaseError, match="read-only"), asking_the_replica():
        User.objects.update(name="Nobody")
    User.objects.update(name="Somebody")


def test_without_the_replica_the_database_itself_answers(greeted, stopped, replica, caplog):
    before = look(greeted, "")
    replica(HOST="127.0.0.1", PORT=1)
    assert look(greeted, "") == before
    assert "The replica does not answer" in caplog.text


@pytest.mark.parametrize("url", ["", "postgres://reader@copy.example/school"])
def test_the_replica_is_a_setting(url):
    ask = "from lms.settings import DATABASES; print(DATABASES.get('replica'))"
    said = subprocess.run(
        [sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True,
        env={**os.environ, "DATABASE_REPLICA_URL": url},
    ).stdout  # fmt: skip
    assert ("copy.example" in said, "read_only=on" in said) == (bool(url), bool(url))
