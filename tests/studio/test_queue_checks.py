"""What waits too long for a worker of `default`: the doctor finds it, and sends it again."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.utils.timezone import now
from redis import Redis

from accounts.models import User
from accounts.own_data import PersonExport
from courses.models import CourseImport
from gamification.models import AchievementsDue
from notifications.models import Announcement
from studio import backlog, queue_checks
from studio.health import CHECKS
from studio.insights import counting
from tests.conftest import make_course
from tests.studio.doctoring import ALL_BUT_SANDBOX, counts, doctor

pytestmark = pytest.mark.django_db
EACH = {
    "Imports of courses": "studio.tasks.take_up_forgotten_imports",
    "Exports of one's own data": "accounts.tasks.make_exports",
    "Times that badges were to be looked at": "gamification.tasks.award_those_due",
    "Announcements": "notifications.tasks.carry_on_announcements",
}


@pytest.fixture
def sent(monkeypatch):
    """The names of the tasks that a worker is asked for."""
    names = []
    monkeypatch.setattr(queue_checks, "current_app", SimpleNamespace(send_task=names.append))
    return names


def wait_since(moment, person, other):
    """One of each kind, and of each what is like it and waits for nobody."""
    upload = {"by": person, "name": "a.zip", "size": 1, "sha256": "x", "changed_at": moment}
    CourseImport.objects.create(status="PLANNING", **upload)
    CourseImport.objects.create(status="READY", plan={"x": 1}, **upload)
    PersonExport.objects.create(user=person, asked_at=moment)
    PersonExport.objects.create(user=other, asked_at=moment, ready_at=moment)
    AchievementsDue.objects.create(user=person, since=moment)
    said = {"author": person, "title": "News", "text": "News.", "send_at": moment}
    Announcement.objects.create(started_at=moment, **said)
    Announcement.objects.create(started_at=moment, sent_at=moment, **said)
    Announcement.objects.create(withdrawn_at=moment, **said)


def test_each_kind_that_waits_too_long_is_found_and_sent_again(ada, bob, sent):
    wait_since(now() - timedelta(minutes=16), ada, bob)
    report, code = doctor()
    assert (counts(report, "queues"), code) == ((4, 0, 4), 1)
    assert report["queues"]["details"] == [f"{called}: 1" for called in EACH]
    assert [name for name, one in report.items() if one["left"]] == ["queues"]  # and none twice
    assert not sent
    assert counts(doctor("--fix")[0], "queues") == (4, 0, 4)  # A worker has to do it yet.
    assert sent == list(EACH.values())
    assert set(sent) <= {one["task"] for one in settings.CELERY_BEAT_SCHEDULE.values()}


def test_what_has_waited_for_a_while_is_left_to_the_sweeps(ada, bob, sent):
    wait_since(now() - timedelta(minutes=5), ada, bob)
    assert counts(doctor("--fix", only=["queues"])[0], "queues") == (0, 0, 0)
    assert not sent


def test_an_export_of_somebody_who_is_not_here_is_not_missed(ada, sent):
    PersonExport.objects.create(user=ada, asked_at=now() - timedelta(hours=5))
    User.objects.update(is_active=False)
    assert doctor(only=["queues"])[1] == 0


def test_each_kind_of_work_that_metrics_show_has_one_check():
    here, elsewhere = queue_checks.SWEEPS.keys(), queue_checks.ELSEWHERE
    assert here | elsewhere.keys() == backlog.WAITING.keys()
    assert not here & elsewhere.keys()
    assert set(elsewhere.values()) < {check.name for check in CHECKS}
    assert "queues" in ALL_BUT_SANDBOX


def test_counts_of_courses_that_are_gone_may_be_old(db):
    course, gone = make_course("one"), make_course("gone")
    for one in (course, gone):
        counting.count_course(one, now() - timedelta(days=3))
    gone.deleted_at = now()
    gone.save()
    report, code = doctor("--fix", only=["insights"])
    assert (counts(report, "insights"), code) == ((1, 1, 0), 0)


def test_what_is_sent_again_lies_in_the_queue_of_its_worker(ada):
    PersonExport.objects.create(user=ada, asked_at=now() - timedelta(hours=5))
    report, _ = doctor("--fix", only=["queues"])
    assert report["queues"]["details"] == ["Exports of one's own data: 1"]
    with Redis.from_url(settings.CELERY_BROKER_URL) as broker:
        newest = json.loads(broker.lindex(settings.CELERY_TASK_DEFAULT_QUEUE, 0))
    assert newest["headers"]["task"] == "accounts.tasks.make_exports"
