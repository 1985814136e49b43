"""An assignment before it is solved, and code that is handed in or tried out."""

from uuid import UUID

from django.db.models import Max
from ninja import Router
from ninja.responses import Status

from api.code_shapes import (
    AssignmentShape,
    CodeSubmissionShape,
    HiddenCase,
    SourceRequest,
    SubmissionList,
    VisibleCase,
)
from api.door import ApiRequest, members
from api.shapes import EVERYWHERE, WITH_BODY, answers
from api.submissions import submission_shape, summary_of
from assessments.access import live_assignment, own_submission
from assessments.models import Assignment, Submission, TestCase, Work
from assessments.submissions import submit
from enrollments.access import require_enrollment
from sandbox.job import clean_source

router = Router(tags=["Assignments"], by_alias=True)
# A source may be sixfold when each of its characters is written as \uXXXX. What is too long is
# told so in words; only what is far too long is not read at all.
LARGEST_BODY = 2 * 1024 * 1024
MOST_LISTED = 50
OF_VISIBLE = (
    "name", "points", "function", "args", "kwargs", "expected", "raises", "stdin",
    "expected_stdout",
)  # fmt: skip


@router.get(
    "/assignments/{uuid:assignment_id}",
    auth=members(),
    operation_id="get_assignment",
    summary="An assignment and its visible cases",
    response=answers({200: AssignmentShape}, 403, 404, *EVERYWHERE),
)
def assignment_detail(request: ApiRequest, assignment_id: UUID) -> AssignmentShape:
    """The task, the code to begin with, and what is run. Hidden cases are named, no more.

    A lesson of the course's outline names its assignment. 403 `not_enrolled` or `plan_required`.
    """
    assignment = live_assignment(assignment_id)
    require_enrollment(request.auth, assignment.lesson.course)
    mine = Submission.objects.of(request.auth).graded().filter(assignment=assignment)
    passed = mine.filter(status=Work.Status.PASSED).exists()
    best: int | None = mine.aggregate(best=Max("percent"))["best"]
    return assignment_shape(assignment, passed=passed, best=best)


@router.post(
    "/assignments/{uuid:assignment_id}/submissions",
    auth=members(largest=LARGEST_BODY),
    operation_id="submit_code",
    summary="Hand in code",
    response=answers({202: CodeSubmissionShape}, 404, 409, *WITH_BODY),
)
def create_submission(
    request: ApiRequest, assignment_id: UUID, body: SourceRequest
) -> Status[CodeSubmissionShape]:
    """Runs it with all cases, for a grade. Ask its `url` until `status` says that it is done.

    429 from the eleventh in a minute on, and for a third while two of yours wait. 409
    `nothing_to_run` where there is no case yet. This body may have 2 MB, its source 64 KB.
    """
    return taken_in(request, assignment_id, body, graded=True)


@router.post(
    "/assignments/{uuid:assignment_id}/runs",
    auth=members(largest=LARGEST_BODY),
    operation_id="run_code",
    summary="Try code out",
    response=answers({202: CodeSubmissionShape}, 404, 409, *WITH_BODY),
)
def create_run(
    request: ApiRequest, assignment_id: UUID, body: SourceRequest
) -> Status[CodeSubmissionShape]:
    """Runs it with the visible cases; there is no grade, and nothing is completed by it.

    429 from the twenty-first in a minute on, and for a third while two of yours wait.
    """
    return taken_in(request, assignment_id, body, graded=False)


@router.get(
    "/assignments/{uuid:assignment_id}/submissions",
    auth=members(),
    operation_id="list_submissions",
    summary="What you handed in",
    response=answers({200: SubmissionList}, 403, 404, *EVERYWHERE),
)
def list_submissions(request: ApiRequest, assignment_id: UUID) -> SubmissionList:
    """Yours, the newest first, at most fifty of them; runs are not listed."""
    assignment = live_assignment(assignment_id)
    require_enrollment(request.auth, assignment.lesson.course)
    mine = Submission.objects.of(request.auth).graded().filter(assignment=assignment)
    newest = mine.order_by("-number").defer("source", "compile_output")[:MOST_LISTED]
    return SubmissionList(items=[summary_of(one) for one in newest], count=mine.count())


def taken_in(
    request: ApiRequest, key: UUID, body: SourceRequest, *, graded: bool
) -> Status[CodeSubmissionShape]:
    source = clean_source(body.source)
    submission = submit(request.auth, live_assignment(key), source, graded=graded)
    # As the database has it: its clock says when it came in, and a worker may have judged it.
    return Status(202, submission_shape(own_submission(request.auth, submission.pk)))


def assignment_shape(assignment: Assignment, *, passed: bool, best: int | None) -> AssignmentShape:
    lesson = assignment.lesson
    cases = assignment.cases.live().in_order()
    names = ("language", "function", "starter", "compare", "tolerance", "pass_percent",
             "cpu_seconds")  # fmt: skip
    return AssignmentShape.model_validate(
        {
            **{name: getattr(assignment, name) for name in names},
            "id": assignment.pk,
            "lesson_id": lesson.pk,
            "course_id": lesson.course.slug,
            "title": lesson.title,
            "instructions_html": lesson.content_html,
            "memory_mb": assignment.memory,
            "visible_cases": [visible(assignment, case) for case in cases.visible()],
            # Named one by one: the rest of a hidden case is not even read.
            "hidden_cases": [
                HiddenCase(**row) for row in cases.filter(is_visible=False).values("name", "points")
            ],
            "passed": passed,
            "best_percent": best,
        }
    )


def visible(assignment: Assignment, case: TestCase) -> VisibleCase:
    told = {name: getattr(case, name) for name in OF_VISIBLE}
    return VisibleCase(**{**told, "function": case.function or assignment.function})
