"""What a worker says of a task names the request that caused it; what none caused has its own."""

import json
from contextvars import Context
from datetime import timedelta
from queue import Queue
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.utils.timezone import now

from assessments import runner_checks, work
from assessments.tasks import check_runner, regrade_quiz
from courses.models import CourseImport
from lms.logs import current_id
from studio import tasks
from tests.accounts.test_changes import just_signed_in
from tests.faults.test_faults import process, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("faults")]

WORKER = ["-m", "celery", "-A", "lms", "worker", "--pool", "solo", "--loglevel", "INFO"]


def test_a_worker_says_which_request_a_task_is_of(ada, root, tmp_path, monkeypatch):
    monkeypatch.setenv("LOG_FORMAT", "json")
    log = tmp_path / "worker.log"

    def said_of(task):
        lines = [json.loads(line) for line in log.read_text().splitlines() if line[:1] == "{"]
        return [line for line in lines if line.get("task_name") == task]

    CourseImport.objects.create(by=root, name="a.zip", size=1, sha256="")
    CourseImport.objects.update(changed_at=now() - timedelta(hours=1))
    asked = just_signed_in(ada).post("/settings/data/")
    Context().run(tasks.take_up_forgotten_imports.delay)  # as beat does, which answers nobody
    regrade_quiz.delay(str(uuid4()), str(root.pk), lower=True, reason="Zoe told me at lunch")
    with log.open("w") as file, process(*WORKER, output=file):
        wait_until(lambda: said_of("studio.tasks.plan_import"), 120)
        wait_until(lambda: said_of("assessments.tasks.regrade_quiz"), 120)
    of_request = said_of("accounts.tasks.make_exports")
    assert {line["request_id"] for line in of_request} == {asked["X-Request-ID"]}
    [sweep, *_] = said_of("studio.tasks.take_up_forgotten_imports")
    assert sweep["request_id"] == sweep["task_id"]
    for line in said_of("studio.tasks.plan_import"):
        assert line["request_id"] == sweep["task_id"] != line["task_id"]
    assert "Zoe" not in log.read_text()


def test_the_thread_that_keeps_a_lease_goes_by_the_id_of_its_task(monkeypatch):
    heard, told = Queue(), Queue()

    def attack(key):
        with work.kept(SimpleNamespace(pk=key)):
            heard.put(current_id())
            heard.put(told.get(timeout=60))

    def held(row):
        told.put(current_id())
        return SimpleNamespace(update=dict)

    monkeypatch.setattr(work, "BEAT", 0.001)
    monkeypatch.setattr(work, "held", held)
    monkeypatch.setattr(runner_checks, "attack", attack)
    key = str(uuid4())
    done = Context().run(check_runner.apply, [key], task_id=key)
    assert done.successful(), done.result
    assert [heard.get(timeout=5), heard.get(timeout=5)] == [key, key]
