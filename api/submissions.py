"""Code that was handed in: how it goes, and what came of it."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from ninja import Router

from api.code_shapes import CaseShape, CodeSubmissionShape, SubmissionSummary
from api.door import ApiRequest, members
from api.shapes import EVERYWHERE, answers
from assessments.access import own_submission
from assessments.models import Submission
from assessments.showing import ShownResult, shown_results
from assessments.work import ahead_of
from enrollments.access import enrollment_of, may_learn

router = Router(tags=["Assignments"], by_alias=True)
OF_SUBMISSION = (
    "id", "assignment_id", "number", "status", "points", "out_of", "percent", "created_at",
    "finished_at",
)  # fmt: skip
OF_RESULT = (
    "name", "passed", "outcome", "points", "out_of", "hint", "called", "expected", "got", "where",
    "stdout", "stderr", "cut",
)  # fmt: skip


@router.get(
    "/submissions/{uuid:submission_id}",
    auth=members(),
    operation_id="get_submission",
    summary="How a submission went",
    response=answers({200: CodeSubmissionShape}, 404, *EVERYWHERE),
)
def submission_detail(request: ApiRequest, submission_id: UUID) -> CodeSubmissionShape:
    """Yours only, a run as well. Of hidden cases: name, how they ended, and the author's hint.

    Your code and its verdict stay readable for ever. What belongs to the course, its cases with
    their hints, is told while its door is open: to those who left it `results` are empty.
    """
    submission = own_submission(request.auth, submission_id)
    course = submission.assignment.lesson.course
    is_open = may_learn(request.auth, enrollment_of(request.auth, course), course)
    return submission_shape(submission, with_cases=is_open)


def submission_shape(submission: Submission, *, with_cases: bool = True) -> CodeSubmissionShape:
    results = shown_results(submission) if submission.is_judged and with_cases else []
    return CodeSubmissionShape(
        **told_of(submission),
        source=submission.source,
        compile_output=submission.compile_output if with_cases else "",
        runtime=submission.runtime,
        results=[case_shape(one) for one in results],
    )


def summary_of(submission: Submission) -> SubmissionSummary:
    return SubmissionSummary(**told_of(submission))


def told_of(submission: Submission) -> dict[str, Any]:
    """The fields of a submission in a list."""
    return {
        **{name: getattr(submission, name) for name in OF_SUBMISSION},
        "url": reverse("api:submission_detail", args=[submission.pk]),
        "graded": submission.is_graded,
        "position": ahead_of(submission) if submission.is_open else None,
        "outcome": submission.outcome or None,
    }


def case_shape(shown: ShownResult) -> CaseShape:
    told = {name: getattr(shown, name) for name in OF_RESULT}
    return CaseShape(**told, visible=shown.is_visible)
