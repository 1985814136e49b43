"""Sessions: how their keys are made, and what asks for the password again."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import User
from accounts.session_store import KEY
from accounts.sessions import sessions_of
from tests.accounts.bad_sign_in import second_factor
from tests.accounts.conftest import PASSWORD, known

# What changes how one comes in. A new password is given with the one before it.
ASKED_AGAIN = [
    ("/accounts/email/", {"email": "robert@example.org", "action_add": ""}),
    ("/accounts/2fa/totp/activate/", {"code": "123456"}),
    ("/accounts/2fa/totp/deactivate/", {}),
    ("/accounts/2fa/recovery-codes/generate/", {}),
    ("/settings/tokens/", {"name": "Editor", "days": "30"}),
    ("/settings/data/", {}),
    ("/settings/data/erasure/", {"email": "bob@example.org"}),
]


@pytest.fixture
def signed_in(bob: User, as_: Any) -> Client:
    """bob, who has not typed his password lately."""
    browser: Client = as_(bob)
    return browser


def test_a_key_is_random_and_long_and_never_the_same_twice(bob: User) -> None:
    keys = set()
    for _ in range(20):
        browser = Client()
        browser.post("/accounts/login/", {"login": bob.email, "password": PASSWORD})
        keys.add(str(browser.session.session_key))
    assert len(keys) == 20
    # 32 signs of 36 are 165 bits.
    assert all(KEY.fullmatch(key) for key in keys)


@pytest.mark.parametrize(("url", "data"), ASKED_AGAIN)
def test_what_changes_the_way_in_asks_for_the_password_again(
    bob: User, signed_in: Client, url: str, data: dict[str, str]
) -> None:
    if "deactivate" in url or "recovery" in url:
        second_factor(bob)
    before = list(Authenticator.objects.values_list("pk", "data"))
    answer = signed_in.post(url, data)
    assert answer.status_code == 302
    assert re.match(r"/accounts/(2fa/)?reauthenticate/", answer["Location"])
    assert list(Authenticator.objects.values_list("pk", "data")) == before
    assert not bob.api_tokens.exists()


def test_a_new_password_is_given_with_the_one_before_it(bob: User, signed_in: Client) -> None:
    new = {"password1": "another walk on the beach", "password2": "another walk on the beach"}
    for old in ("", "wrong words of mine"):
        answer = signed_in.post("/accounts/password/change/", {"oldpassword": old, **new})
        assert answer.status_code != 500
    bob.refresh_from_db()
    assert bob.check_password(PASSWORD)


def test_who_types_the_password_again_goes_on_by_a_new_key(bob: User) -> None:
    browser = Client()
    browser.post("/accounts/login/", {"login": bob.email, "password": PASSWORD})
    old = browser.session.session_key
    browser.post("/accounts/reauthenticate/", {"password": "wrong words of mine"})
    assert browser.session.session_key == old
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    new = browser.session.session_key
    assert new != old
    assert browser.get("/settings/account/").status_code == 200
    assert not Session.objects.filter(session_key=old).exists()
    assert [held.session_key for held in sessions_of(bob)] == [new]


def test_what_another_tab_asked_by_the_old_key_signs_nobody_out(bob: User) -> None:
    browser, other_tab = Client(), Client()
    browser.post("/accounts/login/", {"login": bob.email, "password": PASSWORD})
    other_tab.cookies["sessionid"] = old = browser.session.session_key
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    for answer in (
        other_tab.get("/settings/profile/"),
        other_tab.get("/courses/"),
        other_tab.post("/accounts/logout/"),
    ):
        assert "sessionid" not in answer.cookies
        assert not answer.wsgi_request.user.is_authenticated
    assert other_tab.cookies["sessionid"].value == old
    assert known(browser)


def test_who_signs_out_is_left_without_a_cookie(bob: User) -> None:
    browser = Client()
    browser.post("/accounts/login/", {"login": bob.email, "password": PASSWORD})
    answer = browser.post("/accounts/logout/")
    assert not answer.cookies["sessionid"].value
    assert answer.cookies["sessionid"]["max-age"] == 0


def test_a_session_is_gone_from_the_database_after_signing_out(bob: User) -> None:
    browser = Client()
    browser.post("/accounts/login/", {"login": bob.email, "password": PASSWORD})
    key = browser.session.session_key
    assert known(browser)
    browser.post("/accounts/logout/")
    assert not Session.objects.filter(session_key=key).exists()
    browser.cookies["sessionid"] = key
    assert not known(browser)
