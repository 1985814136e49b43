"""What every answer says to the browser: all addresses, for guests, learners and staff."""

import re

import pytest
from django.conf import settings as configured
from django.core.files.base import ContentFile

from accounts.limits import Limit
from accounts.tokens import create_token
from classroom.views.files import ALONE, WIDGET
from courses.models import Asset
from tests.accounts.bad_sign_in import second_factor
from tests.conftest import PASSWORD
from tests.routes import address, routes

ALWAYS = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}
PAY = " ".join(configured.PAYMENT_HOSTS)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "media-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    f"form-action 'self' https://accounts.google.com https://github.com {PAY}; "
    "frame-src 'self' https://www.youtube-nocookie.com https://player.vimeo.com; "
    "frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)
NONCE = re.compile(r" 'nonce-[\w+/=-]{20,}'")
# What programs of other sites read, and what may be kept: nothing in it is anybody's.
FOR_PROGRAMS = re.compile(r"certificates/(keys\.json|revoked\.json|<str:code>\.json)")
KEPT = re.compile(r"certificates/(keys|revoked)|service-worker\.js")
OF_A_SECRET = re.compile(
    r"(accounts/\^?password/reset/key/|billing/seats/|join/|notifications/unsubscribe/|setup/)"
)


def faults_of(answer, route, is_known):
    """What is wrong with the headers of an answer, in words."""
    wanted = {**ALWAYS, "Content-Security-Policy": POLICY}
    if route == "service-worker.js":
        wanted["Content-Security-Policy"] = "default-src 'none'"
    if FOR_PROGRAMS.match(route):
        wanted["Cross-Origin-Resource-Policy"] = "cross-origin"
    if OF_A_SECRET.match(route):
        wanted["Referrer-Policy"] = (
            "no-referrer" if answer.has_header("Location") else "same-origin"
        )
    said = {name: NONCE.sub("", answer.headers.get(name, "")) for name in wanted}
    faults = [f"{name}: {said[name]}" for name in wanted if said[name] != wanted[name]]
    kept_by_nobody = "no-store" if is_known else "private"
    if not KEPT.match(route) and kept_by_nobody not in answer.headers["Cache-Control"]:
        faults.append(f"Cache-Control: {answer.headers['Cache-Control']}")
    if answer.cookies and "private" not in answer.headers["Cache-Control"]:
        faults.append(f"A cookie for everybody: {answer.headers['Cache-Control']}")
    if answer.content and "charset=" not in answer.headers["Content-Type"].replace(
        "application/json", "charset="
    ):
        faults.append(answer.headers["Content-Type"])
    faults += {"Server", "X-Powered-By"} & set(answer.headers)
    for cookie in answer.cookies.values():
        flags = (cookie["secure"], cookie["path"], cookie["domain"], cookie["samesite"])
        is_given = bool(cookie.value)
        if flags != (True, "/", "", "Lax") or not cookie.key.startswith("__Host-"):
            faults.append(cookie.OutputString())
        if is_given and not cookie["httponly"]:
            faults.append(cookie.OutputString())
    return faults


@pytest.fixture
def people(ada, root):
    second_factor(root)
    return [None, ada, root]


def test_every_address_answers_with_the_headers_whoever_asks(browser_of, people):
    faults, asked = [], 0
    for user in people:
        browser = browser_of(user)
        # Guests meet the same door before all of the studio.
        left_out = ("admin/", "studio/") if user is None else ("admin/",)
        for _, route, _ in routes():
            if route.endswith("logout/") or (user != people[2] and route.startswith(left_out)):
                continue
            answer = browser.get(address(route), secure=True)
            assert answer.status_code != 500, route
            asked += 1
            faults += [f"{user} {route}: {one}" for one in faults_of(answer, route, user)]
    assert not faults, "\n".join(faults)
    assert asked > 750


def test_what_the_headers_say_is_looked_at(client, course):
    """Without TLS some of it is missing, and the check above says so."""
    found = faults_of(client.get("/courses/"), "courses/", is_known=False)
    assert any(one.startswith("Strict-Transport-Security") for one in found)
    assert any("csrftoken" in one for one in found)


def test_the_cookie_of_a_language_is_one_as_all_others(browser_of, db):
    answer = browser_of().post("/language/", {"language": "de"}, secure=True)
    assert answer.cookies["__Host-language"].value == "de"
    assert faults_of(answer, "language/", is_known=False) == []


def test_each_answer_has_a_nonce_of_its_own(browser_of, people):
    browser = browser_of(people[2])
    policies = [browser.get("/admin/", secure=True)["Content-Security-Policy"] for _ in range(2)]
    assert all(NONCE.search(policy) for policy in policies)
    assert policies[0] != policies[1]


def large(ask):
    return ask.post(
        "/api/xp/award", b" " * 20_000, content_type="application/json", secure=True,
        headers={"Authorization": f"Bearer {ask.token}"},
    )  # fmt: skip


