"""Staying signed in, and how long."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.timezone import now

from accounts.models import User
from tests.accounts.bad_sign_in import second_factor
from tests.accounts.conftest import PASSWORD

PAGE = "/settings/"


@pytest.fixture
def signed_in(bob: User) -> Client:
    browser = Client()
    browser.post("/accounts/login/", {"login": bob.email, "password": PASSWORD})
    return browser


def test_signing_in_leads_to_the_classroom_or_on_to_where_one_was(bob: User) -> None:
    data = {"login": "BOB@Example.org", "password": PASSWORD}
    assert Client().post("/accounts/login/", data)["Location"] == "/classroom/"
    assert Client().post("/accounts/login/", {**data, "next": PAGE})["Location"] == PAGE


def test_a_session_in_use_lives_a_month_and_not_longer(
    signed_in: Client, time_machine: Any
) -> None:
    began = now()
    for day in range(0, 30, 5):
        time_machine.move_to(began + timedelta(days=day))
        assert signed_in.get(PAGE).status_code == 200
    time_machine.move_to(began + timedelta(days=30, seconds=2))
    assert signed_in.get(PAGE).status_code == 302


def test_a_session_out_of_use_ends_after_two_weeks(signed_in: Client, time_machine: Any) -> None:
    time_machine.move_to(now() + timedelta(days=14, seconds=2))
    assert signed_in.get(PAGE).status_code == 302


def test_a_page_writes_nothing_to_a_young_session(
    signed_in: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(4) as asked:
        signed_in.get(PAGE)
    assert not [query for query in asked.captured_queries if "UPDATE" in query["sql"]]


@pytest.mark.parametrize(
    ("pauses", "status"),
    [([29 * 60] * 3, 200), ([31 * 60], 302), ([29 * 60] * 17, 302)],
    ids=["busy", "quiet for half an hour", "busy for eight hours"],
)
def test_staff_sessions_are_short(
    root: User, as_: Any, time_machine: Any, pauses: list[int], status: int
) -> None:
    assert settings.STAFF_SESSION_SECONDS == 8 * 3600
    second_factor(root)
    browser, moment = as_(root), now()
    browser.get(PAGE)
    for pause in pauses:
        moment += timedelta(seconds=pause)
        time_machine.move_to(moment)
        answer = browser.get(PAGE)
    assert answer.status_code == status


def test_a_person_in_an_unknown_time_zone_sees_utc(bob: User, as_: Any) -> None:
    User.objects.filter(pk=bob.pk).update(timezone="Mars/Base")
    assert as_(bob).get("/settings/profile/").status_code == 200
    assert as_(bob).get("/settings/time/").status_code == 200
