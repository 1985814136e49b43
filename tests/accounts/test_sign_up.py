"""Signing up with an email address."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.signals import user_signed_up
from django.core import mail
from django.test import Client

from accounts.models import User
from tests.accounts.conftest import PASSWORD, code_in_mail, form

pytestmark = pytest.mark.django_db
SIGN_UP, CONFIRM = "/accounts/signup/", "/accounts/confirm-email/"


def test_a_newcomer_types_the_code_and_stands_in_the_classroom(client: Client, sent: Any) -> None:
    answer = sent(client.post, SIGN_UP, form())
    assert (answer.status_code, answer["Location"]) == (302, CONFIRM)
    assert mail.outbox[-1].to == ["eve@example.org"]
    answer = sent(client.post, CONFIRM, {"code": code_in_mail()})
    assert (answer.status_code, answer["Location"]) == (302, "/classroom/")
    user = User.objects.get(email="eve@example.org")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert (user.name, user.timezone, user.profile.is_public) == ("Eve", "Europe/Vienna", False)
    assert user.emailaddress_set.get().verified
