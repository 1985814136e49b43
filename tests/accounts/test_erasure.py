"""Erasing a person: nothing says who it was, and every sum is what it was."""

import importlib
import sys
from io import StringIO
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import authenticate
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from accounts import erasure, personal
from accounts.actions import set_preferences
from accounts.models import ApiToken, User
from accounts.tokens import create_token
from activity.analytics import buffer
from activity.analytics.look import Look
from activity.models import AnalyticsEvent, Event
from assessments.models import Attempt, Draft, Submission
from billing.models import Grant, Invoice, Transaction
from gamification.models import BoardRow, Standing, XPTransaction
from studio.health import CHECKS
from tests.accounts import lives
from tests.accounts.lives import EMAIL, MARK, NAME
from tests.certificates.builders import certify
from tests.conftest import make_person

pytestmark = pytest.mark.django_db
# What the builder left undone on purpose, and what asks the machine or another service.
NOT_ASKED = {"sandbox", "payments", "mail", "messages", "unfounded"}


@pytest.fixture
def quentin(course, root):
    return lives.make_life(course, root)


def off():
    return {one.name: one.look().count for one in CHECKS if one.name not in NOT_ASKED}


def sums():
    return {
        "ledger": XPTransaction.objects.aggregate(Sum("amount")),
        "standings": sorted(Standing.objects.values_list("total_xp", flat=True)),
        "scores": sorted(Attempt.objects.values_list("percent", flat=True)),
        "judged": Submission.objects.exclude(percent=None).aggregate(Sum("points")),
        "paid": (Transaction.objects.aggregate(Sum("amount")), Invoice.objects.count()),
        "events": Event.objects.count(),
    }


def test_every_room_keeps_something_to_begin_with(quentin):
    """Else the search below would prove nothing."""
    for table in personal.tables():
        if table.clears or table.fate is personal.Fate.DELETED:
            found = [rows for rows in table.rows_of(quentin) if table.still_holding(rows).exists()]
            assert found or table.label in lives.WITHOUT, table.label


def test_nothing_says_who_it_was(quentin, django_capture_on_commit_callbacks):
    picture = quentin.profile.avatar
    storage, file = picture.storage, picture.name
    assert len(lives.said_in(lives.dump(), MARK, NAME)) > 20
    with django_capture_on_commit_callbacks(execute=True):
        assert erasure.erase_person(quentin)
    assert lives.said_in(lives.dump(), EMAIL, NAME, MARK) == []
    assert not storage.exists(file)
    assert not personal.left_of_erased(erasure.erased())


def log(staff, thing, said, message=""):
    kind = ContentType.objects.get_for_model(thing)
    return LogEntry.objects.create(
        user=staff, content_type=kind, object_id=thing.pk, object_repr=said, action_flag=CHANGE,
        change_message=message,
    ).pk  # fmt: skip


def test_in_the_admins_log_only_what_is_about_somebody_loses_its_words(root, course):
    """Somebody's name may be a letter, and their address the end of another's."""
    a = make_person("a@example.org", "a")
    other = make_person("aa@example.org", "a")
    certificate = certify(a, course)
    theirs = [
        log(root, a, "a", "Deactivated."),
        log(root, a, "as a was called before"),
        log(root, ApiToken(pk=a.pk), "for A@example.org"),
        log(root, course, "a@example.org, and others"),
    ]
    others = [
        log(root, other, "a"),
        log(root, other, "aa@example.org"),
        log(root, course, "a@example.org.uk"),
        log(root, course, "Data and algebra", "Published."),
        log(root, certify(other, course), certificate.code, "Revoked: it was a mistake."),
    ]
    reason = log(root, certificate, certificate.code, "Revoked: it was somebody else.")
    before = {key: LogEntry.objects.filter(pk=key).values().get() for key in others}
    erasure.erase_person(a)
    said = dict(LogEntry.objects.values_list("pk", "object_repr"))
    assert [said[key] for key in theirs] == ["–"] * 4
    assert LogEntry.objects.get(pk=reason).change_message == "–"
    assert {key: LogEntry.objects.filter(pk=key).values().get() for key in others} == before


