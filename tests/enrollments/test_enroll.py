"""Coming to a course and leaving it."""

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from activity.models import Event
from activity.words import SHARED, shown_kinds
from billing.grants import grant_plan
from certificates.models import Certificate
from courses.models import Course, ProgrammingLanguage, Tier
from courses.signals import course_published
from enrollments.access import enrollment_of, require_enrollment
from enrollments.actions import (
    auto_enroll,
    end_pause,
    enroll,
    enroll_in_language,
    enroll_those_due,
    leave,
    leave_language,
    pause,
    welcome,
)
from enrollments.errors import CourseClosed, Paused, PlanRequired, PrerequisiteMissing
from enrollments.models import DueEnrollment, Enrollment
from gamification.achievements.awarding import award_due
from gamification.models import AchievementsDue, ActiveDay, Award, XPTransaction
from notifications.models import Notification
from progress.actions import complete_lesson
from tests.conftest import make_course


def test_enrolling_makes_one_row(bob, course):
    enrollment, came = enroll(bob, course)
    assert came
    assert enrollment.status == Enrollment.Status.ACTIVE
    assert enroll(bob, course) == (enrollment, False)
    assert Event.objects.filter(user=bob, kind="ENROLLED").count() == 1


def test_the_database_refuses_a_second_row(ada, course):
    with pytest.raises(IntegrityError):
        Enrollment.objects.create(user=ada, course=course)


@pytest.mark.parametrize("change", [{"status": "DRAFT"}, {"status": "ARCHIVED"}])
def test_closed_courses_refuse(bob, course, change):
    Course.objects.update(**change)
    course.refresh_from_db()
    with pytest.raises(CourseClosed):
        enroll(bob, course)


def test_a_plan_that_one_does_not_hold_refuses(bob, course):
    course.required_plan = Course.Plan.PRO
    with pytest.raises(PlanRequired, match="Pro plan"):
        enroll(bob, course)


def test_another_course_may_come_first(ada, course, lessons):
    second = make_course("second", prerequisite=course)
    with pytest.raises(PrerequisiteMissing, match="Finish “Python from zero” first"):
        enroll(ada, second)
    for lesson in lessons[:3]:
        complete_lesson(ada, lesson)
    assert enroll(ada, second)[1]


def test_leaving_keeps_the_row_and_the_progress(ada, course, lessons):
    complete_lesson(ada, lessons[0])
    assert leave(ada, course)
    assert not leave(ada, course)
    assert enrollment_of(ada, course) is None
    enrollment, came = enroll(ada, course)
    assert came
    assert Enrollment.objects.count() == 1
    assert complete_lesson(ada, lessons[1]).done == 2
    assert enrollment.status == Enrollment.Status.ACTIVE


def test_each_leaving_and_coming_back_happened_and_what_is_sent_twice_happened_once(ada, course):
    for _ in range(3):
        assert [leave(ada, course), leave(ada, course)] == [True, False]
        assert [enroll(ada, course)[1], enroll(ada, course)[1]] == [True, False]
    happened = Event.objects.filter(user=ada).order_by("pk")
    assert list(happened.values_list("kind", flat=True)) == ["LEFT_COURSE", "CAME_BACK"] * 3
    assert {event.data["course"] for event in happened} == {str(course.pk)}


def test_nothing_is_to_be_had_by_leaving_and_coming_back(ada, course, lessons):
    """No points, no badge, no day of learning, no second certificate, nothing for others to see."""
    for lesson in lessons[:3]:
        complete_lesson(ada, lesson)
    award_due(ada)

    def all_that_was_earned():
        tables = XPTransaction, ActiveDay, Award, Certificate, Notification
        return [list(table.objects.order_by("pk").values()) for table in tables]

    before = all_that_was_earned()
    for _ in range(3):
        leave(ada, course)
        assert enroll(ada, course)[0].status == Enrollment.Status.COMPLETED
    award_due(ada)
    assert all_that_was_earned() == before
    assert not AchievementsDue.objects.exists()
    assert {"LEFT_COURSE", "CAME_BACK"}.isdisjoint([*SHARED, *shown_kinds(points=True)])


def test_sign_up_enrols_in_every_open_course(bob, course):
    make_course("hidden", status=Course.Status.DRAFT)
    make_course("by-choice", opens_to_all=False)
    also = make_course("also")
    assert auto_enroll(bob) == 2
    assert set(bob.enrollments.values_list("course_id", flat=True)) == {course.pk, also.pk}
    assert auto_enroll(bob) == 0


