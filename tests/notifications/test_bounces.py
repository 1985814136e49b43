"""What a provider tells of mail that came back: believed with the secret only, and heeded."""

import base64
import json

import pytest
from anymail.signals import tracking
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from django.contrib.admin.sites import site
from django.core.exceptions import SuspiciousOperation
from django.test import RequestFactory

from notifications.bounces import hear
from notifications.models import EmailLog
from tests.notifications.conftest import send, tell_review

SECRET = "mail:a-long-and-random-word"
BOUNCE = {"RecordType": "Bounce", "Type": "HardBounce", "Email": "bob@example.org"}
COMPLAINT = {"RecordType": "SpamComplaint", "Type": "SpamComplaint", "Email": "bob@example.org"}
FULL = {"RecordType": "Bounce", "Type": "Transient", "Email": "bob@example.org"}
BLOCKED = {"RecordType": "Bounce", "Type": "Blocked", "Email": "bob@example.org"}


@pytest.fixture
def tell_site(settings, db):
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    tracking.connect(hear)

    def post(said, secret=SECRET, name="m-1"):
        proof = base64.b64encode(secret.encode()).decode()
        request = RequestFactory().post(
            "/",
            json.dumps({**said, "MessageID": name, "Description": "No such user"}),
            content_type="application/json",
            headers={"Authorization": f"Basic {proof}"},
        )
        return PostmarkTrackingWebhookView.as_view()(request).status_code

    yield post
    tracking.disconnect(hear)


@pytest.fixture
def row(bob):
    return EmailLog.objects.create(
        user=bob, kind="review", to=bob.email, state="FAILED", provider_id="m-1"
    )


def state():
    return EmailLog.objects.values_list("state", flat=True).get()


@pytest.mark.parametrize(
    ("said", "became"),
    [(BOUNCE, "BOUNCED"), (COMPLAINT, "COMPLAINED"), (FULL, "FAILED"), (BLOCKED, "FAILED")],
)
def test_what_came_back_is_written_down_however_often_it_is_told(tell_site, row, said, became):
    for _ in range(2):
        assert tell_site(said) == 200
    assert state() == became


def test_a_complaint_is_not_taken_back(tell_site, row):
    tell_site(COMPLAINT)
    tell_site(BOUNCE)
    assert state() == "COMPLAINED"


@pytest.mark.parametrize("secret", ["mail:wrong", "", "other:a-long-and-random-word"])
def test_nobody_else_is_believed(tell_site, row, secret):
    with pytest.raises(SuspiciousOperation):
        tell_site(BOUNCE, secret)
    assert state() == "FAILED"


def test_what_nobody_was_sent_is_not_kept(tell_site, row):
    assert tell_site({**BOUNCE, "Email": "eve@example.org"}, name="m-2") == 200
    assert state() == "FAILED"


def test_what_is_told_before_the_mail_is_settled_counts_for_its_address(tell_site, row):
    tell_site(BOUNCE, name="m-2")
    tell_site(BOUNCE, name="m-2")
    assert EmailLog.objects.get(kind="bounce").state == "BOUNCED"


def test_an_address_that_came_back_gets_no_more_until_staff_say_so(
    tell_site, row, bob, root, rf, mail_server, noon
):
    tell_site(BOUNCE)
    tell_review(bob)
    send()
    assert EmailLog.objects.filter(state="DROPPED").count() == 1
    request = rf.post("/")
    request.user = root
    request._messages = Said()
    site._registry[EmailLog].mail_again(request, EmailLog.objects.filter(pk=row.pk))
    tell_review(bob, subject="review:2")
    send()
    assert len(mail_server.arrived) == 1


class Said(list):
    """Where the admin leaves its words."""

    def add(self, level, message, extra_tags=""):
        self.append(message)
