"""Submissions judged again by mended cases: shown first, then done, never lower unasked."""

import pytest

from activity.models import Event
from assessments import grading, rejudging, rejudgings, submissions
from assessments.authoring import save_assignment
from assessments.errors import ReasonNeeded
from assessments.models import Rejudging, Submission, Work
from assessments.models.attempt import CLOCK
from assessments.rejudging import judge_again
from assessments.running import RunnerAway
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


def test_a_preview_changes_nothing_and_says_what_is_done_then(ada, assignment):
    for source in (WRONG, RIGHT, ALWAYS_THREE):
        hand_in(ada, assignment, source)
    before = percents()
    as_wrong_expects(assignment)
    shown = done(assignment)
    assert percents() == before
    assert rejudgings.waiting_for(assignment) == 3
    assert not Event.objects.filter(kind="SUBMISSION_REJUDGED").exists()
    assert shown.changes == done(assignment, preview=False).changes
    assert [(one["before"], one["after"], one["stays"]) for one in shown.changes] == [
        (20, 100, False), (100, 20, True), (20, 0, True),
    ]  # fmt: skip
    assert percents() == [100, 100, 20]
    assert rejudgings.waiting_for(assignment) == 2  # may still be lowered, with a reason


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
    look_at, looked = rejudging.look_at, []

    def dies_at_the_second(*given):
        if looked:
            raise SystemExit
        looked.append(given)
        return look_at(*given)

    monkeypatch.setattr(rejudging, "look_at", dies_at_the_second)
    with pytest.raises(SystemExit):
        judge_again(row.pk)
    monkeypatch.undo()
    assert percents() == [100, 20, 20]
    row.refresh_from_db()
    assert row.status == Work.Status.RUNNING
    assert judge_again(row.pk) is None  # it is held for as long as its lease lasts
    Rejudging.objects.update(leased_until=CLOCK)
    again = judge_again(row.pk)
    assert (again.status, again.looked_at) == ("PASSED", 2)
    assert percents() == [100, 100, 100]
    assert Event.objects.filter(kind="SUBMISSION_REJUDGED").count() == 3


def test_without_a_runner_it_waits_and_nothing_is_lost(ada, assignment, monkeypatch):
    for _ in range(2):
        hand_in(ada, assignment, WRONG)
    as_wrong_expects(assignment)
    row, run_cases, ran = rejudgings.ask(assignment, None, preview=False), rejudging.run_cases, []

    def away_at_the_second(*given):
        if ran:
            raise RunnerAway("No runner.")
        ran.append(given)
        return run_cases(*given)

    monkeypatch.setattr(rejudging, "run_cases", away_at_the_second)
    assert judge_again(row.pk) is None
    monkeypatch.undo()
    row.refresh_from_db()
    assert (row.status, row.fault, len(row.changes)) == ("PENDING", "No runner.", 1)
    Rejudging.objects.update(due_at=CLOCK)
    assert len(judge_again(row.pk).changes) == 2
    assert percents() == [100, 100]


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
