"""The demo school: there after one call, unchanged after a second, refused elsewhere."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Min
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils.timezone import now

from accounts.access import may_review
from accounts.models import User
from activity.feeds import course_feed
from activity.models import Event
from assessments import alike
from assessments.models import (
    Answer,
    Assignment,
    Attempt,
    HelpRequest,
    ModelRun,
    Question,
    Quiz,
    Reply,
    Review,
    Snippet,
    Submission,
    SubmissionAnalysis,
)
from assessments.running import RunnerAway
from courses.models import Course
from enrollments.models import Enrollment
from notifications.models import Announcement, Notification
from progress.models import CourseProgress, LessonProgress
from studio.demo_code import Solutions
from studio.demo_people import LEARNERS
from studio.demo_school import PASSWORD
from studio.health import CHECKS
from studio.insights.counting import everybody
from studio.insights.lessons import stuck_lessons

# All in one process: what is loaded once stays for all.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]


CHECKED = [check for check in CHECKS if check.name != "sandbox"]


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """Loaded once for all tests of this module, and taken back after them. Where its files are."""
    media = tmp_path_factory.mktemp("media")
    its_own = override_settings(DEMO_SCHOOL=True, MEDIA_ROOT=media)
    with django_db_blocker.unblock(), its_own, transaction.atomic():
        call_command("load_demo")
        yield media
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
    assert may_review(reviewer)
    student = User.objects.get(email="student@example.com")
    assert (student.name, student.check_password(PASSWORD)) == ("Sam Rivera", True)
    mine = set(Enrollment.objects.of(student).values_list("course__slug", flat=True))
    assert mine == {"javascript-in-the-browser", "git-for-one"}
    assert LessonProgress.objects.filter(user=student).count() == 21
    assert student.certificates.get().snapshot["title"] == "Git for one"
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


def test_nobody_did_anything_before_they_signed_up(demo):
    signed_up = dict(
        Event.objects.filter(kind=Event.Kind.SIGNED_UP).values_list("user_id", "created_at")
    )
    first = Event.objects.filter(user__lesson_progress__isnull=False).values_list("user")
    for user, moment in first.annotate(first=Min("created_at")):
        assert signed_up[user] == moment


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
    assert [attempt.passed for attempt in student] == [True, True, True]
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
    failed = submissions.filter(status="FAILED", review=None)
    assert failed.exists()
    assert set(failed.values_list("points", flat=True)) == {0}


def test_the_reviewer_finds_work_of_every_kind(demo):
    waiting = Review.objects.waiting()
    assert sorted(waiting.values_list("reason", flat=True)) == ["HELP", "HELP", "HELP", "REPLY"]
    sent = Review.objects.sent().filter(reviewer__email="reviewer@example.com")
    decisions = sorted(sent.values_list("decision", flat=True))
    assert decisions == ["ACCEPTED", "ACCEPTED", "CHANGES"]
    told = Event.objects.filter(kind__in=["REVIEW_GIVEN", "HELP_GIVEN"])
    assert sorted(one.data["decision"] for one in told) == decisions
    assert not sent.filter(told_at=None).exists()
    for review in sent.select_related("submission"):
        assert review.submission.finished_at < review.decided_at < review.sent_at < now()
        analysis = review.submission.analyses.feedback().get()
        assert (analysis.kind, analysis.read_at) == ("MANUAL", None)
        lines = review.submission.source.count("\n") + 1
        assert all(1 <= one.line <= lines for one in analysis.remarks.all())
        assert analysis.remarks.count() == 3
    for request in HelpRequest.objects.select_related("submission"):
        assert request.submission.finished_at < request.created_at < now()
    reply = Reply.objects.select_related("remark").get()
    assert reply.remark.line == 5
    assert Snippet.objects.filter(is_shared=True).count() == 1
    assert not ModelRun.objects.exists()
    assert not SubmissionAnalysis.objects.filter(kind__in=["AI", "HYBRID"]).exists()


def test_what_was_reviewed_fails_as_its_review_says(demo):
    changed = Review.objects.get(decision="CHANGES").submission
    assert changed.status == "FAILED"
    assert changed.points > 0
    asked = HelpRequest.objects.order_by("created_at").values_list("submission__status", flat=True)
    assert list(asked) == ["FAILED", "FAILED", "PASSED"]


def test_a_remark_reaches_another_whose_code_is_alike(demo):
    noah = Submission.objects.get(help_request__isnull=False, status="PASSED")
    (remark,) = alike.remarks_for(noah)
    assert (remark.line, remark.reviewer) == (2, "Kim Larsen")
    assert alike.count_alike(noah) == 1


def test_a_newcomer_sees_where_people_stop(demo):
    course = Course.objects.get(slug="python-basics")
    assert course.enrollments.count() >= 30
    (worst,) = stuck_lessons(everybody(course, now()))
    assert worst.lesson.slug == "change-in-coins"
    assert [reason.kind for reason in worst.reasons] == ["DROP", "STUCK"]


def test_a_newcomer_has_been_told_something_and_sees_what_others_finish(demo):
    student = User.objects.get(email="student@example.com")
    told = set(Notification.objects.filter(user=student).unread().values_list("kind", flat=True))
    assert {"ANNOUNCEMENT", "REVIEW_GIVEN", "CERTIFICATE_ISSUED"} <= told
    row = Announcement.objects.get()
    heard = Notification.objects.filter(kind="ANNOUNCEMENT").count()
    assert (row.state, row.reached) == ("SENT", heard)
    people = Enrollment.objects.learning().filter(course=row.course).values("user")
    feed = course_feed(row.course, people, None, now())
    assert len({entry.who for entry in feed.entries}) >= 3


@pytest.mark.parametrize("check", CHECKED, ids=lambda check: check.name)
def test_there_is_nothing_to_mend(demo, check, settings):
    settings.MEDIA_ROOT = demo
    assert check.look().count == 0


def test_a_reviewer_without_the_right_gets_it_again(demo, capsys):
    with transaction.atomic():
        Group.objects.all().delete()
        call_command("load_demo")
        assert may_review(User.objects.get(email="reviewer@example.com"))
        transaction.set_rollback(True)
