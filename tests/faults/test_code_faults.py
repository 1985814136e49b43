"""Graders killed, messages lost, runners broken, the database cut: each is judged once."""

import os
import signal
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connections
from django.db.utils import OperationalError

from activity.models import Event
from assessments import grading, running, submissions, tasks, work
from assessments.models import Submission, TestResult
from assessments.submissions import submit
from enrollments.models import Enrollment
from gamification import ledger
from gamification.models import XPTransaction
from lms.celery import app as celery_app
from progress.verification import wrong_rows
from sandbox.job import Case, Job, Language, Mode
from sandbox.piston.runner import Piston
from sandbox.runner import our_fault
from sandbox.verdict import CaseResult, Result, Status
from tests.assessments.code_builders import RIGHT, make_assignment
from tests.conftest import make_person
from tests.faults.test_faults import (
    cut_all_connections,
    forget_the_broker,
    process,
    wait_until,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("faults")]

GRADER = ["-m", "celery", "-A", "lms", "worker", "-Q", "code,default", "--loglevel", "ERROR"]
ALONE, TWO = [*GRADER, "--pool", "solo"], [*GRADER, "--concurrency", "2"]
# Right in the end, after a second or two of work.
SLOW = "def add(a, b):\n    n = 0\n    for n in range(2_000_000): pass\n    return a + b\n"
PEOPLE = 3


@pytest.fixture
def assignment(lessons):
    return make_assignment(lessons[0].module, cpu_seconds=5.0)


@pytest.fixture
def crowd(course):
    people = [make_person(f"p{number}@example.org", "P") for number in range(PEOPLE)]
    for person in people:
        Enrollment.objects.create(user=person, course=course)
    return people


@pytest.fixture
def silent(monkeypatch):
    """Messages are lost; the rows alone say what is due."""
    monkeypatch.setattr(tasks.grade_submission, "delay", lambda key: None)


def grade_slowly(people, assignment):
    return [submit(one, assignment, SLOW, graded=True) for one in people]


def statuses():
    return sorted(Submission.objects.values_list("status", flat=True))


def all_done():
    return not Submission.objects.open().exists()


def a_lease_later():
    """As if the time had passed that a lost message or a dead worker is waited for."""
    Submission.objects.filter(status="RUNNING").update(leased_until=work.CLOCK - timedelta(0, 1))
    Submission.objects.filter(status="PENDING").update(due_at=work.CLOCK - 2 * work.PATIENCE)


def assert_each_judged_once(number):
    assert statuses() == ["PASSED"] * number
    assert TestResult.objects.count() == 4 * number
    for kind in (Event.Kind.SUBMISSION_JUDGED, Event.Kind.ASSIGNMENT_PASSED):
        assert Event.objects.filter(kind=kind).count() == number
    assert XPTransaction.objects.count() == number
    assert ledger.wrong_standings() == wrong_rows() == 0


def children_of(pid):
    """All that the process has started, down to the last, as the system tells it."""
    found, waiting = set(), [pid]
    while waiting:
        parent = waiting.pop()
        for tasks_of in Path("/proc", str(parent), "task").glob("*/children"):
            more = {int(one) for one in tasks_of.read_text().split()}
            found |= more
            waiting += more
    return found


def is_alive(pid):
    try:
        state = Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


