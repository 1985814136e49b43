"""Two who send at once, at a gate that does not depend on luck."""

import pytest

from notifications import mailing, outbox
from notifications.models import EmailLog
from tests.notifications.conftest import mail_server, noon, tell_review  # noqa: F401
from tests.races.gate import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon")]


def send():
    return outbox.send_due(mailing.Mail())


def test_one_mail_is_sent_once_by_many_at_once(bob, mail_server):  # noqa: F811
    tell_review(bob)
    at_once("notifications_emaillog", [send] * 6)
    assert EmailLog.objects.get().state == "SENT"
    assert len(mail_server.arrived) == 1


def test_the_gate_finds_a_sender_that_looks_before_it_takes(bob, mail_server):  # noqa: F811
    """The twin: without a claim everybody sends it."""
    tell_review(bob)

    def careless():
        way = mailing.Mail()
        for row in way.rows().filter(state="DUE"):
            ready = way.prepare(row)
            EmailLog.objects.filter(pk=row.pk).update(state="HANDED")
            way.connect()
            way.hand_over(row, ready.content)
        way.close()

    at_once("notifications_emaillog", [careless] * 6)
    assert len(mail_server.arrived) == 6
