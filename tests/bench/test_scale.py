"""The synthetic school."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils.timezone import now

from accounts.models import User
from activity.models import Event
from certificates.actions import missing, unfounded
from certificates.credentials import signed
from certificates.credentials import verify as verify_credential
from certificates.models import Certificate
from courses.models import Course, Lesson
from enrollments.models import Enrollment
from enrollments.verification import verify
from gamification.board_checks import wrong_boards
from gamification.boards import list_those_who_changed
from gamification.ledger import wrong_standings
from gamification.levels import level_of
from gamification.models import ActiveDay, Board, BoardRow, Standing, XPTransaction
from gamification.nickname_checks import without_reading
from gamification.periods import week_of
from gamification.streak_checks import wrong_streaks
from progress.models import CourseProgress, LessonProgress
from progress.verification import wrong_rows
from studio import scale
from tests.conftest import make_person


def seed(users, courses=3, lessons=12):
    out = StringIO()
    arguments = ["--users", str(users), "--courses", str(courses), "--lessons", str(lessons)]
    call_command("seed_scale", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_the_school_has_the_size_that_was_asked_for(db):
    assert seed(400) == {"users": 400, "courses": 3, "added": 400}
    assert User.objects.count() == scale.people().count() == 400
    assert Course.objects.published().count() == 3
    assert Lesson.objects.live().count() == 36
    assert Enrollment.objects.count() == 1200


def test_what_the_verbs_keep_true_is_true(db):
    seed(400)
    assert wrong_rows() == 0
    assert wrong_standings() == 0
    assert wrong_streaks() == 0
    assert not without_reading()
    assert verify().is_clean
    assert not User.objects.filter(profile=None).exists()


def test_marks_xp_and_events_tell_the_same_story(db):
    seed(400)
    marks = LessonProgress.objects.count()
    assert marks > 400
    assert XPTransaction.objects.count() == marks
    assert Event.objects.filter(kind=Event.Kind.LESSON_COMPLETED).count() == marks
    finished = CourseProgress.objects.exclude(completed_at=None).count()
    assert finished
    assert Enrollment.objects.filter(status=Enrollment.Status.COMPLETED).count() == finished
    assert Event.objects.filter(kind=Event.Kind.COURSE_COMPLETED).count() == finished
    assert Event.objects.filter(kind=Event.Kind.CERTIFICATE_ISSUED).count() == finished
    assert Certificate.objects.count() == finished
    assert not missing()
    assert not unfounded()
    assert verify_credential(signed(Certificate.objects.first()))["name"]
    levels = sum(level_of(total) for total in Standing.objects.values_list("total_xp", flat=True))
    assert Event.objects.filter(kind=Event.Kind.LEVEL_REACHED).count() == levels


def test_the_last_of_ten_million_have_numbers_that_fit(db):
    school = scale.School(users=10_000_000, courses=2, lessons=4)
    with connection.cursor() as cursor:
        scale.remember(cursor, scale.courses_of(school))
        scale.add_people(cursor, school, 9_999_800, 10_000_000)
    assert User.objects.count() == 201
    assert LessonProgress.objects.exists()


def test_a_second_run_adds_only_what_is_missing(db):
    seed(50)
    assert seed(50)["added"] == 0
    assert seed(80)["added"] == 30
    assert Enrollment.objects.count() == 240


def test_an_interrupted_run_goes_on(db, monkeypatch):
    monkeypatch.setattr(scale, "BATCH", 20)

    def stop(there):
        if there == 40:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scale.seed(scale.School(users=90, courses=2), stop)
    assert scale.seed(scale.School(users=90, courses=2)) == 50
    assert wrong_rows() == 0


def test_half_of_the_places_on_request(db):
    scale.seed(scale.School(users=200, courses=20, lessons=2, enrolled=50, learning=False))
    assert Enrollment.objects.count() == 2000
    assert not LessonProgress.objects.exists()


def test_a_school_with_real_people_is_left_alone(db):
    make_person("ada@school.org", "Ada")
    with pytest.raises(CommandError, match="real people"):
        seed(10)
    assert User.objects.count() == 1


def test_a_demo_school_may_be_measured(ada):
    assert seed(10)["added"] == 10


def test_another_shape_is_refused(db):
    seed(10)
    for arguments in ({"users": 10, "courses": 4}, {"users": 10, "lessons": 5}, {"users": 5}):
        with pytest.raises(CommandError):
            seed(**arguments)
    assert Enrollment.objects.count() == 30


def test_the_boards_are_counted_and_most_people_are_on_them(db):
    seed(400, lessons=50)
    assert wrong_boards() == 0
    assert not ActiveDay.objects.filter(last_at__gt=now()).exists()
    learners = Standing.objects.count()
    board = Board.objects.get(period="all", scope="school")
    listed = BoardRow.objects.filter(board=board, shown__isnull=False).count()
    assert 0.5 * learners < listed < learners
    # Early on a Monday nobody has learned anything yet in the week of today.
    last_paid = XPTransaction.objects.latest("created_at").created_at
    assert now() - last_paid < timedelta(days=2)
    assert BoardRow.objects.filter(board__period=week_of(last_paid).name).exists()
    assert list_those_who_changed() == 0
