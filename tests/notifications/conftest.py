"""A mail server for the tests, and a time of day at which nobody sleeps."""

import pytest

from notifications import mailing, outbox
from notifications.telling import tell
from tests.doubles import smtp_server

NOON = "2026-11-18T12:00:00Z"  # a Wednesday
REVIEW = {"title": "Loops", "url": "/submissions/1/", "course": "c", "course_title": "Python"}


@pytest.fixture
def noon(time_machine):
    time_machine.move_to(NOON, tick=False)
    return time_machine


@pytest.fixture
def mail_server(settings):
    with smtp_server.serving() as server:
        settings.MAILERS = {
            "default": {"BACKEND": "notifications.mail_backend.Recorded"},
            "transport": transport_to(server.port),
        }
        yield server


def transport_to(port):
    options = {"host": "127.0.0.1", "port": port, "timeout": 0.5}
    return {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}


def tell_review(*people, subject="review:1", data=REVIEW):
    return tell([one.pk for one in people], "REVIEW_GIVEN", subject, data, "course:c")


def send():
    return outbox.send_due(mailing.Mail())
