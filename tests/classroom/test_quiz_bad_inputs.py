"""The table of bad inputs of quizzes, asked row by row."""

import csv
from pathlib import Path

import pytest

from assessments.attempts import start_attempt
from assessments.clock import GRACE
from assessments.models import Answer, Attempt
from enrollments.models import Enrollment
from gamification import ledger
from gamification.models import XPTransaction
from progress.models import LessonProgress
from progress.verification import wrong_rows
from tests.assessments.builders import make_quiz
from tests.classroom.bad_quiz import BUILDERS, World

TABLE = Path(__file__).parent.parent / "bad_inputs" / "quiz_rows.tsv"
with TABLE.open(newline="") as table:
    ROWS = {
        row["surface"].split()[0]: row
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
    }
KEY = ("Because.", "They are read.", "Not 3.5.", "is_correct", "data-correct")


@pytest.fixture
def world(ada, bob, lessons, as_):
    quiz = make_quiz(lessons[0].module)
    Enrollment.objects.create(user=bob, course=quiz.lesson.course)

    def sign_in(user):
        browser = as_(user)
        browser.raise_request_exception = False
        return browser

    return World(ada, bob, quiz, start_attempt(ada, quiz)[0], sign_in)


def test_the_table_and_the_builders_have_the_same_rows():
    assert list(ROWS) == sorted(BUILDERS, key=list(ROWS).index)


@pytest.mark.parametrize("number", ROWS)
def test_a_bad_input_is_answered_and_changes_nothing_else(world, number, slow_seconds):
    row, asked = ROWS[number], 0
    for answer in BUILDERS[number](world):
        asked += 1
        assert str(answer.status_code) == row["status"]
        text = answer.content.decode() + getattr(answer, "text_after", "")
        if row["body"] == "no key":
            assert not [word for word in KEY if word in text]
        else:
            assert row["body"] in text
        assert "Traceback" not in text
        if answer.status_code in (429, 503):
            assert int(answer["Retry-After"]) >= 1
    assert asked
    assert ledger.wrong_standings() == 0
    assert wrong_rows() == 0
    assert not XPTransaction.objects.exists()
    assert not LessonProgress.objects.exists()
    assert not Attempt.objects.of(world.bob).filter(passed=True).exists()
    if row["database"] == "unchanged":
        assert not any(one.is_answered for one in Answer.objects.all())
    assert not Attempt.objects.open().overdue(GRACE).exists()
