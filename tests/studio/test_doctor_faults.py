"""For each check of the doctor the fault that it is there for: planted, found, mended, gone."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from inspect import signature
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.timezone import now

from accounts.models import Profile, User
from activity.models import DailySalt, Event
from assessments import grading, submissions
from assessments.attempts import start_attempt
from assessments.models import Attempt, Draft, ModelRun, Review, Submission
from assessments.reviewing import reviews
from billing import deliveries
from billing.models import WebhookDelivery
from certificates.actions import revoke
from certificates.models import Certificate
from courses.models import CourseImport, Lesson
from enrollments.models import DueEnrollment
from gamification.models import BoardChoice, BoardRow, Standing, Streak
from notifications.models import Delivery, EmailLog, Notification, PushSubscription
from progress.actions import complete_lesson
from progress.models import CourseProgress, LessonProgress
from sandbox.runner import Wall
from sandbox.wasm.runner import WasmRunner
from studio import course_importing
from studio.health import CHECKS
from studio.insights import counting
from tests.assessments.builders import make_quiz
from tests.assessments.code_builders import RIGHT, make_assignment
from tests.assessments.review_builders import decide, hand_in
from tests.certificates.builders import DAY, certify, erase
from tests.studio.doctoring import counts, doctor

pytestmark = pytest.mark.django_db
# What does the work that --fix leaves to a worker or a person; None: --fix does all of it.
type Cure = Callable[[], object] | None
FAULTS: dict[str, Callable[..., Cure]] = {}
LONG_AGO = timedelta(hours=3)


def plants(name: str) -> Callable[[Callable[..., Cure]], Callable[..., Cure]]:
    """The check's own fault. It asks for fixtures by the names of its parameters."""

    def keep(plant: Callable[..., Cure]) -> Callable[..., Cure]:
        FAULTS[name] = plant
        return plant

    return keep


@plants("progress")
def a_count_that_is_not_what_was_done(ada: User, lessons: list[Lesson]) -> Cure:
    complete_lesson(ada, lessons[0])
    CourseProgress.objects.update(done=3)
    return None


@plants("xp")
def a_total_that_is_not_what_was_paid(ada: User, lessons: list[Lesson]) -> Cure:
    """Its level is wrong with it: the column is generated."""
    complete_lesson(ada, lessons[0])
    Standing.objects.update(total_xp=4_000)
    assert Standing.objects.get().level == 6
    return None


@plants("days")
def learning_that_no_day_was_noted_for(ada: User) -> Cure:
    Event.objects.create(user=ada, kind="ATTEMPT_FINISHED", subject="attempt:old")
    return None


@plants("streaks")
def a_streak_that_its_days_do_not_come_to(ada: User, lessons: list[Lesson]) -> Cure:
    complete_lesson(ada, lessons[0])
    Streak.objects.update(length=3, best=3)
    return None


@plants("boards")
def points_on_a_board_that_nobody_earned(ada: User, lessons: list[Lesson]) -> Cure:
    complete_lesson(ada, lessons[0])
    assert BoardRow.objects.update(points=7)
    return None


@plants("nicknames")
def a_nickname_that_was_never_read(ada: User) -> Cure:
    BoardChoice.objects.create(user=ada, shown="NICKNAME", nickname="Quiet Fox")
    return None


@plants("lessons")
def a_lesson_that_was_passed_and_is_not_done(ada: User, lessons: list[Lesson]) -> Cure:
    row = submissions.submit(ada, make_assignment(lessons[0].module), RIGHT, graded=True)
    grading.grade(row.pk)
    LessonProgress.objects.all().delete()
    return None


@plants("attempts")
def an_attempt_that_nobody_closed(ada: User, lessons: list[Lesson]) -> Cure:
    start_attempt(ada, make_quiz(lessons[0].module, time_limit=10))
    Attempt.objects.update(started_at=now() - 2 * LONG_AGO, deadline=now() - LONG_AGO)
    return None


@plants("enrolments")
def a_sign_up_that_is_in_no_course(bob: User) -> Cure:
    DueEnrollment.objects.create(user=bob, error="No.")
    DueEnrollment.objects.update(created_at=now() - LONG_AGO)
    return None


@plants("jobs")
def code_that_no_worker_took(ada: User, lessons: list[Lesson]) -> Cure:
    row = submissions.submit(ada, make_assignment(lessons[0].module), RIGHT, graded=True)
    Submission.objects.update(created_at=now() - LONG_AGO, due_at=now() - LONG_AGO)
    return lambda: grading.grade(row.pk)


@plants("given-up")
def code_that_our_side_gave_up(ada: User, lessons: list[Lesson]) -> Cure:
    submissions.submit(ada, make_assignment(lessons[0].module), RIGHT, graded=True)
    Submission.objects.update(status="ERROR", fault="Gone.", finished_at=now())
    return lambda: Submission.objects.update(finished_at=now() - timedelta(days=8))


@plants("reviews")
def a_review_that_waits_for_nothing(ada: User, lessons: list[Lesson]) -> Cure:
    work = hand_in(ada, make_assignment(lessons[0].module))
    reviews.put_in_queue(work, Review.Reason.HELP)
    return None


