"""What the tests about accounts share."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.socialaccount.providers.github.views import GitHubOAuth2Adapter
from allauth.socialaccount.providers.google.views import GoogleOAuth2Adapter
from django.core import mail
from django.test import Client

from tests.accounts.oauth_double import CLIENT_ID, SECRET, OAuthDouble

PASSWORD = "a long walk on the beach"


@pytest.fixture(autouse=True)
def a_real_school(settings: Any) -> None:
    """Whatever the environment says: no demo, and mail in memory."""
    settings.DEMO_SCHOOL = False
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}


@pytest.fixture
def sent(django_capture_on_commit_callbacks: Any) -> Callable[..., Any]:
    """`sent(client.post, url, data)`: do it, and what waits for the commit as well."""

    def act(call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return call(*args, **kwargs)

    return act


def form(**changes: Any) -> dict[str, Any]:
    """A sign-up form as a newcomer fills it in."""
    return {
        "email": "eve@example.org",
        "name": "Eve",
        "password1": PASSWORD,
        "timezone": "Europe/Vienna",
        **changes,
    }


def code_in_mail() -> str:
    """The code of the newest mail."""
    match = re.search(r"^\s*([A-Z]{4}-?[A-Z]{4})\s*$", mail.outbox[-1].body, re.MULTILINE)
    assert match, mail.outbox[-1].body
    return match[1]


def known(client: Client) -> bool:
    """Whether somebody is signed in in this browser."""
    return client.get("/settings/profile/").status_code == 200


@pytest.fixture(scope="session")
def provider_server() -> Iterator[OAuthDouble]:
    double = OAuthDouble()
    yield double
    double.stop()


@pytest.fixture
def provider(
    provider_server: OAuthDouble, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> OAuthDouble:
    """Google and GitHub are configured, and both are the double."""
    url = provider_server.url
    app = [{"client_id": CLIENT_ID, "secret": SECRET}]
    settings.SOCIALACCOUNT_PROVIDERS = {
        name: {**config, "APPS": app} for name, config in settings.SOCIALACCOUNT_PROVIDERS.items()
    }
    for adapter in (GoogleOAuth2Adapter, GitHubOAuth2Adapter):
        monkeypatch.setattr(adapter, "access_token_url", f"{url}/token")
        monkeypatch.setattr(adapter, "authorize_url", f"{url}/authorize")
    monkeypatch.setattr(GoogleOAuth2Adapter, "identity_url", f"{url}/userinfo")
    monkeypatch.setattr(GitHubOAuth2Adapter, "profile_url", f"{url}/user")
    monkeypatch.setattr(GitHubOAuth2Adapter, "emails_url", f"{url}/user/emails")
    provider_server.misbehave = ""
    provider_server.calls.clear()
    provider_server.codes.clear()
    provider_server.be("uid-1", "eve@example.org", "Eve")
    return provider_server


def begin(client: Client, provider: OAuthDouble, name: str = "google") -> str:
    """Press the provider's button and "allow" there; return where the browser is sent."""
    answer = client.post(f"/accounts/{name}/login/")
    assert answer.status_code == 302, answer.content
    return provider.allow(answer["Location"])


def come_back(client: Client, provider: OAuthDouble, name: str = "google") -> Any:
    return client.get(begin(client, provider, name))
