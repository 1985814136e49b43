"""What the tests about accounts share."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client

PASSWORD = "a long walk on the beach"


@pytest.fixture(autouse=True)
def mail_in_memory(settings: Any) -> None:
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