def test_the_row_of_who_was_erased_is_as_blank_as_a_new_one(bob):
    User.objects.filter(pk=bob.pk).update(
        language="de", is_minor=True, timezone="Europe/Vienna", last_login=bob.date_joined
    )
    erasure.erase_person(bob)
    person = User.objects.get(pk=bob.pk)
    stays = {
        "id", "email", "name", "password", "date_joined", "is_active", "deleted_at",
        "session_epoch",
    }  # fmt: skip
    for field in User._meta.concrete_fields:
        if field.name not in stays:
            assert getattr(person, field.attname) == field.get_default(), field.name


def test_who_was_erased_before_loses_language_and_age_too(bob, ada):
    migration = importlib.import_module("accounts.migrations.0014_erased_people_speak_no_language")
    erasure.erase_person(bob)
    User.objects.update(language="de", is_minor=True)
    migration.clear(apps, SimpleNamespace(connection=connection))
    said = dict(User.objects.values_list("pk", "language"))
    assert (said[bob.pk], said[ada.pk]) == ("", "de")
    assert list(User.objects.filter(is_minor=True)) == [ada]


@pytest.mark.parametrize(
    "change", [erasure.erase_person, lambda user: set_preferences(user, named_visits=False)]
)
def test_looks_that_still_wait_are_stored_without_a_name(bob, ada, change):
    buffer.waiting.clear()
    for person in (bob, ada):
        set_preferences(person, named_visits=True)
        name = AnalyticsEvent.Name.PAGE_VIEW
        buffer.put(Look(name, "home", "192.0.2.1", "Firefox", bob.date_joined, user=person.pk))
    change(bob)
    assert buffer.flush() == 2
    assert set(AnalyticsEvent.objects.values_list("user", flat=True)) == {None, ada.pk}


def test_sums_boards_and_the_doctor_stay_true(quentin):
    before, well = sums(), off()
    erasure.erase_person(quentin)
    assert sums() == before
    assert off() == {**well, "erased": 0}
    assert not BoardRow.objects.filter(user=quentin, is_listed=True).exists()


def test_a_second_time_changes_nothing(quentin):
    erasure.erase_person(quentin)
    before = lives.dump()
    assert not erasure.erase_person(User.objects.get(pk=quentin.pk))
    assert erasure.erase_what_came_late() == 0
    assert lives.dump() == before


def test_nobody_gets_in_any_more(quentin, as_, client):
    browser = as_(quentin)
    assert browser.get("/settings/").status_code == 200
    erasure.erase_person(quentin)
    assert browser.get("/settings/").status_code == 302
    person = User.objects.get(pk=quentin.pk)
    assert not person.has_usable_password()
    assert authenticate(None, email=person.email, password="") is None
    assert not client.post("/accounts/password/reset/", {"email": EMAIL}).wsgi_request.user.pk
    assert not person.api_tokens.exists()


def test_what_was_under_way_is_found_later(quentin, root):
    """A request that had begun before stores something after: the sweep and the doctor see it."""
    assignment = Submission.objects.first().assignment
    erasure.erase_person(quentin)
    Draft.objects.create(
        user=quentin, assignment=assignment, source=MARK, saved_at=quentin.date_joined
    )
    Submission.objects.create(user=quentin, assignment=assignment, source=MARK, number=9,
                              is_graded=True)  # fmt: skip
    check = next(one for one in CHECKS if one.name == "erased")
    assert check.look().count == 2
    assert erasure.erase_what_came_late() > 0
    assert check.look().count == 0
    assert lives.said_in(lives.dump(), MARK) == []


def test_what_is_left_of_the_erased_is_asked_of_each_table_once_however_many_they_are(
    quentin, django_assert_num_queries
):
    people = [make_person(f"p{number}@example.org", "P") for number in range(20)]
    keys = [one.pk for one in people]
    User.objects.filter(pk__in=keys).update(is_active=False, deleted_at=quentin.date_joined)
    EmailAddress.objects.filter(user__in=keys).delete()
    create_token(people[3], "Editor")
    assert Grant.objects.filter(user=quentin).update(user=people[5])
    erased = erasure.erased()
    with CaptureQueriesContext(connection) as of_two:
        assert personal.people_left(erased.filter(pk__in=[keys[3], keys[4]])) == {keys[3]}
    with django_assert_num_queries(len(of_two)):
        assert personal.people_left(erased) == {keys[3], keys[5]}


