"""What is said of mail in the environment: wrong with one sentence."""

import pytest

from tests.lms.test_model_settings import start

PROVIDER = "anymail+postmark://?server_token=not-for-anybody"
SECRET = "mail:a-long-and-random-word"
SHOW = "print(s.MAILERS['transport'])"
DOORS = """
import django
django.setup()
from django.urls import reverse
print(reverse("postmark_tracking_webhook"))
"""


def test_mail_leaves_by_the_transport_and_is_written_down():
    shown = start("print(s.MAILERS['default'])", EMAIL_URL="smtp://127.0.0.1:25").stdout
    assert "notifications.mail_backend.Recorded" in shown


def test_a_school_with_a_comma_in_its_name_sends_from_one_address():
    said = start("print(s.DEFAULT_FROM_EMAIL)", SITE_NAME="Code, and <more>")
    assert said.stdout.strip() == '"Code, and <more>" <noreply@127.0.0.1>'


@pytest.mark.parametrize(("said", "named"), [("", "False"), ("Me <me@example.org>", "True")])
def test_whether_somebody_said_who_sends_is_known(said, named):
    shown = start("print(s.IS_SENDER_NAMED)", DEFAULT_FROM_EMAIL=said)
    assert shown.stdout.strip() == named


def test_a_provider_is_named_with_its_options():
    shown = start(SHOW, EMAIL_URL=PROVIDER).stdout
    assert "anymail.backends.postmark.EmailBackend" in shown
    assert "{'server_token': 'not-for-anybody'}" in shown


def test_a_provider_has_one_door_and_only_with_a_secret():
    opened = start(DOORS, EMAIL_URL=PROVIDER, EMAIL_WEBHOOK_SECRET=SECRET)
    assert opened.stdout.strip() == "/notifications/webhooks/postmark/tracking/"
    assert "NoReverseMatch" in start(DOORS, EMAIL_URL=PROVIDER).stderr


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"EMAIL_URL": "anymail+pigeons://"}, "a provider that django-anymail has not"),
        ({"EMAIL_URL": "mail.example"}, "EMAIL_URL is"),
        ({"EMAIL_URL": PROVIDER, "EMAIL_WEBHOOK_SECRET": "short"}, "EMAIL_WEBHOOK_SECRET is"),
        ({"EMAIL_URL": "consolemail://", "EMAIL_WEBHOOK_SECRET": SECRET}, "is for a provider"),
    ],
)
def test_what_cannot_work_ends_the_start(said, says):
    ended = start("", **said)
    assert ended.returncode == 1
    assert says in ended.stderr.splitlines()[-1]
    assert "not-for-anybody" not in ended.stderr
