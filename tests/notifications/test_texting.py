"""Text messages: to whom, what, and at most once whatever the gateway does."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import transaction
from django.utils.timezone import now

from accounts.school import change_school, forget, school
from notifications import outbox, tasks, texting
from notifications.gsm import units
from notifications.models import Contact, Delivery, Mute, Notification, Preference
from notifications.outbox import LEASE, PAUSES
from notifications.sms_gateway import RefusedForGood, TryLater
from notifications.soundness import message_faults
from notifications.telling import tell
from tests.doubles import sms_gateway
from tests.notifications.conftest import REVIEW, tell_review

pytestmark = pytest.mark.usefixtures("noon", "gateway")

NUMBER = "+4915112345678"


@pytest.fixture
def telephone(bob):
    Preference.objects.create(user=bob, topic="review", channel="SMS", is_on=True)
    return Contact.objects.create(user=bob, phone=NUMBER, phone_confirmed_at=now())


def send():
    return outbox.send_due(texting.Texts())


def the_row():
    return Delivery.objects.get(channel="SMS")


def test_a_review_is_sent_once_with_its_link(bob, telephone, settings):
    tell_review(bob)
    assert not send()
    assert not send()
    ((to, text),) = sms_gateway.SENT
    note = Notification.objects.get()
    link = f"{settings.SITE_URL}/notifications/{note.pk}/"
    assert (to, text) == (NUMBER, f"Waymark: Your work was reviewed. Loops {link}")
    row = the_row()
    assert (row.state, row.tries, row.fault, row.provider_id) == ("SENT", 1, "", "name-1")


def test_a_text_has_the_name_that_the_school_has_now(bob, telephone):
    change_school(name="Green Hill")
    forget()
    tell_review(bob)
    send()
    assert sms_gateway.SENT[0][1].startswith("Green Hill: Your work was reviewed.")


def test_whose_number_it_is_is_asked_with_whether_it_is_wanted(
    bob, telephone, django_assert_num_queries
):
    tell_review(bob)
    row = texting.Texts().rows().get()
    school()
    # Who they are, their number and what they chose: one question.
    with django_assert_num_queries(1):
        texting.Texts().prepare(row)


def test_a_long_title_is_cut_and_the_link_is_not(bob, telephone):
    tell_review(bob, data={**REVIEW, "title": "Loops\n" * 90})
    send()
    ((_, text),) = sms_gateway.SENT
    assert units(text, gsm=True) <= 160
    assert text.endswith(f"... http://{text.partition('http://')[2]}")


def test_what_is_rolled_back_is_not_sent(bob, telephone):
    with transaction.atomic():
        tell_review(bob)
        transaction.set_rollback(True)
    send()
    assert not sms_gateway.SENT


def switch_off(bob):
    Preference.objects.update(is_on=False)


def mute(bob):
    Mute.objects.create(user=bob, about="course:c", title="Python")


def close_account(bob):
    type(bob).objects.filter(pk=bob.pk).update(is_active=False)


def read(bob):
    Notification.objects.update(read_at=now())


def change_number(bob):
    Contact.objects.update(phone="+4917612345678", phone_confirmed_at=None)


def forget_number(bob):
    Contact.objects.all().delete()


@pytest.mark.parametrize(
    "change", [switch_off, mute, close_account, read, change_number, forget_number]
)
def test_what_is_not_wanted_any_more_is_not_sent(bob, telephone, change):
    tell_review(bob)
    change(bob)
    send()
    assert not sms_gateway.SENT
    assert (the_row().state, the_row().tries) == ("DROPPED", 0)
    assert the_row().fault


def test_a_number_that_is_not_confirmed_is_told_nothing(bob, telephone):
    Contact.objects.update(phone_confirmed_at=None)
    tell_review(bob)
    assert not Delivery.objects.exists()


NIGHT = datetime(2026, 11, 18, 22, 30, tzinfo=UTC)
MORNING = datetime(2026, 11, 19, 8, tzinfo=UTC)


def test_quiet_hours_end_first_and_what_is_about_today_does_not_wait(bob, telephone, noon):
    noon.move_to(NIGHT, tick=False)
    Preference.objects.create(user=bob, topic="streak", channel="SMS", is_on=True)
    tell_review(bob)
    tell([bob.pk], "STREAK_AT_RISK", "streak:1", {"days": 3})
    send()
    ((_, text),) = sms_gateway.SENT
    assert "Your streak of 3 days ends tonight" in text
    assert Delivery.objects.get(state="DUE").due_at == MORNING


def test_what_the_gateway_takes_later_is_tried_later(bob, telephone, noon):
    sms_gateway.FAULTS.append(lambda: TryLater("Too many."))
    tell_review(bob)
    send()
    row = the_row()
    assert (row.state, row.tries, row.fault) == ("DUE", 1, "Too many.")
    assert row.due_at == now() + PAUSES[0]
    sms_gateway.FAULTS.clear()
    noon.shift(PAUSES[0])
    send()
    assert the_row().state == "SENT"


def test_what_the_gateway_refuses_is_the_end(bob, telephone, noon):
    sms_gateway.FAULTS.append(lambda: RefusedForGood("No such number."))
    tell_review(bob)
    send()
    sms_gateway.FAULTS.clear()
    noon.shift(timedelta(hours=2))
    send()
    assert (the_row().state, the_row().fault) == ("FAILED", "No such number.")
    assert not sms_gateway.SENT
    assert message_faults() == [("Text messages of the last seven days that were refused", 1)]


def test_what_may_have_been_sent_is_never_sent_again(bob, telephone, noon):
    sms_gateway.FAULTS.append(lambda: TimeoutError("no answer"))
    tell_review(bob)
    send()
    sms_gateway.FAULTS.clear()
    noon.shift(timedelta(hours=2))
    send()
    assert (the_row().state, the_row().fault) == ("UNCERTAIN", "no answer")
    assert not sms_gateway.SENT


def test_a_worker_that_died_while_it_handed_over_sends_nothing_twice(bob, telephone, noon):
    way = texting.Texts()
    tell_review(bob)
    (row,) = outbox.claim(way)
    ready = way.prepare(row)
    assert outbox.hand(way, row, ready.noted)
    noon.shift(LEASE + timedelta(seconds=1))
    send()
    assert the_row().state == "UNCERTAIN"
    assert not sms_gateway.SENT


def test_a_gateway_that_cannot_be_made_loses_nothing(bob, telephone, settings, noon):
    right, settings.SMS_GATEWAY = settings.SMS_GATEWAY, "tests.doubles.sms_gateway.Closed"
    tell_review(bob)
    send()
    assert (the_row().state, the_row().tries) == ("DUE", 1)
    settings.SMS_GATEWAY = right
    noon.shift(PAUSES[0])
    send()
    assert the_row().state == "SENT"


def test_without_a_gateway_nothing_is_sent_and_telling_wakes_whoever_sends(
    bob, telephone, settings, monkeypatch, django_capture_on_commit_callbacks
):
    woken = []
    monkeypatch.setattr(tasks.send_texts, "delay", lambda: woken.append(1))
    monkeypatch.setattr(tasks.send_pushes, "delay", lambda: None)
    monkeypatch.setattr(tasks.send_mail, "delay", lambda: None)
    with django_capture_on_commit_callbacks(execute=True):
        tell_review(bob)
    assert woken == [1]
    gateway, settings.SMS_GATEWAY = settings.SMS_GATEWAY, ""
    tasks.send_texts()
    assert the_row().state == "DUE"
    settings.SMS_GATEWAY = gateway
    tasks.send_texts()
    assert len(sms_gateway.SENT) == 1


def test_the_console_says_what_it_would_send(bob, telephone, settings, capsys):
    settings.SMS_GATEWAY = "notifications.sms_gateway.Console"
    tell_review(bob)
    send()
    assert f"Text message to {NUMBER}: Waymark: Your work was reviewed." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("gateway", "says"),
    [
        ("nowhere", "names no gateway"),
        ("nowhere.to.be.Found", "names no gateway"),
        ("tests.doubles.sms_gateway.Closed", "Set the key of the provider."),
        ("tests.doubles.sms_gateway.Mute", "no method `send"),
    ],
)
def test_a_gateway_that_cannot_work_is_found_by_the_checks(db, settings, gateway, says):
    settings.SMS_GATEWAY = gateway
    with pytest.raises(SystemCheckError, match=says):
        call_command("check")


def test_a_gateway_that_can_work_passes_the_checks(db):
    call_command("check")
