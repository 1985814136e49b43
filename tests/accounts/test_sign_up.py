"""Signing up with an email address."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.signals import user_signed_up
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils.timezone import now

from accounts.actions import remove_unverified
from accounts.models import Profile, User
from courses.models import Course
from enrollments.models import Enrollment
from tests.accounts.conftest import code_in_mail, form

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


def test_the_page_says_once_that_a_code_was_sent_and_says_it_again_of_another(
    client: Client, sent: Any, time_machine: Any
) -> None:
    sent(client.post, SIGN_UP, form())
    assert client.get(CONFIRM).text.count("We sent") == 1
    time_machine.move_to(now() + timedelta(minutes=2))
    cache.clear()
    sent(client.post, CONFIRM, {"action": "resend"})
    assert "We sent another code to eve@example.org." in client.get(CONFIRM).text


def test_the_school_hears_of_a_newcomer_once_and_before_the_code(client: Client, sent: Any) -> None:
    heard: list[User] = []

    def listen(user: User, **kwargs: Any) -> None:
        heard.append(user)

    user_signed_up.connect(listen)
    try:
        sent(client.post, SIGN_UP, form())
        sent(client.post, CONFIRM, {"code": code_in_mail()})
    finally:
        user_signed_up.disconnect(listen)
    assert [user.email for user in heard] == ["eve@example.org"]


def test_a_failure_on_the_way_leaves_nobody_and_sends_nothing(client: Client, sent: Any) -> None:
    def fail(**kwargs: Any) -> None:
        raise RuntimeError("a room further up is on fire")

    user_signed_up.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            sent(client.post, SIGN_UP, form())
    finally:
        user_signed_up.disconnect(fail)
    assert not User.objects.exists()
    assert not mail.outbox


@pytest.mark.parametrize("is_done", [False, True])
def test_a_sign_up_that_nobody_finished_is_gone_after_two_weeks(
    client: Client, sent: Any, course: Course, time_machine: Any, is_done: bool
) -> None:
    sent(client.post, SIGN_UP, form())
    if is_done:
        sent(client.post, CONFIRM, {"code": code_in_mail()})
    assert Enrollment.objects.filter(user__email="eve@example.org", course=course).exists()
    time_machine.move_to(now() + timedelta(days=13))
    assert remove_unverified() == 0
    time_machine.move_to(now() + timedelta(days=2))
    assert remove_unverified() == (0 if is_done else 1)
    for model in (User, Profile, Enrollment):
        assert model.objects.exists() == is_done
    assert sent(Client().post, SIGN_UP, form()).status_code == 302
    assert User.objects.count() == 1


@pytest.fixture
def broken_mail(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    def fail(self: Any, messages: Any) -> int:
        raise ConnectionRefusedError("no mail server")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fail)
    return monkeypatch.undo


def test_a_dead_mail_server_costs_nobody_the_page_and_the_code_comes_later(
    client: Client, sent: Any, broken_mail: Callable[[], None], time_machine: Any
) -> None:
    answer = sent(client.post, SIGN_UP, form())
    assert (answer.status_code, answer["Location"]) == (302, CONFIRM)
    broken_mail()
    time_machine.move_to(now() + timedelta(seconds=30))
    cache.clear()
    sent(client.post, CONFIRM, {"action": "resend"})
    assert mail.outbox
    assert sent(client.post, CONFIRM, {"code": code_in_mail()})["Location"] == "/classroom/"


def test_three_wrong_codes_end_the_attempt(client: Client, sent: Any) -> None:
    sent(client.post, SIGN_UP, form())
    for _ in range(3):
        sent(client.post, CONFIRM, {"code": "BCDF-GHJK"})
    sent(client.post, CONFIRM, {"code": code_in_mail()})
    assert "_auth_user_id" not in client.session
    assert not User.objects.get().emailaddress_set.get().verified


def test_next_on_this_host_is_kept_through_the_code(client: Client, sent: Any) -> None:
    sent(client.post, f"{SIGN_UP}?next=/courses/", form())
    assert sent(client.post, CONFIRM, {"code": code_in_mail()})["Location"] == "/courses/"


def test_the_form_asks_for_three_things(client: Client) -> None:
    page = client.get(SIGN_UP).content.decode()
    fields = re.findall(r'<input[^>]* name="([a-z0-9_]+)"', page.partition("signup-form")[2])
    assert [name for name in fields if name != "csrfmiddlewaretoken"] == [
        "email",
        "name",
        "password1",
        "timezone",
        "website",
    ]
    assert "style=" not in page


def test_mail_speaks_of_the_school_at_its_configured_address(
    client: Client, sent: Any, bob: User, settings: Any
) -> None:
    settings.SITE_URL = "https://learn.example.org"
    sent(client.post, SIGN_UP, form(email=bob.email))
    addresses = re.findall(r"https?://[^/\s]+", mail.outbox[-1].body)
    assert addresses
    assert set(addresses) == {"https://learn.example.org"}


def test_an_address_is_looked_up_in_an_index() -> None:
    """As allauth asks for it; without, each that signs up or in would look at everybody."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "user_by_email" in User.objects.filter(email="eve@example.org").explain()
