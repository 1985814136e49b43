"""Push messages: to whom, what, and at most once whatever the service does."""

from datetime import UTC, datetime, timedelta

import jwt
import pytest
from django.db import transaction
from django.utils.timezone import now

from notifications import browsers, mailing, outbox, push_services, pushing, tasks
from notifications.brief import NEWS_FOR
from notifications.models import Contact, Delivery, Mute, Notification, Preference, PushSubscription
from notifications.outbox import LEASE, PAUSES
from notifications.telling import tell
from tests.conftest import make_person
from tests.doubles.push_service import DRIP, GONE, SILENT
from tests.notifications.conftest import REVIEW, add_browser, push, tell_review

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def browser(bob, push_service):
    """A browser of bob's that shows his reviews."""
    made = push_service.browser()
    add_browser(bob, made)
    return made


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(push_services, "SECONDS", 0.3)


def the_row():
    return Delivery.objects.get(channel="PUSH")


def test_a_review_is_pushed_once(bob, browser, push_service):
    tell_review(bob)
    assert not push()
    assert not push()
    (shown,) = browser.shown
    note = Notification.objects.get()
    assert shown == {
        "title": "Your work was reviewed",
        "text": "Loops",
        "path": f"/notifications/{note.pk}/",
        "tag": note.pk.hex,
    }
    row = the_row()
    assert (row.state, row.tries, row.fault, row.claimed_until) == ("SENT", 1, "", None)


def test_its_service_is_told_how_long_and_how_much_it_matters(bob, browser, push_service, noon):
    Preference.objects.create(user=bob, topic="streak", channel="PUSH", is_on=True)
    tell_review(bob)
    noon.shift(timedelta(hours=1))
    tell([bob.pk], "STREAK_AT_RISK", "streak:1", {"days": 3})
    push()
    told = [(one["TTL"], one["Urgency"]) for one in push_service.asked]
    assert told == [(str(23 * 3600), "normal"), (str(3 * 3600), "high")]
    topics = {one["Topic"] for one in push_service.asked}
    assert topics == {pk.hex for pk in Notification.objects.values_list("pk", flat=True)}


def test_whoever_carries_it_reads_nothing(bob, browser, push_service, settings):
    way = pushing.Push()
    tell_review(bob)
    (row,) = outbox.claim(way)
    sealed = way.prepare(row).content
    assert b"Loops" not in sealed.body
    headers = dict(sealed.headers)
    token = headers.pop("Authorization").partition("t=")[2].partition(",")[0]
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims.keys() == {"aud", "exp", "sub"}
    assert claims["sub"] == settings.PUSH_CONTACT
    # Signs that no signature or key is written in, so that none says it by chance.
    assert not [word for word in (bob.email, str(bob.pk)) if word in str(headers)]


def test_a_title_of_any_length_fits(bob, browser):
    tell_review(bob, data={**REVIEW, "title": "\U0001f40d\n" * 9000})
    push()
    (shown,) = browser.shown
    assert shown["text"].endswith("…")
    assert len(shown["text"]) <= 240
    assert "\n" not in shown["text"]


def test_each_browser_is_told(bob, browser, push_service):
    other = push_service.browser("two")
    add_browser(bob, other)
    tell_review(bob)
    push()
    assert len(browser.shown) == len(other.shown) == 1


def test_what_is_rolled_back_is_not_pushed(bob, browser, push_service):
    with transaction.atomic():
        tell_review(bob)
        transaction.set_rollback(True)
    push()
    assert not push_service.asked


def switch_off(bob):
    Preference.objects.filter(user=bob, channel="PUSH").update(is_on=False)


def mute(bob):
    Mute.objects.create(user=bob, about="course:c", title="Python")


def close_account(bob):
    type(bob).objects.filter(pk=bob.pk).update(is_active=False)


def read(bob):
    Notification.objects.update(read_at=now())


def lose_browser(bob):
    PushSubscription.objects.update(gone_at=now())


def give_browser_away(bob):
    PushSubscription.objects.update(user=make_person("eve@example.org", "Eve"))


