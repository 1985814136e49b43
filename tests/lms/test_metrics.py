"""What /metrics knows of the work behind the pages: asked of the rows, whoever answers."""

import re
from datetime import timedelta
from itertools import product

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils.timezone import now
from prometheus_client.parser import text_string_to_metric_families

from accounts.models import User
from accounts.own_data import PersonExport
from assessments import work
from assessments.models import ModelRun, Submission
from billing.models import WebhookDelivery
from lms.metrics import text
from notifications import outbox
from notifications.mailing import Mail
from notifications.models import Delivery, EmailLog, Notification, PushSubscription
from studio import backlog, health, looking
from studio.backups import last
from studio.setting_up.machine import note_background
from tests.assessments.code_builders import make_assignment

pytestmark = pytest.mark.django_db


def shown():
    """Each sample by its name and labels."""
    families = text_string_to_metric_families(text().decode())
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


def ago(**much):
    return now() - timedelta(**much)


@pytest.fixture
def school(ada, lessons):
    """Code that waits since a minute and a half, code that took 4 and 8 seconds, a fault of ours;
    a mail that waits, one that waits for the morning, a lost one; a message of Stripe's."""
    code = {"user": ada, "assignment": make_assignment(lessons[0].module), "source": "x"}
    judged = {"percent": 100, "points": 5, "out_of": 5, "revision": 1, "is_graded": True}
    Submission.objects.create(**code, is_graded=False, created_at=ago(seconds=90))
    for number, seconds in enumerate((4, 8)):
        Submission.objects.create(
            **code, **judged, number=number, status="PASSED",
            created_at=ago(seconds=60 + seconds), finished_at=ago(seconds=60),
        )  # fmt: skip
    Submission.objects.create(
        **code, is_graded=False, status="ERROR", created_at=ago(days=2), finished_at=ago(days=2)
    )
    EmailLog.objects.create(user=ada, kind="review", due_at=ago(seconds=30))
    EmailLog.objects.create(user=ada, kind="review", due_at=now() + timedelta(hours=3))
    EmailLog.objects.create(user=ada, kind="review", state="UNCERTAIN", created_at=ago(days=6))
    EmailLog.objects.create(user=ada, kind="review", state="FAILED", created_at=ago(days=8))
    about = {"type": "invoice.paid", "happened_at": ago(hours=60)}
    WebhookDelivery.objects.create(
        id="evt_1", state="DONE", received_at=ago(seconds=70), done_at=ago(seconds=67), **about
    )
    # Two days after it came, when Stripe had sent it again and again.
    WebhookDelivery.objects.create(
        id="evt_3", state="DONE", received_at=ago(hours=48), done_at=ago(seconds=60), **about
    )
    WebhookDelivery.objects.create(
        id="evt_4", state="DONE", received_at=ago(hours=50), done_at=ago(hours=2), **about
    )
    WebhookDelivery.objects.create(id="evt_2", received_at=ago(seconds=20), **about)


def test_work_is_counted_from_its_rows_in_four_queries(school, settings, django_assert_num_queries):
    cache.clear()
    settings.PUSH_VAPID_PRIVATE_KEY = "a key"
    with django_assert_num_queries(4):
        found = shown()
    assert found["waymark_database_up",] == 1
    kinds = {"submission": (1, 90), "mail": (1, 30), "stripe": (1, 20), "push": (0, 0)}
    for kind, (number, seconds) in kinds.items():
        assert found["waymark_waiting", kind] == number
        assert seconds <= found["waymark_waiting_oldest_seconds", kind] < seconds + 60
    assert found["waymark_done_last_hour", "submission"] == 2
    quantiles = [found["waymark_done_seconds", "submission", one] for one in ("0.5", "0.95", "1")]
    assert quantiles == pytest.approx([6, 7.8, 8], abs=0.1)
    assert found["waymark_done_last_hour", "stripe"] == 2
    took = [found["waymark_done_seconds", "stripe", one] for one in ("0.5", "1")]
    assert took == pytest.approx([(3 + 172_740) / 2, 172_740], abs=0.1)
    assert found["waymark_failed", "submission"] == found["waymark_failed", "mail"] == 1
    assert not [name for name, *_ in found if re.search("doctor|backup|silence", name)]


