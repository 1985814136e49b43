"""What people agreed to: in which words, and since when."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts import consents
from accounts.actions import remove_unverified, set_preferences
from accounts.models import School, User
from accounts.own_data import Consent
from accounts.school import remember
from tests.accounts.conftest import form

pytestmark = pytest.mark.django_db
SIGN_UP = "/accounts/signup/"
WORDS = "I am 16 or older, or a parent agrees that I learn here."


@pytest.fixture
def from_sixteen():
    remember(School.objects.create(minimum_age=16))


def given(user):
    return [(one.kind, one.is_given) for one in user.consents.all()]


def test_a_school_with_a_least_age_asks_and_logs_it(from_sixteen):
    browser = Client()
    assert WORDS in browser.get(SIGN_UP).content.decode()
    answer = browser.post(SIGN_UP, form())
    assert b"Ask a parent first." in answer.content
    assert not User.objects.exists()
    browser.post(SIGN_UP, form(of_age="on"))
    (consent,) = User.objects.get().consents.all()
    assert (consent.kind, consent.is_given, consent.text) == ("AGE", True, WORDS)


def test_a_school_without_asks_nobody(db):
    browser = Client()
    assert "of_age" not in browser.get(SIGN_UP).content.decode()
    browser.post(SIGN_UP, form())
    assert not Consent.objects.exists()


def test_a_sign_up_that_nobody_finished_takes_its_consent_along(from_sixteen):
    Client().post(SIGN_UP, form(of_age="on"))
    User.objects.update(date_joined="2020-01-01T00:00Z")
    assert remove_unverified() == 1
    assert not Consent.objects.exists()


def test_visits_under_ones_name_are_logged_when_it_changes(bob, as_):
    browser = as_(bob)
    for wanted in ({}, {"named_visits": "on"}, {"named_visits": "on"}, {}):
        browser.post("/settings/privacy/", wanted)
    assert given(bob) == [("VISITS", True), ("VISITS", False)]
    assert "taken back" in browser.get("/settings/data/").content.decode()
    set_preferences(bob, theme="dark")
    assert len(given(bob)) == 2


def test_other_words_are_agreed_to_anew(bob):
    assert consents.note(bob, Consent.Kind.AGE, is_given=True, text="I am 14.")
    assert consents.note(bob, Consent.Kind.AGE, is_given=True, text="I am 16.")
    assert not consents.note(bob, Consent.Kind.AGE, is_given=True, text="I am 16.")


@pytest.mark.parametrize(
    "change", ["UPDATE accounts_consent SET text = 'Yes'", "DELETE FROM accounts_consent"]
)
def test_nobody_changes_the_log(bob, change):
    consents.note(bob, Consent.Kind.AGE, is_given=True, text="I am 16.")
    User.objects.filter(pk=bob.pk).update(last_login=bob.date_joined)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