class TestAKilledGrader:
    """CS22: `kill -9` in the middle."""

    def test_what_it_ran_is_judged_once_by_the_next(self, crowd, assignment):
        grade_slowly(crowd, assignment)
        with process(*TWO) as worker:
            wait_until(Submission.objects.filter(status="RUNNING").exists)
            time.sleep(0.3)
            below = children_of(worker.pid)
            os.kill(worker.pid, signal.SIGKILL)
            for child in below:
                if (
                    is_alive(child)
                    and b"celery" in Path("/proc", str(child), "cmdline").read_bytes()
                ):
                    os.kill(child, signal.SIGKILL)
            wait_until(lambda: not any(map(is_alive, below)), 10)
        assert below
        assert "RUNNING" in statuses()
        left = Submission.objects.filter(status="RUNNING").first()
        # Nobody takes it up while its lease is kept, and that is short; what waits has just come.
        Submission.objects.filter(status="PENDING").update(due_at=work.CLOCK)
        assert work.forgotten(Submission) == []
        assert left.leased_until - left.started_at <= work.LEASE + timedelta(seconds=work.BEAT)
        a_lease_later()
        with process(*TWO):
            tasks.take_up_forgotten()
            wait_until(all_done)
        assert_each_judged_once(PEOPLE)
        assert Submission.objects.filter(tries=2).exists()

    def test_code_that_takes_its_grader_down_each_time_is_given_up(self, ada, assignment):
        submission = submit(ada, assignment, SLOW, graded=True)
        for tries in range(1, work.MOST_TRIES + 1):
            assert work.claim(Submission, submission.pk).tries == tries
            a_lease_later()
        assert grading.grade(submission.pk) is None
        submission.refresh_from_db()
        assert (submission.status, submission.percent) == ("ERROR", None)
        assert "gone each time" in submission.fault
        assert not TestResult.objects.exists()

    def test_asked_to_stop_it_finishes_what_it_runs(self, ada, assignment):
        grade_slowly([ada], assignment)
        with process(*ALONE) as worker:
            wait_until(Submission.objects.filter(status="RUNNING").exists)
            worker.terminate()
            worker.wait(30)
        assert_each_judged_once(1)


class TestLostMessages:
    def judge_what_is_forgotten(self, number):
        assert set(statuses()) == {"PENDING"}
        assert tasks.take_up_forgotten() == 0
        a_lease_later()
        with process(*TWO):
            assert tasks.take_up_forgotten() == number
            wait_until(all_done)
        assert_each_judged_once(number)

    def test_what_is_handed_in_while_the_broker_is_away_is_judged(self, crowd, assignment):
        broker = celery_app.conf.broker_url
        celery_app.conf.broker_url = "redis://127.0.0.1:1/0"
        forget_the_broker(celery_app)
        began = time.monotonic()
        try:
            grade_slowly(crowd, assignment)
            assert time.monotonic() - began < 2 * PEOPLE
        finally:
            celery_app.conf.broker_url = broker
            forget_the_broker(celery_app)
        self.judge_what_is_forgotten(PEOPLE)

    def test_what_was_queued_when_redis_was_emptied_is_judged(self, crowd, assignment):
        grade_slowly(crowd, assignment)
        cache.clear()
        self.judge_what_is_forgotten(PEOPLE)

    def test_a_message_that_comes_twice_judges_once(self, crowd, assignment):
        for submission in grade_slowly(crowd, assignment):
            tasks.grade_submission.delay(str(submission.pk))
        with process(*TWO):
            wait_until(all_done)
        assert_each_judged_once(PEOPLE)


class Failing:
    """A runner that fails with what it is given; with a program of one line, if it is said so."""

    name = "failing"
    languages = frozenset({Language.PYTHON})

    def __init__(self, *, runs_the_control):
        self.runs_the_control = runs_the_control

    def run(self, job):
        if job.source == running.CONTROL[job.language] and self.runs_the_control:
            return Result(self.name, "", [CaseResult(case.id, Status.OK) for case in job.cases])
        return our_fault(self.name, job, "the disk of host-7 is full")