@plants("told")
def a_review_that_nobody_was_told_of(ada: User, grace: User, lessons: list[Lesson]) -> Cure:
    work = hand_in(ada, make_assignment(lessons[0].module))
    decide(reviews.put_in_queue(work, Review.Reason.NO_DRAFT), grace)
    Review.objects.update(decided_at=now() - LONG_AGO, sent_at=now() - LONG_AGO)
    return None


@plants("drafts")
def a_draft_that_nobody_asks_for(ada: User, lessons: list[Lesson]) -> Cure:
    ModelRun.objects.create(submission=hand_in(ada, make_assignment(lessons[0].module)))
    ModelRun.objects.update(created_at=now() - LONG_AGO)
    return None


@plants("certificates")
def a_course_that_was_finished_without_one(ada: User, course: Any) -> Cure:
    subject = f"course:{course.pk}"
    Event.objects.create(user=ada, kind="COURSE_COMPLETED", subject=subject, created_at=DAY)
    return None


@plants("unfounded")
def a_certificate_for_nothing(ada: User, root: User, course: Any) -> Cure:
    certify(ada, course)
    return lambda: revoke(Certificate.objects.get(), root, "Nobody finished it.")


@plants("payments")
def a_payment_that_opens_nothing(db: None) -> Cure:
    WebhookDelivery.objects.create(
        id="evt_1", type="invoice.paid", state="UNMATCHED", happened_at=now()
    )
    return lambda: deliveries.dismiss(["evt_1"])


@plants("mail")
def a_mail_that_does_not_leave(ada: User) -> Cure:
    long_ago = now() - LONG_AGO
    EmailLog.objects.create(
        user=ada, kind="review", to=ada.email, state="DUE", created_at=long_ago, due_at=long_ago
    )
    return lambda: EmailLog.objects.update(state="SENT", sent_at=now())


@plants("messages")
def a_message_that_does_not_leave(ada: User, settings: Any) -> Cure:
    settings.PUSH_VAPID_PRIVATE_KEY = "a key"
    told = Notification.objects.create(user=ada, kind="X", subject="x:1")
    browser = PushSubscription.objects.create(user=ada, endpoint="https://x/")
    Delivery.objects.create(
        user=ada, notification=told, channel="PUSH", push_subscription=browser, state="DUE",
        due_at=now() - LONG_AGO,
    )  # fmt: skip
    return lambda: Delivery.objects.update(state="SENT", sent_at=now())


@plants("queues")
def an_import_that_nobody_plans(ada: User) -> Cure:
    row = CourseImport.objects.create(by=ada, name="a.zip", size=1, sha256="x")
    CourseImport.objects.update(changed_at=now() - LONG_AGO)
    return lambda: course_importing.plan(row.pk)


@plants("insights")
def a_count_of_three_days_ago(db: None) -> Cure:
    counting.count_school(now() - timedelta(days=3))
    return None


@plants("visits")
def a_secret_of_a_day_that_is_over(db: None) -> Cure:
    long_ago = datetime.now(UTC).date() - timedelta(days=9)
    DailySalt.objects.create(day=long_ago, secret=b"x" * 16)
    return None


@plants("kept")
def a_notification_that_is_older_than_a_year(ada: User) -> Cure:
    long_ago = now() - timedelta(days=368)
    Notification.objects.create(user=ada, kind="X", subject="x:1", read_at=long_ago)
    return None


@plants("erased")
def words_of_somebody_who_was_erased(ada: User, lessons: list[Lesson]) -> Cure:
    assignment = make_assignment(lessons[0].module)
    erase(ada)
    Draft.objects.create(user=ada, assignment=assignment, source="mine", saved_at=now())
    return None


@plants("files")
def a_picture_that_was_moved_away(ada: User) -> Cure:
    picture = default_storage.save("avatars/ada.webp", ContentFile(b"picture"))
    Profile.objects.filter(user=ada).update(avatar=picture)
    default_storage.delete(picture)
    return lambda: default_storage.save(picture, ContentFile(b"picture"))


@plants("sandbox")
def a_wall_that_fell(monkeypatch: pytest.MonkeyPatch) -> Cure:
    monkeypatch.setattr(WasmRunner, "self_test", lambda _: [Wall("net", False, "reached")])
    return lambda: monkeypatch.setattr(WasmRunner, "self_test", lambda _: [Wall("net", True)])


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_each_check_finds_its_fault_and_nothing_once_it_is_mended(
    check: Any, request: pytest.FixtureRequest
) -> None:
    name = check.name
    assert name in FAULTS, "Plant here what this check is there to find."
    plant = FAULTS[name]
    cast = {one: request.getfixturevalue(one) for one in signature(plant).parameters}
    if name != "sandbox":  # whose attack on the real walls has tests of its own
        assert counts(doctor(only=[name])[0], name) == (0, 0, 0)
    cure = plant(**cast)
    report, code = doctor(only=[name])
    found = report[name]["found"]
    assert (counts(report, name), code) == ((found, 0, found), 1)
    assert found
    report, code = doctor("--fix", only=[name])
    if cure is None:
        assert (counts(report, name), code) == ((found, found, 0), 0)
    else:
        assert (counts(report, name), code) == ((found, 0, found), 1)
        assert check.advice, "Say what a person does about it."
        cure()
    assert doctor(only=[name])[1] == 0


def test_no_fault_is_planted_for_a_check_that_is_gone() -> None:
    assert FAULTS.keys() == {check.name for check in CHECKS}
