"""The number for text messages, in a browser."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from notifications.models import Contact
from tests.doubles import sms_gateway
from tests.flows.conftest import PHONE
from tests.flows.looking import Looker
from tests.notifications.conftest import gateway  # noqa: F401

SETTINGS = "/settings/notifications/"

pytestmark = pytest.mark.usefixtures("transactional_db", "gateway")


def code_sent() -> str:
    return re.findall(r"^[0-9]{6}", sms_gateway.SENT[-1][1])[0]


@pytest.mark.parametrize("script", [True, False])
def test_a_number_is_confirmed_and_taken_away(open_page: Any, ada: User, script: bool) -> None:
    page: Page = open_page(ada, size=PHONE, script=script)
    page.goto(SETTINGS)
    page.get_by_label("Mobile number").fill("+49 151 12345678")
    page.get_by_role("button", name="Send code").click()
    page.get_by_text("A code is on its way to your telephone.").first.wait_for()
    page.get_by_label("Code", exact=True).fill(code_sent())
    page.get_by_role("button", name="Confirm number").click()
    page.get_by_text("Your number is confirmed.").first.wait_for()
    assert Contact.objects.get().phone_confirmed_at
    page.get_by_role("button", name="Remove +4915112345678").click()
    page.get_by_text("Your number is not kept any more.").first.wait_for()
    expect(page.get_by_label("Mobile number")).to_be_visible()


def test_nothing_that_a_machine_can_find_is_wrong(open_page: Any, ada: User) -> None:
    page: Page = open_page(ada)
    looker = Looker(page)
    looker.visit(SETTINGS)
    page.get_by_label("Mobile number").fill("0151")
    page.get_by_role("button", name="Send code").click()
    expect(page.locator(".problems")).to_be_focused()
    looker.look("no number")
    page.get_by_label("Mobile number").fill("+49 151 12345678")
    page.get_by_role("button", name="Send code").click()
    page.get_by_text("A code is on its way").first.wait_for()
    looker.look("a code to type")
    page.get_by_role("button", name="Confirm number").click()
    expect(page.locator(".problems")).to_be_focused()
    looker.look("no code")
    page.get_by_label("Code", exact=True).fill(code_sent())
    page.get_by_role("button", name="Confirm number").click()
    page.get_by_text("Your number is confirmed.").first.wait_for()
    looker.look("a confirmed number")
    assert not looker.problems, "\n".join(looker.problems)
