"""Submissions judged again by mended cases: shown first, then done, never lower unasked."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activity.models import Event
from assessments import grading, rejudging, rejudgings, submissions, work
from assessments.authoring import save_assignment
from assessments.errors import ReasonNeeded
from assessments.models import Rejudging, Submission, Work
from assessments.models.attempt import CLOCK
from assessments.rejudging import judge_again
from assessments.running import RunnerAway, RunnerFailed
from gamification.ledger import total_of
from progress.models import LessonProgress
from tests.assessments.code_builders import RIGHT, WRONG, make_assignment
from tests.conftest import make_person

ALWAYS_THREE = "def add(a, b):\n    return 3\n"


@pytest.fixture
def assignment(lessons):
    return make_assignment(lessons[0].module)


def hand_in(user, assignment, source):
    submission = submissions.submit(user, assignment, source, graded=True)
    grading.grade(submission.pk)
    submission.refresh_from_db()
    return submission


def rewrite(assignment, **expected):
    cases = list(assignment.cases.in_order())
    for case in cases:
        case.expected = expected.get(case.key, case.expected)
    save_assignment(assignment, cases)


def as_wrong_expects(assignment):
    """Make the wrong code right."""
    rewrite(assignment, small=-1, negative=1, large=10**20 - 1)


def done(assignment, **how):
    return judge_again(rejudgings.ask(assignment, None, **how).pk)


def broken_off(row, monkeypatch, error, after=1):
    """Take it up; when so many were looked at, this happens."""
    look_at, looked = rejudging.look_at, []

    def breaks(*given):
        if len(looked) == after:
            raise error
        looked.append(given)
        return look_at(*given)

    with monkeypatch.context() as patched:
        patched.setattr(rejudging, "look_at", breaks)
        if isinstance(error, SystemExit):
            with pytest.raises(SystemExit):
                judge_again(row.pk)
        else:
            assert judge_again(row.pk) is None
    row.refresh_from_db()
    # Nobody waits here until a lease is over, or a pause.
    Rejudging.objects.filter(status="RUNNING").update(leased_until=CLOCK)
    Rejudging.objects.filter(status="PENDING").update(due_at=CLOCK)


def failing_for(source):
    """A runner that does not get through with this one."""
    run_cases = rejudging.run_cases

    def run(assignment, given, cases):
        if given == source:
            raise RunnerFailed("The engine broke\x00.")
        return run_cases(assignment, given, cases)

    return run


def percents():
    return list(Submission.objects.order_by("number").values_list("percent", flat=True))


def test_a_mended_case_raises_completes_and_pays(ada, assignment):
    submission = hand_in(ada, assignment, WRONG)
    finished = submission.finished_at
    as_wrong_expects(assignment)
    row = done(assignment, preview=False)
    submission.refresh_from_db()
    assert (submission.percent, submission.status, submission.revision) == (100, "PASSED", 2)
    assert submission.finished_at == finished
    assert (row.status, row.looked_at, len(row.changes)) == ("PASSED", 1, 1)
    assert LessonProgress.objects.get(user=ada, lesson=assignment.lesson).completed_at == finished
    assert total_of(ada) == 30
    told = Event.objects.get(user=ada, kind="SUBMISSION_REJUDGED")
    assert (told.data["before"], told.data["after"]) == (20, 100)
    assert told.subject == f"rejudged:{submission.pk}:2"
    passed = Event.objects.get(user=ada, kind="ASSIGNMENT_PASSED")
    assert (passed.subject, passed.created_at) == (f"assignment:{assignment.pk}", finished)
    assert passed.data["percent"] == 100


def test_a_preview_changes_nothing_and_says_what_is_done_then(ada, assignment):
    for source in (WRONG, RIGHT, ALWAYS_THREE):
        hand_in(ada, assignment, source)
    before = percents()
    as_wrong_expects(assignment)
    shown = done(assignment)
    assert percents() == before
    assert rejudgings.waiting_for(assignment) == 3
    assert rejudgings.waiting_for_each([assignment]) == {assignment.pk: 3}
    assert not Event.objects.filter(kind="SUBMISSION_REJUDGED").exists()
    assert shown.changes == done(assignment, preview=False).changes
    assert [(one["before"], one["after"], one["stays"]) for one in shown.changes] == [
        (20, 100, False), (100, 20, True), (20, 0, True),
    ]  # fmt: skip
    assert percents() == [100, 100, 20]
    assert rejudgings.waiting_for(assignment) == 0
    assert rejudgings.waiting_for_each([assignment]) == {}
    assert rejudgings.staying_of(assignment) == 2


def test_what_stays_is_looked_at_once_and_may_be_lowered_later(ada, assignment):
    hand_in(ada, assignment, RIGHT)
    as_wrong_expects(assignment)
    assert done(assignment, preview=False).changes[0]["stays"]
    assert (done(assignment).looked_at, done(assignment, preview=False).looked_at) == (0, 0)
    assert (rejudgings.waiting_for(assignment), rejudgings.staying_of(assignment)) == (0, 1)
    lowered = done(assignment, preview=False, lower=True, reason="The cases were wrong.")
    assert (lowered.looked_at, percents()) == (1, [20])
    assert rejudgings.staying_of(assignment) == 0


def test_what_stays_is_looked_at_again_by_other_cases(ada, assignment):
    hand_in(ada, assignment, RIGHT)
    as_wrong_expects(assignment)
    done(assignment, preview=False)
    rewrite(assignment, small=3)
    assert (rejudgings.waiting_for(assignment), rejudgings.staying_of(assignment)) == (1, 0)


def test_scores_fall_at_somebodys_word_only_and_what_was_completed_stays(ada, assignment):
    submission = hand_in(ada, assignment, RIGHT)
    as_wrong_expects(assignment)
    with pytest.raises(ReasonNeeded):
        rejudgings.ask(assignment, None, preview=False, lower=True, reason="  ")
    assert not Rejudging.objects.exists()
    done(assignment, preview=False, lower=True, reason="The cases were wrong.")
    submission.refresh_from_db()
    assert (submission.percent, submission.status) == (20, "FAILED")
    assert LessonProgress.objects.filter(user=ada, lesson=assignment.lesson).exists()
    assert total_of(ada) == 30
    told = Event.objects.get(kind="SUBMISSION_REJUDGED")
    assert told.data["reason"] == "The cases were wrong."


def test_a_pass_alone_is_not_taken_away(ada, assignment):
    """The percent stays the same, and what passes is more."""
    assignment.pass_percent = 20
    assignment.save()
    submission = hand_in(ada, assignment, WRONG)
    assert submission.is_passed
    assignment.pass_percent = 50
    save_assignment(assignment, list(assignment.cases.in_order()))
    row = done(assignment, preview=False)
    submission.refresh_from_db()
    assert submission.is_passed
    assert [one["stays"] for one in row.changes] == [True]


def test_runs_without_a_grade_and_what_is_judged_already_are_left(ada, assignment):
    run = submissions.submit(ada, assignment, WRONG, graded=False)
    grading.grade(run.pk)
    as_wrong_expects(assignment)
    hand_in(ada, assignment, WRONG)
    assert done(assignment, preview=False).looked_at == 0
    run.refresh_from_db()
    assert run.revision == 1


def test_killed_in_the_middle_it_goes_on_where_it_was(ada, assignment, monkeypatch):
    for _ in range(3):
        hand_in(ada, assignment, WRONG)
    as_wrong_expects(assignment)
    row = rejudgings.ask(assignment, None, preview=False)
    broken_off(row, monkeypatch, SystemExit())
    assert percents() == [100, 20, 20]
    assert (row.status, row.looked_at, len(row.changes)) == (Work.Status.RUNNING, 1, 1)
    again = judge_again(row.pk)
    assert (again.status, again.looked_at, len(again.changes)) == ("PASSED", 3, 3)
    assert percents() == [100, 100, 100]
    assert Event.objects.filter(kind="SUBMISSION_REJUDGED").count() == 3


def test_while_it_is_held_nobody_else_takes_it_up(ada, assignment, monkeypatch):
    hand_in(ada, assignment, WRONG)
    as_wrong_expects(assignment)
    row = rejudgings.ask(assignment, None, preview=False)
    broken_off(row, monkeypatch, SystemExit(), after=0)
    Rejudging.objects.update(leased_until=CLOCK + work.LEASE)
    assert judge_again(row.pk) is None
    assert percents() == [20]


def test_a_preview_that_is_broken_off_goes_on_too(ada, assignment, monkeypatch):
    for source in (WRONG, ALWAYS_THREE, WRONG):
        hand_in(ada, assignment, source)
    as_wrong_expects(assignment)
    row = rejudgings.ask(assignment, None)
    broken_off(row, monkeypatch, SystemExit(), after=2)
    again = judge_again(row.pk)
    assert again.looked_at == 3
    assert [one["number"] for one in again.changes] == [1, 2, 3]


def test_what_gets_on_may_be_broken_off_often(ada, assignment, monkeypatch):
    for _ in range(work.MOST_TRIES + 2):
        hand_in(ada, assignment, WRONG)
    as_wrong_expects(assignment)
    row = rejudgings.ask(assignment, None, preview=False)
    for error in (SystemExit(), SystemExit(), RunnerFailed("no"), ValueError("no")):
        broken_off(row, monkeypatch, error)
        assert row.tries == 1
    again = judge_again(row.pk)
    assert (again.status, again.looked_at) == ("PASSED", work.MOST_TRIES + 2)


def test_what_gets_no_further_is_given_up(ada, assignment, monkeypatch):
    hand_in(ada, assignment, WRONG)
    as_wrong_expects(assignment)
    row = rejudgings.ask(assignment, None, preview=False)
    for _ in range(work.MOST_TRIES):
        broken_off(row, monkeypatch, SystemExit(), after=0)
    assert judge_again(row.pk) is None
    row.refresh_from_db()
    assert row.status == "ERROR"


def test_whoever_lost_it_writes_nothing_more(ada, assignment, monkeypatch):
    for _ in range(2):
        hand_in(ada, assignment, WRONG)
    as_wrong_expects(assignment)
    row, run_cases = rejudgings.ask(assignment, None, preview=False), rejudging.run_cases

    def taken_away(*given):
        Rejudging.objects.update(claim=uuid4())
        return run_cases(*given)

    monkeypatch.setattr(rejudging, "run_cases", taken_away)
    assert judge_again(row.pk) is None
    row.refresh_from_db()
    assert (row.status, row.looked_at, row.changes) == ("RUNNING", 0, [])
    assert percents() == [20, 20]


def test_without_a_runner_it_waits_and_nothing_is_lost(ada, assignment, monkeypatch):
    for _ in range(2):
        hand_in(ada, assignment, WRONG)
    as_wrong_expects(assignment)
    row = rejudgings.ask(assignment, None, preview=False)
    broken_off(row, monkeypatch, RunnerAway("No runner."))
    assert (row.status, row.fault, row.looked_at) == ("PENDING", "No runner.", 1)
    assert len(row.changes) == 1
    again = judge_again(row.pk)
    assert (again.looked_at, len(again.changes)) == (2, 2)
    assert percents() == [100, 100]


def test_one_that_cannot_be_judged_does_not_stand_in_the_way(ada, assignment, monkeypatch):
    for source in (ALWAYS_THREE, WRONG):
        hand_in(ada, assignment, source)
    as_wrong_expects(assignment)
    monkeypatch.setattr(rejudging, "run_cases", failing_for(ALWAYS_THREE))
    row = done(assignment, preview=False)
    monkeypatch.undo()
    assert (row.status, row.looked_at, percents()) == ("PASSED", 2, [20, 100])
    first = Submission.objects.get(number=1)
    assert row.changes[0] == {
        "submission": str(first.pk), "number": 1, "before": 20, "after": None, "stays": False,
        "fault": "The engine broke\ufffd.",
    }  # fmt: skip
    assert first.revision == 1
    assert rejudgings.waiting_for(assignment) == 1
    assert done(assignment, preview=False).changes[0]["after"] == 0


def test_without_cases_it_is_given_up(ada, assignment):
    hand_in(ada, assignment, WRONG)
    row = rejudgings.ask(assignment, None, preview=False)
    assignment.cases.update(deleted_at=CLOCK)
    assert judge_again(row.pk) is None
    row.refresh_from_db()
    assert (row.status, row.fault) == ("ERROR", "The assignment has no tests any more.")


def test_asking_twice_is_asking_once(assignment):
    first = rejudgings.ask(assignment, None)
    assert rejudgings.ask(assignment, None) == first
    other = rejudgings.ask(assignment, None, preview=False)
    assert rejudgings.ask(assignment, None, preview=False, lower=True, reason="x") == other
    assert not rejudgings.ask(assignment, None, preview=False).lower
    done(assignment)
    assert rejudgings.ask(assignment, None) != first


def test_assignment_and_cases_are_read_once_for_all(ada, assignment, monkeypatch):
    for _ in range(3):
        hand_in(ada, assignment, WRONG)
    as_wrong_expects(assignment)
    monkeypatch.setattr(rejudging, "CHUNK", 2)
    row = rejudgings.ask(assignment, None)
    with CaptureQueriesContext(connection) as queries:
        assert judge_again(row.pk).looked_at == 3
    read = [one["sql"] for one in queries]
    assert sum('"assessments_assignment"."solution"' in sql for sql in read) == 1
    assert sum('FROM "assessments_testcase"' in sql for sql in read) == 1
    assert sum('"assessments_submission"."source"' in sql for sql in read) == 3


def test_who_has_left_keeps_a_better_score_and_completes_nothing(ada, course, assignment):
    submission = hand_in(ada, assignment, WRONG)
    ada.enrollments.update(status="DROPPED")
    as_wrong_expects(assignment)
    done(assignment, preview=False)
    submission.refresh_from_db()
    assert submission.percent == 100
    assert not LessonProgress.objects.filter(user=ada).exists()


def test_other_assignments_and_people_are_not_mixed_up(ada, lessons, assignment):
    other = make_assignment(lessons[0].module, "other")
    bystander = hand_in(ada, other, WRONG)
    make_person("eve@example.org", "Eve")
    hand_in(ada, assignment, WRONG)
    as_wrong_expects(assignment)
    done(assignment, preview=False)
    bystander.refresh_from_db()
    assert (bystander.percent, bystander.revision) == (20, 1)
