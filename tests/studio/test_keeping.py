"""What is kept for a time: the jobs forget it once, and `doctor` sees when they do not."""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.utils.module_loading import import_string
from django.utils.timezone import now

from accounts.models import ApiToken, User
from accounts.own_data import PersonExport
from accounts.tokens import create_token
from assessments.models import ModelRun, Run, Submission, TestResult
from billing.models import Seat, WebhookDelivery
from courses.models import CourseImport
from notifications.models import Delivery, EmailLog, Notification, PhoneCode, PushSubscription
from progress.models import AttentionNaming
from studio import keeping, uploads
from studio.health import CHECKS
from tests.assessments.code_builders import make_assignment
from tests.assessments.review_builders import hand_in
from tests.billing.rows import make_seats, promised
from tests.conftest import make_person

pytestmark = pytest.mark.django_db
CHECK = next(one for one in CHECKS if one.name == "kept")
DOCS = Path(__file__).resolve().parents[2] / "docs" / "privacy.md"
# Each row of the table in the docs, and what of `keeping` sees that it holds.
ROWS = {
    "exports": "Exports",
    "sessions, and the browser and address of each": "Sessions",
    "sign-ups that nobody finished": "Sessions",
    "looks of `doctor`, and when backups were made": "Sessions",
    "API tokens that have ended": "Sessions",
    "runs, and tries that left no grade": "Runs",
    "notes of the audit log, and the internet address of each": "Sessions",
    "what code printed, what its compiler said, words of models": "Runs",
    "messages of Stripe's (ids and times; no body is stored)": "Messages of Stripe's",
    "invitations to seats that nobody came for": "Invitations to seats",
    "mail log; push and text messages": "Mail",
    "browsers whose service said that they are gone": "Mail",
    "codes that confirm a telephone": "Codes",
    "whom lists of students named, and what came of it": "Whom lists of students named",
    "notifications that were read and not saved": "Notifications",
    "uploaded courses that nobody said yes to": "Uploaded courses",
    # The check `visits` looks at these, by the months that the site was told.
    "counts of visits": "",
}


def at(days):
    return now() - timedelta(days=days)


@pytest.fixture
def old(ada, course, grace):
    """Something of every kind, each two days older than it may be."""
    assignment = make_assignment(course.modules.get(slug="start"))
    done = hand_in(ada, assignment, finished_at=at(182), compile_output="x")
    TestResult.objects.create(
        submission=done, case=assignment.cases.first(), outcome="PASSED", position=1, points=1,
        was_visible=True, stdout="x",
    )  # fmt: skip
    ModelRun.objects.create(submission=done, status="PASSED", finished_at=at(182), prompt="x")
    hand_in(ada, assignment, finished_at=at(9), is_graded=False, number=None)
    Run.objects.create(
        user=ada, lesson=assignment.lesson, language="python", status="PASSED", finished_at=at(9)
    )
    WebhookDelivery.objects.create(
        id="evt_1", type="x", state="DONE", happened_at=at(92), received_at=at(92)
    )
    Seat.objects.filter(pk=promised(make_seats(grace)).pk).update(expires_at=at(92))
    EmailLog.objects.create(user=ada, kind="account", to=ada.email, state="SENT",
                            sent_at=at(182), created_at=at(182))  # fmt: skip
    told = Notification.objects.create(user=ada, kind="X", subject="x:1", read_at=at(368))
    told = Notification.objects.create(user=ada, kind="X", subject="x:2")
    browser = PushSubscription.objects.create(user=ada, endpoint="https://x/", gone_at=at(32))
    Delivery.objects.create(user=ada, notification=told, channel="SMS", state="SENT",
                            sent_at=at(182), created_at=at(182))  # fmt: skip
    assert browser
    AttentionNaming.objects.create(user=ada, course=course, named_at=at(182))
    Session.objects.create(session_key="k" * 32, session_data="", expire_date=at(2))
    UserSession.objects.create(user=ada, session_key="gone", ip="127.0.0.1", last_seen_at=at(2))
    create_token(ada, "Old")
    ApiToken.objects.update(expires_at=at(92))
    PersonExport.objects.create(
        user=ada, asked_at=at(3), ready_at=at(3), file="exports/gone.zip", size=1
    )
    PhoneCode.objects.create(user=ada, digest="x", expires_at=at(2))
    upload = CourseImport.objects.create(
        by=ada, name="a.zip", size=1, sha256="x", status="READY", plan={"x": 1}, changed_at=at(9)
    )
    uploads.keep_upload(upload, b"x")
    os.utime(default_storage.path(upload.file), (at(9).timestamp(),) * 2)
    never = make_person("never@example.org", "Never")
    never.emailaddress_set.update(verified=False)
    User.objects.filter(pk=never.pk).update(date_joined=at(16))


def test_the_jobs_forget_all_of_it_and_a_second_time_nothing(old):
    found = keeping.kept_too_long()
    assert found.keys() == {one.what for one in keeping.KEPT}
    assert CHECK.look().count == sum(found.values()) == 19
    for one in keeping.KEPT:
        assert one.forget() not in (0, (0, 0)), one.what
    assert CHECK.look().count == 0
    assert [one.forget() for one in keeping.KEPT] == [
        (0, 0) if one.what.startswith("Runs") else 0 for one in keeping.KEPT
    ]
    assert Submission.objects.filter(is_graded=True).exists()  # Verdicts and code stay.
    assert not User.objects.filter(email="never@example.org").exists()


def test_what_is_not_old_yet_stays(ada, as_):
    as_(ada)
    create_token(ada, "Editor")
    EmailLog.objects.create(user=ada, kind="account", to=ada.email, state="SENT",
                            sent_at=at(170), created_at=at(170))  # fmt: skip
    keeping.forget_all()
    assert ada.api_tokens.exists()
    assert EmailLog.objects.exists()
    assert Session.objects.exists()


@pytest.mark.parametrize("days", ["7", "14", "30", "90", "180", "365"])
def test_the_docs_tell_each_limit(days):
    assert re.search(rf"\| {days} days", DOCS.read_text())


def told_rows():
    """What is kept, and the jobs that forget it; its last row is about all else."""
    table = DOCS.read_text().partition("## How long it is kept")[2]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")]
    return {what: re.findall(r"`(\w+)`", by) for what, _, by in rows[2:-1]}


def test_each_row_of_the_docs_is_looked_after_and_nothing_else_is():
    assert told_rows().keys() == ROWS.keys()
    for one in keeping.KEPT:
        assert [row for row, what in ROWS.items() if what and one.what.startswith(what)], one.what
    for what in filter(None, ROWS.values()):
        assert [one for one in keeping.KEPT if one.what.startswith(what)], what


def test_the_jobs_that_the_docs_name_forget_all_of_it(old):
    assert keeping.kept_too_long()
    beat = [one["task"] for one in settings.CELERY_BEAT_SCHEDULE.values()]
    jobs = {task.rpartition(".")[2]: task for task in beat}
    for names in told_rows().values():
        assert names
        for name in names:
            import_string(jobs[name])()
    assert not keeping.kept_too_long()
