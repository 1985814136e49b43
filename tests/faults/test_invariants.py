"""The checker behind `make faults` is no decoration: each violation that is planted is told."""

import pytest
from allauth.account.models import EmailAddress
from django.db import connection

from certificates.models import Certificate
from courses.models import Course
from enrollments.models import DueEnrollment, Enrollment
from faults.crowd import Operation
from faults.history import TOGGLE, lost_and_invented
from faults.invariants import AFTERWARDS, ALWAYS, Ledger, broken_now
from gamification.models import AchievementsDue, XPTransaction
from progress.actions import complete_lesson
from progress.models import LessonProgress
from tests.conftest import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def learned(ada, lessons):
    """Ada has done all lessons of her course; a school of which everything holds."""
    for lesson in lessons:
        complete_lesson(ada, lesson)
    AchievementsDue.objects.all().delete()
    return ada


def run(*statements):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in statements:
            cursor.execute(statement)


def told(questions):
    connection.ensure_connection()
    return broken_now(connection.connection, questions)


UNLOCKED = "ALTER TABLE gamification_xptransaction DISABLE TRIGGER USER"
COPY = """
    ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {rule};
    INSERT INTO {table} SELECT (jsonb_populate_record(row, jsonb_build_object(
      'id', {key}))).* FROM {table} row LIMIT 1
"""


def copied(table, rule, key="waymark_uuid7()"):
    return COPY.format(table=table, rule=rule, key=key)


# What is done behind the school's back, and how the sentence about it begins.
PLANTED = {
    "enrolled twice": (
        [copied("enrollments_enrollment", "enrollment_once")],
        "I1 an enrolment",
    ),
    "done twice": (
        [copied("progress_lessonprogress", "lesson_progress_once")],
        "I1 a lesson",
    ),
    "paid twice": (
        [copied("gamification_xptransaction", "xp_source_pays_once")],
        "I1 a source",
    ),
    "happened twice": ([copied("activity_event", "event_once")], "I1 an event"),
    "an entry gone": (
        [UNLOCKED, "DELETE FROM gamification_xptransaction WHERE source_type = 'LESSON'"],
        "I2 a total",
    ),
    "a total raised": (
        ["UPDATE gamification_standing SET total_xp = total_xp + 5"],
        "I2 a total",
    ),
    "a payment raised": (
        [UNLOCKED, "UPDATE gamification_xptransaction SET amount = amount + 1"],
        "I3 a lesson pays",
    ),
    "a count lowered": (
        ["UPDATE progress_courseprogress SET done = done - 1"],
        "I3 a count",
    ),
    "no enrolment": (["DELETE FROM enrollments_enrollment"], "I5 a lesson is done by somebody"),
    "no profile": (["DELETE FROM accounts_profile"], "I5 somebody has no profile"),
    "no count": (["DELETE FROM progress_courseprogress"], "I5 a lesson is done and its course"),
    "no event": (
        ["ALTER TABLE activity_event DISABLE TRIGGER USER", "DELETE FROM activity_event"],
        "I5 a lesson is done and nothing says",
    ),
    "not paid": (
        [UNLOCKED, "DELETE FROM gamification_xptransaction"],
        "I5 a lesson was completed and not paid",
    ),
    "no certificate": (
        [
            "ALTER TABLE certificates_certificate DISABLE TRIGGER USER",
            "DELETE FROM certificates_certificate",
        ],
        "I5 a course was completed",
    ),
}


def test_a_sound_school_breaks_nothing(learned):
    assert Certificate.objects.exists()
    assert told(ALWAYS) == told(AFTERWARDS) == []


@pytest.mark.parametrize("what", PLANTED)
def test_what_is_planted_is_told(learned, what):
    statements, beginning = PLANTED[what]
    run(*statements)
    assert [one for one in told(ALWAYS) if one.startswith(beginning)]


def test_somebody_who_signed_up_and_is_nowhere_is_told_unless_a_row_says_they_are_due(course):
    Course.objects.update(published_at=course.created_at)
    person = make_person("late@example.org", "Late")
    Enrollment.objects.filter(user=person).delete()
    EmailAddress.objects.get_or_create(user=person, email=person.email)
    assert "I5 somebody is in none" in told(ALWAYS)[0]
    DueEnrollment.objects.create(user=person, error="on purpose")
    assert told(ALWAYS) == []
    assert "I7 a sign-up waits" in told(AFTERWARDS)[0]


def test_badges_that_nobody_looked_at_are_told(learned):
    AchievementsDue.objects.create(user=learned)
    assert "I7 somebody's badges" in told(AFTERWARDS)[0]


@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET reason = 'other'"])
def test_an_entry_that_is_gone_or_changed_is_told(learned, change):
    ledger = Ledger()
    assert ledger.look(connection.connection) == ledger.look(connection.connection) == []
    run(UNLOCKED, change.format("gamification_xptransaction"))
    assert ledger.look(connection.connection)[0].startswith("I4 ")


class TestTheHistory:
    """What was answered against what is there."""

    def asked(self, user, lesson, *, done, status=303, at=0.0):
        return Operation(str(user.pk), TOGGLE, (str(lesson.pk), done), at, at, status)

    def test_what_was_answered_and_is_there_breaks_nothing(self, ada, lessons):
        complete_lesson(ada, lessons[0])
        log = [self.asked(ada, lessons[0], done=True)]
        assert lost_and_invented(log) == []

    def test_no_answer_may_be_either(self, ada, lessons):
        log = [self.asked(ada, lessons[0], done=True, status=0)]
        assert lost_and_invented(log) == []
        complete_lesson(ada, lessons[0])
        assert lost_and_invented(log) == []

    def test_what_was_answered_and_is_lost_is_told(self, ada, lessons):
        broken = lost_and_invented([self.asked(ada, lessons[0], done=True)])
        assert [one for one in broken if "nothing was paid" in one]
        assert [one for one in broken if "done is False" in one]

    def test_what_nobody_asked_for_is_told(self, ada, lessons):
        complete_lesson(ada, lessons[0])
        assert "nobody asked" in lost_and_invented([])[0]

    def test_an_undoing_that_was_answered_and_is_lost_is_told(self, ada, lessons):
        complete_lesson(ada, lessons[0])
        log = [self.asked(ada, lessons[0], done=True), self.asked(ada, lessons[0], done=False)]
        assert "done is True" in lost_and_invented(log)[0]
        LessonProgress.objects.all().delete()
        assert lost_and_invented(log) == []
        assert XPTransaction.objects.exists()
