"""What a worker says of a task names the request that caused it; what none caused has its own."""

import json
from contextvars import Context
from datetime import timedelta

import pytest
from django.utils.timezone import now

from courses.models import CourseImport
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
    with log.open("w") as file, process(*WORKER, output=file):
        wait_until(lambda: said_of("studio.tasks.plan_import"), 120)
    of_request = said_of("accounts.tasks.make_exports")
    assert {line["request_id"] for line in of_request} == {asked["X-Request-ID"]}
    [sweep, *_] = said_of("studio.tasks.take_up_forgotten_imports")
    assert sweep["request_id"] == sweep["task_id"]
    for line in said_of("studio.tasks.plan_import"):
        assert line["request_id"] == sweep["task_id"] != line["task_id"]
