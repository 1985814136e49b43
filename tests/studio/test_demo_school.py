"""The demo school: there after one call, unchanged after a second, refused elsewhere."""

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils.timezone import now

from accounts.models import User
from activity.models import Event
from assessments.models import Answer, Assignment, Attempt, Question, Quiz, Submission
from assessments.running import RunnerAway
from courses.models import Course
from enrollments.models import Enrollment
from progress.models import CourseProgress, LessonProgress
from studio.demo_code import Solutions
from studio.demo_people import LEARNERS
from studio.demo_school import PASSWORD

# All in one process: what is loaded once stays for all.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """Loaded once for all tests of this module, and taken back after them."""
    with django_db_blocker.unblock(), override_settings(DEMO_SCHOOL=True), transaction.atomic():
        call_command("load_demo")
        yield
        transaction.set_rollback(True)


def test_the_demo_is_refused_where_it_was_not_asked_for(settings):
    settings.DEMO_SCHOOL = settings.DEBUG = False
    with pytest.raises(CommandError, match="This is no demo school") as refusal:
        call_command("load_demo")
    assert refusal.value.returncode == 1
    assert not User.objects.exists()


def test_where_no_code_can_be_run_the_demo_is_there_without_it(settings, monkeypatch, capsys):
    def away(_):
        raise RunnerAway("The child ended with 127.")

    monkeypatch.setattr(Solutions, "of", away)
    settings.DEMO_SCHOOL = True
    call_command("load_demo")
    assert "cannot be run: The child ended with 127." in capsys.readouterr().err
    assert not Submission.objects.exists()
    assert LessonProgress.objects.filter(lesson__kind="QUIZ").exists()


def test_the_demo_school_is_there_after_one_call_and_the_same_after_two(demo, capsys):
    assert Course.objects.published().count() == 3
    assert User.objects.count() == len(LEARNERS) + 3
    assert EmailAddress.objects.filter(verified=True).count() == User.objects.count()
    admin = User.objects.get(email="admin@example.com")
    assert admin.check_password(PASSWORD)
    assert admin.is_superuser
    assert admin.role == "ADMIN"
    reviewer = User.objects.get(email="reviewer@example.com")
    assert [group.name for group in reviewer.groups.all()] == ["reviewers"]
    assert not reviewer.is_staff
    student = User.objects.get(email="student@example.com")
    assert (student.name, student.check_password(PASSWORD)) == ("Sam Rivera", True)
    mine = set(Enrollment.objects.of(student).values_list("course__slug", flat=True))
    assert mine == {"javascript-in-the-browser", "git-for-one"}
    assert LessonProgress.objects.filter(user=student).count() == 12
    assert LessonProgress.objects.count() > 300
    assert CourseProgress.objects.exclude(completed_at=None).count() > 5
    events = Event.objects.order_by("created_at")
    assert 80 < (events.last().created_at - events.first().created_at).days < 95
    before = (Event.objects.count(), LessonProgress.objects.count(), User.objects.count())
    attempts = Attempt.objects.count()
    with CaptureQueriesContext(connection) as queries:
        call_command("load_demo")
    writes = ("INSERT", "UPDATE", "DELETE")
    assert [q["sql"] for q in queries if q["sql"].lstrip().startswith(writes)] == []
    assert (Event.objects.count(), LessonProgress.objects.count(), User.objects.count()) == before
    assert Attempt.objects.count() == attempts
    assert "0 new people." in capsys.readouterr().out


def test_nobody_works_in_the_future_or_before_they_came(demo):
    for user in User.objects.prefetch_related("lesson_progress"):
        for done in user.lesson_progress.all():
            assert user.date_joined < done.completed_at


def test_people_take_the_quizzes_on_their_way(demo):
    attempts = Attempt.objects.select_related("user", "quiz")
    assert set(attempts.values_list("status", flat=True)) == {"SUBMITTED"}
    for attempt in attempts:
        assert attempt.user.date_joined <= attempt.started_at < attempt.closed_at < now()
    first = attempts.filter(number=1)
    failed = first.filter(passed=False).count()
    assert 0.05 < failed / first.count() < 0.4
    passed = attempts.filter(passed=True).values_list("user", "quiz__lesson")
    done = LessonProgress.objects.filter(lesson__kind="QUIZ").values_list("user", "lesson")
    assert sorted(passed) == sorted(done)
    student = attempts.filter(user__email="student@example.com")
    assert [attempt.passed for attempt in student] == [True]
    busy = max(Quiz.objects.all(), key=lambda quiz: first.filter(quiz=quiz).count())
    assert first.filter(quiz=busy).count() >= 12
    answers = Answer.objects.filter(attempt__quiz=busy, attempt__number=1)
    for question in Question.objects.filter(quiz=busy, points__gt=0, bank=None):
        marks = set(answers.filter(question=question).values_list("mark", flat=True))
        assert {0, question.points} <= marks


def test_people_solve_the_assignments_on_their_way(demo):
    assert Assignment.objects.count() >= 25
    submissions = Submission.objects.select_related("user", "assignment")
    for one in submissions:
        assert one.user.date_joined <= one.created_at == one.finished_at < now()
        assert one.revision == one.assignment.revision
    passed = submissions.filter(status="PASSED").values_list("user", "assignment__lesson")
    done = LessonProgress.objects.filter(lesson__kind="ASSIGNMENT").values_list("user", "lesson")
    assert sorted(passed) == sorted(done)
    assert set(submissions.filter(status="PASSED").values_list("percent", flat=True)) == {100}
    failed = submissions.filter(status="FAILED")
    assert failed.exists()
    assert set(failed.values_list("points", flat=True)) == {0}