def test_the_last_admin_stays(root, grace):
    with pytest.raises(erasure.LastAdmin):
        erasure.erase_person(root)
    User.objects.filter(pk=grace.pk).update(role="ADMIN")
    assert erasure.erase_person(root)
    assert User.objects.get(pk=root.pk).role == "USER"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE activity_event SET data = data - 'reply'",
        "UPDATE gamification_xptransaction SET reason = '–' WHERE reason <> ''",
        "UPDATE accounts_consent SET is_given = NOT is_given",
        "DELETE FROM accounts_consent",
    ],
)
def test_the_records_of_those_who_are_here_are_as_fast_as_before(quentin, change):
    User.objects.filter(pk=quentin.pk).update(last_login=quentin.date_joined)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE activity_event SET data = '{}'",
        "UPDATE activity_event SET data = data - 'reply' - 'reason', kind = 'ENROLLED'",
        "UPDATE gamification_xptransaction SET amount = amount + 1",
        "UPDATE gamification_xptransaction SET reason = 'another' WHERE reason <> ''",
        "DELETE FROM activity_event",
    ],
)
def test_of_those_who_were_erased_only_words_go(quentin, change):
    User.objects.filter(pk=quentin.pk).update(is_active=False, deleted_at=quentin.date_joined)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_the_command_erases_and_says_so(quentin):
    out = StringIO()
    call_command("erase_person", EMAIL, "--noinput", stdout=out)
    assert out.getvalue() == "Erased.\n"
    with pytest.raises(CommandError, match="Nobody has this email"):
        call_command("erase_person", EMAIL, "--noinput")


def test_the_command_takes_the_key_that_the_log_says_and_no_other(
    bob, caplog, django_capture_on_commit_callbacks
):
    """After a restore the list of those who were erased is worked off, by key, and again."""
    caplog.set_level("INFO", "accounts.erasure")
    again = make_person("anna@example.org", "Anna")
    with django_capture_on_commit_callbacks(execute=True):
        call_command("erase_person", str(bob.pk), "--no-input")
    assert User.objects.get(pk=bob.pk).deleted_at
    assert User.objects.get(pk=again.pk).is_active
    assert caplog.messages == [f"The account {bob.pk} was erased"]
    out = StringIO()
    call_command("erase_person", str(bob.pk), "--noinput", stdout=out)
    assert out.getvalue() == "This account was erased before.\n"
    for nobody in (str(again.pk)[:-1], f"{again.pk}0", "", "Anna"):
        with pytest.raises(CommandError, match="Nobody has this email address or key"):
            call_command("erase_person", nobody, "--noinput")


class Terminal(StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (StringIO("yes\n"), "no terminal to ask at. Say --no-input"),
        (Terminal("no\n"), "Nobody was erased."),
        (Terminal(""), "Nobody was erased."),
    ],
)
def test_the_command_erases_nobody_unasked(bob, monkeypatch, there, said):
    monkeypatch.setattr(sys, "stdin", there)
    with pytest.raises(CommandError, match=said) as refusal:
        call_command("erase_person", bob.email)
    assert refusal.value.returncode == 1
    assert User.objects.get(pk=bob.pk).is_active


def test_the_command_erases_whom_somebody_at_a_terminal_says_yes_to(bob, monkeypatch):
    monkeypatch.setattr(sys, "stdin", Terminal("yes\n"))
    call_command("erase_person", bob.email)
    assert User.objects.get(pk=bob.pk).deleted_at


def test_the_command_refuses_the_last_admin(root):
    with pytest.raises(CommandError, match="Nobody else administers"):
        call_command("erase_person", root.email, "--noinput")
    assert User.objects.get(pk=root.pk).is_active