@pytest.mark.parametrize(
    "change", [switch_off, mute, close_account, read, lose_browser, give_browser_away]
)
def test_what_is_not_wanted_any_more_is_not_pushed(bob, browser, push_service, change):
    tell_review(bob)
    change(bob)
    push()
    assert not push_service.asked
    assert (the_row().state, the_row().tries) == ("DROPPED", 0)
    assert the_row().fault


def test_a_browser_that_was_removed_takes_along_what_was_due(bob, browser, push_service):
    tell_review(bob)
    browsers.remove(bob, PushSubscription.objects.get().pk)
    push()
    assert not push_service.asked
    assert not Delivery.objects.filter(channel="PUSH").exists()


def test_what_the_one_before_was_told_is_not_shown_to_the_next(bob, ada, browser, push_service):
    tell_review(bob)
    add_browser(ada, browser)
    push()
    assert not push_service.asked
    tell_review(ada, bob, subject="review:2")
    push()
    assert [shown["text"] for shown in browser.shown] == ["Loops"]
    assert Delivery.objects.get(state="SENT").user == ada


def test_a_browser_taken_over_while_it_was_written_is_not_sent_it(bob, ada, browser, push_service):
    tell_review(bob)
    way = pushing.Push()
    (row,) = outbox.claim(way)
    ready = way.prepare(row)
    add_browser(ada, browser)
    assert not outbox.hand(way, row, ready.noted)


def test_old_news_is_dropped(bob, browser, push_service, noon):
    tell_review(bob)
    noon.shift(NEWS_FOR)
    push()
    assert (the_row().state, the_row().fault) == ("DROPPED", "It is no news any more.")
    assert not push_service.asked


NIGHT = datetime(2026, 11, 18, 22, 30, tzinfo=UTC)
MORNING = datetime(2026, 11, 19, 8, tzinfo=UTC)


def test_quiet_hours_end_before_anything_is_shown(bob, browser, push_service, noon):
    noon.move_to(NIGHT, tick=False)
    tell_review(bob)
    push()
    assert (the_row().state, the_row().due_at, the_row().tries) == ("DUE", MORNING, 0)
    assert not push_service.asked
    noon.move_to(MORNING, tick=False)
    push()
    assert len(browser.shown) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_not_asked_again(bob, browser, push_service, status):
    push_service.says = (status, {})
    tell_review(bob)
    push()
    assert the_row().state == "FAILED"
    assert PushSubscription.objects.get().gone_at == now()
    push_service.says = (201, {})
    tell_review(bob, subject="review:2")
    push()
    assert len(push_service.asked) == 1
    add_browser(bob, browser)
    tell_review(bob, subject="review:3")
    push()
    assert len(browser.shown) == 1


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("wish", "pause"),
    [
        ({}, PAUSES[0]),
        ({"Retry-After": "5"}, PAUSES[0]),
        ({"Retry-After": "1200"}, timedelta(minutes=20)),
        ({"Retry-After": "Wed, 18 Nov 2026 12:30:00 GMT"}, timedelta(minutes=30)),
        ({"Retry-After": "soon"}, PAUSES[0]),
        ({"Retry-After": "99999999999"}, timedelta(days=1)),
    ],
)
def test_a_service_that_is_busy_is_asked_when_it_wishes(
    bob, browser, push_service, status, wish, pause
):
    push_service.says = (status, {**wish, "body": "Later,\nplease."})
    tell_review(bob)
    push()
    row = the_row()
    assert (row.state, row.tries, row.fault) == ("DUE", 1, f"{status} Later, please.")
    assert row.due_at == now() + pause


def test_a_service_that_is_busy_is_left_alone_and_others_are_not(
    bob, ada, browser, push_service, noon
):
    push_service.says = (429, {"Retry-After": "600"})
    add_browser(bob, push_service.browser("two"))
    tell_review(bob)
    push()
    assert len(push_service.asked) == 1
    states = sorted(Delivery.objects.values_list("state", "tries"))
    assert states == [("DUE", 0), ("DUE", 1)]
    assert set(Delivery.objects.values_list("due_at", flat=True)) == {now() + timedelta(minutes=10)}
    push_service.says = (201, {})
    noon.shift(timedelta(minutes=10))
    push()
    assert sorted(push_service.arrived) == ["/push/one", "/push/two"]