class TestABrokenRunner:
    @pytest.fixture
    def submission(self, ada, assignment, silent):
        return submit(ada, assignment, RIGHT, graded=True)

    def try_once(self, submission):
        """One try, at the time at which it is due."""
        Submission.objects.update(due_at=work.CLOCK)
        assert grading.grade(submission.pk) is None
        submission.refresh_from_db()
        return submission

    @pytest.mark.parametrize(
        "runner", [Piston("http://127.0.0.1:1"), Failing(runs_the_control=False)]
    )
    def test_while_there_is_none_it_waits_and_no_try_counts(self, submission, monkeypatch, runner):
        with monkeypatch.context() as patched:
            patched.setattr(running, "chosen", lambda: runner)
            for _ in range(2 * work.MOST_TRIES):
                row = self.try_once(submission)
                assert (row.status, row.tries, row.claim) == ("PENDING", 0, None)
                assert row.fault
                assert row.due_at - row.started_at > work.AWAY_PAUSE / 2
        assert grading.grade(submission.pk) is None  # not yet due again
        Submission.objects.update(due_at=work.CLOCK)
        assert grading.grade(submission.pk).submission.is_passed
        submission.refresh_from_db()
        assert submission.fault == ""
        assert_each_judged_once(1)

    def test_what_only_this_code_brings_about_is_tried_three_times(
        self, ada, assignment, submission, monkeypatch
    ):
        monkeypatch.setattr(running, "chosen", lambda: Failing(runs_the_control=True))
        ends = [(row.status, row.tries) for row in (self.try_once(submission) for _ in range(3))]
        assert ends == [("PENDING", 1), ("PENDING", 2), ("ERROR", 3)]
        assert "host-7" in submission.fault
        assert (submission.percent, submission.outcome) == (None, "")
        assert not TestResult.objects.exists()
        assert not XPTransaction.objects.exists()
        assert not Event.objects.filter(kind=Event.Kind.SUBMISSION_JUDGED).exists()
        # It holds no place in the queue, and the next one is judged as if it had not been.
        monkeypatch.undo()
        monkeypatch.setattr(tasks.grade_submission, "delay", lambda key: None)
        for _ in range(submissions.MOST_WAITING):
            again = submit(ada, assignment, RIGHT, graded=True)
        assert grading.grade(again.pk).submission.is_passed

    def test_a_language_that_no_runner_runs_waits(self, submission, monkeypatch):
        monkeypatch.setattr(Failing, "languages", frozenset())
        monkeypatch.setattr(running, "chosen", lambda: Failing(runs_the_control=True))
        row = self.try_once(submission)
        assert (row.status, row.tries) == ("PENDING", 0)
        assert "does not run python" in row.fault

    def test_the_control_is_run_by_the_real_one(self):
        job = Job(Language.PYTHON, Mode.STDIO, running.CONTROL[Language.PYTHON], [Case("control")])
        assert running.run_job(job).cases[0].status is Status.OK


class TestADatabaseThatIsGoneForAMoment:
    def test_a_grader_whose_connections_are_cut_judges_once(self, crowd, assignment):
        """As a restart of the server does it, in the middle of a run."""
        grade_slowly(crowd, assignment)
        with process(*TWO):
            wait_until(Submission.objects.filter(status="RUNNING").exists)
            for _ in range(3):
                cut_all_connections()
                time.sleep(0.3)
            connections.close_all()

            def swept():
                Submission.objects.filter(status="PENDING").update(
                    due_at=work.CLOCK - 2 * work.PATIENCE
                )
                tasks.take_up_forgotten()
                time.sleep(2)
                return all_done()

            # What was in the middle waits for its lease to run out: no clock is moved here.
            wait_until(swept)
        assert_each_judged_once(PEOPLE)

    def test_a_lease_is_renewed_after_a_renewal_that_failed(self, ada, assignment, monkeypatch):
        monkeypatch.setattr(work, "LEASE", timedelta(seconds=2))
        monkeypatch.setattr(work, "BEAT", 0.3)
        row = work.claim(Submission, submit(ada, assignment, RIGHT, graded=True).pk)
        held, failed = work.held, threading.Event()

        def fails_once(row):
            if not failed.is_set():
                failed.set()
                raise OperationalError("the connection is closed")
            return held(row)

        monkeypatch.setattr(work, "held", fails_once)
        with work.kept(row):
            time.sleep(2.5)
            assert work.forgotten(Submission) == []
        assert failed.is_set()
