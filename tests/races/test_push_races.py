"""Two who push at once, and two who add the same browser, at a gate without luck."""

import pytest

from notifications import browsers, outbox, pushing
from notifications.models import Delivery, PushSubscription
from tests.conftest import make_person
from tests.notifications.conftest import (  # noqa: F401
    add_browser,
    noon,
    push,
    push_service,
    tell_review,
)
from tests.races.gate import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon")]


def test_one_message_is_pushed_once_by_many_at_once(bob, push_service):  # noqa: F811
    browser = push_service.browser()
    add_browser(bob, browser)
    tell_review(bob)
    at_once("notifications_delivery", [push] * 6)
    assert Delivery.objects.get().state == "SENT"
    assert len(browser.shown) == 1


def test_the_gate_finds_a_pusher_that_looks_before_it_takes(bob, push_service):  # noqa: F811
    """The twin: without a claim everybody pushes it."""
    browser = push_service.browser()
    add_browser(bob, browser)
    tell_review(bob)

    def careless():
        way = pushing.Push()
        for row in way.rows().filter(state="DUE"):
            ready = way.prepare(row)
            Delivery.objects.filter(pk=row.pk).update(state="HANDED")
            way.hand_over(row, ready.content)

    at_once("notifications_delivery", [careless] * 6)
    assert len(browser.shown) == 6


def test_a_browser_is_one_persons_whoever_adds_it_at_once(db, push_service):  # noqa: F811
    people = [make_person(f"p{n}@example.org", f"P{n}") for n in range(4)]
    given = push_service.browser().given
    adding = [lambda one=one: browsers.add(one, **given, name="Firefox") for one in people] * 2
    at_once("notifications_pushsubscription", adding)
    assert PushSubscription.objects.get().user in people


def test_nobody_has_more_browsers_than_anybody_may_have(bob, push_service):  # noqa: F811
    def add(number):
        try:
            browsers.add(bob, **push_service.browser(str(number)).given, name="Firefox")
        except browsers.TooMany:
            return 0
        return 1

    added = at_once(
        "notifications_pushsubscription", [lambda n=n: add(n) for n in range(browsers.MOST + 4)]
    )
    assert sum(added) == PushSubscription.objects.count() == browsers.MOST


def test_a_browser_that_changes_hands_is_sent_nothing_of_the_one_before(
    bob,
    ada,
    push_service,  # noqa: F811
):
    browser = push_service.browser()
    add_browser(bob, browser)
    tell_review(bob)
    way = pushing.Push()
    (row,) = outbox.claim(way)
    add_browser(ada, browser)
    outbox.send(way, row)
    assert not browser.shown
