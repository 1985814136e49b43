"""Erasing a person: nothing says who it was, and every sum is what it was."""

from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum

from accounts import erasure, personal
from accounts.models import User
from activity.models import Event
from assessments.models import Attempt, Draft, Submission
from billing.models import Invoice, Transaction
from gamification.models import BoardRow, Standing, XPTransaction
from studio.health import CHECKS
from tests.accounts import lives
from tests.accounts.lives import EMAIL, MARK, NAME

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


def test_the_command_refuses_the_last_admin(root):
    with pytest.raises(CommandError, match="Nobody else administers"):
        call_command("erase_person", root.email, "--noinput")
    assert User.objects.get(pk=root.pk).is_active
