"""Codes and text messages at once, at a gate that does not depend on luck."""

import pytest
from django.utils.timezone import now

from notifications import outbox, phones, texting
from notifications.models import Contact, Delivery, PhoneCode, Preference
from notifications.sms_gateway import TryLater
from tests.doubles import sms_gateway
from tests.notifications.conftest import gateway, noon, tell_review  # noqa: F401
from tests.races.gate import at_once
from tests.races.meeting import HalfWay, meet

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("noon", "gateway"),
]
NUMBER = "+4915112345678"


def test_one_text_is_sent_once_by_many_at_once(bob):
    Preference.objects.create(user=bob, topic="review", channel="SMS", is_on=True)
    Contact.objects.create(user=bob, phone=NUMBER, phone_confirmed_at=now())
    tell_review(bob)
    at_once("notifications_delivery", [lambda: outbox.send_due(texting.Texts())] * 6)
    assert Delivery.objects.get().state == "SENT"
    assert len(sms_gateway.SENT) == 1


def test_guesses_at_once_are_each_counted(bob):
    phones.ask_for_code(bob, NUMBER, "here")
    code = sms_gateway.SENT[-1][1][:6]
    wrong = f"{(int(code) + 1) % 10**6:06}"
    at_once("notifications_phonecode", [lambda: phones.confirm(bob, wrong)] * 8)
    assert PhoneCode.objects.get().tries == phones.MOST_TRIES
    assert not phones.confirm(bob, code)


def test_asking_and_typing_at_once_end_in_one_of_both(bob):
    phones.ask_for_code(bob, NUMBER, "here")
    code = sms_gateway.SENT[-1][1][:6]
    other = "+4917612345678"
    at_once(
        "notifications_phonecode",
        [lambda: phones.confirm(bob, code), lambda: phones.ask_for_code(bob, other, "here")],
    )
    contact = Contact.objects.get()
    assert (contact.phone, contact.phone_confirmed_at) == (other, None)


def test_a_code_that_was_not_sent_takes_no_other_one_with_it(bob, monkeypatch):
    sms_gateway.FAULTS.append(lambda: sms_gateway.FAULTS.clear() or TryLater("Busy."))
    stop = HalfWay(phones.logger.warning)
    monkeypatch.setattr(phones.logger, "warning", stop)

    def fail():
        with pytest.raises(phones.NotSent):
            phones.ask_for_code(bob, NUMBER, "here")

    meet(stop, fail, lambda: phones.ask_for_code(bob, NUMBER, "here"))
    assert phones.confirm(bob, sms_gateway.SENT[-1][1][:6])
    assert Contact.objects.get().phone == NUMBER
