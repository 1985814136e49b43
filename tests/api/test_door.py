"""Who may come in, and which refusal comes first."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from accounts.limits import Limit
from accounts.models import ApiToken
from accounts.tokens import create_token, revoke_token
from enrollments.models import Enrollment
from tests.api.conftest import Program, code_of

WANTED = {"userId": "bob@example.org", "courseId": "python-basics"}


def browser_of(user):
    """A signed-in browser, and the header that its own pages would send."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user)
    browser.cookies["csrftoken"] = secret = "s" * 32
    return browser, {"X-CSRFToken": secret}


def post(browser, body, headers):
    return browser.post(
        "/api/enrollments", json.dumps(body), content_type="application/json", headers=headers
    )


def test_nobody_is_told_to_sign_in(stranger, course):
    response = stranger.post("/api/enrollments", WANTED)
    assert (response.status_code, code_of(response)) == (401, "not_authenticated")
    assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer wm_x", "Basic YTpi", "x", "Bearer é"]
)
def test_a_bad_header_never_falls_back_to_the_session(bob, course, header):
    browser, headers = browser_of(bob)
    response = post(browser, WANTED, {**headers, "Authorization": header})
    assert (response.status_code, code_of(response)) == (401, "not_authenticated")
    assert not Enrollment.objects.exists()
    assert browser.get("/api/courses", headers={"Authorization": header}).status_code == 401


def test_dead_tokens_and_tokens_of_the_deactivated_open_nothing(bob, course):
    expired, text_of_expired = create_token(bob, "old")
    ApiToken.objects.filter(pk=expired.pk).update(expires_at=now() - timedelta(seconds=1))
    revoked, text_of_revoked = create_token(bob, "gone")
    revoke_token(revoked)
    _, text = create_token(bob, "good")
    assert Program(text).get("/api/me").status_code == 200
    bob.is_active = False
    bob.save()
    for token in (text_of_expired, text_of_revoked, text):
        assert Program(token).post("/api/enrollments", WANTED).status_code == 401


def test_the_session_of_a_deactivated_person_opens_nothing(bob, course):
    browser, headers = browser_of(bob)
    bob.is_active = False
    bob.save()
    assert post(browser, WANTED, headers).status_code == 401


def test_a_session_needs_its_csrf_token(bob, course):
    browser, headers = browser_of(bob)
    response = post(browser, WANTED, {})
    assert (response.status_code, code_of(response)) == (403, "csrf_failed")
    assert not Enrollment.objects.exists()
    assert browser.get("/api/me").status_code == 200
    assert post(browser, WANTED, headers).status_code == 201


def test_a_token_for_reading_alone_changes_nothing(bob, course):
    _, text = create_token(bob, "Script", reads_only=True)
    script = Program(text)
    assert script.get("/api/me").status_code == 200
    response = script.post("/api/enrollments", WANTED)
    assert (response.status_code, code_of(response)) == (403, "token_reads_only")
    for method in ("PUT", "DELETE"):
        address = f"/api/lessons/{course.lessons.first().pk}/completion"
        assert script.send(method, address).status_code == 403
    assert not Enrollment.objects.exists()


def test_a_token_needs_no_csrf_token(bob, course, program):
    assert program(bob).post("/api/enrollments", WANTED).status_code == 201


def test_refusals_come_in_one_order(bob, course, program, monkeypatch):
    """Each request is wrong in many ways; the first of the order answers."""
    monkeypatch.setattr("api.door.PERSON", Limit("api-person", 0))
    other = {"userId": "x@example.org", "courseId": "none"}
    bad_token = {"headers": {"Authorization": "Bearer wrong"}}
    big = b"[" * 20_000
    me = program(bob)
    form = {"content_type": "text/plain"}
    assert me.send("PATCH", "/api/enrollments", big, **form, **bad_token).status_code == 405
    assert me.post("/api/enrollments", big, **form, **bad_token).status_code == 415
    assert me.post("/api/enrollments", big, **bad_token).status_code == 401
    browser, _ = browser_of(bob)
    assert post(browser, other, {}).status_code == 403
    assert me.post("/api/enrollments", big).status_code == 429
    monkeypatch.setattr("api.door.PERSON", Limit("api-person", 100))
    me = program(bob)
    assert me.post("/api/enrollments", big).status_code == 413
    assert me.post("/api/enrollments", big[:16_000]).status_code == 400
    assert me.post("/api/enrollments", {**other, "x": 1}).status_code == 422
    assert code_of(me.post("/api/enrollments", other)) == "not_yourself"
    assert me.post("/api/enrollments", {**WANTED, "courseId": "none"}).status_code == 404


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 201),
        ("application/json; charset=utf-8", 201),
        ('Application/JSON; Charset="UTF-8"', 201),
        ("application/json; charset=utf-9000", 415),
        ("application/json; charset=latin-1", 415),
        ("application/json; profile=x", 415),
        ("application/problem+json", 415),
        ("text/plain", 415),
        ("text/json", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("", 415),
        ("application/json, text/plain", 415),
    ],
)
def test_only_json_is_taken(bob, course, program, content_type, status):
    response = program(bob).post("/api/enrollments", WANTED, content_type=content_type)
    assert response.status_code == status


