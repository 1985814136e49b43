"""Signing in by Google and GitHub, against a double on loopback."""

import time
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from accounts import providers
from accounts.models import User
from tests.accounts.conftest import begin, code_in_mail, come_back
from tests.accounts.oauth_double import OAuthDouble

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["google", "github"])
def test_a_newcomer_is_signed_in_at_once_if_the_provider_vouches(
    client: Client, provider: OAuthDouble, name: str
) -> None:
    answer = come_back(client, provider, name)
    assert (answer.status_code, answer["Location"]) == (302, "/classroom/")
    user = User.objects.get(email="eve@example.org")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert (user.name, user.has_usable_password()) == ("Eve", False)
    assert not [call for call in provider.calls if "picture" in call]


def test_coming_back_signs_in_and_makes_nothing_new(client: Client, provider: OAuthDouble) -> None:
    come_back(client, provider)
    client.post("/accounts/logout/")
    assert come_back(client, provider)["Location"] == "/classroom/"
    assert User.objects.count() == SocialAccount.objects.count() == 1


def test_an_unconfirmed_address_is_asked_for_and_verified(
    client: Client, provider: OAuthDouble, sent: Any
) -> None:
    provider.be("uid-2", "Eve@ex\u0430mple.org", "Eve", verified=False)
    answer = come_back(client, provider)
    assert answer["Location"] == "/accounts/3rdparty/signup/"
    page = client.get(answer["Location"])
    assert b'value="Eve"' in page.content
    data = {"email": "eve@ex\u0430mple.org", "name": "Eve", "timezone": "Nowhere/At-all"}
    assert sent(client.post, answer["Location"], data)["Location"] == "/accounts/confirm-email/"
    user = User.objects.get()
    assert (user.email, user.timezone) == ("eve@xn--exmple-4nf.org", "UTC")
    assert not EmailAddress.objects.get(user=user).verified
    answer = sent(client.post, "/accounts/confirm-email/", {"code": code_in_mail()})
    assert answer["Location"] == "/classroom/"


@pytest.mark.parametrize("name", ["google", "github"])
def test_nobody_is_offered_what_is_not_configured(client: Client, db: None, name: str) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert name not in page.lower()
    assert client.post(f"/accounts/{name}/login/").status_code == 404
    assert client.get(f"/accounts/{name}/login/callback/?code=1&state=2").status_code == 404


def test_an_account_is_connected_by_its_owner_only(
    bob: User, as_: Any, provider: OAuthDouble
) -> None:
    provider.be("uid-3", bob.email, "Bob")
    browser = as_(bob)
    asked = browser.post("/accounts/google/login/?process=connect")
    again = browser.get(provider.allow(asked["Location"]))
    assert again["Location"].startswith("/accounts/reauthenticate/")
    browser.post(again["Location"], {"password": "a long walk on the beach"})
    assert SocialAccount.objects.get().user == bob


@pytest.mark.parametrize("trouble", ["hang", "drip"])
def test_a_slow_provider_costs_less_than_ten_seconds(
    client: Client, provider: OAuthDouble, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    assert providers.BUDGET_SECONDS + providers.ONE_CALL_SECONDS / 4 < 10
    # The same in a quarter of the time.
    monkeypatch.setattr(providers, "BUDGET_SECONDS", 2.0)
    monkeypatch.setattr(providers, "ONE_CALL_SECONDS", 1.0)
    provider.misbehave = trouble
    back = begin(client, provider)
    began = time.monotonic()
    answer = client.get(back)
    assert time.monotonic() - began < 4
    assert b"Sign-in service unavailable." in answer.content


@pytest.mark.parametrize("trouble", ["a_list", "no_type", "elsewhere"])
def test_nonsense_of_a_provider_is_a_page(
    client: Client, provider: OAuthDouble, trouble: str
) -> None:
    provider.misbehave = trouble
    answer = come_back(client, provider)
    assert answer.status_code == 200
    assert b"Sign-in" in answer.content
    assert "/stolen" not in provider.calls
    assert not User.objects.exists()


@pytest.mark.parametrize("person", [{}, {"sub": "x" * 500}, {"sub": "a\x00b"}, {"sub": None}])
def test_a_strange_profile_is_a_page(
    client: Client, provider: OAuthDouble, person: dict[str, Any]
) -> None:
    provider.person = person
    answer = come_back(client, provider)
    assert answer.status_code in {200, 302}
    assert not User.objects.exists()
