"""Workers killed, Redis away or silent, connections cut: nothing is lost, nobody sees a 500."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import caches
from django.db import connection, connections
from django.test import Client
from kombu import pools

from accounts.models import User
from enrollments import backfill, tasks
from enrollments.models import BackfillRun, Enrollment
from enrollments.verification import verify
from gamification import ledger
from gamification.models import XPTransaction
from lms.cache import PatientRedisCache
from lms.celery import WakeUp
from lms.celery import app as celery_app
from tests.conftest import PASSWORD, make_course

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("faults")]

SIGN_UP = {"email": "new@example.org", "name": "New", "password1": PASSWORD}
# Longer than anybody waits here for an answer.
SILENT_SECONDS = 60.0
IMPATIENT = {"socket_timeout": 0.25, "socket_connect_timeout": 0.25}  # as the site is


@pytest.fixture
def crowd(db):
    """Three thousand people and three open courses, in two statements."""
    courses = [make_course(f"course-{n}", lessons=1) for n in range(3)]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO accounts_user (id, password, is_superuser, email, name, role, timezone,
              is_active, is_minor, date_joined, session_epoch)
            SELECT waymark_uuid7(), '!', false, 'p' || n || '@example.org', 'P', 'USER', 'UTC',
              true, false, now(), 0 FROM generate_series(1, 3000) n
            """
        )
    return courses


def environment():
    """The settings of this test run for a process of its own."""
    old = urlsplit(os.environ["DATABASE_URL"])
    database = urlunsplit(old._replace(path="/" + connection.settings_dict["NAME"]))
    return {**os.environ, "DATABASE_URL": database, "REDIS_URL": settings.REDIS_URL}


@contextmanager
def process(*command, output=subprocess.DEVNULL):
    """A process in a group of its own, dead at the end whatever happens."""
    running = subprocess.Popen(
        [sys.executable, *command],
        env=environment(),
        stdout=output,
        stderr=output,
        start_new_session=True,
    )
    try:
        yield running
    finally:
        kill(running)


def kill(running):
    if running.poll() is None:
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()


def wait_until(true, seconds=120):
    """A process that starts on a busy machine takes its time."""
    limit = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.02)


def test_a_killed_backfill_loses_nothing_and_the_next_run_finishes(crowd):
    command = ["manage.py", "backfill_enrollments", "--missing", "--batch-size"]
    with process(*command, "20") as running:
        wait_until(Enrollment.objects.exists)
        kill(running)
    half = Enrollment.objects.count()
    assert 0 < half < 9000
    wait_until(lambda: not locks())
    with process(*command, "1000") as running:
        assert running.wait(timeout=120) == 0
    assert Enrollment.objects.count() == 9000
    assert BackfillRun.objects.get(status="DONE").inserted == 9000 - half
    assert verify().is_clean
    with process(*command, "1000") as running:
        assert running.wait(timeout=120) == 0
    assert BackfillRun.objects.first().inserted == 0


def locks():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s",
            [backfill.LOCK],
        )
        return cursor.fetchone()[0]


def test_a_killed_worker_leaves_a_backfill_that_the_sweep_finishes(crowd):
    worker = ["-m", "celery", "-A", "lms", "worker", "--pool", "solo", "--loglevel", "ERROR"]
    run = backfill.request_run(course=None, missing=True, batch_size=10)
    with process(*worker) as running:
        tasks.run_backfill.delay(str(run.pk))
        # The rows of a range are there a moment before the run says so.
        wait_until(BackfillRun.objects.filter(users_done__gt=0).exists)
        kill(running)
    run.refresh_from_db()
    assert run.status == "RUNNING"
    assert 0 < run.users_done < 3000
    wait_until(lambda: not locks())
    BackfillRun.objects.update(beat_at="2026-01-01T00:00Z")
    with process(*worker):
        tasks.resume_backfills.delay()
        wait_until(lambda: BackfillRun.objects.get().status == "DONE")
    assert Enrollment.objects.count() == 9000
    assert verify().is_clean


@contextmanager
def redis_at(address):
    """Point cache and broker of this process at another place."""
    cache, patient = caches["default"], settings.CACHES["default"]
    settings.CACHES["default"] = {**patient, "LOCATION": address, "OPTIONS": IMPATIENT}
    del caches["default"]
    PatientRedisCache._silent_until = 0.0
    try:
        yield
    finally:
        settings.CACHES["default"] = patient
        caches["default"] = cache
        PatientRedisCache._silent_until = 0.0


@contextmanager
def silent_server():
    """A server that takes calls, never answers, and hangs up in the end."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:
        hanging_up = threading.Timer(SILENT_SECONDS, server.shutdown, [socket.SHUT_RDWR])
        hanging_up.start()
        try:
            yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        finally:
            hanging_up.cancel()


@contextmanager
def closed_port():
    yield "redis://127.0.0.1:1/0"


@pytest.mark.parametrize("broken", [closed_port, silent_server])
def test_sign_up_succeeds_while_redis_is_away_or_silent(course, broken):
    with broken() as address, redis_at(address):
        began = time.monotonic()
        answer = Client().post("/accounts/signup/", SIGN_UP)
        took = time.monotonic() - began
    assert answer.status_code == 302
    assert User.objects.get(email="new@example.org").enrollments.count() == 1
    assert len(mail.outbox) == 1
    assert took < 2


def test_a_silent_redis_costs_a_page_one_time_out_and_no_more(ada, as_, lessons):
    browser = as_(ada)
    with silent_server() as address, redis_at(address):
        began = time.monotonic()
        for lesson in lessons:
            answer = browser.post(f"/lessons/{lesson.pk}/completion/", {"done": "1"})
            assert answer.status_code == 303
        assert time.monotonic() - began < 2
    assert ledger.wrong_standings() == 0


def test_a_lost_message_does_not_fail_the_request(ada, course):
    """Nobody listens at the broker: the row says what is due."""
    run, app = backfill.request_run(course=course, missing=True, batch_size=10), celery_app
    tasks.resume_backfills.delay()  # as the process of a site that has published before
    broker = app.conf.broker_url
    app.conf.broker_url = "redis://127.0.0.1:1/0"
    forget_the_broker(app)
    began = time.monotonic()
    try:
        tasks.run_backfill.delay_on_commit(str(run.pk))
        assert time.monotonic() - began < 2
    finally:
        app.conf.broker_url = broker
        forget_the_broker(app)
    assert backfill.due_runs() == [run.pk]


def forget_the_broker(app):
    """Close the connections that are kept, so that the next message asks for the address anew."""
    pools.reset()
    app._pool = None
    app.__dict__.pop("amqp", None)
    WakeUp._silent_until = 0.0


def test_after_all_connections_were_cut_the_next_request_works(ada, as_, lessons):
    """Also with a pool that is full of them."""
    browser = as_(ada)
    together = threading.Barrier(8)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(hold_one_connection, [together] * 8))
    assert browser.get("/classroom/").status_code == 200
    for lesson in lessons:
        cut_all_connections()
        answer = browser.post(f"/lessons/{lesson.pk}/completion/", {"done": "1"})
        assert answer.status_code == 303
    assert XPTransaction.objects.count() == len(lessons)
    assert ledger.wrong_standings() == 0


def hold_one_connection(together):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    together.wait(20)
    connections.close_all()


def cut_all_connections():
    """Cut every connection of the pool, as a restart of the server would."""
    connections.close_all()
    control = connections.create_connection("default")
    with control.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    control.close()
