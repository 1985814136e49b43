"""While PostgreSQL or the broker is away: a word at once, no wait, nothing that looks broken."""

import errno
import time
from types import SimpleNamespace

import psycopg
import pytest
from celery.signals import celeryd_init
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.template.loader import render_to_string
from psycopg import errors as states
from psycopg_pool import ConnectionPool, PoolTimeout

from accounts.school import Memory
from enrollments import tasks
from lms import celery, database, errors
from lms.celery import WakeUp
from lms.celery import app as celery_app
from lms.errors import broken
from tests.faults.test_faults import closed_port, forget_the_broker, silent_server

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("faults")]


def caused(kind, cause):
    error = kind("on purpose")
    error.__cause__ = cause
    return error


AWAY = [
    caused(OperationalError, PoolTimeout("none left")),
    caused(OperationalError, psycopg.OperationalError("the server closed the connection")),
    caused(OperationalError, states.AdminShutdown("restarting")),
    caused(OperationalError, states.DiskFull("no room")),
    caused(InterfaceError, psycopg.InterfaceError("the connection is closed")),
]
FULL = [OSError(errno.ENOSPC, "no space left"), OSError(errno.EDQUOT, "quota")]
OTHER = [
    caused(OperationalError, states.QueryCanceled("too slow")),
    OSError(errno.EACCES, "closed"),
    RuntimeError("a mistake"),
]


@pytest.fixture
def page(ada, as_, monkeypatch):
    """Ada's classroom, which meets with an error."""

    def ask(error):
        def fail(*_):
            raise error

        monkeypatch.setattr("classroom.pages.learning.dashboard_page", fail)
        browser = as_(ada)
        browser.raise_request_exception = False
        return browser.get("/classroom/")

    return ask


@pytest.mark.parametrize("error", AWAY, ids=lambda error: type(error.__cause__).__name__)
def test_a_page_says_that_the_database_is_away_and_when_to_come_back(page, error):
    answer = page(error)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert b"Back in a moment" in answer.content
    assert answer["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("error", FULL, ids=lambda error: error.strerror)
def test_a_page_says_that_there_is_no_room(page, error):
    answer = page(error)
    assert answer.status_code == 507
    assert b"No room for this file" in answer.content


def test_what_a_full_disk_does_not_take_is_read_to_its_end(rf):
    """A browser that is hung up on while it sends shows no answer."""
    request = rf.post("/settings/profile/avatar/", b"x" * 300_000, "application/octet-stream")
    request.read(10)
    try:
        raise FULL[0]
    except OSError:
        answer = broken(request)
    assert answer.status_code == 507
    assert request.read() == b""


def test_the_studio_alone_takes_what_is_as_large_as_an_archive(rf, monkeypatch):
    monkeypatch.setattr(errors, "MOST_READ", {"/studio/": 200_000, "/": 100_000})
    for path, left in [("/studio/imports/", 0), ("/settings/profile/avatar/", 68_928)]:
        request = rf.post(path, b"x" * 200_000, "application/octet-stream")
        errors.read_to_its_end(request)
        assert len(request.read()) == left


@pytest.mark.parametrize("error", OTHER, ids=lambda error: type(error).__name__)
def test_what_is_a_mistake_of_ours_is_called_one(page, error):
    answer = page(error)
    assert answer.status_code == 500
    assert b"Something broke on our side" in answer.content


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (AWAY[0], 503, "unavailable"),
        (AWAY[-1], 503, "unavailable"),
        (OTHER[0], 500, "server_error"),
    ],
    ids=["none left", "closed", "too slow"],
)
def test_the_api_says_it_in_its_own_form(ada, as_, monkeypatch, error, status, code):
    def fail(user):
        raise error

    monkeypatch.setattr("api.me.total_of", fail)
    browser = as_(ada)
    browser.raise_request_exception = False
    answer = browser.get("/api/me")
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


def test_the_pages_of_faults_ask_the_database_for_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        for name in ("away.html", "full.html", "500.html"):
            assert render_to_string(name)


@pytest.fixture
def tries(monkeypatch):
    """The database is away for good. Holds who tried to reach it."""
    tried = []

    def fail(*given):
        tried.append(given)
        raise AWAY[0]

    monkeypatch.setattr(connection, "cursor", fail)
    return tried


@pytest.fixture(params=["nobody", "ada"])
def prober(request, client, ada, as_):
    """Who asks for probes; a browser sends its session along."""
    return as_(ada) if request.param == "ada" else client


def test_without_a_database_probes_answer_and_ask_it_for_nothing_they_do_not_show(
    prober, tries, monkeypatch
):
    monkeypatch.setattr("accounts.school.MEMORY", Memory())
    assert prober.get("/healthz").status_code == 200
    assert tries == []
    assert prober.get("/readyz").json() == {"database": False, "broker": True}
    assert b"waymark_database_up 0.0" in prober.get("/metrics").content
    assert len(tries) == 2


