"""Counting requests."""

import pytest
import time_machine
from django.core.cache import cache
from django.test import RequestFactory

from accounts.limits import Limit, address_of
from lms.cache import PatientRedisCache
from tests.api.conftest import code_of
from tests.api.world import ENROLL

LIMIT = Limit("test", 3)


def test_the_fourth_of_three_waits_for_the_end_of_the_window():
    assert [LIMIT.spend("ada") for _ in range(3)] == [None] * 3
    wait = LIMIT.spend("ada")
    assert wait is not None
    assert 1 <= wait <= 60
    assert LIMIT.spend("bob") is None


def test_a_counter_that_outlives_its_window_starts_anew():
    key = "limit:test:ada"
    cache.set(key, 1000, None)
    assert LIMIT.spend("ada") is None
    assert LIMIT.spend("ada") is None


def test_the_window_ends():
    with time_machine.travel(0, tick=False):
        for _ in range(4):
            LIMIT.spend("ada")
    assert LIMIT.spend("ada") is None


def test_while_redis_is_away_each_process_counts_for_itself(monkeypatch):
    monkeypatch.setattr(PatientRedisCache, "_silent_until", float("inf"))
    assert [LIMIT.spend("ada") for _ in range(3)] == [None] * 3
    assert LIMIT.spend("ada") is not None
    assert LIMIT.spend("bob") is None
    cache.set("something else", 1)
    assert cache.get("something else") is None
    monkeypatch.setattr(PatientRedisCache, "_silent_until", 0.0)
    assert LIMIT.spend("ada") is None


def test_the_sixty_first_request_of_a_person_is_refused_whatever_the_token(ada, program):
    one, two = program(ada), program(ada)
    for number in range(60):
        assert (one if number % 2 else two).get("/api/me").status_code == 200
    response = one.get("/api/me")
    assert (response.status_code, code_of(response)) == (429, "rate_limited")
    assert 1 <= int(response["Retry-After"]) <= 60


def test_others_go_on_while_one_waits(ada, bob, program, monkeypatch):
    monkeypatch.setattr("api.door.PERSON", Limit("api-person", 1))
    busy = program(ada)
    assert [busy.get("/api/me").status_code for _ in range(2)] == [200, 429]
    assert program(bob).get("/api/me").status_code == 200


def test_thirty_awards_a_minute(ada, course, program):
    me = program(ada)
    for _ in range(30):
        assert me.post("/api/xp/award", {}).status_code == 422
    assert me.post("/api/xp/award", {}).status_code == 429
    assert me.get("/api/me").status_code == 200


def test_thirty_a_minute_come_to_courses_and_leave_them_by_page_and_api_together(
    bob, course, program, as_
):
    me, body = program(bob), {"userId": bob.email, "courseId": course.slug}
    assert me.post(ENROLL, {}).status_code == 422  # It asks for nothing yet.
    page = f"/courses/{course.slug}/enrollment/"
    assert as_(bob).post(page, {"wanted": "1"}).status_code == 303
    place = bob.enrollments.get()
    assert me.delete(f"{ENROLL}/{place.pk}").status_code == 204
    assert me.post(ENROLL, body).status_code == 201
    assert [me.post(ENROLL, body).status_code for _ in range(27)] == [409] * 27
    for answer in (me.delete(f"{ENROLL}/{place.pk}"), me.post(ENROLL, body)):
        assert (answer.status_code, code_of(answer)) == (429, "rate_limited")
        assert 1 <= int(answer["Retry-After"]) <= 60
    assert bob.enrollments.current().exists()
    assert me.get("/api/me").status_code == 200


def test_one_address_has_a_limit_of_its_own(course, stranger, monkeypatch):
    monkeypatch.setattr("api.door.ADDRESS", Limit("api-address", 2))
    assert [stranger.get("/api/courses").status_code for _ in range(3)] == [200, 200, 429]


def test_guessing_tokens_is_limited_by_address(stranger, monkeypatch):
    monkeypatch.setattr("api.door.ADDRESS", Limit("api-address", 2))
    stranger.headers = {"Authorization": "Bearer wm_guess"}
    assert [stranger.get("/api/me").status_code for _ in range(3)] == [401, 401, 429]


def test_searching_is_limited_and_browsing_is_not(course, stranger, monkeypatch):
    monkeypatch.setattr("api.courses.SEARCH", Limit("api-search", 1))
    assert [stranger.get("/api/courses?q=a").status_code for _ in range(2)] == [200, 429]
    assert stranger.get("/api/courses").status_code == 200


@pytest.mark.parametrize(("proxies", "address"), [(0, "10.0.0.9"), (1, "3.3.3.3"), (2, "2.2.2.2")])
def test_the_address_is_what_trusted_proxies_say(settings, proxies, address):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get(
        "/", headers={"X-Forwarded-For": "1.1.1.1, 2.2.2.2, 3.3.3.3"}, REMOTE_ADDR="10.0.0.9"
    )
    assert address_of(request) == address


def test_no_address_at_all_is_one_more_name():
    request = RequestFactory().get("/", REMOTE_ADDR="")
    assert address_of(request) == "unknown"
