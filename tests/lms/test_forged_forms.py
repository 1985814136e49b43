"""A form of another site, sent by somebody's own browser: refused at every address."""

import re

import pytest
from django.test import Client

from tests.accounts.bad_sign_in import second_factor
from tests.routes import address, routes

# Who sends these has no session here: Stripe proves itself by a signature, a mail program by the
# token in the address; and the API takes a form of no kind, and asks a session for its token.
BY_OTHER_PROOF = {"billing/webhooks/stripe/", "notifications/unsubscribe/<str:token>/"}


@pytest.fixture
def browser(root, course):
    second_factor(root)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(root)
    return browser


def test_a_form_without_the_token_of_its_session_is_refused_everywhere(browser):
    answers = {
        route: browser.post(address(route)).status_code
        for _, route, _ in routes()
        if not route.startswith("api/")
    }
    assert len(answers) > 250
    passed = {route: status for route, status in answers.items() if status != 403}
    assert set(passed) == BY_OTHER_PROOF, passed


def test_the_api_takes_no_form_and_from_a_session_nothing_without_its_token(browser):
    for _, route, _ in routes():
        if route.startswith("api/"):
            assert browser.post(address(route)).status_code in {404, 405, 415}, route
            sent = browser.post(address(route), "{}", content_type="application/json")
            assert sent.status_code in {403, 404, 405}, route


def test_few_places_are_left_out_of_the_check(settings):
    named = {
        path.relative_to(settings.BASE_DIR).as_posix()
        for room in ("accounts", "billing", "classroom", "notifications", "studio", "api", "lms")
        for path in (settings.BASE_DIR / room).rglob("*.py")
        if re.search(r"@csrf_exempt|csrf_exempt\(", path.read_text())
    }
    # The last one checks by itself, after it has counted the fields.
    assert named == {
        "billing/webhook_views.py", "notifications/mail_views.py", "classroom/requests.py",
    }  # fmt: skip