@pytest.mark.parametrize("status", [301, 307, 400, 401, 403, 413])
def test_a_refusal_is_the_end(bob, browser, push_service, noon, status):
    push_service.says = (status, {"Location": f"{push_service.origin}/stolen", "body": "No."})
    tell_review(bob)
    push()
    noon.shift(timedelta(hours=2))
    push()
    assert (the_row().state, the_row().fault) == ("FAILED", f"{status} No.")
    assert len(push_service.asked) == 1
    assert PushSubscription.objects.get().gone_at is None


@pytest.mark.parametrize("says", [GONE, SILENT, DRIP, (500, {}), (502, {})])
@pytest.mark.usefixtures("impatient")
def test_what_may_have_arrived_is_never_sent_again(bob, browser, push_service, noon, says):
    push_service.says = says
    tell_review(bob)
    push()
    assert (the_row().state, the_row().tries) == ("UNCERTAIN", 1)
    push_service.says = (201, {})
    noon.shift(timedelta(hours=2))
    push()
    assert the_row().state == "UNCERTAIN"
    assert len(push_service.asked) == 1


def test_a_service_that_is_away_is_asked_again_and_stops_no_other(
    bob, browser, push_service, settings, noon
):
    away = "http://127.0.0.1:1"
    settings.PUSH_SERVICES = [push_service.origin, away]
    PushSubscription.objects.create(
        user=bob, **{**browser.given, "endpoint": f"{away}/x"}, label="Chrome"
    )
    tell_review(bob)
    push()
    assert len(browser.shown) == 1
    late = Delivery.objects.get(state="DUE")
    assert (late.tries, late.due_at) == (1, now() + PAUSES[0])
    assert late.fault.startswith("No connection: ")


def test_an_address_that_may_not_be_asked_any_more_is_not(bob, browser, push_service, settings):
    settings.PUSH_SERVICES = ["https://push.example"]
    tell_review(bob)
    push()
    assert the_row().state == "FAILED"
    assert not push_service.asked


def test_a_claim_that_ran_out_hands_nothing_over(bob, browser, push_service, noon):
    tell_review(bob)
    slow, quick = pushing.Push(), pushing.Push()
    (row,) = outbox.claim(slow)
    noon.shift(LEASE + timedelta(seconds=1))
    (again,) = outbox.claim(quick)
    outbox.send(slow, row)
    outbox.send(quick, again)
    assert len(browser.shown) == 1


def test_each_takes_a_fixed_number_of_queries(
    bob, browser, push_service, django_assert_num_queries
):
    for number in range(3):
        tell_review(bob, subject=f"review:{number}")
    # As for mail: nine to look for what is due, twice; for each message three.
    with django_assert_num_queries(9 + 3 * 3):
        push()


def test_mail_and_push_leave_each_other_alone(bob, browser, push_service, mail_server):
    tell_review(bob)
    push()
    assert not mail_server.arrived
    outbox.send_due(mailing.Mail())
    assert len(mail_server.arrived) == len(browser.shown) == 1


def test_telling_wakes_the_worker_once_it_is_committed(
    bob, browser, monkeypatch, django_capture_on_commit_callbacks
):
    woken = []
    monkeypatch.setattr(tasks.send_pushes, "delay", lambda: woken.append(1))
    monkeypatch.setattr(tasks.send_mail, "delay", lambda: None)
    with django_capture_on_commit_callbacks(execute=True):
        tell_review(bob)
        tell_review(bob, subject="review:2")
        assert not woken
    assert woken == [1]


def test_without_a_key_nothing_is_sent_and_nothing_is_lost(bob, browser, push_service, settings):
    tell_review(bob)
    key, settings.PUSH_VAPID_PRIVATE_KEY = settings.PUSH_VAPID_PRIVATE_KEY, ""
    tasks.send_pushes()
    assert the_row().state == "DUE"
    settings.PUSH_VAPID_PRIVATE_KEY = key
    tasks.send_pushes()
    assert the_row().state == "SENT"


def test_who_has_no_quiet_hours_is_told_at_night(bob, browser, noon):
    noon.move_to(NIGHT, tick=False)
    Contact.objects.create(user=bob, is_quiet=False)
    tell_review(bob)
    push()
    assert len(browser.shown) == 1
