"""Completing a lesson, undoing it, and what follows."""

import pytest

from activity.models import Event
from courses.models import Course, Lesson
from enrollments.actions import enroll, leave
from enrollments.errors import NotEnrolled, PlanRequired
from enrollments.models import Enrollment
from gamification.models import Standing, XPTransaction
from progress.actions import complete_lesson, finish_those_done, recount_course, uncomplete_lesson
from progress.errors import LessonGone, NotPassed
from progress.models import CourseProgress, LessonProgress
from progress.verification import wrong_rows


def xp_of(user):
    return Standing.objects.get(user=user).total_xp


def test_completing_moves_progress_and_pays(ada, lessons):
    result = complete_lesson(ada, lessons[0])
    assert (result.created, result.done, result.total, result.percent) == (True, 1, 3, 33)
    assert xp_of(ada) == 10


def test_completing_twice_gives_xp_once(ada, lessons):
    complete_lesson(ada, lessons[0])
    again = complete_lesson(ada, lessons[0])
    assert not again.created
    assert again.done == 1
    assert XPTransaction.objects.count() == 1
    assert Event.objects.filter(kind="LESSON_COMPLETED").count() == 1


def test_undoing_keeps_the_xp_and_doing_it_again_pays_nothing(ada, lessons):
    complete_lesson(ada, lessons[0])
    undone = uncomplete_lesson(ada, lessons[0])
    assert (undone.created, undone.done, xp_of(ada)) == (True, 0, 10)
    complete_lesson(ada, lessons[0])
    assert (LessonProgress.objects.count(), xp_of(ada)) == (1, 10)


def test_undoing_what_is_not_done_changes_nothing(ada, lessons):
    assert not uncomplete_lesson(ada, lessons[0]).created


def test_leaving_and_returning_pays_nothing_twice(ada, course, lessons):
    complete_lesson(ada, lessons[0])
    leave(ada, course)
    enroll(ada, course)
    assert complete_lesson(ada, lessons[0]).done == 1
    assert xp_of(ada) == 10


def test_an_extra_lesson_pays_and_does_not_count(ada, lessons):
    result = complete_lesson(ada, lessons[3])
    assert (result.done, result.total) == (0, 3)
    assert xp_of(ada) == 10


def test_the_last_lesson_finishes_the_course_once_and_for_ever(ada, course, lessons):
    for lesson in lessons[:3]:
        result = complete_lesson(ada, lesson)
    assert result.course_completed
    assert result.percent == 100
    assert Enrollment.objects.get(user=ada).status == Enrollment.Status.COMPLETED
    uncomplete_lesson(ada, lessons[0])
    progress = CourseProgress.objects.get(user=ada)
    assert progress.done == 2
    assert progress.completed_at is not None
    assert not complete_lesson(ada, lessons[0]).course_completed
    assert Event.objects.filter(kind="COURSE_COMPLETED").count() == 1


def test_strangers_leavers_and_those_who_pause_are_refused(ada, bob, course, lessons):
    with pytest.raises(NotEnrolled):
        complete_lesson(bob, lessons[0])
    leave(ada, course)
    with pytest.raises(NotEnrolled):
        complete_lesson(ada, lessons[0])
    Enrollment.objects.update(status=Enrollment.Status.PAUSED)
    with pytest.raises(NotEnrolled):
        complete_lesson(ada, lessons[0])
    assert not LessonProgress.objects.exists()


def test_a_lapsed_plan_closes_the_door_and_keeps_everything(ada, course, lessons):
    complete_lesson(ada, lessons[0])
    Course.objects.update(required_plan=Course.Plan.PRO)
    with pytest.raises(PlanRequired):
        complete_lesson(ada, lessons[1])
    Course.objects.update(required_plan=Course.Plan.FREE)
    assert complete_lesson(ada, lessons[1]).done == 2


@pytest.mark.parametrize(
    "hide",
    [
        lambda lesson: Lesson.objects.filter(pk=lesson.pk).update(status="DRAFT"),
        lambda lesson: Lesson.objects.filter(pk=lesson.pk).update(deleted_at="2026-01-01T00:00Z"),
        lambda lesson: Course.objects.update(status="ARCHIVED"),
        lambda lesson: Course.objects.update(deleted_at="2026-01-01T00:00Z"),
    ],
)
def test_hidden_lessons_cannot_be_completed(ada, lessons, hide):
    hide(lessons[0])
    with pytest.raises(LessonGone):
        complete_lesson(ada, lessons[0])


def test_lessons_that_complete_by_passing_cannot_be_ticked(ada, lessons):
    Lesson.objects.filter(pk=lessons[0].pk).update(completion="BY_PASSING", kind="QUIZ")
    with pytest.raises(NotPassed, match="Pass the quiz to complete this lesson"):
        complete_lesson(ada, lessons[0])
    assert complete_lesson(ada, lessons[0], passed=True).created


def test_a_course_without_required_lessons_has_no_percentage(ada, lessons):
    Lesson.objects.update(is_required=False)
    result = complete_lesson(ada, lessons[0])
    assert (result.total, result.percent, result.course_completed) == (0, None, False)


def test_hiding_a_lesson_recounts_everybody_and_finishes_those_who_are_through(
    ada, course, lessons
):
    for lesson in lessons[:2]:
        complete_lesson(ada, lesson)
    Lesson.objects.filter(pk=lessons[2].pk).update(status="DRAFT")
    assert wrong_rows() == 1
    assert recount_course(course) == 1
    assert wrong_rows() == 0
    assert finish_those_done() == 1
    progress = CourseProgress.objects.get(user=ada)
    assert (progress.done, progress.total) == (2, 2)
    assert progress.completed_at is not None
    assert finish_those_done() == 0
    assert recount_course(course) == 0


def test_a_fault_after_the_mark_leaves_nothing_behind(ada, lessons, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("struck by lightning")

    monkeypatch.setattr("gamification.ledger.update_standing", fail)
    with pytest.raises(RuntimeError):
        complete_lesson(ada, lessons[0])
    assert not LessonProgress.objects.exists()
    assert not Event.objects.filter(kind="LESSON_COMPLETED").exists()
    assert not XPTransaction.objects.exists()


@pytest.mark.parametrize("status", ["DROPPED", "PAUSED"])
def test_nobody_is_finished_who_is_not_learning(ada, course, lessons, status):
    for lesson in lessons[:2]:
        complete_lesson(ada, lesson)
    Enrollment.objects.update(status=status)
    Lesson.objects.filter(pk=lessons[2].pk).update(status="DRAFT")
    recount_course(course)
    assert finish_those_done() == 0


def test_a_course_that_is_being_rebuilt_finishes_for_nobody(ada, course, lessons):
    complete_lesson(ada, lessons[0])
    Course.objects.update(status="DRAFT")
    Lesson.objects.exclude(pk=lessons[0].pk).update(status="DRAFT")
    recount_course(course)
    assert finish_those_done() == 0
    assert not Event.objects.filter(kind="COURSE_COMPLETED").exists()
