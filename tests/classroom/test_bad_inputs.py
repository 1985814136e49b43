"""The table of bad inputs of the classroom and the commands, asked row by row."""

import csv
from pathlib import Path

import pytest

from enrollments.models import Enrollment
from gamification import ledger
from progress.models import LessonProgress
from progress.verification import wrong_rows
from tests.classroom.bad_inputs import BUILDERS, World

TABLE = Path(__file__).parent.parent / "bad_inputs" / "classroom_rows.tsv"
with TABLE.open(newline="") as table:
    ROWS = {
        row["surface"].split()[0]: row
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
    }


@pytest.fixture
def world(ada, bob, root, course, lessons, client, as_):
    client.raise_request_exception = False
    return World(ada, bob, root, course, lessons, client, as_)


def test_the_table_and_the_builders_have_the_same_rows():
    assert set(ROWS) == set(BUILDERS)


def assert_status(answer, wanted):
    if wanted == "4xx":
        assert 400 <= answer.status_code < 500
    else:
        assert str(answer.status_code) == wanted


def text_of(answer):
    parts = [getattr(answer, "text_after", ""), getattr(answer, "text", "")]
    return " ".join(part for part in parts if isinstance(part, str))


@pytest.mark.parametrize("number", ROWS)
def test_a_bad_input_is_answered_and_changes_nothing_else(world, number):
    row = ROWS[number]
    asked = 0
    for answer in BUILDERS[number](world):
        asked += 1
        assert_status(answer, row["status"])
        if row["body"].startswith("Allow: "):
            assert answer["Allow"] == row["body"].removeprefix("Allow: ")
        elif row["body"] == "to sign-in, with the way back":
            assert answer["Location"].startswith("/accounts/login/?next=/")
        elif row["body"] != "not here":
            assert row["body"] in text_of(answer)
        assert "Traceback" not in text_of(answer)
    assert asked
    assert ledger.wrong_standings() == 0
    if "nobody is enrolled" in row["database"] or "nothing changes" in row["database"]:
        assert Enrollment.objects.exclude(user=world.ada).count() == 0
    if "nothing is marked" in row["database"]:
        assert not LessonProgress.objects.exists()
        assert wrong_rows() == 0
