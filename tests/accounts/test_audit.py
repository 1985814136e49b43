"""The audit log: rows stay as they are, no secret gets in, and nobody fills it up."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils.timezone import now

from accounts import audit, failed_sign_ins
from accounts.erasure import erase_person
from accounts.models import AuditEntry, User
from tests.accounts.bad_sign_in import second_factor
from tests.accounts.conftest import PASSWORD, code_in_mail

NEW = "another walk, on the hills"


def kinds() -> list[str]:
    return list(AuditEntry.objects.order_by("created_at", "id").values_list("kind", flat=True))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_auditentry SET reason = 'x'",
        "DELETE FROM accounts_auditentry",
        "UPDATE accounts_auditentry SET keep_until = created_at + interval '1 second'",
    ],
)
def test_a_row_is_never_changed_or_deleted(bob: User, statement: str) -> None:
    audit.note("ACCOUNT_CLOSED", bob)
    before = AuditEntry.objects.values().get()
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert AuditEntry.objects.values().get() == before


def test_the_whole_table_is_not_emptied_either(bob: User) -> None:
    audit.note("ACCOUNT_CLOSED", bob)
    with connection.cursor() as cursor:
        # The tests switch it off, to empty their tables.
        cursor.execute("ALTER TABLE accounts_auditentry ENABLE TRIGGER append_only_table")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute("TRUNCATE accounts_auditentry")
        cursor.execute("ALTER TABLE accounts_auditentry DISABLE TRIGGER append_only_table")
    assert AuditEntry.objects.count() == 1


def test_what_was_kept_long_enough_goes_and_nothing_else(bob: User) -> None:
    audit.note("ACCOUNT_CLOSED", bob)
    for kind, days in (("SIGNED_IN", 181), ("SIGNED_IN", 179), ("ACCOUNT_CLOSED", 731)):
        begun = now() - timedelta(days=days)
        kept = begun + audit.KINDS[kind].kept
        AuditEntry.objects.create(kind=kind, created_at=begun, keep_until=kept)
    assert audit.forget() == 2
    assert audit.forget() == 0
    assert sorted(kinds()) == ["ACCOUNT_CLOSED", "SIGNED_IN"]


def test_an_account_that_goes_leaves_its_notes(bob: User) -> None:
    audit.note("ACCOUNT_CLOSED", bob, by=bob)
    key = bob.pk
    bob.delete()
    entry = AuditEntry.objects.select_related("actor", "person").get()
    assert (entry.actor_id, entry.person_id, entry.person) == (key, key, None)


def test_of_an_erased_account_a_dash_stands_for_what_staff_wrote(ada: User, root: User) -> None:
    audit.note("LOOK_BEGAN", ada, by=root, reason="Ada called")
    audit.note("ACCOUNT_CLOSED", root, by=root, reason="Ada called")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEntry.objects.filter(person=ada).update(reason="–")
    erase_person(ada)
    found = AuditEntry.objects.exclude(kind="ERASED").values_list("kind", "reason", "person")
    assert set(found) == {
        ("LOOK_BEGAN", "–", ada.pk), ("ACCOUNT_CLOSED", "Ada called", root.pk),
    }  # fmt: skip


def test_who_guesses_passwords_fills_no_table(bob: User, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    browser = Client()
    for number in range(5):
        for login in (bob.email, f"n{number}@example.org"):
            browser.post("/accounts/login/", {"login": login, "password": f"wrong {number}"})
    found = AuditEntry.objects.filter(kind="SIGN_IN_FAILED")
    assert {entry.person for entry in found} == {bob, None}
    assert len(found) == 2
    browser.post(
        "/accounts/login/", {"login": bob.email, "password": "wrong"}, REMOTE_ADDR="192.0.2.9"
    )
    assert found.all().count() == 3


def test_an_hour_holds_so_many_failures_of_all(bob: User, monkeypatch: Any) -> None:
    monkeypatch.setattr(failed_sign_ins, "MOST", 2)
    for number in range(4):
        sent = {"login": bob.email, "password": "wrong"}
        Client().post("/accounts/login/", sent, REMOTE_ADDR=f"192.0.2.{number}")
    assert kinds() == ["SIGN_IN_FAILED"] * 2


def test_no_secret_that_was_typed_or_made_stands_in_the_log(root: User, sent: Any) -> None:
    browser = Client()
    mistyped = "hunter2@typed.example"
    browser.post("/accounts/login/", {"login": mistyped, "password": "planted-wrong-password"})
    browser.post("/accounts/login/", {"login": root.email, "password": PASSWORD})
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    changed = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    browser.post("/accounts/password/change/", changed)
    browser.post("/accounts/reauthenticate/", {"password": NEW})
    made = browser.post("/settings/tokens/", {"name": "planted-token-name", "days": "30"})
    token = made.context["new_token"]
    sent(browser.post, "/accounts/email/", {"action_add": "", "email": "new@example.org"})
    code = code_in_mail()
    sent(browser.post, "/accounts/confirm-email/", {"code": code})
    assert {"SIGN_IN_FAILED", "SIGNED_IN", "PASSWORD_CHANGED", "TOKEN_MADE", "EMAIL_CHANGED"} <= {
        *kinds()
    }
    held = str(list(AuditEntry.objects.values_list()))
    secrets = (
        mistyped, "planted", PASSWORD, NEW, token, token[:9], code, "@example.org",
        browser.session.session_key,
    )  # fmt: skip
    assert [one for one in secrets if one in held] == []


def test_a_second_factor_is_noted_by_its_own_pages(root: User) -> None:
    second_factor(root)
    browser = Client()
    browser.post("/accounts/login/", {"login": root.email, "password": PASSWORD})
    browser.post("/accounts/2fa/authenticate/", {"code": "000000"})
    [entry] = AuditEntry.objects.all()
    assert (entry.kind, entry.person, entry.data) == ("SIGN_IN_FAILED", root, {"means": "code"})