def test_without_a_database_a_page_says_so_and_does_not_ask_for_the_school_each_time(
    client, tries, monkeypatch
):
    monkeypatch.setattr("accounts.school.MEMORY", Memory())
    client.raise_request_exception = False
    for _ in range(3):
        answer = client.get("/courses/")
        assert answer.status_code == 503
        assert b"Back in a moment" in answer.content
    assert len(tries) == 1 + 3


def test_while_there_is_no_database_nobody_waits_long_for_a_connection(monkeypatch):
    pool = connection.pool
    monkeypatch.setattr(pool, "timeout", database.BUSY_SECONDS)
    with pytest.raises(psycopg.OperationalError):
        database.Connection.connect(host="127.0.0.1", port=1)
    assert pool.timeout == database.AWAY_SECONDS
    database.Connection.connect(**connection.get_connection_params()).close()
    assert pool.timeout == database.BUSY_SECONDS


def test_who_began_to_wait_before_it_was_known_is_sent_away_with_the_pools_hope(monkeypatch):
    """A request of a moment ago: the timeout that it took along is that of a busy database."""
    monkeypatch.setattr(connection.pool, "timeout", database.BUSY_SECONDS)
    options = settings.DATABASES["default"]["OPTIONS"]["pool"]
    soon = options | {"timeout": database.BUSY_SECONDS, "reconnect_timeout": 0.1}
    nowhere = {"host": "127.0.0.1", "port": 1}
    with (
        ConnectionPool(kwargs=nowhere, open=True, **soon) as pool,
        pytest.raises(psycopg.OperationalError, match="the database is away"),
    ):
        pool.getconn()


def test_one_attempt_that_came_to_nothing_sends_nobody_away_while_others_hold_connections():
    sent = []

    class Waiting:
        def fail(self, why):
            sent.append(why)

    with ConnectionPool(open=False, min_size=1) as pool:
        pool._waiting.append(Waiting())
        pool._nconns = 1
        database.send_away(pool)
        assert sent == []
        pool._nconns = 0
        database.send_away(pool)
    assert [str(why) for why in sent] == ["the database is away"]


def test_a_first_request_is_told_soon_however_often_it_asks(client, tries, monkeypatch):
    """The first of its questions waits until the pool has lost hope."""
    monkeypatch.setattr("accounts.school.MEMORY", Memory())
    client.raise_request_exception = False
    client.get("/courses/")
    options = settings.DATABASES["default"]["OPTIONS"]["pool"]
    assert options["reconnect_timeout"] + len(tries) * database.AWAY_SECONDS <= 4


def test_a_process_that_never_had_a_connection_does_not_wait_long_either():
    """Its first request may ask three times before the page that says so."""
    given = settings.DATABASES["default"]["OPTIONS"]["pool"]["timeout"]
    assert given + 2 * database.AWAY_SECONDS <= 5


@pytest.fixture
def broker():
    """Lets a test publish somewhere else."""
    address = celery_app.conf.broker_url

    def move(to):
        celery_app.conf.broker_url = to
        forget_the_broker(celery_app)

    yield move
    move(address)
    WakeUp._silent_until = 0.0


def published():
    """Seconds that publishing takes."""
    began = time.monotonic()
    tasks.resume_backfills.publish()
    return time.monotonic() - began


def test_a_broker_that_hangs_holds_up_one_request_and_then_nobody(broker):
    with silent_server() as address:
        broker(address)
        assert published() > celery.SLOW_SECONDS
        assert sum(published() for _ in range(20)) < celery.SLOW_SECONDS
        WakeUp._silent_until = time.monotonic() - 1
        assert published() > celery.SLOW_SECONDS
        assert published() < celery.SLOW_SECONDS


def test_a_broker_that_refuses_at_once_is_asked_each_time(broker, monkeypatch):
    monkeypatch.setattr(celery, "SLOW_SECONDS", 60.0)
    with closed_port() as address:
        broker(address)
        published()
        assert not WakeUp._silent_until


def test_a_broker_that_is_back_is_published_to_at_once(broker):
    WakeUp._silent_until = time.monotonic() - 1
    published()
    assert not WakeUp._silent_until


def test_a_worker_waits_longer_for_the_broker_than_a_page():
    """It would take no other message once it could not say that one is done."""
    conf = SimpleNamespace(broker_transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS)
    celeryd_init.send(sender="worker", instance=None, conf=conf, options={})
    assert conf.broker_transport_options["socket_timeout"] >= 60
    assert conf.broker_transport_options["visibility_timeout"] == 2 * 3600
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS["socket_timeout"] <= 2
