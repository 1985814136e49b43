"""Code at the gate: run by one, judged once, numbered once, and never more than two in the queue.

Where a lock or condition is what holds, a second test takes it away and shows that the same crowd
then does harm: without harm at the gate the first test would prove nothing.
"""

import threading
from contextlib import nullcontext
from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connection

from activity.models import Event
from assessments import drafts, grading, rejudgings, submissions, work
from assessments.drafts import save_draft
from assessments.errors import NewerDraft, TooOften
from assessments.judging import Verdict, judge
from assessments.models import Draft, Rejudging, Submission, TestResult
from assessments.models.work import WorkQuerySet
from assessments.rejudging import rewrite
from assessments.submissions import submit
from enrollments import access
from gamification import ledger
from gamification.models import Standing, XPTransaction
from progress.models import LessonProgress
from progress.verification import wrong_rows
from sandbox.values import value_of
from sandbox.verdict import CaseResult, Result, Status
from tests.assessments.code_builders import RIGHT, WRONG, make_assignment
from tests.races.gate import at_once
from tests.races.meeting import HalfWay, meet

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]
CROWD = 8
SUBMISSIONS = "assessments_submission"
NUMBER_ONCE = """
    ALTER TABLE assessments_submission ADD CONSTRAINT submission_number_once
    UNIQUE (user_id, assignment_id, number)
"""
REJUDGINGS = "assessments_rejudging"
ONE_OPEN = """
    CREATE UNIQUE INDEX rejudging_one_open ON assessments_rejudging (assignment_id, is_preview)
    WHERE status IN ('PENDING', 'RUNNING')
"""


@pytest.fixture(autouse=True)
def no_messages(monkeypatch):
    """Nobody listens at the code queue here; the rows alone say what is due."""
    monkeypatch.setattr(submissions.tasks.grade_submission, "delay", lambda key: None)


@pytest.fixture
def assignment(lessons):
    return make_assignment(lessons[0].module)


@pytest.fixture
def submission(ada, assignment) -> Submission:
    return submit(ada, assignment, RIGHT, graded=True)


def results_of(submission, right=True) -> Result:
    """What a runner would give back, without a runner."""
    cases = [
        CaseResult(str(case.pk), Status.OK, value=value_of(case.expected if right else "no"))
        for case in grading.cases_for(submission)
    ]
    return Result("test", "test", cases)


def finishing(submission, right=True):
    """Write a verdict as whoever claimed the submission so."""
    result = results_of(submission, right)
    cases = grading.cases_for(submission)
    pairs = zip(cases, result.cases, strict=True)
    verdict = Verdict([judge(submission.assignment, case, one) for case, one in pairs], 100)
    return partial(grading.finish, submission, verdict, result, submission.assignment.revision)


def run_out(submission):
    """The lease is over, as if nobody had renewed it."""
    rows = Submission.objects.filter(pk=submission.pk)
    rows.update(leased_until=work.CLOCK - timedelta(seconds=1))


def unconditional(row):
    """What `work.lock_held` would be if it asked for no claim."""
    return Submission.objects.select_for_update(no_key=True).get(pk=row.pk)


def refused(action, kinds):
    """True where the action was refused, else what it returned."""

    def act():
        try:
            return action()
        except kinds:
            return None

    return act


def assert_judged_once_and_paid_once(passes=1):
    assert Event.objects.filter(kind=Event.Kind.SUBMISSION_JUDGED).count() == passes
    assert Event.objects.filter(kind=Event.Kind.ASSIGNMENT_PASSED).count() == 1
    assert LessonProgress.objects.count() == XPTransaction.objects.count() == 1
    assert Standing.objects.get().total_xp == 30
    assert TestResult.objects.count() == 4 * passes
    assert ledger.wrong_standings() == 0
    assert wrong_rows() == 0


