"""Mail about accounts: on the layout of all mail, greeting only whom it knows."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from allauth.core import context as allauth_context
from django.conf import settings
from django.core import mail
from django.utils.timezone import now

from accounts.adapters import REASONS, AccountAdapter
from accounts.mail import SECURITY, letter_of_words
from accounts.school import change_school, forget
from tests import letters

TEMPLATES = Path(settings.BASE_DIR) / "templates"
OURS = sorted(
    path.relative_to(TEMPLATES).as_posix().removesuffix("_message.txt")
    for app in ("account", "mfa", "socialaccount")
    for path in (TEMPLATES / app / "email").glob("*_message.txt")
    if path.name != "base_message.txt"
)
PASSKEYS = ["mfa/email/webauthn_added", "mfa/email/webauthn_removed"]
GIVEN = {
    "ip": "127.0.0.1",
    "user_agent": "Firefox <b>\n\nhttps://evil.example/",
    "provider": "GitHub",
    "from_email": "old@example.org",
    "to_email": "new@example.org",
    "deleted_email": "old@example.org",
}


def write(prefix, callbacks, **more):
    request = SimpleNamespace(META={}, session={}, headers={}, scheme="http", get_host=lambda: "h")
    with allauth_context.request_context(request), callbacks(execute=True):
        AccountAdapter(request).send_mail(
            prefix, "bob@example.org", {**GIVEN, "timestamp": now(), **more}
        )
    (letter,) = mail.outbox
    letters.check(letter)
    return letter


@pytest.mark.parametrize("prefix", [*OURS, *PASSKEYS])
def test_each_says_the_same_twice_and_why_it_came(db, prefix, django_capture_on_commit_callbacks):
    site = settings.SITE_URL
    links = {"password_reset_url": "http://h/reset/", "signup_url": "http://h/signup/"}
    activation = {"activate_url": f"{site}/confirm/", "code": ""}
    letter = write(prefix, django_capture_on_commit_callbacks, **links, **activation)
    assert str(REASONS.get(prefix, SECURITY)) in letter.body
    assert letter.body.endswith(f"\n\n{settings.SITE_NAME}\n{site}\n")
    assert letter.extra_headers["Message-ID"].endswith(f"@{settings.SITE_HOST}>")
    page = letter.alternatives[0].content
    assert 'href="https://evil.example' not in page
    assert "<b>" not in page
    for link in [f"{site}/reset/", f"{site}/signup/", f"{site}/confirm/"]:
        assert (link in letter.body) == (f'href="{link}"' in page)


def test_a_code_stands_by_itself_in_both_parts(db, django_capture_on_commit_callbacks):
    letter = write(
        "account/email/email_confirmation_signup",
        django_capture_on_commit_callbacks,
        code="ABCD-EFGH",
    )
    assert "\n    ABCD-EFGH\n" in letter.body
    assert ">ABCD-EFGH</p>" in letter.alternatives[0].content


def test_mail_is_from_the_school_by_its_name_unless_another_sender_is_named(db, settings):
    change_school(name="Green Hill, and more")
    forget()
    settings.SITE_HOST = "school.example"
    written = ("eve@example.org", "Hi", "Words.", SECURITY)
    assert letter_of_words(*written).from_email == (
        '"Green Hill, and more" <noreply@school.example>'
    )
    settings.IS_SENDER_NAMED, settings.DEFAULT_FROM_EMAIL = True, "Office <office@school.example>"
    assert letter_of_words(*written).from_email == "Office <office@school.example>"


def test_who_is_known_is_greeted_by_name_and_an_address_that_anybody_typed_is_not(
    as_, client, bob, django_capture_on_commit_callbacks
):
    new = {"oldpassword": "a long walk on the beach", "password1": "another walk"}
    with django_capture_on_commit_callbacks(execute=True):
        as_(bob).post("/accounts/password/change/", {**new, "password2": "another walk"})
        client.post("/accounts/password/reset/", {"email": bob.email})
    changed, reset = mail.outbox
    assert changed.body.startswith("Hello Bob,\n\nThe password of your account was changed.")
    assert reset.body.startswith("Hello,\n\nThis link sets a new password.")
