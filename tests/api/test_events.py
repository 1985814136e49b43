"""What pages report of themselves: taken from our own pages alone, in one strict shape."""

import json

import pytest
from django.test import Client

from accounts.limits import Limit
from activity.analytics import buffer
from activity.models import AnalyticsEvent
from tests.activity.test_analytics import FIREFOX
from tests.api.conftest import code_of

ADDRESS = "/api/events"
OURS = {"Origin": "http://testserver", "User-Agent": FIREFOX}
GOOD = {"page": "/courses/", "vitals": {"LCP": 812.5, "INP": 40, "CLS": 0.01, "TTFB": 95}}


@pytest.fixture(autouse=True)
def nothing_waits(db):
    buffer.waiting.clear()
    yield
    buffer.waiting.clear()


def send(body, browser=None, content_type="application/json", **headers):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    browser = browser or Client(enforce_csrf_checks=True)
    return browser.post(ADDRESS, raw, content_type, headers={**OURS, **headers})


def stored():
    buffer.flush()
    return AnalyticsEvent.objects.all()


def test_a_stranger_reports_without_a_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = send(GOOD)
    assert (answer.status_code, answer.content) == (204, b"")
    assert set(stored().values_list("view", "metric", "value", "user")) == {
        ("classroom:catalogue", "LCP", 812.5, None),
        ("classroom:catalogue", "INP", 40.0, None),
        ("classroom:catalogue", "CLS", 0.01, None),
        ("classroom:catalogue", "TTFB", 95.0, None),
    }


def test_somebody_signed_in_needs_no_token_and_is_not_named(as_, ada):
    browser = as_(ada)
    browser.handler.enforce_csrf_checks = True
    assert send({**GOOD, "page": "/classroom/"}, browser).status_code == 204
    assert {row.user for row in stored()} == {None}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://[::1"},
        {"Origin": ""},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "https://testserver"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_other_sites_report_nothing(headers):
    answer = send(GOOD, **headers)
    assert (answer.status_code, code_of(answer)) == (403, "other_origin")
    assert not stored().exists()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"page": "/courses/"},
        {**GOOD, "more": 1},
        {**GOOD, "page": 1},
        {**GOOD, "page": "courses/"},
        {**GOOD, "page": "/courses/?q=me"},
        {**GOOD, "page": "/" + "x" * 500},
        {**GOOD, "vitals": []},
        {**GOOD, "vitals": {"FID": 1}},
        {**GOOD, "vitals": {"LCP": "812"}},
        {**GOOD, "vitals": {"LCP": True}},
        {**GOOD, "vitals": {"LCP": -1}},
        {**GOOD, "vitals": {"LCP": 600_001}},
        {**GOOD, "vitals": {"CLS": 1001}},
    ],
)
def test_another_shape_is_refused(body):
    answer = send(body)
    assert (answer.status_code, code_of(answer)) == (422, "invalid_fields")
    assert not stored().exists()


@pytest.mark.parametrize("raw", [b" ", b"[]", b"{", b'{"page": NaN}', b"\xff"])
def test_what_is_no_object_is_refused(raw):
    assert code_of(send(raw)) == "invalid_json"


def test_an_address_that_is_no_page_is_not_found():
    assert code_of(send({**GOOD, "page": "/nothing/here/"})) == "not_found"


def test_two_kilobytes_are_enough():
    raw = json.dumps(GOOD).encode()
    assert send(raw + b" " * (2048 - len(raw))).status_code == 204
    assert send(raw + b" " * (2049 - len(raw))).status_code == 413


def test_refusals_come_in_the_order_of_the_api(monkeypatch):
    evil, big = {"Origin": "https://evil.example"}, b"[" * 4000
    wrong = {"Authorization": "Bearer wrong"}
    assert Client().patch(ADDRESS).status_code == 405
    assert send(big, content_type="text/plain", **wrong, **evil).status_code == 415
    assert send(big, **wrong, **evil).status_code == 401
    assert send(big, **evil).status_code == 403
    monkeypatch.setattr("api.events.EVENTS", Limit("api-events", 0))
    assert send(big).status_code == 429
    monkeypatch.setattr("api.events.EVENTS", Limit("api-events", 100))
    assert send(big).status_code == 413
    assert send(big[:1000]).status_code == 400
    assert send({}).status_code == 422


def test_too_many_wait(monkeypatch):
    monkeypatch.setattr("api.events.EVENTS", Limit("api-events", 2))
    assert [send(GOOD).status_code for _ in range(3)] == [204, 204, 429]
    assert int(send(GOOD)["Retry-After"]) >= 1


def test_who_asks_not_to_be_counted_is_answered_and_not_counted():
    assert send(GOOD, DNT="1").status_code == 204
    assert not stored().exists()
