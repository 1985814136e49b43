"""All other mail: sent as ever, and written down."""

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client

from notifications.models import EmailLog, Preference
from notifications.topics import TOPICS
from notifications.unsubscribing import token_of
from tests.conftest import PASSWORD
from tests.doubles.smtp_server import GONE
from tests.notifications.conftest import transport_to

pytestmark = pytest.mark.django_db


def write(subject="Your password was changed", to=("bob@example.org",), **headers):
    EmailMessage(subject, "A secret: ABC-DEF", None, to, headers=headers).send()


def test_each_mail_leaves_a_row_without_its_text(bob, mail_server):
    write(to=["Bob@Example.org"])
    row = EmailLog.objects.get()
    assert (row.user, row.kind, row.to) == (bob, "account", "bob@example.org")
    assert (row.state, row.subject) == ("SENT", "Your password was changed")
    assert row.sent_at
    assert len(mail_server.arrived) == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM notifications_emaillog e WHERE e::text LIKE '%ABC%'")
        assert cursor.fetchone() == (0,)


def test_a_stranger_and_somebody_else_have_a_row_each(bob, mail_server):
    write(to=["bob@example.org", "eve@example.org"])
    rows = EmailLog.objects.order_by("to").values_list("to", "user")
    assert list(rows) == [("bob@example.org", bob.pk), ("eve@example.org", None)]


@pytest.mark.parametrize(
    "subject",
    ["ABC-DEF is your code for Waymark", "4711 is it", "See https://x.example/reset/1/", "Q1-W2"],
)
def test_subjects_with_codes_are_not_kept(mail_server, subject):
    write(subject)
    assert EmailLog.objects.get().subject == ""
    assert mail_server.mails[0]["Subject"] == subject


def test_its_writer_may_say_what_it_is_about(mail_server):
    write(Keywords="billing")
    assert EmailLog.objects.get().kind == "billing"


@pytest.mark.parametrize(
    ("step", "said", "state"),
    [
        ("greeting", "421 busy", "FAILED"),
        ("RCPT", "550 nobody", "FAILED"),
        ("content", "451 later", "FAILED"),
        ("content", GONE, "UNCERTAIN"),
    ],
)
def test_what_became_of_it_is_written_down_and_the_writer_hears_of_it(
    mail_server, step, said, state
):
    mail_server.says[step] = said
    with pytest.raises(OSError):  # noqa: PT011
        write()
    row = EmailLog.objects.get()
    assert row.state == state
    assert row.fault


def test_a_row_that_cannot_be_written_costs_nobody_the_mail(mail_server, monkeypatch):
    def broken(*given):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")

    monkeypatch.setattr(EmailLog.objects, "bulk_create", broken)
    write()
    assert len(mail_server.arrived) == 1
    assert not EmailLog.objects.exists()


def ask_for_a_new_password(client, email):
    return client.post("/accounts/password/reset/", {"email": email})


def test_a_server_that_is_down_costs_nobody_the_page(
    client, bob, settings, django_capture_on_commit_callbacks
):
    """NT06"""
    settings.MAILERS = {
        "default": {"BACKEND": "notifications.mail_backend.Recorded"},
        "transport": transport_to(1),
    }
    with django_capture_on_commit_callbacks(execute=True):
        assert ask_for_a_new_password(client, bob.email).status_code == 302
    assert EmailLog.objects.get().state == "FAILED"


def test_security_mail_comes_whatever_was_switched_off(
    bob, mail_server, django_capture_on_commit_callbacks
):
    """NT08"""
    client = Client()
    for topic in [*TOPICS, "digest"]:
        client.post(f"/notifications/unsubscribe/{token_of(bob.pk, topic)}/")
    EmailLog.objects.create(user=bob, kind="review", to=bob.email, state="BOUNCED")
    assert Preference.objects.filter(user=bob, channel="EMAIL", is_on=True).count() == 0
    with django_capture_on_commit_callbacks(execute=True):
        ask_for_a_new_password(client, bob.email)
    client.force_login(bob)
    new = {"oldpassword": PASSWORD, "password1": "another walk", "password2": "another walk"}
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/password/change/", new)
    subjects = [mail["Subject"] for mail in mail_server.mails]
    assert len(subjects) == 2
    assert subjects[1] == "Your password was changed"
    assert EmailLog.objects.filter(kind="account", state="SENT").count() == 2