class TestClaiming:
    """C12: whoever takes a submission up has it alone."""

    def claims(self, submission):
        claiming = partial(work.claim, Submission, submission.pk)
        return [one for one in at_once(SUBMISSIONS, [claiming] * CROWD) if one]

    def test_one_of_many_workers_gets_it(self, submission):
        (winner,) = self.claims(submission)
        submission.refresh_from_db()
        assert (submission.claim, submission.tries) == (winner.claim, 1)

    def test_one_of_many_gets_what_a_worker_left_behind(self, submission):
        work.claim(Submission, submission.pk)
        run_out(submission)
        (winner,) = self.claims(submission)
        assert winner.tries == 2

    def test_without_the_condition_more_than_one_would_run_it(self, submission, monkeypatch):
        monkeypatch.setattr(WorkQuerySet, "due", WorkQuerySet.open)
        monkeypatch.setattr(work, "MOST_TRIES", CROWD)
        assert len(self.claims(submission)) == CROWD

    def test_many_workers_run_each_of_many_once(self, ada, assignment):
        Submission.objects.bulk_create(
            Submission(user=ada, assignment=assignment, is_graded=True, number=n, source=RIGHT)
            for n in range(1, 26)
        )
        keys = list(Submission.objects.values_list("pk", flat=True))

        def go_through():
            return [key for key in keys if work.claim(Submission, key)]

        took = at_once(SUBMISSIONS, [go_through] * 4)
        assert sorted(key for some in took for key in some) == sorted(keys)


class TestALateResult:
    """CS22: a worker that was taken for dead comes back with what it found."""

    def late_and_current(self, submission):
        """One whose lease ran out, with a bad verdict, and the one that took over, with a good."""
        late = work.claim(Submission, submission.pk)
        run_out(submission)
        current = work.claim(Submission, submission.pk)
        return finishing(late, right=False), finishing(current)

    def test_it_is_refused_before_the_other_is_done(self, submission):
        late, current = self.late_and_current(submission)
        assert late() is None
        assert current().submission.is_passed
        assert_judged_once_and_paid_once()

    def test_it_waits_for_the_other_and_is_refused(self, submission, monkeypatch):
        late, current = self.late_and_current(submission)
        stop = HalfWay(grading.tell)
        monkeypatch.setattr(grading, "tell", stop)
        came, waited = meet(stop, current, late)
        assert (came, waited) == (None, True)
        assert Submission.objects.get().is_passed
        assert_judged_once_and_paid_once()

    def test_without_the_claim_it_would_write_and_break(self, submission, monkeypatch):
        """The constraint on results is the second wall: it stops the late one, but loudly."""
        monkeypatch.setattr(work, "lock_held", unconditional)
        late, current = self.late_and_current(submission)
        assert current().submission.is_passed
        with pytest.raises(IntegrityError, match="test_result_once"):
            late()
        assert_judged_once_and_paid_once()

    def test_it_cannot_be_given_back_either(self, submission):
        late = work.claim(Submission, submission.pk)
        run_out(submission)
        current = work.claim(Submission, submission.pk)
        work.give_back(late, work.RunnerFailed("late"))
        work.give_up(late, "late")
        submission.refresh_from_db()
        assert (submission.status, submission.claim) == ("RUNNING", current.claim)

    def test_the_same_verdict_at_once_is_written_once(self, submission):
        ours = finishing(work.claim(Submission, submission.pk))
        came = at_once(SUBMISSIONS, [ours] * CROWD)
        assert sum(one is not None for one in came) == 1
        assert_judged_once_and_paid_once()


class TestTheSweepBesideAWorker:
    def sweeps(self, submission, monkeypatch):
        """Grade with a short lease; sweep when a lease and a quarter is over; what was swept."""
        monkeypatch.setattr(work, "LEASE", timedelta(seconds=4))
        monkeypatch.setattr(work, "BEAT", 0.2)
        swept = []

        def slow(assignment, source, cases):
            threading.Event().wait(5)
            swept.extend(work.forgotten(Submission))
            return results_of(submission)

        monkeypatch.setattr(grading, "run_cases", slow)
        return grading.grade(submission.pk), swept

    def test_what_is_being_run_is_left_alone(self, submission, monkeypatch):
        graded, swept = self.sweeps(submission, monkeypatch)
        assert swept == []
        assert graded.submission.is_passed

    def test_without_the_heartbeat_it_would_be_run_twice(self, submission, monkeypatch):
        monkeypatch.setattr(work, "kept", lambda row: nullcontext())
        _, swept = self.sweeps(submission, monkeypatch)
        assert swept == [submission.pk]

    def test_two_sweeps_tell_of_a_lost_message_once(self, submission):
        Submission.objects.update(due_at=work.CLOCK - 2 * work.PATIENCE)
        found = at_once(SUBMISSIONS, [partial(work.forgotten, Submission)] * 2)
        assert sum(map(len, found)) == 1

    def test_a_sweep_steps_around_what_is_just_being_written(self, submission, monkeypatch):
        ours = work.claim(Submission, submission.pk)
        finish = finishing(ours)
        run_out(ours)
        stop = HalfWay(grading.tell)
        monkeypatch.setattr(grading, "tell", stop)
        swept, waited = meet(stop, finish, partial(work.forgotten, Submission))
        assert (swept, waited) == ([], False)
        assert_judged_once_and_paid_once()