def test_sign_up_enrolment_can_be_switched_off(bob, course, settings):
    settings.LMS_AUTO_ENROLL = False
    assert auto_enroll(bob) == 0


def test_sign_up_enrolment_takes_the_same_queries_for_many_courses(
    bob, course, django_assert_num_queries
):
    for number in range(10):
        make_course(f"course-{number}", lessons=1)
    with django_assert_num_queries(4):
        auto_enroll(bob)


def test_a_failure_at_sign_up_is_noted_and_mended_by_the_sweep(bob, course, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr("enrollments.actions.insert_enrollments", lambda *a: 1 / 0)
        welcome(bob)
        assert enroll_those_due() == 0
    assert DueEnrollment.objects.get(user=bob).tries == 2
    assert not bob.enrollments.exists()
    assert enroll_those_due() == 1
    assert bob.enrollments.count() == 1
    assert not DueEnrollment.objects.exists()


def test_a_language_brings_all_of_its_courses_also_those_to_come(bob, course):
    language = ProgrammingLanguage.objects.create(name="Python", slug="python")
    Course.objects.update(language=language)
    other = make_course("other-language")
    assert enroll_in_language(bob, language) == 1
    assert enroll_in_language(bob, language) == 0
    new = make_course("new", language=language)
    course_published.send(sender=Course, course=new, by=None)
    assert set(bob.enrollments.values_list("course_id", flat=True)) == {course.pk, new.pk}
    assert leave_language(bob, language)
    assert not leave_language(bob, language)
    assert bob.enrollments.count() == 2
    assert not bob.enrollments.filter(course=other).exists()


def test_following_a_language_never_brings_back_a_course_that_one_left(ada, course):
    language = ProgrammingLanguage.objects.create(name="Python", slug="python")
    Course.objects.update(language=language)
    leave(ada, course)
    assert enroll_in_language(ada, language) == 0
    assert enrollment_of(ada, course) is None


def test_a_course_that_is_not_published_need_not_come_first(bob, course):
    second = make_course("second", prerequisite=course)
    Course.objects.filter(pk=course.pk).update(status=Course.Status.DRAFT)
    assert enroll(bob, Course.objects.select_related("prerequisite").get(pk=second.pk))[1]


def test_a_paused_place_is_kept_and_closed(ada, course):
    assert pause(Enrollment.objects.all()) == 1
    with pytest.raises(Paused, match="Your place in this course is paused"):
        require_enrollment(ada, course)
    assert enroll(ada, course)[1] is False
    with pytest.raises(Paused):
        leave(ada, course)
    assert end_pause(Enrollment.objects.all()) == 1
    assert require_enrollment(ada, course).status == Enrollment.Status.ACTIVE


def test_the_plan_of_a_language_closes_its_courses(bob, root):
    language = ProgrammingLanguage.objects.create(name="Go", slug="go", required_plan="PRO")
    course = make_course("go", language=language)
    with pytest.raises(PlanRequired, match="Pro plan"):
        enroll(bob, course)
    assert enroll_in_language(bob, language) == 0
    course_published.send(sender=Course, course=course)
    assert not bob.enrollments.exists()
    grant_plan(bob, Tier.PRO, "A scholarship.", root)
    assert enroll_in_language(bob, language) == 1
    assert require_enrollment(bob, course).source == Enrollment.Source.LANGUAGE


def test_following_a_language_asks_once_for_the_plan(bob):
    language = ProgrammingLanguage.objects.create(name="Go", slug="go")
    for slug in "abc":
        make_course(slug, language=language, required_plan="PRO")
    make_course("free", language=language)
    with CaptureQueriesContext(connection) as asked:
        assert enroll_in_language(bob, language) == 1
    assert sum('"billing_grant"' in one["sql"] for one in asked) == 1


def test_sign_up_keeps_the_place_and_the_door_asks(bob):
    """As of a course that needs a plan itself."""
    language = ProgrammingLanguage.objects.create(name="Go", slug="go", required_plan="PRO")
    course = make_course("go", language=language)
    assert auto_enroll(bob) == 1
    with pytest.raises(PlanRequired):
        require_enrollment(bob, course)
