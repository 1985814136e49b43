"""A second factor: asked of staff at their doors, and of everybody who has one at sign-in."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from accounts.models import User
from accounts.tokens import create_token, user_of_token
from tests.accounts.bad_sign_in import second_factor, shown_long_enough
from tests.accounts.conftest import PASSWORD

SET_UP = "/accounts/2fa/totp/activate/"


@pytest.mark.parametrize("area", ["/admin/", "/studio/"])
def test_staff_without_one_are_sent_to_set_it_up(root: User, as_: Any, area: str) -> None:
    browser = as_(root)
    answer = browser.get(area)
    assert (answer.status_code, answer["Location"]) == (302, SET_UP)
    assert browser.get("/settings/profile/").status_code == 200
    assert browser.get("/accounts/logout/").status_code == 200
    second_factor(root)
    assert browser.get(area).status_code != 302


def test_the_demo_school_lets_staff_look_and_reminds_them_once(
    root: User, as_: Any, settings: Any
) -> None:
    settings.DEMO_SCHOOL = True
    browser = as_(root)
    words = b"A real one asks staff for a second factor"
    assert words in browser.get("/admin/").content
    assert words not in browser.get("/admin/").content


def test_learners_meet_no_gate(bob: User, as_: Any) -> None:
    assert as_(bob).get("/admin/")["Location"].startswith("/admin/login/")


@pytest.mark.django_db(transaction=True)
def test_setting_it_up_ends_everything_else(root: User) -> None:
    elsewhere, here = Client(), Client()
    elsewhere.force_login(root)
    _, text = create_token(root, "Editor")
    here.post("/accounts/login/", {"login": root.email, "password": PASSWORD})
    here.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = here.get(SET_UP).content.decode()
    match = re.search(r"\b[A-Z2-7]{32}\b", page)
    assert match
    code = shown_long_enough(match[0])
    assert here.post(SET_UP, {"code": f"{code[:3]} {code[3:]}"}).status_code == 200
    assert here.post(SET_UP, {"code": code}).status_code == 302
    assert Authenticator.objects.filter(user=root).count() == 2
    assert here.get("/admin/").status_code == 200
    assert elsewhere.get("/settings/").status_code == 302
    assert user_of_token(text) is None
    assert mail.outbox[-1].to == [root.email]


def test_taking_it_away_ends_everything_else(bob: User, sent: Any) -> None:
    secret, _ = second_factor(bob)
    elsewhere, here = Client(), Client()
    elsewhere.force_login(bob)
    here.post("/accounts/login/", {"login": bob.email, "password": PASSWORD})
    code = shown_long_enough(secret)
    here.post("/accounts/2fa/authenticate/", {"code": code})
    here.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert sent(here.post, "/accounts/2fa/totp/deactivate/").status_code == 302
    assert not Authenticator.objects.exists()
    assert elsewhere.get("/settings/").status_code == 302
    assert here.get("/settings/").status_code == 200
