"""Which guard stands before a piece of work: what its learner sees, and what nobody may say."""

import json

from assessments.model_drafts.leaks import Guard, guard, guard_of_texts
from assessments.models import Attempt, Option, Submission, TestCase
from assessments.showing import ShownResult, shown_results


def guard_for(submission: Submission) -> Guard:
    """Of the reference solution and the hidden cases. Two queries and those of the results."""
    cases = list(submission.assignment.cases.live())
    hidden = [case for case in cases if not case.is_visible]
    shown = shown_results(submission)
    visible = "\n".join(
        [*texts_of(submission), *map(text_of_case, set(cases) - set(hidden)), *map(text_of, shown)]
    )
    return guard(submission.assignment.solution, hidden, visible)


def guard_for_attempt(attempt: Attempt) -> Guard:
    """Of the explanations and the longer answers of what was asked."""
    asked = attempt.answers.select_related("question")
    questions = [answer.question for answer in asked]
    right = Option.objects.filter(question__in=questions, is_correct=True)
    texts = [*right.values_list("text", flat=True)]
    for question in questions:
        texts += [question.explanation, question.model_answer, *map(str, question.accept)]
    return guard_of_texts(texts, attempt.quiz.lesson.title)


def texts_of(submission: Submission) -> list[str]:
    """What its learner has before any result. Own words first: of pages the end is not read."""
    assignment, lesson = submission.assignment, submission.assignment.lesson
    own = [submission.source, submission.compile_output, f"{submission.percent} 100"]
    return [*own, lesson.title, assignment.starter, *assignment.hints, lesson.content]


def text_of(result: ShownResult) -> str:
    """A result as it is shown: of a hidden case the texts are empty."""
    told = (result.name, result.hint, result.called, result.expected, result.got, result.where)
    return "\n".join([*told, result.stdout, result.stderr])


def text_of_case(case: TestCase) -> str:
    values = json.dumps([case.args, case.kwargs, case.expected], ensure_ascii=False)
    return "\n".join([case.name, case.hint, values, case.stdin, case.expected_stdout])
