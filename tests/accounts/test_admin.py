"""People in the admin."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core import mail
from django.test import Client

import accounts.admin
from accounts.audit_entries import AuditEntry
from accounts.models import User
from accounts.tokens import create_token, user_of_token
from tests.accounts.bad_sign_in import second_factor

LIST = "/admin/accounts/user/"


@pytest.fixture
def admin(root: User, as_: Any) -> Client:
    second_factor(root)
    browser: Client = as_(root)
    return browser


@pytest.mark.parametrize("query", ["", "?q=bob@", "?q=Bob", "?q=bob-b", "?role=USER&is_active=1"])
def test_people_are_found(
    admin: Client, bob: User, query: str, django_assert_max_num_queries: Any
) -> None:
    bob.profile.handle = "bob-b"
    bob.profile.save()
    with django_assert_max_num_queries(12):
        page = admin.get(f"{LIST}{query}")
    assert page.status_code == 200
    assert b"bob@example.org" in page.content


def change(admin: Client, user: User, **fields: Any) -> Any:
    data = {"name": user.name, "timezone": "UTC", "role": "USER", **fields}
    return admin.post(f"{LIST}{user.pk}/change/", data)


def test_no_hash_is_shown_and_dates_are_only_read(admin: Client, bob: User) -> None:
    page = admin.get(f"{LIST}{bob.pk}/change/").content.decode()
    assert bob.password not in page
    assert 'name="date_joined' not in page
    assert 'name="is_superuser"' not in page
    assert admin.get(f"{LIST}{bob.pk}/delete/").status_code == 403
    assert admin.get(f"{LIST}add/").status_code == 403


def test_the_ways_to_the_audit_log_speak_the_language_of_who_reads(
    admin: Client, bob: User
) -> None:
    page = admin.get(f"{LIST}{bob.pk}/change/", headers={"Accept-Language": "de"}).text
    ways = ("Was mit diesem Konto gemacht wurde", "Die Website wie diese Person sehen")
    for way in ways:
        assert f">{way}</a>" in page


def test_the_rights_follow_the_role_and_old_sessions_end(
    admin: Client, bob: User, as_: Any
) -> None:
    browser = as_(bob)
    assert change(admin, bob, role="ADMIN", name="Robert").status_code == 302
    bob.refresh_from_db()
    assert (bob.role, bob.is_superuser, bob.is_staff, bob.name) == ("ADMIN", True, True, "Robert")
    assert browser.get("/settings/").status_code == 302
    change(admin, bob, role="USER")
    bob.refresh_from_db()
    assert (bob.is_superuser, bob.is_staff) == (False, False)
    assert LogEntry.objects.filter(object_id=bob.pk).count() == 2


def test_nobody_takes_away_their_own_role(admin: Client, root: User) -> None:
    change(admin, root, role="USER")
    root.refresh_from_db()
    assert root.role == "ADMIN"


def test_people_are_deactivated_and_activated_but_never_oneself(
    admin: Client, bob: User, root: User
) -> None:
    _, text = create_token(bob, "Editor")
    both = {"_selected_action": [str(bob.pk), str(root.pk)]}
    said = admin.post(
        LIST, {"action": "deactivate_people", **both}, follow=True,
        headers={"Accept-Language": "de"},
    ).text  # fmt: skip
    assert "1 abgeschaltet." in said
    bob.refresh_from_db()
    root.refresh_from_db()
    assert (bob.is_active, root.is_active) == (False, True)
    assert user_of_token(text) is None
    admin.post(LIST, {"action": "reactivate_people", **both})
    bob.refresh_from_db()
    assert bob.is_active


def test_another_admin_removes_a_lost_second_factor_and_the_person_is_told(
    admin: Client, bob: User, root: User, sent: Any
) -> None:
    second_factor(bob)
    _, text = create_token(bob, "Editor")
    both = {"_selected_action": [str(bob.pk), str(root.pk)]}
    asked = {"action": "remove_second_factors", **both}
    for reason in ({}, {"reason": ""}, {"reason": "x" * 501}):
        page = admin.post(LIST, {**asked, **reason}).text
        assert "it is they who ask" in page
        assert "bob@example.org" in page
        assert "root@example.org, " not in page
    assert bob.authenticator_set.exists()
    for _ in range(2):
        sent(admin.post, LIST, {**asked, "reason": "He showed his face."})
    assert AuditEntry.objects.get(kind="SECOND_FACTOR_TAKEN").reason == "He showed his face."
    assert [authenticator.user for authenticator in Authenticator.objects.all()] == [root, root]
    assert user_of_token(text) is None
    assert [message.to for message in mail.outbox] == [["bob@example.org"]]
    assert LogEntry.objects.filter(object_id=bob.pk).count() == 1


def test_a_second_factor_is_taken_from_those_who_have_one_and_from_few_at_once(
    admin: Client, bob: User, grace: User, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for person in (bob, grace):
        second_factor(person)
    everybody = [str(person.pk) for person in (bob, grace, ada)]
    data = {"action": "remove_second_factors", "_selected_action": everybody, "select_across": "1"}
    page = admin.post(LIST, data).text
    assert "bob@example.org" in page
    assert "grace@example.org" in page
    assert "ada@example.org" not in page
    monkeypatch.setattr(accounts.admin, "MOST_AT_ONCE", 1)
    page = admin.post(LIST, {**data, "reason": "They asked."}, follow=True).text
    assert "Nothing was removed: more than 1 of these people have a second factor." in page
    assert bob.authenticator_set.exists()
    assert not AuditEntry.objects.filter(kind="SECOND_FACTOR_TAKEN").exists()


@pytest.fixture
def clerk(grace: User) -> User:
    """An admin without all rights, who sees people."""
    grace.role = User.Role.ADMIN
    grace.save()
    second_factor(grace)
    grace.user_permissions.add(Permission.objects.get(codename="view_user"))
    return grace


def let_change(clerk: User) -> None:
    clerk.user_permissions.add(Permission.objects.get(codename="change_user"))


def test_who_may_only_look_at_people_changes_nobody(
    clerk: User, bob: User, root: User, as_: Any
) -> None:
    second_factor(root)
    browser = as_(clerk)
    assert browser.get(LIST).status_code == 200
    both = {"_selected_action": [str(bob.pk), str(root.pk)], "reason": "They asked."}
    for action in ("deactivate_people", "remove_second_factors"):
        browser.post(LIST, {"action": action, **both})
    User.objects.filter(pk=bob.pk).update(is_active=False)
    browser.post(LIST, {"action": "reactivate_people", "_selected_action": [str(bob.pk)]})
    bob.refresh_from_db()
    root.refresh_from_db()
    assert (bob.is_active, root.is_active) == (False, True)
    assert root.authenticator_set.exists()
    let_change(clerk)
    browser.post(LIST, {"action": "reactivate_people", "_selected_action": [str(bob.pk)]})
    bob.refresh_from_db()
    assert bob.is_active


def test_only_all_rights_take_a_second_factor_away(clerk: User, root: User, as_: Any) -> None:
    second_factor(root)
    let_change(clerk)
    data = {"action": "remove_second_factors", "_selected_action": [str(root.pk)], "reason": "So."}
    as_(clerk).post(LIST, data)
    assert root.authenticator_set.exists()


def test_saving_a_person_hands_out_no_rights(clerk: User, bob: User, as_: Any) -> None:
    let_change(clerk)
    browser = as_(clerk)
    for person in (clerk, bob):
        change(browser, person, name="Renamed", role="ADMIN")
        person.refresh_from_db()
        assert (person.name, person.is_superuser) == ("Renamed", False)
    assert (clerk.role, bob.role) == ("ADMIN", "USER")


def test_saving_an_admin_without_all_rights_hands_out_none(admin: Client, clerk: User) -> None:
    change(admin, clerk, name="Renamed", role="ADMIN")
    clerk.refresh_from_db()
    assert (clerk.name, clerk.is_superuser) == ("Renamed", False)


@pytest.mark.parametrize(
    "model", ["account/emailaddress", "mfa/authenticator", "usersessions/usersession"]
)
def test_rows_with_secrets_have_no_page(admin: Client, model: str) -> None:
    assert admin.get(f"/admin/{model}/").status_code == 404
