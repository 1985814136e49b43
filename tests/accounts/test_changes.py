"""Changing the address and the password, and closing an account."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.timezone import now

from accounts import tasks
from accounts.actions import deactivate, reactivate, remove_unverified
from accounts.models import User
from accounts.tokens import create_token, user_of_token
from tests.accounts.conftest import PASSWORD, code_in_mail, form
from tests.conftest import make_person

EMAIL, CONFIRM = "/accounts/email/", "/accounts/confirm-email/"


def just_signed_in(user: User) -> Client:
    browser = Client()
    browser.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return browser


def ask_for(browser: Client, sent: Any, email: str) -> Any:
    return sent(browser.post, EMAIL, {"email": email, "action_add": ""})


def test_a_new_address_holds_once_its_code_was_typed(bob: User, sent: Any) -> None:
    elsewhere = Client()
    elsewhere.force_login(bob)
    _, text = create_token(bob, "Editor")
    browser = just_signed_in(bob)
    assert ask_for(browser, sent, "Robert@Ex\u0430mple.org")["Location"] == CONFIRM
    bob.refresh_from_db()
    assert bob.email == "bob@example.org"
    sent(browser.post, CONFIRM, {"code": code_in_mail()})
    bob.refresh_from_db()
    assert bob.email == "robert@xn--exmple-4nf.org"
    assert EmailAddress.objects.get(user=bob).email == bob.email
    assert browser.get("/settings/").status_code == 200
    assert elsewhere.get("/settings/").status_code == 302
    assert user_of_token(text) is None
    assert "bob@example.org" in [message.to[0] for message in mail.outbox]


def test_changing_the_address_asks_for_the_password_first(bob: User, as_: Any, sent: Any) -> None:
    answer = ask_for(as_(bob), sent, "robert@example.org")
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not mail.outbox


@pytest.mark.parametrize("verified", [True, False])
def test_somebody_elses_address_stays_theirs(
    bob: User, grace: User, sent: Any, verified: bool
) -> None:
    grace.emailaddress_set.update(verified=verified)
    browser = just_signed_in(bob)
    ask_for(browser, sent, grace.email)
    answer = sent(browser.post, CONFIRM, {"code": code_in_mail()}, follow=True)
    assert answer.status_code == 200
    bob.refresh_from_db()
    grace.refresh_from_db()
    assert (bob.email, grace.email) == ("bob@example.org", "grace@example.org")
    assert list(bob.emailaddress_set.values_list("email", "verified")) == [(bob.email, True)]


@pytest.mark.parametrize("email", ["a@localhost", "a@[::1]", "\u212a@x.org", "a@example.org\u202e"])
def test_a_new_address_is_held_to_the_same_rules(bob: User, sent: Any, email: str) -> None:
    answer = ask_for(just_signed_in(bob), sent, email)
    assert b"Enter a valid email address." in answer.content
    assert not mail.outbox


def test_a_verified_address_has_one_owner_in_any_letter_case(bob: User, grace: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        grace.emailaddress_set.create(email="BOB@example.org", verified=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=grace.pk).update(email="BOB@example.org")


def test_a_closed_account_cannot_be_entered_and_opens_again_as_it_was(bob: User) -> None:
    browser = just_signed_in(bob)
    _, text = create_token(bob, "Editor")
    assert deactivate(bob)
    assert browser.get("/settings/").status_code == 302
    assert user_of_token(text) is None
    assert reactivate(bob)
    assert not reactivate(bob)
    assert browser.get("/settings/").status_code == 302
    assert user_of_token(text) is None
    assert just_signed_in(bob).get("/settings/").status_code == 200


def test_an_erased_account_stays_closed(bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(is_active=False, deleted_at=now())
    assert not reactivate(bob)


def test_sign_ups_nobody_finished_go_after_two_weeks_unless_something_protects_them(
    db: None, client: Client, sent: Any
) -> None:
    old = now() - timedelta(days=15)
    stale, young, verified, noted = (
        make_person(f"{name}@example.org", name) for name in ("stale", "young", "verified", "noted")
    )
    EmailAddress.objects.exclude(user=verified).update(verified=False)
    User.objects.exclude(pk=young.pk).update(date_joined=old)
    sent(client.post, "/accounts/signup/", form())  # has an entry in the log of events
    User.objects.filter(email="eve@example.org").update(date_joined=old)
    noted.emailaddress_set.all().delete()  # made by hand, without an address to verify
    tasks.clear_sessions()
    left = set(User.objects.values_list("name", flat=True))
    assert {"young", "verified", "noted"} <= left
    assert "stale" not in left
    assert remove_unverified() == 0
    assert not User.objects.filter(pk=stale.pk).exists()


def test_what_is_missing_of_a_password_is_said_in_words(as_: Any, bob: User) -> None:
    page = as_(bob).post("/accounts/password/change/", {})
    assert page.status_code == 200
    for words in ("your current password", "a new password", "the new password again"):
        assert f"Enter {words}." in page.text
