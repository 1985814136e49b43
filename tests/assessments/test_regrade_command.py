"""The command that marks again."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from activity.models import Event
from tests.assessments.finished import finished, question_at, scores, turn_key


def run(*args):
    out = StringIO()
    call_command("regrade", *args, stdout=out)
    return out.getvalue()


@pytest.fixture
def attempt(ada, quiz):
    found = finished(ada, quiz, right=3)
    turn_key(question_at(quiz, 5))
    return found


def test_dry_run_says_the_same_and_does_nothing(attempt, quiz):
    dry = run(str(quiz.pk), "--dry-run")
    line = "ada@example.org, attempt 1: 60 % → 80 %, now passes\n"
    assert dry.startswith(line)
    assert "of 1 finished attempts 1 would go up, 0 would go down, 0 stay" in dry
    assert scores(attempt)[0] == 60
    done = run(str(quiz.pk))
    assert done.startswith(line)
    assert "1 went up" in done
    assert scores(attempt)[0] == 80
    assert "0 went up, 0 went down, 1 stay" in run(str(quiz.pk))


@pytest.mark.parametrize("name", ["quiz", "lesson", "slugs"])
def test_a_quiz_has_three_names(attempt, quiz, name):
    lesson = quiz.lesson
    names = {
        "quiz": str(quiz.pk),
        "lesson": str(lesson.pk),
        "slugs": f"{lesson.course.slug}/{lesson.slug}",
    }
    assert json.loads(run(names[name], "--dry-run", "--json"))["quiz"] == str(quiz.pk)


def test_json_says_everything(attempt, quiz):
    assert json.loads(run(str(quiz.pk), "--json")) == {
        "quiz": str(quiz.pk),
        "dry_run": False,
        "finished": 1,
        "up": 1,
        "down": 0,
        "unchanged": 0,
        "kept": 0,
        "changes": [
            {
                "email": "ada@example.org",
                "attempt": 1,
                "practice": False,
                "before": 60,
                "after": 80,
                "passed_before": False,
                "passed_after": True,
            }
        ],
    }


def test_lowering_takes_both_words(ada, quiz):
    attempt = finished(ada, quiz, right=5)
    turn_key(question_at(quiz, 1))
    turn_key(question_at(quiz, 5))
    assert "1 of these would fall and keep their score" in run(str(quiz.pk))
    for words in (["--lower"], ["--reason", "So."], ["--lower", "--reason", " "]):
        with pytest.raises(CommandError) as refused:
            run(str(quiz.pk), *words)
        assert refused.value.returncode == 2
    said = run(str(quiz.pk), "--lower", "--reason", "The key was wrong.")
    assert "100 % → 60 %, no longer passes" in said
    assert scores(attempt)[:2] == (60, False)
    assert Event.objects.get(kind="ATTEMPT_REGRADED").data["reason"] == "The key was wrong."


@pytest.mark.parametrize(
    "name",
    ["nonsense", "python-basics/nothing", "/", "0198c0de-0000-7000-8000-000000000000", "a/b/c"],
)
def test_what_is_no_quiz_is_refused(quiz, name):
    with pytest.raises(CommandError, match="No such quiz") as refused:
        run(name)
    assert refused.value.returncode == 1
