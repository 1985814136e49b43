"""Which failures are certain: only these are tried again, or given up."""

import smtplib

import pytest
import requests
from anymail.exceptions import AnymailRecipientsRefused, AnymailRequestsAPIError
from django.core.mail import EmailMessage, mailers

from notifications.mail_faults import certainty
from notifications.outbox import NotTaken, Refused


class Answer:
    """What a provider said."""

    def __init__(self, status):
        self.status_code, self.reason, self.text = status, "", ""


def by_http(status):
    return AnymailRequestsAPIError(response=Answer(status))


@pytest.mark.parametrize(
    ("fault", "became"),
    [
        (smtplib.SMTPSenderRefused(451, b"later", "a@example.org"), NotTaken),
        (smtplib.SMTPSenderRefused(550, b"never", "a@example.org"), Refused),
        (smtplib.SMTPRecipientsRefused({"a@example.org": (450, b"full")}), NotTaken),
        (smtplib.SMTPRecipientsRefused({"a@example.org": (550, b"nobody")}), Refused),
        (smtplib.SMTPDataError(452, b"full"), NotTaken),
        (smtplib.SMTPDataError(554, "no"), Refused),
        (ValueError("Invalid address"), Refused),
        (by_http(429), NotTaken),
        (by_http(422), Refused),
        (AnymailRecipientsRefused(), Refused),
    ],
)
def test_plain_answers_are_certain(fault, became):
    assert type(certainty(fault)) is became


@pytest.mark.parametrize(
    "fault",
    [
        smtplib.SMTPServerDisconnected("Connection unexpectedly closed"),
        smtplib.SMTPDataError(-1, b""),
        TimeoutError(),
        ConnectionResetError(),
        by_http(500),
        by_http(503),
        requests.ReadTimeout(),
    ],
)
def test_everything_else_may_have_arrived(fault):
    assert not isinstance(certainty(fault), NotTaken | Refused)


def test_a_provider_that_cannot_be_reached_took_nothing(settings):
    options = {"server_token": "t", "api_url": "http://127.0.0.1:1/"}
    settings.MAILERS = {
        "default": {"BACKEND": "anymail.backends.postmark.EmailBackend", "OPTIONS": options}
    }
    message = EmailMessage("Hello", "Text", "a@example.org", ["b@example.org"])
    with pytest.raises(Exception, match=r"127\.0\.0\.1") as fault:
        mailers.default.send_messages([message])
    assert isinstance(certainty(fault.value), NotTaken)