class TestHandingIn:
    """CS20 at the gate: numbers and the queue of one person."""

    def crowd(self, ada, assignment, number, refusals=(TooOften,)):
        one = refused(lambda: submit(ada, assignment, RIGHT, graded=True), refusals)
        return [x for x in at_once(SUBMISSIONS, [one] * number) if x]

    def numbers(self):
        return sorted(Submission.objects.values_list("number", flat=True))

    def test_two_at_once_are_number_one_and_two(self, ada, assignment):
        assert len(self.crowd(ada, assignment, 2)) == 2
        assert self.numbers() == [1, 2]

    def test_of_eight_at_once_two_wait_and_the_rest_is_told(self, ada, assignment):
        assert len(self.crowd(ada, assignment, CROWD)) == 2
        assert self.numbers() == [1, 2]

    def forget_the_locks(self, monkeypatch):
        require = access.require_enrollment
        monkeypatch.setattr(
            submissions, "require_enrollment", lambda user, course, **_: require(user, course)
        )
        monkeypatch.setattr(submissions, "lock_queue_of", lambda user: None)

    def test_without_the_locks_the_constraint_still_numbers_once(
        self, ada, assignment, monkeypatch
    ):
        self.forget_the_locks(monkeypatch)
        self.crowd(ada, assignment, CROWD, IntegrityError)
        assert self.numbers() == [1]

    def test_without_locks_and_constraint_all_would_be_number_one(
        self, ada, assignment, monkeypatch
    ):
        self.forget_the_locks(monkeypatch)
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE assessments_submission DROP CONSTRAINT submission_number_once"
            )
            try:
                self.crowd(ada, assignment, CROWD)
                assert self.numbers() == [1] * CROWD
            finally:
                cursor.execute(f"TRUNCATE {SUBMISSIONS} CASCADE")
                cursor.execute(NUMBER_ONCE)

    def test_without_the_lock_of_the_queue_all_would_wait_in_it(self, ada, assignment, monkeypatch):
        def count_without_a_lock(user):
            if Submission.objects.of(user).open().count() >= submissions.MOST_WAITING:
                raise TooOften(1)

        monkeypatch.setattr(submissions, "lock_queue_of", count_without_a_lock)
        assert len(self.crowd(ada, assignment, CROWD)) == CROWD
        assert self.numbers() == list(range(1, CROWD + 1))


class TestPassingTwiceAtOnce:
    def both(self, ada, assignment):
        rows = [submit(ada, assignment, RIGHT, graded=True) for _ in range(2)]
        return [finishing(work.claim(Submission, row.pk)) for row in rows]

    @pytest.mark.parametrize(
        "table", ["progress_lessonprogress", "activity_event", "gamification_xptransaction"]
    )
    def test_two_that_pass_at_once_pay_once(self, ada, assignment, table):
        came = at_once(table, self.both(ada, assignment))
        assert sorted(one.completed for one in came) == [False, True]
        assert_judged_once_and_paid_once(passes=2)

    def test_the_second_waits_for_the_place_of_its_person(self, ada, assignment, monkeypatch):
        first, second = self.both(ada, assignment)
        stop = HalfWay(grading.tell)
        monkeypatch.setattr(grading, "tell", stop)
        came, waited = meet(stop, first, second)
        assert (came.completed, waited) == (False, True)
        assert_judged_once_and_paid_once(passes=2)


