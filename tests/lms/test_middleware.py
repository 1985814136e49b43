"""What every request passes through."""

import gzip
import logging
from contextvars import Context

import pytest
from django.db import OperationalError
from django.test import Client
from prometheus_client import REGISTRY
from psycopg.errors import DeadlockDetected

from accounts.tasks import make_exports
from lms import logs
from lms.logs import RequestIdFilter


def test_every_answer_carries_an_id_and_the_headers(client, course):
    answer = client.get("/courses/")
    assert len(answer["X-Request-ID"]) == 32
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Permissions-Policy"].startswith("camera=()")
    assert answer["X-Frame-Options"] == "DENY"


def test_pages_of_a_person_are_stored_nowhere(ada, as_):
    assert as_(ada).get("/courses/")["Cache-Control"] == "no-store, private"


def test_pages_are_compressed_for_those_who_can_read_it(client, course):
    answer = client.get("/courses/", headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert b"Python from zero" in gzip.decompress(answer.content)


def test_invented_methods_make_no_new_series(client, db):
    for number in range(5):
        client.generic(f"FOO{number}", "/courses/")
    methods = {
        sample.labels["method"]
        for metric in REGISTRY.collect()
        if metric.name == "waymark_request_seconds"
        for sample in metric.samples
    }
    assert not [method for method in methods if method.startswith("FOO")]


@pytest.mark.parametrize(
    ("current", "back"),
    [
        ("http://testserver/classroom/", "/classroom/"),
        ("http://[", "/"),
        ("", "/"),
        ("https://evil.example//x?y=1#z", "//x"),
        ("http://testserver/a&b=c", "/a%26b%3Dc"),
    ],
)
def test_an_ended_session_leads_htmx_to_sign_in_and_back(client, db, current, back):
    headers = {"HX-Request": "true", "HX-Current-URL": current}
    answer = client.get("/classroom/", headers=headers)
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == f"/accounts/login/?next={back}"


def test_probes_answer(client, db):
    assert client.get("/healthz").content == b"ok\n"
    assert client.get("/readyz").json() == {"database": True, "broker": True}
    assert b"waymark_request_seconds" in client.get("/metrics").content


def test_metrics_are_scraped_by_plain_http_at_an_address_and_nothing_else_is(client, db, settings):
    settings.SECURE_SSL_REDIRECT, settings.ALLOWED_HOSTS = True, ["school.example"]
    for host in ("10.1.2.3:8000", "web:8000"):
        assert client.get("/metrics", headers={"Host": host}).status_code == 200
        assert client.get("/healthz", headers={"Host": host}).status_code == 400
        assert client.get("/courses/", headers={"Host": host}).status_code == 400
    named = client.get("/courses/", headers={"Host": "school.example"})
    assert (named.status_code, named["Location"]) == (301, "https://school.example/courses/")


def test_readiness_names_the_part_that_is_away(client, db, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"database": True, "broker": False}


def errors_in(caplog):
    return [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize(
    ("view", "address"),
    [
        ("classroom.pages.catalogue.catalogue_page", "/courses/"),
        ("api.me.total_of", "/api/me"),
    ],
)
def test_what_lost_a_race_is_a_warning_and_no_error(ada, as_, caplog, monkeypatch, view, address):
    def lose(*args, **kwargs):
        raise OperationalError from DeadlockDetected()

    monkeypatch.setattr(view, lose)
    assert as_(ada).get(address).status_code == 503
    [told] = [record for record in caplog.records if "lost a race" in record.getMessage()]
    assert (told.levelname, told.status_code) == ("WARNING", 503)
    assert told.exc_info
    assert errors_in(caplog) == []


def test_that_a_part_is_away_is_a_warning_and_no_error(client, db, settings, caplog):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    client.get("/readyz")
    assert "Not ready, for want of: broker" in caplog.text
    assert errors_in(caplog) == []


@pytest.mark.parametrize("method", ["TRACE", "FOO", "PUT", "DELETE", "PATCH", "CONNECT"])
def test_pages_know_three_methods(client, course, method):
    answer = client.generic(method, "/courses/")
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize("path", ["/progress/points/", "/leaderboard/choice/"])
def test_the_target_of_a_form_that_is_opened_says_so_on_a_page(client, ada, path):
    client.force_login(ada)
    answer = client.get(path, headers={"Accept": "text/html,*/*"})
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert b"the target of a form" in answer.content


def test_a_forged_host_is_a_line_in_the_log_and_not_a_trace(client, caplog):
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400
    record = next(r for r in caplog.records if r.name.startswith("django.security"))
    assert RequestIdFilter().filter(record)
    assert record.levelname == "WARNING"
    assert record.exc_info is None


def test_a_refusal_in_the_log_carries_the_id_of_its_request(client, db, caplog):
    answer = client.get("/nowhere/")
    record = next(r for r in caplog.records if r.name == "django.request")
    assert RequestIdFilter().filter(record)
    assert record.request_id == answer["X-Request-ID"]


def test_a_form_that_is_too_old_puts_no_page_into_a_part(client, bob):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(bob)
    answer = browser.post("/settings/time/", {}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Reswap"]) == (403, "none")
    assert "stale" in answer["HX-Trigger"]


@pytest.mark.parametrize("name", ["robots.txt", "favicon.ico"])
def test_what_everybody_asks_for_unasked_is_there(client, db, name):
    answer = client.get(f"/{name}")
    assert (answer.status_code, bool(answer.getvalue())) == (200, True)
    answer.close()


def test_a_task_done_on_the_spot_belongs_to_the_request_that_is_being_answered(monkeypatch):
    record = logging.makeLogRecord({})
    monkeypatch.setattr(
        "accounts.export_making.make_exports", lambda: RequestIdFilter().filter(record)
    )
    browsing = Context()
    browsing.run(logs.request_id.set, "a1b2")
    done = browsing.run(make_exports.apply)
    assert (record.request_id, record.task_id) == ("a1b2", done.id)
    assert record.task_name == "accounts.tasks.make_exports"
