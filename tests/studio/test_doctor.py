"""The doctor: finds planted faults, mends what can be mended, and says so in its exit code."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import now

from accounts.upkeep import Upkeep
from activity.models import Event
from assessments import grading, submissions
from assessments.attempts import finish_attempt, start_attempt
from assessments.models import Attempt, HelpRequest, ModelRun, Review, Submission
from assessments.reviewing import reviews
from assessments.reviewing.conversations import reply
from courses.models import Course
from enrollments.models import DueEnrollment, Enrollment
from gamification import boards
from gamification.days import note_day
from gamification.models import ActiveDay, BoardChoice, Standing, Streak
from progress.actions import complete_lesson
from progress.models import CourseProgress, LessonProgress
from sandbox.runner import Wall
from sandbox.wasm.runner import WasmRunner
from studio.health import CHECKS, PATIENCE, Check, Off, examine
from tests.assessments.builders import make_quiz
from tests.assessments.code_builders import RIGHT, make_assignment
from tests.assessments.review_builders import decide, draft_of, hand_in
from tests.conftest import make_person
from tests.studio.doctoring import ALL_BUT_SANDBOX, counts, doctor

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(hours=1)


def told(*args, only=ALL_BUT_SANDBOX):
    out = StringIO()
    names = [word for name in only for word in ("--only", name)]
    try:
        call_command("doctor", *names, *args, stdout=out)
    except CommandError as refusal:
        return out.getvalue() + str(refusal)
    return out.getvalue()


def test_a_sound_school_is_well(ada, lessons):
    complete_lesson(ada, lessons[0])
    report, code = doctor()
    assert code == 0
    assert list(report) == ALL_BUT_SANDBOX
    assert not any(one["found"] for one in report.values())
    assert "off" not in told()


def test_wrong_counts_are_found_and_counted_afresh(ada, course, lessons):
    complete_lesson(ada, lessons[0])
    CourseProgress.objects.update(done=0, total=7)
    Course.objects.update(lesson_count=9)
    report, code = doctor()
    assert (counts(report, "progress"), code) == ((2, 0, 2), 1)
    assert CourseProgress.objects.get().total == 7
    report, code = doctor("--fix")
    assert (counts(report, "progress"), code) == ((2, 2, 0), 0)
    progress = CourseProgress.objects.get()
    assert (progress.done, progress.total) == (1, 3)
    assert doctor()[1] == 0


def test_a_wrong_total_is_summed_afresh(ada, lessons):
    complete_lesson(ada, lessons[0])
    before = Standing.objects.get().total_xp
    Standing.objects.update(total_xp=4_000)
    assert doctor()[1] == 1
    report, code = doctor("--fix")
    assert (counts(report, "xp"), code) == ((1, 1, 0), 0)
    standing = Standing.objects.get()
    assert (standing.total_xp, standing.level) == (before, 0)


def test_learning_without_days_is_noted_and_streaks_are_settled_anew(ada, bob, lessons):
    for user in (ada, bob):
        Event.objects.create(user=user, kind="ATTEMPT_FINISHED", subject="attempt:old")
    note_day(bob, now() + timedelta(seconds=1))
    Streak.objects.update(length=3, best=3)
    report, code = doctor(only=["days", "streaks"])
    assert [counts(report, name) for name in ("days", "streaks")] == [(2, 0, 2), (1, 0, 1)]
    assert (code, ActiveDay.objects.count()) == (1, 1)
    report, code = doctor("--fix", only=["days", "streaks"])
    assert code == 0
    assert counts(report, "days") == (2, 2, 0)
    assert [*Streak.objects.values_list("length", "days")] == [(1, 1), (1, 1)]


def test_what_was_passed_is_completed(ada, lessons):
    quiz = make_quiz(lessons[0].module)
    attempt, _ = start_attempt(ada, quiz)
    finish_attempt(attempt)
    Attempt.objects.update(passed=True, percent=100)
    assignment = make_assignment(lessons[0].module)
    submission = submissions.submit(ada, assignment, RIGHT, graded=True)
    grading.grade(submission.pk)
    LessonProgress.objects.all().delete()
    report, code = doctor(only=["lessons"])
    assert (counts(report, "lessons"), code) == ((2, 0, 2), 1)
    report, code = doctor("--fix", only=["lessons"])
    assert (counts(report, "lessons"), code) == ((2, 2, 0), 0)
    done = set(LessonProgress.objects.values_list("lesson", flat=True))
    assert done == {quiz.lesson_id, assignment.lesson_id}


def test_who_has_left_is_owed_nothing(ada, lessons):
    submission = submissions.submit(ada, make_assignment(lessons[0].module), RIGHT, graded=True)
    grading.grade(submission.pk)
    LessonProgress.objects.all().delete()
    Enrollment.objects.update(status="DROPPED")
    assert counts(doctor(only=["lessons"])[0], "lessons") == (0, 0, 0)


def test_an_overdue_attempt_is_closed(ada, lessons):
    start_attempt(ada, make_quiz(lessons[0].module, time_limit=10))
    Attempt.objects.update(deadline=now() - PATIENCE / 2)
    assert doctor(only=["attempts"])[1] == 0  # the sweep has time yet
    Attempt.objects.update(started_at=now() - 2 * LONG_AGO, deadline=now() - LONG_AGO)
    report, code = doctor("--fix", only=["attempts"])
    assert (counts(report, "attempts"), code) == ((1, 1, 0), 0)
    assert Attempt.objects.get().status == Attempt.Status.EXPIRED


def test_a_sign_up_that_waits_is_enrolled(bob, course):
    DueEnrollment.objects.create(user=bob, error="No.")
    DueEnrollment.objects.update(created_at=now() - LONG_AGO)
    assert counts(doctor()[0], "enrolments") == (1, 0, 1)
    report, code = doctor("--fix")
    assert (counts(report, "enrolments"), code) == ((1, 1, 0), 0)
    assert Enrollment.objects.filter(user=bob, course=course).exists()


def test_stuck_code_is_sent_again_and_stays_off_until_it_is_run(ada, lessons, monkeypatch):
    submission = submissions.submit(ada, make_assignment(lessons[0].module), RIGHT, graded=True)
    Submission.objects.update(created_at=now() - LONG_AGO, due_at=now() - LONG_AGO)
    sent = []
    monkeypatch.setattr("assessments.tasks.grade_submission.delay", sent.append)
    assert counts(doctor()[0], "jobs") == (1, 0, 1)
    assert not sent
    report, code = doctor("--fix")
    assert (counts(report, "jobs"), code) == ((1, 0, 1), 1)
    assert sent == [str(submission.pk)]
    assert "Do workers of the queues “code” and “trials” run?" in told("--fix")
    grading.grade(submission.pk)
    assert doctor()[1] == 0


def test_what_was_given_up_is_told_and_forgotten_after_a_week(ada, lessons):
    submissions.submit(ada, make_assignment(lessons[0].module), RIGHT, graded=True)
    Submission.objects.update(status="ERROR", fault="Gone.", finished_at=now())
    report, code = doctor("--fix")
    assert (counts(report, "given-up"), code) == ((1, 0, 1), 1)
    assert report["given-up"]["details"] == ["Submission: 1 in seven days"]
    Submission.objects.update(finished_at=now() - timedelta(days=8))
    assert doctor()[1] == 0


@pytest.fixture
def handed_in(ada, lessons):
    return hand_in(ada, make_assignment(lessons[0].module))


@pytest.mark.parametrize("reason", ["HELP", "REPLY"])
def test_a_review_that_waits_for_nothing_leaves_the_queue(handed_in, reason):
    review = reviews.put_in_queue(handed_in, Review.Reason(reason))
    report, code = doctor(only=["reviews"])
    assert (counts(report, "reviews"), code) == ((1, 0, 1), 1)
    assert report["reviews"]["details"] == ["Waiting without a reason: 1"]
    assert counts(doctor("--fix", only=["reviews"])[0], "reviews") == (1, 1, 0)
    review.refresh_from_db()
    assert review.waiting_since is None


@pytest.mark.parametrize("reason", ["DRAFT", "HELD", "NO_DRAFT", "STAFF"])
def test_what_is_decided_and_waits_all_the_same_leaves_the_queue(handed_in, grace, reason):
    review = reviews.put_in_queue(handed_in, Review.Reason(reason))
    assert counts(doctor(only=["reviews"])[0], "reviews") == (0, 0, 0)
    decide(review, grace)
    Review.objects.update(waiting_since=now())
    assert counts(doctor("--fix", only=["reviews"])[0], "reviews") == (1, 1, 0)
    assert not Review.objects.waiting().exists()


def test_what_a_learner_replied_to_while_it_was_sent_stays_in_the_queue(handed_in, ada, grace):
    analysis = draft_of(handed_in)
    decide(reviews.put_in_queue(handed_in, Review.Reason.DRAFT), grace)
    Review.objects.update(sent_at=now() + timedelta(seconds=9))
    reply(ada, analysis, None, "Why?")
    assert Review.objects.waiting().get().reason == "DRAFT"
    assert doctor("--fix", only=["reviews"])[1] == 0
    assert Review.objects.waiting().exists()


def test_a_question_that_nobody_would_find_is_put_in_the_queue(handed_in, grace):
    HelpRequest.objects.create(submission=handed_in, text="Why?")
    report, _ = doctor(only=["reviews"])
    assert report["reviews"]["details"] == ["Questions outside of the queue: 1"]
    assert counts(doctor("--fix", only=["reviews"])[0], "reviews") == (1, 1, 0)
    review = Review.objects.waiting().get()
    assert review.reason == "HELP"
    decide(review, grace)
    assert doctor(only=["reviews"])[1] == 0


def test_a_review_that_was_sent_is_told_in_the_end(handed_in, grace):
    review = decide(reviews.put_in_queue(handed_in, Review.Reason.NO_DRAFT), grace)
    assert doctor(only=["told"])[1] == 0  # the sweep has time yet
    Review.objects.update(decided_at=now() - LONG_AGO, sent_at=now() - LONG_AGO)
    assert counts(doctor("--fix", only=["told"])[0], "told") == (1, 1, 0)
    review.refresh_from_db()
    assert review.told_at is not None


def test_a_draft_that_nobody_asks_for_is_sent_again(handed_in, settings, monkeypatch):
    settings.AI_BASE_URL, sent = "http://127.0.0.1:9/v1", []
    monkeypatch.setattr("assessments.tasks.draft_by_model.delay", sent.append)
    run = ModelRun.objects.create(submission=handed_in, due_at=now() + PATIENCE)
    ModelRun.objects.update(created_at=now() - 2 * LONG_AGO)
    assert doctor(only=["drafts", "jobs"])[1] == 0  # it is to be asked for later
    ModelRun.objects.update(due_at=now() - LONG_AGO)
    report, code = doctor("--fix", only=["drafts", "jobs"])
    assert (counts(report, "drafts"), counts(report, "jobs"), code) == ((1, 0, 1), (0, 0, 0), 1)
    assert sent == [str(run.pk)]
    assert "a worker of the queue “model”" in told("--fix", only=["drafts"])


def test_without_a_model_what_waits_for_a_draft_is_ended(handed_in):
    ModelRun.objects.create(submission=handed_in)
    ModelRun.objects.update(created_at=now() - 2 * LONG_AGO)
    assert counts(doctor("--fix", only=["drafts"])[0], "drafts") == (1, 1, 0)
    assert not ModelRun.objects.open().exists()


@pytest.mark.parametrize(
    ("walls", "details"),
    [
        ([Wall("files", True), Wall("net", False, "reached")], ["net: reached"]),
        ([], ["wasm does not run."]),
    ],
)
def test_a_wall_that_fell_is_named_and_not_mended(monkeypatch, walls, details):
    monkeypatch.setattr(WasmRunner, "self_test", lambda _: walls)
    report, code = doctor("--fix", only=["sandbox"])
    assert (report["sandbox"]["details"], code) == (details, 1)
    assert "docs/sandbox.md" in told(only=["sandbox"])


def test_a_self_test_that_breaks_is_a_finding_and_no_crash(monkeypatch):
    def broken(_):
        raise OSError("No folder.")

    monkeypatch.setattr(WasmRunner, "self_test", broken)
    report, code = doctor(only=["sandbox"])
    told = ["It could not look: OSError. The log says more."]
    assert (report["sandbox"]["details"], code) == (told, 1)


@pytest.mark.parametrize(("doing", "said"), [("look", "look"), ("mend", "mend it")])
def test_a_check_that_breaks_costs_neither_the_report_nor_what_comes_after_it(
    ada, lessons, monkeypatch, doing, said
):
    def broken():
        raise OSError("Key (email)=(ada@example.org) exists.")

    complete_lesson(ada, lessons[0])
    CourseProgress.objects.update(done=0, total=7)
    Standing.objects.update(total_xp=4_000)
    first, second = (check for check in CHECKS if check.name in ("progress", "xp"))
    given = (replace(first, **{doing: broken}), second)
    monkeypatch.setattr("studio.management.commands.doctor.CHECKS", given)
    report, code = doctor("--fix", only=[])
    assert (code, counts(report, "progress")[2], counts(report, "xp")) == (1, 1, (1, 1, 0))
    why_not = [f"It could not {said}: OSError. The log says more."]
    assert report["progress"]["details"] == why_not
    assert Upkeep.objects.get().off[0]["details"] == why_not


def test_a_look_that_breaks_after_mending_says_so():
    found = iter([Off(2)])
    mended = examine(Check("x", "X", lambda: next(found), lambda: None), fix=True).left
    assert mended == Off(2, ["It could not look again: StopIteration. The log says more."])


def test_choices_without_what_their_names_read_as_are_found_and_read(ada, bob, grace, root):
    """Of two nicknames that read alike the second has no reading, and that is as it should be."""
    boards.choose(ada, "NICKNAME", "Quiet Fox")
    for person, nickname in ((bob, "QuietFox"), (grace, "Night Owl"), (root, "NightOwl")):
        BoardChoice.objects.create(user=person, shown="NICKNAME", nickname=nickname)
    by_name, off = make_person("cy@example.org", "Cy"), make_person("di@example.org", "Di")
    BoardChoice.objects.create(user=by_name, shown="NAME")
    BoardChoice.objects.create(user=off, shown="OFF")
    assert counts(doctor("--fix", only=["nicknames"])[0], "nicknames") == (2, 2, 0)
    kept = dict(BoardChoice.objects.values_list("user__name", "reading"))
    read = [kept[person.name] for person in (ada, bob, grace, root, by_name, off)]
    assert read == ["quietfox", "", "nightowi", "", "cy", ""]
    assert counts(doctor(only=["nicknames"])[0], "nicknames") == (0, 0, 0)


def test_people_read_a_table(ada, lessons):
    complete_lesson(ada, lessons[0])
    Standing.objects.update(total_xp=4_000)
    text = told()
    assert "well    Counts of courses and of progress\n" in text
    assert "off     Totals of XP and levels: 1\n" in text
    assert "--fix mends" in text
    assert "mended  Totals of XP and levels: 1\n" in told("--fix")


def test_an_unknown_check_is_wrong_usage():
    with pytest.raises(CommandError):
        call_command("doctor", "--only", "everything")
