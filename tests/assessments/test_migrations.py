"""Migrations that move rows, tried with rows in between; the test's transaction takes all back."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import connection
from django.db.migrations import AddIndex
from django.db.migrations.executor import MigrationExecutor

from accounts.models import User
from assessments.clock import read_clock
from assessments.models import HelpRequest, Remark, Review, SubmissionAnalysis
from assessments.unread import unread
from tests.assessments.code_builders import make_assignment
from tests.assessments.review_builders import hand_in

pytestmark = pytest.mark.django_db
BEFORE, MOVED = "0006_every_question_has_a_key", "0008_what_was_said_before"
FILLED, LAST = "0012_who_wrote_at_the_desk", "0017_questions_of_late_are_found"


@pytest.fixture(autouse=True)
def indexes_in_a_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that are built beside people at work cannot be built within the test's transaction."""
    for name in ("database_forwards", "database_backwards"):
        monkeypatch.setattr(AddIndexConcurrently, name, getattr(AddIndex, name))


def migrate(name: str) -> Any:
    """The models as they are after that migration. Checks that are due are done at once."""
    connection.check_constraints()
    executor = MigrationExecutor(connection)
    state = executor.migrate([("assessments", name)])
    connection.check_constraints()
    return state.apps.get_model


@pytest.fixture
def submissions(ada, lessons):
    """Two of code: of one an answered question, of the other one that waits."""
    assignment = make_assignment(lessons[0].module)
    return [hand_in(ada, assignment) for _ in range(2)]


@pytest.fixture
def said(submissions, grace) -> Any:
    """What stood in the columns of before, brought to today's tables; when it was answered."""
    model = migrate(BEFORE)
    answered = read_clock() - timedelta(days=3)
    first, second = (one.pk for one in submissions)
    ask = model("assessments", "HelpRequest").objects.create
    ask(submission_id=second, text="And this?")
    ask(
        submission_id=first, text="Why is it minus?", reply="Look at line 2.",
        replied_at=answered, replied_by_id=grace.pk,
    )  # fmt: skip
    model("assessments", "SubmissionAnalysis").objects.create(
        submission_id=first, kind="RULES", overall=50,
        strengths=[{"text": "It runs."}],
        weaknesses=[{"text": "It subtracts.", "line": 2, "rule": "minus"}, {"text": "So."}],
    )  # fmt: skip
    for name in (MOVED, FILLED, LAST):
        migrate(name)
    return answered


def test_what_was_said_before_is_rows_and_reviews_that_were_read(said, submissions, ada, grace):
    first, second = submissions
    done = Review.objects.get(submission=first)
    assert (done.reason, done.decision, done.reviewer) == ("HELP", "RETURNED", grace)
    assert (done.decided_at, done.told_at, done.waiting_since) == (said, said, None)
    words = SubmissionAnalysis.objects.get(submission=first, kind="MANUAL")
    assert (words.text, words.read_at, words.drafted) == ("Look at line 2.", said, None)
    assert list(User.objects.filter(pk=ada.pk).values_list(unread(ada))) == [(0,)]
    waits = Review.objects.waiting().get()
    assert (waits.submission, waits.reason, waits.decision) == (second, "HELP", "")
    assert waits.waiting_since == HelpRequest.objects.get(submission=second).created_at
    rows = Remark.objects.order_by("position").values_list("section", "text", "line", "rule")
    assert list(rows) == [
        ("STRENGTH", "It runs.", None, ""),
        ("WEAKNESS", "It subtracts.", 2, "minus"),
        ("WEAKNESS", "So.", None, ""),
    ]
