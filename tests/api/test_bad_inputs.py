"""Every row of the table of bad inputs is sent, and the database is looked at afterwards."""

import csv
import json
from pathlib import Path

import pytest
from django.db.models import Sum

from accounts.models import User
from activity.models import Event
from assessments.models import Answer, Attempt, Option, Question
from courses.models import Course, Lesson
from enrollments.models import Enrollment
from gamification.models import Standing, XPTransaction
from progress.models import CourseProgress, LessonProgress
from tests.api import bad_awards, bad_enrollments, bad_quizzes
from tests.api.conftest import code_of
from tests.api.world import BUILDERS, World

assert all((bad_awards, bad_enrollments, bad_quizzes))
TABLE = Path(__file__).parent.parent / "bad_inputs" / "api_rows.tsv"
with TABLE.open(newline="") as lines:
    ROWS = {row["surface"].split()[0]: row for row in csv.DictReader(lines, delimiter="\t")}
OWNED = (Enrollment, LessonProgress, CourseProgress, XPTransaction, Standing, Event, Attempt)
SHARED = (User, Course, Lesson, Question, Option, Answer)


@pytest.fixture
def world(ada, bob, root, course, lessons, program, stranger, monkeypatch):
    return World(ada, bob, root, course, lessons, program, stranger, monkeypatch)


def test_the_table_and_the_builders_name_the_same_rows():
    assert set(ROWS) == set(BUILDERS)


def rows_of(model, **excluded):
    return sorted(model.objects.exclude(**excluded).order_by().values_list(), key=repr)


def picture(*, without: User | None = None):
    """All rows, or all that do not belong to one person."""
    excluded = {"user": without} if without else {}
    return [rows_of(model, **excluded) for model in OWNED] + [rows_of(model) for model in SHARED]


def check_what_always_holds():
    sums = XPTransaction.objects.order_by().values_list("user").annotate(Sum("amount"))
    assert dict(sums) == dict(Standing.objects.values_list("user", "total_xp"))
    for model, pair in ((Enrollment, "course"), (LessonProgress, "lesson"), (Standing, "pk")):
        keys = list(model.objects.values_list("user", pair))
        assert len(keys) == len(set(keys))
    assert not User.objects.filter(role=User.Role.ADMIN).exclude(name="Root").exists()


@pytest.mark.parametrize("key", ROWS)
def test_bad_input(key, world, monkeypatch):
    row, ada, bob = ROWS[key], world.ada, world.bob
    requests = list(BUILDERS[key](world))
    before = picture()
    before_of_others = picture(without=ada)
    statuses = {int(status) for status in row["expected status"].split(" / ")}
    code = row["expected body/message"].removeprefix("code ")
    sent = 0
    for request in requests:
        response = request()
        sent += 1
        assert response.status_code in statuses, (row["input"], response.content)
        assert b"Traceback" not in response.content
        if code != row["expected body/message"]:
            assert code_of(response) == code
        elif response.status_code < 300:
            json.loads(response.content)
    assert sent
    monkeypatch.undo()
    check_what_always_holds()
    if row["database invariant"].startswith("nothing changes"):
        assert picture() == before
    if key[:2] in ("XP", "TG"):
        assert picture(without=ada) == before_of_others
    if "one ledger entry" in row["database invariant"]:
        assert XPTransaction.objects.filter(user=ada).count() == 1
    if "one enrolment" in row["database invariant"]:
        assert Enrollment.objects.filter(user=bob).count() == 1