REFUSED = [
    ("a wrong method", 405, lambda ask: ask.generic("DELETE", "/courses/", secure=True)),
    ("a method nobody knows", 405, lambda ask: ask.generic("TRACE", "/", secure=True)),
    ("the target of a form", 405, lambda ask: ask.get("/progress/points/", secure=True)),
    ("an address with NUL", 404, lambda ask: ask.get("/courses/a%00/", secure=True)),
    ("a query with NUL", 400, lambda ask: ask.get("/courses/?q=a%00", secure=True)),
    ("a form without token", 403, lambda ask: ask.post("/settings/time/", {}, secure=True)),
    ("a file that is not there", 404, lambda ask: ask.get("/static/none.css", secure=True)),
    ("too large a body", 413, large),
    ("a wrong type", 415, lambda ask: ask.post("/api/enrollments", secure=True)),
    ("no token", 401, lambda ask: ask.get("/api/me", secure=True)),
    ("no slash", 301, lambda ask: ask.get("/courses", secure=True)),
]


@pytest.mark.parametrize(("status", "request_of"), [one[1:] for one in REFUSED],
                         ids=[one[0] for one in REFUSED])  # fmt: skip
def test_a_refusal_says_the_same(browser_of, ada, course, status, request_of):
    browser = browser_of(enforce_csrf_checks=True)
    _, browser.token = create_token(ada, "Script")
    answer = request_of(browser)
    assert answer.status_code == status
    assert faults_of(answer, "", is_known=False) == []


def test_too_many_requests_say_the_same(browser_of, course, monkeypatch):
    monkeypatch.setattr("classroom.views.certificate_check.CHECKS", Limit("certificate", 0))
    answer = browser_of().get("/certificates/something/", secure=True)
    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (429, True)
    assert faults_of(answer, "", is_known=False) == []


def test_a_fault_of_ours_says_the_same_and_no_trace(browser_of, course, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr("classroom.views.catalogue.render", fail)
    answer = browser_of().get("/courses/", secure=True)
    assert answer.status_code == 500
    assert b"secret of the house" not in answer.content
    assert faults_of(answer, "", is_known=False) == []


@pytest.mark.parametrize("host", ["school.example", "evil.example"])
def test_without_tls_one_is_led_to_it_and_a_foreign_name_nowhere(browser_of, host, db):
    answer = browser_of().get("/courses/?q=x", headers={"host": host})
    if host == "school.example":
        assert (answer.status_code, answer["Location"]) == (301, f"https://{host}/courses/?q=x")
    else:
        assert answer.status_code == 400
    found = faults_of(answer, "", is_known=False)
    assert [one.partition(":")[0] for one in found] == ["Strict-Transport-Security"]


def test_files_of_the_site_say_the_same(browser_of, db):
    answer = browser_of().get("/robots.txt", secure=True)
    said = {name: answer.headers[name] for name in ALWAYS}
    answer.close()
    assert said == ALWAYS
    assert answer["Content-Security-Policy"] == POLICY


def test_what_people_put_in_runs_in_a_box(browser_of, ada, course, lessons):
    Asset.objects.create(
        course=course,
        path="one.svg",
        file=ContentFile(b"<svg/>", "one.svg"),
        size=6,
        sha256="0" * 64,
    )
    lessons[0].widget = "<p>Hello"
    lessons[0].save()
    browser = browser_of(ada)
    picture = browser.get(f"/courses/{course.slug}/files/one.svg", secure=True)
    box = browser.get(f"/lessons/{lessons[0].pk}/widget/", secure=True)
    for answer, rules in ((picture, ALONE), (box, WIDGET)):
        assert answer.status_code == 200
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "sandbox" in policy
        assert policy.count(";") == len(rules) - 1
        assert "private" in answer["Cache-Control"]
        assert answer["X-Content-Type-Options"] == "nosniff"
    assert "allow-same-origin" not in box["Content-Security-Policy"]
    picture.close()


def test_signing_out_clears_what_the_browser_kept(browser_of, ada):
    answer = browser_of(ada).post("/accounts/logout/", secure=True)
    assert answer["Clear-Site-Data"] == '"storage"'
    assert faults_of(answer, "", is_known=False) == []


def test_cookies_of_signing_in_are_for_this_host_and_no_script(browser_of, bob):
    browser = browser_of()
    browser.get("/accounts/login/", secure=True)
    data = {"login": bob.email, "password": PASSWORD}
    answer = browser.post("/accounts/login/", data, secure=True)
    names = {"__Host-sessionid", "__Host-csrftoken", "__Host-messages"}
    assert names >= set(answer.cookies) > {"__Host-sessionid"}
    assert faults_of(answer, "", is_known=True) == []


def test_on_ones_own_machine_there_is_no_tls_and_cookies_have_plain_names(client, course):
    cookie = client.get("/courses/").cookies["csrftoken"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == ("", True, "Lax")
