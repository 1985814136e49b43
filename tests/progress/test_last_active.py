"""When somebody was last active in a course: one meaning, stored, and found out anew."""

from datetime import UTC, datetime, timedelta

from django.core.management import call_command

from activity.actions import record
from activity.models import Event
from classroom.pages.record import progress_page
from progress.actions import complete_lesson, finish_those_done, uncomplete_lesson
from progress.models import CourseProgress
from progress.verification import wrong_rows

DAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER, LATEST = DAY + timedelta(days=1), DAY + timedelta(days=2)


def worked(user, course, kind, at, **data):
    record(user, kind, f"work:{at}", {"course": str(course.pk), **data}, at=at)


def last_active(user, course):
    return CourseProgress.objects.get(user=user, course=course).last_active_at


def test_code_counts_as_a_lesson_does(ada, course, lessons):
    complete_lesson(ada, lessons[0], at=DAY)
    assert last_active(ada, course) == DAY
    worked(ada, course, Event.Kind.SUBMISSION_JUDGED, LATEST, handed_in=LATER.isoformat())
    assert last_active(ada, course) == LATER


def test_the_first_work_of_a_course_is_shown_and_counts_right(ada, course, lessons):
    worked(ada, course, Event.Kind.SUBMISSION_JUDGED, LATER, handed_in=DAY.isoformat())
    assert last_active(ada, course) == DAY
    assert wrong_rows() == 0
    [row] = progress_page(ada, points=True).rows
    assert row.card.tally.last_active_at == DAY


def test_a_quiz_not_passed_and_what_the_school_does_are_no_activity(ada, course, lessons):
    complete_lesson(ada, lessons[0], at=DAY)
    worked(ada, course, Event.Kind.ATTEMPT_FINISHED, LATER, answered=1)
    uncomplete_lesson(ada, lessons[0])
    lessons[0].delete()
    finish_those_done()
    assert last_active(ada, course) == DAY


def test_it_is_found_out_anew(ada, bob, course, lessons):
    complete_lesson(ada, lessons[0], at=DAY)
    worked(ada, course, Event.Kind.SUBMISSION_JUDGED, LATEST, handed_in=LATER.isoformat())
    worked(bob, course, Event.Kind.SUBMISSION_JUDGED, LATEST, handed_in=LATER.isoformat())
    CourseProgress.objects.filter(user=ada).update(last_active_at=DAY - timedelta(days=9))
    CourseProgress.objects.filter(user=bob).delete()
    call_command("recount_progress", "--json")
    assert (last_active(ada, course), last_active(bob, course)) == (LATER, LATER)
    assert wrong_rows() == 0
