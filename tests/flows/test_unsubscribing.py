"""Leaving a kind of mail by its link, in a browser where nobody is signed in."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from notifications.models import Preference
from notifications.unsubscribing import address_of
from tests.flows.looking import Looker

pytestmark = pytest.mark.django_db(transaction=True)


def path_for(user: User, topic: str) -> str:
    return "/notifications/" + address_of(user.pk, topic).partition("/notifications/")[2]


def test_one_press_is_enough(open_page: Any, bob: User) -> None:
    page: Page = open_page(None)
    page.goto(path_for(bob, "review"))
    expect(
        page.get_by_role("heading", name="Unsubscribe from “Reviews of my work”?")
    ).to_be_visible()
    assert not Preference.objects.exists()
    page.get_by_role("button", name="Unsubscribe").click()
    expect(page.get_by_role("heading", name="You are unsubscribed.")).to_be_visible()
    assert Preference.objects.filter(topic="review", channel="EMAIL", is_on=False).count() == 1


def test_nothing_that_a_machine_can_find_is_wrong(open_page: Any, bob: User) -> None:
    looker = Looker(open_page(None))
    looker.visit(path_for(bob, "review"))
    looker.visit(path_for(bob, "billing"))
    assert not looker.problems
