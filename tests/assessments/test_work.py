"""Rows that wait for a worker: claimed for a while, given back, found when they are forgotten."""

import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from assessments import grading, submissions, work
from assessments.models import ModelRun, Run, Submission
from assessments.running import RunnerAway, RunnerFailed
from assessments.work import CLOCK
from tests.assessments.code_builders import RIGHT, make_assignment


@pytest.fixture
def assignment(lessons):
    return make_assignment(lessons[0].module)


@pytest.fixture
def submission(ada, assignment):
    return submissions.submit(ada, assignment, RIGHT, graded=True)


def change(row, **fields):
    Submission.objects.filter(pk=row.pk).update(**fields)


def claimed(row):
    return work.claim(Submission, row.pk)


def test_a_claim_says_who_has_it_and_for_how_long(submission):
    row = claimed(submission)
    assert (row.status, row.tries) == ("RUNNING", 1)
    kept = row.leased_until - row.started_at
    assert abs(kept - work.LEASE) < timedelta(seconds=1)
    assert row.waited >= 0
    assert claimed(submission) is None


def test_what_is_due_later_or_done_is_not_claimed(submission):
    change(submission, due_at=CLOCK + timedelta(seconds=60))
    assert claimed(submission) is None
    change(submission, status="ERROR", finished_at=CLOCK, due_at=CLOCK)
    assert claimed(submission) is None


def test_a_lease_that_ran_out_is_taken_over_and_the_former_holds_nothing(submission):
    former = claimed(submission)
    change(submission, leased_until=CLOCK - timedelta(seconds=1))
    now = claimed(submission)
    assert now.claim != former.claim
    with transaction.atomic():
        assert work.lock_held(former) is None
        assert work.lock_held(now) == now


def test_a_fourth_try_is_none(submission):
    change(submission, tries=work.MOST_TRIES)
    assert claimed(submission) is None
    submission.refresh_from_db()
    assert (submission.status, submission.claim) == ("ERROR", None)


def test_what_failed_once_is_due_again_after_a_pause(submission):
    work.give_back(claimed(submission), RunnerFailed("the disk is full"))
    submission.refresh_from_db()
    assert (submission.status, submission.tries) == ("PENDING", 1)
    assert submission.fault == "the disk is full"
    assert timedelta(0) < submission.due_at - submission.started_at <= 2 * work.PAUSE
    assert claimed(submission) is None


def test_the_third_failure_is_the_last(submission):
    change(submission, tries=work.MOST_TRIES - 1)
    work.give_back(claimed(submission), RunnerFailed("x" * 5_000))
    submission.refresh_from_db()
    assert submission.status == "ERROR"
    assert len(submission.fault) == work.LONGEST_FAULT


def test_without_a_runner_no_try_is_counted(submission):
    for _ in range(5):
        change(submission, due_at=CLOCK)
        work.give_back(claimed(submission), RunnerAway("no route to host"))
    submission.refresh_from_db()
    assert (submission.status, submission.tries) == ("PENDING", 0)


@pytest.mark.django_db(transaction=True)
def test_a_lease_is_renewed_while_the_work_takes(submission, monkeypatch):
    monkeypatch.setattr(work, "BEAT", 0.05)
    row = claimed(submission)
    with work.kept(row):
        time.sleep(0.4)
    submission.refresh_from_db()
    assert submission.leased_until > row.leased_until


@pytest.mark.django_db(transaction=True)
def test_a_lease_that_somebody_else_has_is_not_renewed(submission, monkeypatch):
    monkeypatch.setattr(work, "BEAT", 0.05)
    former = claimed(submission)
    change(submission, leased_until=CLOCK - timedelta(seconds=1))
    now = claimed(submission)
    with work.kept(former):
        time.sleep(0.3)
    submission.refresh_from_db()
    assert submission.leased_until == now.leased_until


def test_the_sweep_finds_each_lost_message_once_a_minute(submission):
    assert work.forgotten(Submission) == []
    change(submission, due_at=CLOCK - work.PATIENCE - timedelta(seconds=1))
    assert work.forgotten(Submission) == [submission.pk]
    assert work.forgotten(Submission) == []


def test_the_sweep_sends_few_drafts_again_and_late(ada, assignment, monkeypatch):
    monkeypatch.setattr(work, "MOST_DRAFTS_TOLD", 2)
    for number in range(1, 4):
        row = Submission.objects.create(
            user=ada, assignment=assignment, is_graded=True, number=number, source="x"
        )
        ModelRun.objects.create(submission=row)
    ModelRun.objects.update(due_at=CLOCK - timedelta(minutes=29))
    assert work.forgotten(ModelRun) == []
    ModelRun.objects.update(due_at=CLOCK - timedelta(minutes=31))
    assert [len(work.forgotten(ModelRun)) for _ in range(3)] == [2, 1, 0]


def test_the_sweep_finds_what_a_dead_worker_left(submission):
    claimed(submission)
    assert work.forgotten(Submission) == []
    change(submission, leased_until=CLOCK - timedelta(seconds=1))
    assert work.forgotten(Submission) == [submission.pk]


def test_the_sweep_is_bounded_and_takes_the_oldest_first(ada, assignment):
    rows = [
        Submission(user=ada, assignment=assignment, is_graded=True, number=number, source="x")
        for number in range(1, 6)
    ]
    Submission.objects.bulk_create(rows)
    for place, row in enumerate(rows):
        change(row, due_at=CLOCK - timedelta(hours=place + 1))
    assert set(work.forgotten(Submission, 2)) == {rows[4].pk, rows[3].pk}


def test_those_in_front_are_the_open_ones_that_came_earlier(ada, assignment, lessons, submission):
    run = Run.objects.create(lesson=lessons[0], language="python", source="print(1)")
    change(submission, created_at=CLOCK - timedelta(seconds=60))
    Run.objects.filter(pk=run.pk).update(created_at=CLOCK - timedelta(seconds=30))
    last = submissions.submit(ada, assignment, RIGHT, graded=False)
    last.refresh_from_db()
    run.refresh_from_db()
    assert (work.ahead_of(last), work.ahead_of(run)) == (2, 1)
    claimed(submission)
    assert work.ahead_of(last) == 2
    change(submission, status="ERROR", finished_at=CLOCK, **work.NOT_CLAIMED)
    assert work.ahead_of(last) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "RUNNING"},
        {"leased_until": CLOCK},
        {"status": "PASSED", "finished_at": CLOCK},
        {"status": "ERROR"},
        {"finished_at": CLOCK},
        {"number": None},
        {"percent": 100},
    ],
)
def test_the_database_keeps_no_half_state(submission, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        change(submission, **fields)


def test_a_fault_that_nobody_foresaw_is_told_to_staff_and_tried_again(submission, monkeypatch):
    def broken(*_):
        raise TypeError("no such value")

    monkeypatch.setattr(grading, "verdict_of", broken)
    assert grading.grade(submission.pk) is None
    submission.refresh_from_db()
    assert (submission.status, submission.tries) == ("PENDING", 1)
    assert submission.fault == "TypeError: no such value"
