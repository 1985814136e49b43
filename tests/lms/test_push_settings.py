"""What is said of push messages in the environment: wrong with one sentence."""

from io import StringIO

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from lms.settings import END_OF_P256, check_push
from notifications import vapid
from notifications.web_push import encode
from tests.lms.test_model_settings import start

KEY, CONTACT = encode((END_OF_P256 - 1).to_bytes(32)), "mailto:admin@school.example"
SERVICES = ["https://fcm.googleapis.com", "https://*.push.example:8443", "http://127.0.0.1:8001"]


def test_a_key_and_a_contact_are_enough():
    check_push(KEY, CONTACT, SERVICES)
    check_push(f"{KEY}=", "https://school.example/contact", [])
    assert vapid.public_key(KEY)


@pytest.mark.parametrize(
    ("key", "contact", "services", "says"),
    [
        ("here", CONTACT, [], "make_push_keys"),
        (f"{KEY}A", CONTACT, [], "make_push_keys"),
        (f"{KEY[:-1]}ü", CONTACT, [], "make_push_keys"),
        (encode(bytes(32)), CONTACT, [], "make_push_keys"),
        (encode(END_OF_P256.to_bytes(32)), CONTACT, [], "make_push_keys"),
        (encode(b"\xff" * 32), CONTACT, [], "make_push_keys"),
        (KEY, "", [], "PUSH_CONTACT is an address"),
        (KEY, "admin@school.example", [], "PUSH_CONTACT is an address"),
        (KEY, "http://school.example", [], "PUSH_CONTACT is an address"),
        (KEY, CONTACT, ["fcm.googleapis.com"], "PUSH_SERVICES are origins"),
        (KEY, CONTACT, ["http://push.example"], "PUSH_SERVICES are origins"),
        (KEY, CONTACT, ["https://push.example/x"], "PUSH_SERVICES are origins"),
        (KEY, CONTACT, ["https://*"], "PUSH_SERVICES are origins"),
    ],
)
def test_what_cannot_work_is_said_without_the_key(key, contact, services, says):
    with pytest.raises(ImproperlyConfigured, match=says) as refusal:
        check_push(key, contact, services)
    assert key not in str(refusal.value)


def test_a_key_that_is_none_ends_the_start():
    ended = start("", PUSH_VAPID_PRIVATE_KEY="not-for-anybody", PUSH_CONTACT=CONTACT)
    assert ended.returncode == 1
    assert "make_push_keys" in ended.stderr.splitlines()[-1]
    assert "not-for-anybody" not in ended.stderr


def test_what_the_command_prints_is_what_the_environment_takes():
    out = StringIO()
    call_command("make_push_keys", stdout=out)
    about, key, contact = out.getvalue().splitlines()
    private = key.removeprefix("PUSH_VAPID_PRIVATE_KEY=")
    check_push(private, contact.removeprefix("PUSH_CONTACT="), [])
    assert about.endswith(vapid.public_key(private))
