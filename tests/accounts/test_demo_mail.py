"""The mail of a demo school."""

from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives, send_mail
from django.test import Client

URL = "/demo/mail/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def demo_school(settings: Any, tmp_path: Path) -> Path:
    settings.DEMO_SCHOOL = True
    settings.MAILERS = {
        "default": {"BACKEND": "notifications.mail_backend.Recorded"},
        "transport": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(tmp_path / "mail")},
        },
    }
    return tmp_path / "mail"


def test_a_newcomer_finds_the_code_there(client: Client, demo_school: Path, sent: Any) -> None:
    from tests.accounts.conftest import form  # noqa: PLC0415

    sent(client.post, "/accounts/signup/", form())
    (mail,) = client.get(URL).context["mail"]
    assert "eve@example.org" in mail.to
    assert sent(client.post, "/accounts/confirm-email/", {"code": mail.code}).status_code == 302
    assert "_auth_user_id" in client.session


def test_newest_first_escaped_and_linked_to_this_site_only(
    client: Client, demo_school: Path, settings: Any, time_machine: Any
) -> None:
    site = settings.SITE_URL
    text = f"<b>Hi</b> {site}/accounts/reset/1-2/. https://evil.example/x javascript:alert(1)"
    for minute, subject in enumerate(("First", "Zw\u00f6lf <i>", "Third")):
        time_machine.move_to(f"2026-11-21T12:0{minute}:00Z", tick=False)
        message = EmailMultiAlternatives(subject, text, to=["eve@example.org"])
        message.attach_alternative("<script>alert(1)</script>", "text/html")
        message.send()
    answer = client.get(URL)
    page = answer.content.decode()
    assert [mail.subject for mail in answer.context["mail"]] == ["Third", "Zw\u00f6lf <i>", "First"]
    assert "<b>Hi</b>" not in page
    assert "<script>alert" not in page
    assert f'href="{site}/accounts/reset/1-2/"' in page
    assert 'href="https://evil.example' not in page
    assert "no-store" in answer["Cache-Control"]


def test_headers_and_the_html_part_are_shown_and_run_nothing(
    client: Client, demo_school: Path
) -> None:
    message = EmailMultiAlternatives("Hi", "text", to=["eve@example.org"], headers={"X-A": "b<i>"})
    message.attach_alternative("<p>As HTML</p><script>alert(1)</script>", "text/html")
    message.send()
    answer = client.get(URL)
    page = answer.content.decode()
    assert "<dt>X-A</dt>" in page
    assert "b&lt;i&gt;" in page
    (mail,) = answer.context["mail"]
    assert f'href="{URL}{mail.key}/"' in page
    shown = client.get(f"{URL}{mail.key}/")
    assert "<p>As HTML</p>" in shown.content.decode()
    policy = shown["Content-Security-Policy"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert "no-store" in shown["Cache-Control"]
    assert client.get(f"{URL}{'0' * 32}/").status_code == 404


def test_a_mail_without_an_html_part_has_no_such_page(client: Client, demo_school: Path) -> None:
    send_mail("Kept", "text", None, ["eve@example.org"])
    (mail,) = client.get(URL).context["mail"]
    assert b"How it looks" not in client.get(URL).content
    assert client.get(f"{URL}{mail.key}/").status_code == 404


def test_broken_files_are_passed_over(client: Client, demo_school: Path) -> None:
    assert b"No mail yet" in client.get(URL).content
    send_mail("Kept", "text", None, ["eve@example.org"])
    (demo_school / "empty.log").write_bytes(b"")
    (demo_school / "junk.log").write_bytes(b"\xff\xfe\x00 no mail at all \n\n\n")
    (demo_school / "huge.log").write_bytes(b"x" * 600_000)
    answer = client.get(URL)
    assert answer.status_code == 200
    assert "Kept" in [mail.subject for mail in answer.context["mail"]]


def test_there_is_no_such_page_in_a_real_school(client: Client) -> None:
    assert client.get(URL).status_code == 404
    assert client.get(f"{URL}{'0' * 32}/").status_code == 404
