"""The command that judges submissions of an assignment again, in its own process."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from assessments import grading, rejudging, rejudgings, submissions
from assessments.authoring import save_assignment
from assessments.models import Rejudging, Submission
from assessments.models.attempt import CLOCK
from assessments.running import RunnerAway, RunnerFailed
from progress.models import LessonProgress
from tests.assessments.code_builders import RIGHT, WRONG, make_assignment


@pytest.fixture
def assignment(ada, lessons):
    """Two submissions, of which one is right by cases that are turned round afterwards."""
    made = make_assignment(lessons[0].module)
    for source in (WRONG, RIGHT):
        submission = submissions.submit(ada, made, source, graded=True)
        grading.grade(submission.pk)
    cases = list(made.cases.in_order())
    for case in cases:
        case.expected = {"small": -1, "negative": 1, "large": 10**20 - 1}.get(case.key, 0)
    save_assignment(made, cases)
    return made


def run(*args):
    out = StringIO()
    call_command("regrade", *args, stdout=out)
    return out.getvalue()


def percents():
    return list(Submission.objects.order_by("number").values_list("percent", flat=True))


def test_dry_run_says_what_is_done_then_and_does_nothing(assignment):
    dry = run(str(assignment.pk), "--dry-run")
    lines = (
        "ada@example.org, submission 1: 20 % → 100 %\n"
        "ada@example.org, submission 2: stays at 100 %, would be 20 %\n"
    )
    assert dry.startswith(lines)
    assert "of 2 submissions judged by other cases 1 would go up, 0 would go down" in dry
    assert "1 of these would fall and keep their score: see --lower." in dry
    assert percents() == [20, 100]
    done = run(str(assignment.pk))
    assert done.startswith(lines)
    assert "1 went up" in done
    assert percents() == [100, 100]
    again = run(str(assignment.pk))
    assert "of 0 submissions" in again
    assert "1 more would fall, were looked at before and keep their score" in again
    assert "1 went down" in run(str(assignment.pk), "--lower", "--reason", "Turned round.")


def test_scores_fall_with_a_reason_only(assignment):
    with pytest.raises(CommandError) as refusal:
        run(str(assignment.pk), "--lower")
    assert refusal.value.returncode == 2
    with pytest.raises(CommandError) as refusal:
        run(str(assignment.pk), "--lower", "--reason", "x" * 401)
    assert refusal.value.returncode == 2
    assert percents() == [20, 100]
    text = run(str(assignment.pk), "--lower", "--reason", "Turned round.")
    assert "ada@example.org, submission 2: 100 % → 20 %" in text
    assert percents() == [100, 20]
    assert LessonProgress.objects.filter(lesson=assignment.lesson).exists()
    assert Rejudging.objects.get().reason == "Turned round."


@pytest.mark.parametrize("name", ["assignment", "lesson", "slugs"])
def test_an_assignment_has_three_names(assignment, name):
    lesson = assignment.lesson
    names = {
        "assignment": str(assignment.pk),
        "lesson": str(lesson.pk),
        "slugs": f"{lesson.course.slug}/{lesson.slug}",
    }
    report = json.loads(run(names[name], "--dry-run", "--json"))
    assert report["assignment"] == str(assignment.pk)


def test_json_says_everything(assignment):
    assert json.loads(run(str(assignment.pk), "--json")) == {
        "assignment": str(assignment.pk),
        "dry_run": False,
        "finished": 2,
        "up": 1,
        "down": 0,
        "unchanged": 1,
        "kept": 1,
        "kept_before": 0,
        "not_judged": 0,
        "changes": [
            {"email": "ada@example.org", "submission": 1, "before": 20, "after": 100,
             "stays": False, "fault": ""},
            {"email": "ada@example.org", "submission": 2, "before": 100, "after": 20,
             "stays": True, "fault": ""},
        ],
    }  # fmt: skip


def test_without_a_runner_it_is_refused_and_waits(assignment, monkeypatch):
    def away(*_):
        raise RunnerAway("No runner.")

    monkeypatch.setattr(rejudging, "run_cases", away)
    with pytest.raises(CommandError) as refusal:
        run(str(assignment.pk))
    assert (str(refusal.value), refusal.value.returncode) == ("No runner. A worker goes on.", 1)
    assert Rejudging.objects.get().status == "PENDING"
    assert percents() == [20, 100]


def test_what_could_not_be_judged_is_said_and_not_counted_as_unchanged(assignment, monkeypatch):
    def fails(*_):
        raise RunnerFailed("The engine broke.")

    monkeypatch.setattr(rejudging, "run_cases", fails)
    text = run(str(assignment.pk))
    assert "submission 1: not judged, stays at 20 %: The engine broke.\n" in text
    assert "of 2 submissions judged by other cases 0 went up, 0 went down, 0 stay" in text
    assert "2 could not be judged" in text


def test_broken_off_it_is_gone_on_with_and_every_number_is_told(assignment, monkeypatch):
    look_at, looked = rejudging.look_at, []

    def interrupted(*given):
        if looked:
            raise KeyboardInterrupt
        looked.append(given)
        return look_at(*given)

    monkeypatch.setattr(rejudging, "look_at", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(str(assignment.pk))
    monkeypatch.undo()
    with pytest.raises(CommandError, match="A worker has taken it up"):
        run(str(assignment.pk))
    Rejudging.objects.update(leased_until=CLOCK)
    with pytest.raises(CommandError, match="Another judging again is under way"):
        run(str(assignment.pk), "--lower", "--reason", "Turned round.")
    report = json.loads(run(str(assignment.pk), "--json"))
    assert (report["finished"], report["up"], report["unchanged"], report["kept"]) == (2, 1, 1, 1)
    assert len(report["changes"]) == 2


def test_no_worker_is_woken_for_what_is_done_here(
    assignment, monkeypatch, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as told:
        run(str(assignment.pk), "--dry-run")
        assert told == []
        rejudgings.ask(assignment, None)
    assert len(told) == 1


def test_what_is_neither_is_refused(db):
    for name in ("nonsense", "python-basics/nothing", "0198c0de-0000-7000-8000-000000000000"):
        with pytest.raises(CommandError) as refusal:
            run(name)
        assert "No such quiz or assignment" in str(refusal.value)
