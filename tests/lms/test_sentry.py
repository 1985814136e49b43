"""Errors reach Sentry where it is wanted: with the request's id, and without anybody's words."""

import subprocess
import sys
from contextvars import Context
from pathlib import Path

import pytest

from enrollments import tasks
from lms import logs
from tests.doubles import sentry_ingest
from tests.faults.test_faults import environment, process, wait_until

ROOT = Path(__file__).resolve().parents[2]
PLANTED = "planted-secret"
# A page that fails on the way to somebody's account, with a secret wherever one can be.
FAILING_PAGE = """
import os
import django
django.setup()
from accounts import joining
from django.conf import settings
from django.test import Client
from django.test.utils import override_settings

planted = os.environ["PLANTED"]

def fail(request, invitation):
    code = f"{planted}-in-a-variable"
    try:
        raise LookupError(f"{planted}-1@example.org")
    except LookupError as error:
        raise RuntimeError(f"{planted}-2 {code}") from error

joining.show_invitation = fail
browser = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {planted}"})
browser.cookies["sessionid"] = f"{planted}-in-a-cookie"
# Nobody collected the files of the page that says so.
plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
stores = {**settings.STORAGES, "staticfiles": plain}
with override_settings(ALLOWED_HOSTS=["*"], STORAGES=stores):
    answer = browser.get(f"/join/{planted}-in-the-path/?token={planted}")
print(answer.status_code, answer["X-Request-ID"])
"""
WORKER = ["-m", "celery", "-A", "lms", "worker", "-c", "1", "--loglevel", "ERROR"]
ASKED_BY = "feed0000feed0000feed0000feed0000"


def start(code, **given):
    """A process of the site that runs the code."""
    env = {**environment(), "DJANGO_SETTINGS_MODULE": "lms.settings", **given}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def caused_by(request_id, ingest):
    """A worker may find what others left in its queue, too."""
    return [one for one in ingest.events if one["tags"].get("request_id") == request_id]


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("faults")
def test_errors_of_pages_and_workers_arrive_with_their_request_and_nothing_else(monkeypatch):
    with sentry_ingest.serving() as ingest:
        monkeypatch.setenv("SENTRY_DSN", ingest.dsn)
        monkeypatch.setenv("SENTRY_RELEASE", "waymark-1")
        monkeypatch.setenv("SENTRY_ENVIRONMENT", "rehearsal")
        asked = start(FAILING_PAGE, PLANTED=PLANTED)
        assert asked.returncode == 0, asked.stderr
        status, request_id = asked.stdout.split()[-2:]
        assert status == "500"
        wait_until(lambda: caused_by(request_id, ingest))
        browsing = Context()
        browsing.run(logs.request_id.set, ASKED_BY)
        browsing.run(tasks.run_backfill.delay, f"{PLANTED}-no-key")
        with process(*WORKER):
            wait_until(lambda: caused_by(ASKED_BY, ingest), 120)
    [of_page], [of_task] = caused_by(request_id, ingest), caused_by(ASKED_BY, ingest)
    assert of_page["tags"] == {"request_id": request_id, "view": "join", "status": "500"}
    kinds = [one["type"] for one in of_page["exception"]["values"]]
    assert kinds == ["LookupError", "RuntimeError"]
    assert of_page["exception"]["values"][1]["stacktrace"]["frames"][-1]["function"] == "fail"
    assert (of_page["release"], of_page["environment"]) == ("waymark-1", "rehearsal")
    assert of_task["tags"] == {"request_id": ASKED_BY, "task": "enrollments.tasks.run_backfill"}
    assert [one["type"] for one in of_task["exception"]["values"]] == ["ValueError"]
    assert PLANTED.encode() not in ingest.raw


LOADED = """
import sys
import django
django.setup()
print({"sentry_sdk", "opentelemetry"} & {*sys.modules})
"""
HIDDEN = "import sys; sys.modules['sentry_sdk'] = None; import django; django.setup()"


def test_without_an_address_neither_this_package_nor_that_of_traces_is_even_loaded(db):
    found = start(LOADED, SENTRY_DSN="", OTEL_EXPORTER_OTLP_ENDPOINT="")
    assert found.stdout.strip() == "set()"


@pytest.mark.parametrize(
    ("code", "dsn", "says"),
    [
        (HIDDEN, "https://key@sentry.example/1", "install the extra `sentry`"),
        ("", "sentry.example", "SENTRY_DSN is an address such as"),
    ],
)
def test_what_cannot_work_ends_the_start_with_a_sentence(db, code, dsn, says):
    ended = start(code or LOADED, SENTRY_DSN=dsn)
    assert ended.returncode == 1
    assert says in ended.stderr.splitlines()[-1]
