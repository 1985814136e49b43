"""The page of the runner: its self-test runs in the queue, and the queue is told."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from assessments import runner_checks, submissions, work
from assessments.models import RunnerCheck, Submission, Work
from assessments.models.attempt import CLOCK
from sandbox.runner import Wall
from sandbox.wasm.runner import WasmRunner
from tests.assessments.code_builders import RIGHT, make_assignment

RUNNER = "/studio/runner/"


@pytest.fixture
def assignment(lessons):
    return make_assignment(lessons[0].module)


def text(answer):
    return answer.content.decode()


def walls_are(monkeypatch, *walls):
    monkeypatch.setattr(WasmRunner, "self_test", lambda _: list(walls))


def test_guests_sign_in_and_learners_find_nothing(course, ada, as_, client):
    assert client.get(RUNNER).headers["Location"].startswith("/accounts/login/?next=/studio/")
    assert client.post(RUNNER).status_code == 302
    assert as_(ada).get(RUNNER).status_code == 404
    assert as_(ada).post(RUNNER).status_code == 404
    assert not RunnerCheck.objects.exists()


def test_staff_of_a_real_school_need_a_second_factor(desk, settings):
    settings.DEMO_SCHOOL = False
    assert "2fa" in desk.get(RUNNER).headers["Location"]


def test_it_takes_no_delete(desk):
    assert desk.delete(RUNNER).status_code == 405


def test_it_names_the_runner_and_asks_it_nothing_itself(desk, monkeypatch):
    monkeypatch.setattr(WasmRunner, "languages", property(lambda _: pytest.fail("asked")))
    html = text(desk.get(RUNNER))
    assert "<strong>wasm</strong>" in html
    assert "A test tells its languages" in html
    assert "Nobody has tested the runner here yet." in html
    assert "Nothing waits" in html


def test_the_request_only_asks_and_the_queue_attacks(desk, root):
    answer = desk.post(RUNNER)
    assert (answer.status_code, answer.headers["Location"]) == (303, RUNNER)
    desk.post(RUNNER)
    check = RunnerCheck.objects.get()
    assert (check.status, check.asked_by, check.runner) == ("PENDING", root, "wasm")
    waiting = text(desk.get(RUNNER))
    assert 'hx-trigger="every 3s"' in waiting
    assert "Test it now" not in waiting
    done = runner_checks.attack(check.pk)
    assert done.languages == ["javascript", "python"]
    assert len(done.walls) > 3
    html = text(desk.get(RUNNER))
    assert "JavaScript, Python" in html
    assert "Holds" in html
    assert "Test it now" in html


def test_a_wall_that_does_not_hold_is_named(desk, monkeypatch):
    walls_are(monkeypatch, Wall("files", True), Wall("network", False, "reached <10.0.0.1>"))
    assert runner_checks.attack(runner_checks.ask(None).pk).status == "FAILED"
    html = text(desk.get(RUNNER))
    assert "1 of 2 walls does not hold." in html
    assert "reached &lt;10.0.0.1&gt;" in html


def test_a_runner_without_walls_does_not_run(desk, monkeypatch):
    walls_are(monkeypatch)
    assert runner_checks.attack(runner_checks.ask(None).pk).status == "FAILED"
    assert "The runner does not run." in text(desk.get(RUNNER))


def test_a_self_test_that_breaks_is_tried_again_and_then_told(desk, monkeypatch):
    def broken(_):
        raise OSError("No such folder.")

    monkeypatch.setattr(WasmRunner, "self_test", broken)
    check = runner_checks.ask(None)
    for _ in range(work.MOST_TRIES):
        assert runner_checks.attack(check.pk) is None
        RunnerCheck.objects.update(due_at=CLOCK)
    check.refresh_from_db()
    assert (check.status, check.fault) == ("ERROR", "OSError: No such folder.")
    assert "The self-test broke: OSError: No such folder." in text(desk.get(RUNNER))


def test_a_test_of_another_runner_is_called_that(desk, monkeypatch):
    walls_are(monkeypatch, Wall("files", True))
    runner_checks.attack(runner_checks.ask(None).pk)
    RunnerCheck.objects.update(runner="bwrap")
    assert "This was a test of bwrap; now wasm is set." in text(desk.get(RUNNER))


@pytest.mark.django_db
def test_a_late_worker_writes_nothing(monkeypatch):
    check = runner_checks.ask(None)
    mine = work.claim(RunnerCheck, check.pk)
    RunnerCheck.objects.update(leased_until=CLOCK)
    walls_are(monkeypatch, Wall("files", True))
    assert runner_checks.attack(check.pk).status == Work.Status.PASSED
    assert runner_checks.finish(mine, "wasm", [], []) is None
    assert RunnerCheck.objects.get().status == Work.Status.PASSED


def test_the_queue_tells_what_waits_runs_and_failed(desk, ada, assignment):
    first = submissions.submit(ada, assignment, RIGHT, graded=True)
    Submission.objects.filter(pk=first.pk).update(created_at=now() - timedelta(minutes=17))
    second = submissions.submit(ada, assignment, RIGHT, graded=True)
    Submission.objects.filter(pk=second.pk).update(
        status="ERROR", fault="Guest <missing>.", finished_at=now()
    )
    html = text(desk.get(RUNNER))
    assert "<strong>1</strong> waiting" in html
    assert "<strong>1</strong> given up in seven days" in html
    assert "The oldest waits for 17\xa0minutes" in html
    assert "Guest &lt;missing&gt;." in html
    assert f"/admin/assessments/submission/{second.pk}/change/" in html


def test_the_page_asks_as_often_for_more(desk, ada, assignment, django_assert_num_queries):
    desk.get("/studio/")
    for _ in range(2):
        one = submissions.submit(ada, assignment, RIGHT, graded=True)
        Submission.objects.filter(pk=one.pk).update(
            status="ERROR", fault="Gone.", finished_at=now()
        )
        with django_assert_num_queries(17):
            desk.get(RUNNER)
