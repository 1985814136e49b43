"""The doctor and the admin look at mail and messages."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from notifications import browsers
from notifications.models import Delivery, EmailLog
from notifications.soundness import faults, message_faults
from studio.health import CHECKS
from tests.accounts.bad_sign_in import second_factor
from tests.notifications.conftest import add_browser, push, send, tell_review, transport_to


def mail(bob, state, ago=timedelta(0), **fields):
    moment = now() - ago
    return EmailLog.objects.create(
        user=bob, kind="review", to=bob.email, state=state, created_at=moment, due_at=moment,
        **fields,
    )  # fmt: skip


def test_what_is_sent_or_waits_for_a_moment_is_sound(bob):
    mail(bob, "SENT", sent_at=now())
    mail(bob, "DUE")
    mail(bob, "DROPPED")
    mail(bob, "UNCERTAIN", timedelta(days=8))
    assert faults() == []


def test_what_waits_was_refused_or_may_be_lost_is_counted(bob):
    mail(bob, "DUE", timedelta(minutes=11))
    mail(bob, "HANDED", timedelta(minutes=11), claimed_until=now())
    mail(bob, "UNCERTAIN", timedelta(days=6))
    mail(bob, "FAILED")
    assert faults() == [
        ("Mails that wait for more than ten minutes", 2),
        ("Mails of the last seven days that may not have arrived", 1),
        ("Mails of the last seven days that were refused", 1),
    ]
    (check,) = [one for one in CHECKS if one.name == "mail"]
    found = check.look()
    assert found.count == 4
    assert found.details[0] == "Mails that wait for more than ten minutes: 2"


@pytest.mark.usefixtures("mail_server")
def test_what_finds_no_server_waits_however_often_it_is_put_off(bob, noon, settings):
    settings.MAILERS = {"transport": transport_to(1)}
    tell_review(bob)
    for minutes in (0, 1, 5):
        noon.shift(timedelta(minutes=minutes))
        send()
    assert faults() == []
    noon.shift(timedelta(minutes=5))
    assert EmailLog.objects.get().due_at > now()
    assert faults() == [("Mails that wait for more than ten minutes", 1)]


def test_who_is_left_alone_after_a_try_waits_for_the_morning_alone(bob, mail_server, noon):
    noon.move_to("2026-11-18T20:59:30Z", tick=False)
    mail_server.says["MAIL"] = "451 later"
    tell_review(bob)
    for _ in range(2):
        send()
        noon.shift(timedelta(minutes=1))
    row = EmailLog.objects.get()
    assert (row.tries, row.fault, row.due_at.hour) == (1, "", 8)
    noon.shift(timedelta(hours=1))
    assert faults() == []
    noon.move_to(row.due_at + timedelta(minutes=11), tick=False)
    assert faults() == [("Mails that wait for more than ten minutes", 1)]


def test_a_refusal_after_a_night_is_no_wait_of_a_night(bob, mail_server, noon):
    noon.move_to("2026-11-18T22:30:00Z", tick=False)
    mail_server.says["MAIL"] = "451 later"
    tell_review(bob)
    send()
    noon.move_to(EmailLog.objects.get().due_at, tick=False)
    send()
    row = EmailLog.objects.get()
    assert (row.tries, row.due_at.hour, row.due_at.minute) == (1, 8, 1)
    assert faults() == []
    for minutes in (1, 5, 5):
        noon.shift(timedelta(minutes=minutes))
        send()
    assert faults() == [("Mails that wait for more than ten minutes", 1)]


def test_what_a_service_that_is_away_holds_up_waits(bob, push_service, noon):
    push_service.says = (503, {"Retry-After": "7200", "body": "Down."})
    add_browser(bob, push_service.browser())
    add_browser(bob, push_service.browser("two"))
    tell_review(bob)
    push()
    told = Delivery.objects.order_by("tries").values_list("tries", "fault")
    assert list(told) == [(0, "503 Down."), (1, "503 Down.")]
    noon.shift(timedelta(minutes=11))
    assert message_faults() == [("Push messages that wait for more than ten minutes", 2)]


def test_push_messages_are_counted_where_the_site_sends_such(bob, push_service, noon):
    browser = push_service.browser()
    row = add_browser(bob, browser)
    tell_review(bob)
    assert message_faults() == []
    noon.shift(timedelta(minutes=11))
    assert message_faults() == [("Push messages that wait for more than ten minutes", 1)]
    push_service.says = (403, {"body": "Another key."})
    push()
    assert message_faults() == [("Push messages of the last seven days that were refused", 1)]
    (check,) = [one for one in CHECKS if one.name == "messages"]
    assert check.look().count == 1
    browsers.note_gone(row.endpoint)
    assert message_faults() == []


def test_without_a_key_nothing_waits(bob, push_service, noon, settings):
    add_browser(bob, push_service.browser())
    tell_review(bob)
    noon.shift(timedelta(minutes=11))
    settings.PUSH_VAPID_PRIVATE_KEY = ""
    assert message_faults() == []


@pytest.mark.parametrize("name", ["notification", "emaillog", "delivery"])
def test_staff_read_what_was_told_and_what_left(client, root, bob, name):
    tell_review(bob)
    second_factor(root)
    client.force_login(root)
    path = f"/admin/notifications/{name}/"
    assert client.get(path).status_code == 200
    assert client.get(f"{path}add/").status_code == 403