def test_a_body_of_sixteen_kilobytes_is_read_and_a_larger_one_is_not(bob, course, program):
    raw = json.dumps(WANTED).encode()
    assert program(bob).post("/api/enrollments", raw.ljust(16_384)).status_code == 201
    response = program(bob).post("/api/enrollments", raw.ljust(16_385))
    assert (response.status_code, code_of(response)) == (413, "too_large")
    response = program(bob).post("/api/enrollments", b" " * (3 * 1024 * 1024))
    assert response.status_code == 413


def test_a_length_that_lies_is_no_way_around(bob, course, program):
    response = program(bob).post("/api/enrollments", WANTED, CONTENT_LENGTH="99999999")
    assert response.status_code == 413
    response = program(bob).post("/api/enrollments", WANTED, CONTENT_LENGTH="x")
    assert response.status_code == 400


@pytest.mark.parametrize(
    "path",
    ["/api/", "/api/nothing", "/api/enrollments/", "/api/me/", "/api/enrollments/1",
     "/api/lessons/x/completion", "/api/courses/python-basics/", "/api/%00x".replace("%00", "é"),
     "/api/attempts/x%0A"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_unknown_addresses_answer_in_json(stranger, path, method):
    response = stranger.send(method, path)
    assert (response.status_code, code_of(response)) == (404, "not_found")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/api/enrollments", "GET, POST"),
        ("/api/xp/award", "POST"),
        ("/api/me", "GET"),
        ("/api/courses", "GET"),
        ("/api/courses/python-basics", "GET"),
        ("/api/courses/python-basics/progress", "GET"),
        (f"/api/lessons/{'0' * 8}-0000-0000-0000-{'0' * 12}/completion", "DELETE, PUT"),
        (f"/api/enrollments/{'0' * 8}-0000-0000-0000-{'0' * 12}", "DELETE"),
        ("/api/openapi.json", "GET"),
        ("/api/docs", "GET"),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(stranger, path, allowed):
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"} - set(
        allowed.split(", ")
    ):
        response = stranger.send(method, path)
        assert (response.status_code, code_of(response)) == (405, "method_not_allowed")
        assert response["Allow"] == allowed


def test_head_answers_as_get_without_a_body(ada, program):
    response = program(ada).send("HEAD", "/api/me")
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize("wish", ["text/html", "application/xml", "*/*;q=0", "x"])
def test_every_wish_is_answered_in_json(stranger, course, wish):
    response = stranger.get("/api/courses", headers={"Accept": wish})
    assert response["Content-Type"] == "application/json; charset=utf-8"
    assert stranger.get("/api/me", headers={"Accept": wish}).status_code == 401


def test_a_fault_of_ours_is_told_without_a_trace(ada, program, monkeypatch, caplog):
    def fail(user):
        raise RuntimeError("secret of the house")

    monkeypatch.setattr("api.me.total_of", fail)
    response = program(ada).get("/api/me")
    assert (response.status_code, code_of(response)) == (500, "server_error")
    assert b"secret" not in response.content
    assert "secret of the house" in caplog.text


def test_answers_are_stored_nowhere(ada, program):
    response = program(ada).get("/api/me")
    assert response["Cache-Control"] == "no-store, private"
    assert {"Authorization", "Cookie"} <= set(response["Vary"].split(", "))