def test_what_waits_for_a_way_that_was_switched_off_is_not_counted(ada, settings):
    browser = PushSubscription.objects.create(user=ada, endpoint="https://push.example/1")
    for channel, state in product(("PUSH", "SMS"), ("DUE", "FAILED")):
        told = Notification.objects.create(user=ada, kind="X", subject=f"x:{channel}:{state}")
        Delivery.objects.create(
            user=ada, notification=told, channel=channel, state=state, due_at=ago(days=1),
            push_subscription=browser if channel == "PUSH" else None,
        )  # fmt: skip
    settings.SMS_GATEWAY = "tests.doubles.sms_gateway.Gateway"
    found = shown()
    for name in ("waymark_waiting", "waymark_failed"):
        assert found[name, "sms"] == 1
        assert (name, "push") not in found
    assert ("waymark_waiting_oldest_seconds", "push") not in found


def test_an_export_of_somebody_who_is_not_here_waits_for_nobody(ada, bob):
    PersonExport.objects.create(user=ada, asked_at=ago(minutes=5))
    PersonExport.objects.create(user=bob, asked_at=ago(days=5))
    User.objects.filter(pk=bob.pk).update(is_active=False)
    found = shown()
    assert found["waymark_waiting", "export"] == 1
    assert 300 <= found["waymark_waiting_oldest_seconds", "export"] < 360


def test_a_draft_waits_while_it_is_due_and_code_for_a_runner_that_is_away(ada, lessons):
    code = {"user": ada, "assignment": make_assignment(lessons[0].module), "source": "x"}
    asked = Submission.objects.create(**code, is_graded=False, created_at=ago(minutes=50))
    put_off = {"created_at": ago(minutes=50), "due_at": now() + timedelta(minutes=5)}
    draft = ModelRun.objects.create(submission=asked, **put_off)
    Submission.objects.filter(pk=asked.pk).update(**put_off)
    found = shown()
    assert (found["waymark_waiting", "draft"], found["waymark_waiting", "submission"]) == (0, 1)
    assert 3000 <= found["waymark_waiting_oldest_seconds", "submission"] < 3060
    ModelRun.objects.update(due_at=ago(minutes=40))
    # Telling of it once more moves the time at which it is due.
    assert work.forgotten(ModelRun) == [draft.pk]
    found = shown()
    assert found["waymark_waiting", "draft"] == 1
    assert 3000 <= found["waymark_waiting_oldest_seconds", "draft"] < 3060


def test_a_mail_for_which_the_server_is_away_waits_however_late_it_is_due_again(ada):
    row = EmailLog.objects.create(
        user=ada, kind="review", created_at=ago(minutes=20), due_at=ago(minutes=20)
    )
    outbox.put_off(Mail(), row, row.state, "No connection.")
    assert EmailLog.objects.get().due_at > now()
    found = shown()
    assert found["waymark_waiting", "mail"] == 1
    assert 1200 <= found["waymark_waiting_oldest_seconds", "mail"] < 1260


def test_a_mail_refused_after_quiet_hours_waits_since_their_end(ada):
    row = EmailLog.objects.create(
        user=ada, kind="review", created_at=ago(minutes=600), due_at=ago(minutes=1)
    )
    outbox.put_off(Mail(), row, row.state, "451 later")
    assert 60 <= shown()["waymark_waiting_oldest_seconds", "mail"] < 120


def test_looks_and_backups_are_shown_and_what_redis_keeps_while_it_is_known(db):
    check = next(check for check in health.CHECKS if check.name == "mail")
    looking.note([health.Outcome(check, health.Off(2), health.Off(2))], now())
    last.note(ago(hours=5))
    note_background()
    found = shown()
    assert found["waymark_doctor_off",] == 1
    assert 0 <= found["waymark_doctor_age_seconds",] < 60
    assert 0 <= found["waymark_background_silence_seconds",] < 60
    assert 5 * 3600 <= found["waymark_backup_age_seconds",] < 5 * 3600 + 60


@pytest.mark.parametrize(
    "statement",
    [backlog.WAITS, backlog.LATELY, backlog.FAILURES],
    ids=["waits", "lately", "failures"],
)
def test_numbers_of_large_tables_are_served_by_indexes(db, statement):
    """These hold nothing but what waits, or a row for each time that somebody asked."""
    small = {"enrollments_dueenrollment", "gamification_achievementsdue"}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {statement}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert set(re.findall(r"Seq Scan on (\w+)", plan)) <= small
