"""Code that was judged without a runner, and drafts of it asked for to the end."""

from typing import Any

from django.utils.timezone import now

from accounts.models import User
from assessments.model_drafts import drafting, wanting
from assessments.models import Assignment, ModelRun, Submission, TestResult
from assessments.models.attempt import CLOCK
from tests.assessments.code_builders import WRONG


def judged(user: User, assignment: Assignment, source: str = WRONG, **fields: Any) -> Submission:
    """A graded submission with its verdict and a result for each case."""
    number = Submission.objects.filter(user=user, assignment=assignment).count() + 1
    values = {
        "is_graded": True, "number": number, "status": "FAILED", "outcome": "WRONG",
        "percent": 40, "points": 2, "out_of": 5, "revision": 1, "finished_at": now(), **fields,
    }  # fmt: skip
    submission = Submission.objects.create(
        user=user, assignment=assignment, source=source, **values
    )
    for place, case in enumerate(assignment.cases.live().in_order(), 1):
        TestResult.objects.create(
            submission=submission, case=case, outcome="WRONG", was_visible=case.is_visible,
            position=place, expected="3", got="-1", stdout="" if case.is_visible else "secret out",
        )  # fmt: skip
    return submission


def ask(submission: Submission) -> ModelRun:
    """Want a draft and ask for it until it has an outcome, as if the pauses had passed."""
    wanting.want_for_submission(submission.pk)
    return ask_on(submission.model_run)


def ask_on(run: ModelRun) -> ModelRun:
    waits = []
    while (wait := drafting.draft(run.pk)) is not None:
        waits.append(wait)
        ModelRun.objects.filter(pk=run.pk).update(due_at=CLOCK)
    run.refresh_from_db()
    run.waits = waits
    return run