class TestJudgingAgain:
    """A verdict that is written again, while another is."""

    @pytest.fixture
    def failed(self, ada, assignment):
        """Judged wrong by the cases of yesterday; today's find it right."""
        row = submit(ada, assignment, WRONG, graded=True)
        finishing(work.claim(Submission, row.pk), right=False)()
        assignment.revision = 2
        assignment.save()
        return Submission.objects.with_assignment().get(pk=row.pk)

    def rewriting(self, failed, right=True):
        row, _ = Rejudging.objects.get_or_create(
            assignment=failed.assignment, revision=2, is_preview=False
        )
        fresh = Submission.objects.with_assignment().get(pk=failed.pk)
        result = results_of(fresh, right)
        verdict = grading.verdict_of(fresh, grading.cases_for(fresh), result)
        return partial(rewrite, row, fresh, verdict, result)

    def test_two_rejudgings_at_once_write_one_verdict(self, failed):
        at_once(SUBMISSIONS, [self.rewriting(failed) for _ in range(CROWD)])
        failed.refresh_from_db()
        assert (failed.status, failed.revision) == ("PASSED", 2)
        assert failed.results.count() == 4
        assert Event.objects.filter(kind=Event.Kind.SUBMISSION_REJUDGED).count() == 1
        assert Standing.objects.get().total_xp == 30

    def test_beside_another_submission_that_passes_it_pays_once(self, ada, failed, monkeypatch):
        other = submit(ada, failed.assignment, RIGHT, graded=True)
        finish = finishing(work.claim(Submission, other.pk))
        stop = HalfWay(grading.tell)
        monkeypatch.setattr(grading, "tell", stop)
        _, waited = meet(stop, finish, self.rewriting(failed))
        assert waited
        assert Submission.objects.filter(status="PASSED").count() == 2
        assert XPTransaction.objects.count() == LessonProgress.objects.count() == 1
        assert ledger.wrong_standings() == wrong_rows() == 0

    def test_without_the_revision_a_late_one_would_overwrite_the_other(self, failed):
        """The condition on the revision is what a late one meets."""
        right, late = self.rewriting(failed), self.rewriting(failed, right=False)
        right()
        late()
        assert Submission.objects.get().is_passed
        late.args[1].revision = 2  # as if nobody had looked at it
        late()
        assert not Submission.objects.get().is_passed

    def test_a_verdict_that_is_not_written_yet_is_not_judged_again(self, submission):
        work.claim(Submission, submission.pk)
        row = Rejudging.objects.create(assignment=submission.assignment, revision=2)
        assert not row.left().exists()


class TestAskingForItTwice:
    """A double click."""

    def ask_at_once(self, assignment, monkeypatch):
        """How many rows are there then, and how many messages were sent."""
        told = []
        monkeypatch.setattr(rejudgings.tasks.judge_again, "delay", told.append)
        at_once(REJUDGINGS, [partial(rejudgings.ask, assignment, None)] * CROWD)
        return Rejudging.objects.count(), len(told)

    def test_one_is_noted_and_told(self, assignment, monkeypatch):
        assert self.ask_at_once(assignment, monkeypatch) == (1, 1)

    def test_without_the_constraint_each_would_be(self, assignment, monkeypatch):
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX rejudging_one_open")
            try:
                assert self.ask_at_once(assignment, monkeypatch) == (CROWD, CROWD)
            finally:
                cursor.execute(f"TRUNCATE {REJUDGINGS}")
                cursor.execute(ONE_OPEN)


class TestDrafts:
    def windows(self, ada, assignment, version):
        def save(text):
            try:
                return save_draft(ada, assignment, text, version).source
            except NewerDraft as newer:
                return (newer.source, newer.version)
            except IntegrityError:
                return "broken"

        return [partial(save, f"window {number}") for number in range(CROWD)]

    @pytest.mark.parametrize("version", [0, 1])
    def test_one_window_wins_and_the_others_are_told(self, ada, assignment, version):
        if version:
            save_draft(ada, assignment, "before", 0)
        came = at_once("assessments_draft", self.windows(ada, assignment, version))
        draft = Draft.objects.get()
        assert draft.version == version + 1
        assert came.count(draft.source) == 1
        assert came.count((draft.source, draft.version)) == CROWD - 1

    def forget_the_locks(self, monkeypatch):
        require = access.require_enrollment
        monkeypatch.setattr(
            drafts, "require_enrollment", lambda user, course, **_: require(user, course)
        )

    def test_without_the_lock_the_constraint_still_keeps_one(self, ada, assignment, monkeypatch):
        self.forget_the_locks(monkeypatch)
        came = at_once("assessments_draft", self.windows(ada, assignment, 0))
        assert came.count("broken") == CROWD - 1
        assert Draft.objects.count() == 1

    def test_without_locks_the_last_window_would_win_unsaid(self, ada, assignment, monkeypatch):
        save_draft(ada, assignment, "before", 0)
        self.forget_the_locks(monkeypatch)
        monkeypatch.setattr(Draft.objects, "select_for_update", Draft.objects.all)
        came = at_once("assessments_draft", self.windows(ada, assignment, 1))
        assert sorted(came) == [f"window {number}" for number in range(CROWD)]
