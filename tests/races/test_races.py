"""Twenty at once: one row, one award, and totals that equal the ledger."""

import pytest
from django.db import connection
from django.test import Client

from activity.models import Event
from courses.actions import hide_lesson, publish_lesson
from courses.models import Lesson
from enrollments.actions import enroll
from enrollments.models import Enrollment
from gamification import ledger
from gamification.models import Standing, XPTransaction
from progress.actions import complete_lesson
from progress.models import CourseProgress, LessonProgress
from progress.verification import wrong_rows
from studio.editing import editing
from tests.conftest import make_course
from tests.races.gate import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]
CROWD = 20


def poster(user, address, data):
    """Make a browser of that person that posts once."""
    browser = Client(raise_request_exception=False)
    browser.force_login(user)
    return lambda: browser.post(address, data).status_code


def press(user, lesson, done="1"):
    return poster(user, f"/lessons/{lesson.pk}/completion/", {"done": done})


def assert_all_is_true():
    assert ledger.wrong_standings() == 0
    assert wrong_rows() == 0


@pytest.mark.parametrize(
    "table", ["progress_lessonprogress", "activity_event", "gamification_xptransaction"]
)
def test_one_lesson_completed_twenty_times_pays_once(ada, lessons, table):
    statuses = at_once(table, [press(ada, lessons[0]) for _ in range(CROWD)])
    assert set(statuses) == {303}
    assert LessonProgress.objects.count() == XPTransaction.objects.count() == 1
    assert Event.objects.filter(kind="LESSON_COMPLETED").count() == 1
    assert Standing.objects.get(user=ada).total_xp == 10
    assert_all_is_true()


def test_different_lessons_at_once_all_count_and_finish_the_course_once(bob, db):
    course = make_course("wide", lessons=CROWD)
    enroll(bob, course)
    required = Lesson.objects.filter(course=course, is_required=True)
    statuses = at_once("progress_courseprogress", [press(bob, lesson) for lesson in required])
    assert set(statuses) == {303}
    progress = CourseProgress.objects.get(user=bob)
    assert (progress.done, progress.total) == (CROWD, CROWD)
    assert progress.completed_at is not None
    assert Event.objects.filter(kind="COURSE_COMPLETED").count() == 1
    assert Standing.objects.get(user=bob).total_xp == 10 * CROWD
    assert_all_is_true()


def test_lessons_of_two_courses_at_once_leave_one_right_total(bob, db):
    courses = [make_course("left"), make_course("right")]
    for course in courses:
        enroll(bob, course)
    firsts = [Lesson.objects.filter(course=c).in_outline_order()[0] for c in courses]
    presses = [press(bob, lesson) for lesson in firsts for _ in range(CROWD // 2)]
    assert set(at_once("gamification_xptransaction", presses)) == {303}
    assert Standing.objects.get(user=bob).total_xp == 20
    assert_all_is_true()


def test_doing_and_undoing_at_once_never_pays_twice(ada, lessons):
    presses = [press(ada, lessons[0], done=str(n % 2)) for n in range(CROWD)]
    assert set(at_once("progress_lessonprogress", presses)) == {303}
    assert XPTransaction.objects.count() == 1
    assert_all_is_true()


def test_enrolling_twenty_times_makes_one_row(bob, course):
    address = f"/courses/{course.slug}/enrollment/"
    presses = [poster(bob, address, {"wanted": "1"}) for _ in range(CROWD)]
    assert set(at_once("enrollments_enrollment", presses)) == {303}
    assert Enrollment.objects.filter(user=bob).count() == 1
    assert Event.objects.filter(kind="ENROLLED", user=bob).count() == 1


@pytest.mark.parametrize("done", ["1", "0"])
def test_marking_while_an_author_hides_a_lesson_neither_deadlocks_nor_miscounts(
    ada, course, lessons, done
):
    """The author's recount and the learner's mark meet at the same rows, again and again."""
    for lesson in lessons[:2]:
        complete_lesson(ada, lesson)

    def hide():
        with editing(course):
            hide_lesson(lessons[3])
        return 303

    def show():
        with editing(course):
            publish_lesson(lessons[3])
        return 303

    for author in (hide, show, hide):
        crowd = [press(ada, lessons[n % 3], done=done) for n in range(9)]
        statuses = at_once("progress_courseprogress", [*crowd[:5], author, *crowd[5:]])
        assert set(statuses) == {303}
        assert_all_is_true()


def test_totals_stay_right_while_they_are_summed_afresh(ada, lessons):
    presses = [press(ada, lesson) for lesson in lessons]
    sums = [lambda: (ledger.recount_all() and 303) or 303] * 3
    assert set(at_once("gamification_xptransaction", [*presses, *sums])) == {303}
    assert_all_is_true()


def test_the_gate_sees_a_missing_constraint(ada, lessons):
    """The proof of the proof: without its unique constraint the ledger pays more than once."""
    unique = "ON CONFLICT (user_id, source_type, source_key) DO NOTHING"
    drop = "ALTER TABLE gamification_xptransaction DROP CONSTRAINT xp_source_pays_once"
    make = "ADD CONSTRAINT xp_source_pays_once UNIQUE (user_id, source_type, source_key)"
    insert = """
        INSERT INTO gamification_xptransaction
          (id, user_id, amount, base, factor, board_points, source_type, source_key, reason, data,
           created_at)
        VALUES (waymark_uuid7(), %s, 10, 10, 1, 10, 'LESSON', 'lesson:1', '', '{}', now())
    """

    def careless():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM gamification_xptransaction WHERE user_id = %s", [ada.pk]
            )
            if not cursor.fetchone()[0]:
                cursor.execute(insert, [ada.pk])

    def careful():
        with connection.cursor() as cursor:
            cursor.execute(f"{insert} {unique}", [ada.pk])

    at_once("gamification_xptransaction", [careful] * CROWD)
    assert XPTransaction.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE gamification_xptransaction")
        cursor.execute(drop)
        try:
            at_once("gamification_xptransaction", [careless] * CROWD)
            assert XPTransaction.objects.count() == CROWD
        finally:
            cursor.execute("TRUNCATE gamification_xptransaction")
            cursor.execute(f"ALTER TABLE gamification_xptransaction {make}")
