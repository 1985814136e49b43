"""Certificates in the browser: every page looked at, printed, switched and copied by keys."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from certificates import actions
from certificates.models import Certificate
from tests.certificates.builders import certify
from tests.conftest import make_course
from tests.flows.looking import Looker
from tests.flows.school import LONG_NAME


@pytest.fixture
def cast(transactional_db: Any, ada: User, root: User) -> dict[str, Certificate]:
    """A certificate in each state; the person has the longest name there can be."""
    ada.name = LONG_NAME
    ada.save()
    found = {
        slug: certify(ada, make_course(slug, title=f"A course called {slug}"))
        for slug in ("valid", "revoked", "private", "replaced", "nameless")
    }
    actions.revoke(found["revoked"], root, "The code was somebody else's.")
    actions.set_private(found["private"], True)
    actions.correct_name(found["replaced"], "Ada Lovelace", root)
    Certificate.objects.filter(pk=found["nameless"].pk).update(holder="")
    return found


@pytest.fixture
def looker(open_page: Callable[..., Page]) -> Iterator[Callable[..., Looker]]:
    lookers: list[Looker] = []

    def look_as(user: User | None = None) -> Looker:
        lookers.append(Looker(open_page(user)))
        return lookers[-1]

    yield look_as
    found = [problem for looker in lookers for problem in looker.problems]
    assert not found, "\n".join(dict.fromkeys(found))


def test_every_page_of_certificates_is_sound(
    cast: dict[str, Certificate], ada: User, bob: User, looker: Callable[..., Looker]
) -> None:
    guest = looker()
    for one in cast.values():
        guest.visit(one.get_absolute_url())
    guest.visit(f"/certificates/{'A' * 22}/", status=404)
    guest.visit("/certificates/check/")
    guest.visit("/certificates/check/?code=")
    guest.visit(f"/certificates/{cast['valid'].code}/sheet/")
    mine = looker(ada)
    mine.visit("/certificates/")
    mine.visit(f"/certificates/{cast['valid'].code}/name/")
    looker(bob).visit("/certificates/")


def test_a_sheet_prints_on_one_page(
    cast: dict[str, Certificate], open_page: Callable[..., Page]
) -> None:
    page = open_page(None)
    page.goto(f"/certificates/{cast['valid'].code}/sheet/")
    for paper in ("A4", "Letter"):
        made = page.pdf(format=paper, landscape=True)
        assert made.count(b"/Type /Page\n") == 1


def test_what_the_check_says_prints_on_one_page(
    cast: dict[str, Certificate], open_page: Callable[..., Page]
) -> None:
    page = open_page(None)
    page.goto(cast["valid"].get_absolute_url())
    for paper in ("A4", "Letter"):
        assert page.pdf(format=paper).count(b"/Type /Page\n") == 1


def test_the_switch_and_the_link_work_by_keys(
    cast: dict[str, Certificate], ada: User, open_page: Callable[..., Page]
) -> None:
    page, code = open_page(ada), cast["valid"].code
    page.goto("/certificates/")
    switch = page.locator(f"#private-{code}")
    expect(switch).to_have_attribute("aria-pressed", "false")
    switch.focus()
    page.keyboard.press("Enter")
    expect(switch).to_have_attribute("aria-pressed", "true")
    expect(switch).to_be_focused()
    expect(page.locator("#say")).to_have_text("Private: only who knows code and name can check it.")
    assert Certificate.objects.get(code=code).is_private
    page.locator(f"[data-copy=link-{code}]").press("Enter")
    expect(page.locator(f"#link-{code}")).to_have_value(re.compile(f"/certificates/{code}/$"))
