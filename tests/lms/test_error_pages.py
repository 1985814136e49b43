"""Pages that say no: in the language of who reads, with the id under which the log speaks of it."""

import re

import pytest
from django.test import Client
from django.utils import translation

from accounts.models import User
from tests.accounts.bad_sign_in import second_factor
from tests.faults.test_away import AWAY, FULL, OTHER

RIGHT_TO_LEFT = '<html lang="ar" dir="rtl"'
REFERENCE = re.compile(r'<code class="reference">(\w+)</code>')


def told(answer):
    """The status of a page that names its own request."""
    assert REFERENCE.findall(answer.text) == [answer["X-Request-ID"]]
    return answer.status_code


@pytest.mark.parametrize(
    ("path", "host", "status"),
    [
        ("/nowhere/", "testserver", 404),
        ("/progress/points/", "testserver", 405),
        ("/courses/?q=a%00", "testserver", 400),
        ("/", "evil.example", 400),
    ],
)
def test_a_refusal_names_its_request_in_the_readers_language(ada, as_, path, host, status):
    browser = as_(ada)
    browser.cookies["language"] = "ar"
    answer = browser.get(path, headers={"Host": host, "Accept": "text/html"})
    assert told(answer) == status
    assert RIGHT_TO_LEFT in answer.text


def test_a_right_that_is_missing_names_its_request(grace, as_):
    grace.role = User.Role.ADMIN
    grace.save()
    second_factor(grace)
    assert told(as_(grace).get("/studio/courses/new/")) == 403


def test_a_form_without_its_token_names_its_request(db):
    browser = Client(enforce_csrf_checks=True, headers={"Accept-Language": "ar"})
    answer = browser.post("/accounts/login/")
    assert told(answer) == 403
    assert RIGHT_TO_LEFT in answer.text


@pytest.mark.parametrize(
    ("error", "status"),
    [(AWAY[0], 503), (FULL[0], 507), (OTHER[-1], 500)],
    ids=["database away", "disk full", "mistake"],
)
def test_a_fault_names_its_request_and_asks_for_nothing_in_the_readers_language(
    client, monkeypatch, error, status
):
    """The thread speaks another language still, and there is no database in this test."""

    def fail(*_):
        raise error

    translation.activate("de")
    monkeypatch.setattr("django.middleware.locale.LocaleMiddleware.process_request", fail)
    client.raise_request_exception = False
    answer = client.get("/nowhere/", headers={"Accept-Language": "ar"})
    assert told(answer) == status
    assert RIGHT_TO_LEFT in answer.text


def test_a_person_is_told_of_a_fault_in_their_own_language(ada, as_, monkeypatch):
    def fail(*_):
        raise OTHER[-1]

    ada.language = "ar"
    ada.save()
    monkeypatch.setattr("classroom.pages.learning.dashboard_page", fail)
    browser = as_(ada)
    browser.raise_request_exception = False
    answer = browser.get("/classroom/", headers={"Accept-Language": "de"})
    assert told(answer) == 500
    assert RIGHT_TO_LEFT in answer.text
