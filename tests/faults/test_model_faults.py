"""Drafts by a worker of its own: killed, messages lost, the endpoint gone. Each is written once."""

import os
import signal
import threading
import time
from datetime import timedelta

import pytest
from django.core.cache import cache

from assessments import tasks, work
from assessments.model_drafts import wanting
from assessments.models import ModelRun, Remark, Review, Submission, SubmissionAnalysis
from enrollments.models import Enrollment
from tests.assessments.code_builders import make_assignment
from tests.assessments.drafts import judged
from tests.conftest import make_person
from tests.doubles import model_endpoint as double
from tests.faults.test_faults import process, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("faults")]

DRAFTER = [
    "-m", "celery", "-A", "lms", "worker", "-P", "threads", "-c", "4", "-Q", "model,default",
    "--loglevel", "ERROR",
]  # fmt: skip
PEOPLE = 6


@pytest.fixture
def model(settings, monkeypatch):
    """A model that the worker's process knows as well, by its environment."""
    with double.serving() as server:
        for name, value in (("AI_BASE_URL", server.url), ("AI_MODEL", "double-1")):
            setattr(settings, name, value)
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("AI_SECONDS", "20")
        yield server


@pytest.fixture
def handed_in(course, lessons):
    assignment = make_assignment(lessons[0].module)
    people = [make_person(f"p{number}@example.org", "P") for number in range(PEOPLE)]
    for person in people:
        Enrollment.objects.create(user=person, course=course)
    return [judged(person, assignment) for person in people]


def a_while_later():
    """As if the time had passed that a lost message, a pause or a dead worker is waited for."""
    ModelRun.objects.filter(status="RUNNING").update(leased_until=work.CLOCK - timedelta(0, 1))
    ModelRun.objects.filter(status="PENDING").update(
        due_at=work.CLOCK - 2 * work.PATIENCE_WITH_DRAFTS
    )


def all_done():
    return ModelRun.objects.count() == PEOPLE and not ModelRun.objects.open().exists()


def assert_each_drafted_once():
    assert set(ModelRun.objects.values_list("outcome", flat=True)) == {"DRAFTED"}
    assert SubmissionAnalysis.objects.count() == PEOPLE
    assert Remark.objects.count() == 3 * PEOPLE
    assert Review.objects.waiting().filter(reason="DRAFT").count() == PEOPLE
    assert set(Submission.objects.values_list("status", "percent")) == {("FAILED", 40)}


def test_messages_that_were_all_lost_lose_no_draft(model, handed_in):
    Submission.objects.update(finished_at=work.CLOCK - 2 * wanting.LATE)
    assert len(wanting.forgotten()) == PEOPLE
    cache.clear()
    a_while_later()
    with process(*DRAFTER):
        assert tasks.take_up_forgotten() == PEOPLE
        wait_until(all_done)
    assert_each_drafted_once()
    assert len(model.requests) == PEOPLE


def test_several_wait_for_the_model_at_once(model, handed_in):
    together = threading.Barrier(4)

    def say_together(handler):
        together.wait(20)
        double.draft()(handler)

    model.says = [say_together] * 4 + [double.draft()]
    with process(*DRAFTER):
        for submission in handed_in:
            tasks.want_draft_for_submission.delay(str(submission.pk))
        wait_until(all_done)
    assert_each_drafted_once()


def test_a_worker_killed_while_it_asks_costs_a_try_and_no_draft(model, handed_in):
    model.says = [double.hang]
    for submission in handed_in:
        wanting.want_for_submission(submission.pk)
    a_while_later()
    with process(*DRAFTER) as worker:
        tasks.take_up_forgotten()
        wait_until(lambda: len(model.requests) == 4)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    assert ModelRun.objects.filter(status="RUNNING", tries=1).count() == 4
    assert not SubmissionAnalysis.objects.exists()
    model.says = [double.draft()]
    a_while_later()
    with process(*DRAFTER):
        tasks.take_up_forgotten()
        wait_until(all_done)
    assert_each_drafted_once()
    assert ModelRun.objects.filter(tries=2).count() == 4
    assert len(model.requests) == PEOPLE + 4


def test_an_endpoint_that_stays_away_ends_with_people(model, handed_in):
    model.says = [double.gone]
    with process(*DRAFTER):
        for submission in handed_in:
            tasks.want_draft_for_submission.delay(str(submission.pk))
        for tries in range(1, 4):
            wait_until(lambda tries=tries: all_asked(tries))
            a_while_later()
            tasks.take_up_forgotten()
        wait_until(all_done)
        time.sleep(0.5)
    assert set(ModelRun.objects.values_list("status", "outcome")) == {("FAILED", "AWAY")}
    assert len(model.requests) == 3 * PEOPLE
    assert Review.objects.waiting().filter(reason="NO_DRAFT").count() == PEOPLE


def all_asked(tries):
    asked = ModelRun.objects.filter(tries=tries).exclude(status="RUNNING")
    return asked.count() == PEOPLE
