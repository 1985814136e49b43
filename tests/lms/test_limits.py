"""Every limit has the number that docs/security.md names, and somebody who keeps to it."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from allauth.account import app_settings as allauth
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.limits import Limit
from accounts.models import User
from api.limits import ADDRESS, AWARD, PERSON
from assessments.limits import SAVES, SUBMISSIONS
from assessments.submissions import MOST_WAITING
from certificates.limits import CHECKS
from courses.limits import SEARCH
from enrollments.limits import ENROLL
from lms.cache import PatientRedisCache
from studio.limits import IMPORTS
from tests.accounts.bad_sign_in import second_factor
from tests.conftest import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
OURS = [
    (PERSON, 60, 60),
    (ADDRESS, 600, 60),
    (AWARD, 30, 60),
    (ENROLL, 30, 60),
    (SAVES, 50, 10),
    (SUBMISSIONS, 10, 60),
    (SEARCH, 30, 60),
    (CHECKS, 30, 60),
    (IMPORTS, 5, 3600),
]
ALLAUTHS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/300s/key",
    "signup": "20/m/ip",
    "reset_password": "20/m/ip,5/m/key",
    "confirm_email": "1/m/key",
}


@pytest.mark.parametrize(("limit", "amount", "seconds"), OURS, ids=[one[0].name for one in OURS])
def test_our_numbers(limit, amount, seconds):
    assert (limit.amount, limit.seconds) == (amount, seconds)


def test_the_numbers_of_signing_in():
    assert {name: allauth.RATE_LIMITS[name] for name in ALLAUTHS} == ALLAUTHS
    assert MOST_WAITING == 2


def test_the_document_names_every_limit_there_is():
    document = (ROOT / "docs" / "security.md").read_text()
    rooms = [path for path in ROOT.iterdir() if (path / "__init__.py").is_file()]
    code = "".join(
        path.read_text() for room in rooms if room.name != "tests" for path in room.rglob("*.py")
    )
    names = set(re.findall(r'\bLimit\("([\w-]+)"', code))
    assert {limit.name for limit, *_ in OURS} < names
    assert not [name for name in names if f"`{name}`" not in document]


def test_of_many_at_once_no_more_pass_than_may():
    limit = Limit("at-once", 7)
    with ThreadPoolExecutor(16) as crowd:
        waits = list(crowd.map(lambda _: limit.spend("ada"), range(48)))
    assert waits.count(None) == 7


def test_all_workers_count_in_one_place():
    """Another process sees the same server: nothing of a counter is kept in this one."""
    Limit("shared", 1).spend("ada")
    cache._own.clear()
    assert Limit("shared", 1).spend("ada") is not None


def refused(answer):
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 3600
    return answer


@pytest.fixture
def only_two():
    """`only_two(SEARCH)`: the limit as it is, but of two."""
    usual = []

    def make(limit):
        usual.append((limit, limit.amount))
        object.__setattr__(limit, "amount", 2)

    yield make
    for limit, amount in usual:
        object.__setattr__(limit, "amount", amount)


def test_the_search_after_the_last_waits_and_looking_through_does_not(course, ada, as_, only_two):
    only_two(SEARCH)
    for browser in (Client(), as_(ada)):
        answers = [browser.get("/courses/?q=python") for _ in range(3)]
        assert [answer.status_code for answer in answers[:2]] == [200, 200]
        assert "Too many at once" in refused(answers[2]).text
        assert browser.get("/courses/").status_code == 200


def test_a_class_behind_one_address_searches_by_person(course, ada, bob, as_, only_two):
    only_two(SEARCH)
    browser = as_(ada)
    refused([browser.get("/courses/?q=python") for _ in range(3)][-1])
    assert as_(bob).get("/courses/?q=python").status_code == 200


def test_coming_and_going_is_counted(course, bob, as_, only_two):
    only_two(ENROLL)
    browser = as_(bob)
    page = f"/courses/{course.slug}/enrollment/"
    for wanted in ("1", "0"):
        assert browser.post(page, {"wanted": wanted}).status_code == 303
    refused(browser.post(page, {"wanted": "1"}))


def test_five_archives_an_hour(root, as_):
    second_factor(root)
    browser = as_(root)
    for _ in range(6):  # Nothing is read of a form without a file, so none of these counts.
        answer = browser.post("/studio/imports/", {"title": "A"})
        assert (answer.status_code, "Choose a file." in answer.text) == (422, True)
    for _ in range(5):
        file = SimpleUploadedFile("a.zip", b"no archive")
        assert browser.post("/studio/imports/", {"file": file, "title": "A"}).status_code == 422
    file = SimpleUploadedFile("a.zip", b"no archive")
    answer = refused(browser.post("/studio/imports/", {"file": file, "title": "A"}))
    assert "Five archives an hour can be read." in answer.text
    User.objects.update(language="de")
    file = SimpleUploadedFile("a.zip", b"no archive")
    answer = refused(browser.post("/studio/imports/", {"file": file, "title": "A"}))
    assert "Fünf Archive je Stunde können gelesen werden." in answer.text


def test_stripe_is_not_counted(client, db):
    for _ in range(40):
        assert (
            client.post("/billing/webhooks/stripe/", b"{}", "application/json").status_code != 429
        )


def test_while_redis_is_away_guessing_a_password_stays_bounded(client, bob, monkeypatch):
    monkeypatch.setattr(PatientRedisCache, "_silent_until", float("inf"))
    for _ in range(5):
        client.post("/accounts/login/", {"login": bob.email, "password": "wrong"})
    data = {"login": bob.email, "password": PASSWORD}
    assert "Too many failed" in client.post("/accounts/login/", data).text
    monkeypatch.setattr(PatientRedisCache, "_silent_until", 0.0)
    assert client.post("/accounts/login/", data).status_code == 302


def test_allauths_refusals_say_how_long_to_wait(client, db):
    for number in range(21):
        answer = client.post("/accounts/password/reset/", {"email": f"x{number}@example.org"})
    refused(answer)
