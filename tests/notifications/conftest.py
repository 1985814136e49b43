"""A mail server and a push service for the tests, and a time of day at which nobody sleeps."""

import pytest

from notifications import browsers, mailing, outbox, pushing, vapid
from notifications.models import Preference
from notifications.telling import tell
from tests.doubles import push_service as push_double
from tests.doubles import sms_gateway, smtp_server

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


@pytest.fixture
def push_service(settings):
    settings.PUSH_VAPID_PRIVATE_KEY = vapid.new_key()
    settings.PUSH_CONTACT = "mailto:admin@school.example"
    with push_double.serving(vapid.public_key()) as service:
        settings.PUSH_SERVICES = [service.origin]
        yield service


@pytest.fixture
def gateway(settings):
    settings.SMS_GATEWAY = "tests.doubles.sms_gateway.Gateway"
    sms_gateway.SENT.clear()
    sms_gateway.FAULTS.clear()


def add_browser(user, browser, topic="review"):
    """The browser shows messages of this person, who wants them for that topic."""
    Preference.objects.get_or_create(user=user, topic=topic, channel="PUSH", is_on=True)
    return browsers.add(user, **browser.given, name="Firefox on Linux")


def push():
    return outbox.send_due(pushing.Push())


def transport_to(port):
    options = {"host": "127.0.0.1", "port": port, "timeout": 3}
    return {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}


def tell_review(*people, subject="review:1", data=REVIEW):
    return tell([one.pk for one in people], "REVIEW_GIVEN", subject, data, "course:c")


def send():
    return outbox.send_due(mailing.Mail())
