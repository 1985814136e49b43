"""Taking a quiz: what is asked, saving answers, handing in, and what was right."""

from typing import Any
from uuid import UUID

from django.http import Http404
from ninja import Router

from api import errors
from api.door import ApiRequest, members
from api.questions import answer_shape, questions_asked, questions_reviewed
from api.quiz_shapes import (
    AnswerConflict,
    AnswerRequest,
    AnswerShape,
    AttemptShape,
    AttemptSummary,
    ReviewShape,
    SubmissionRequest,
    SubmissionShape,
)
from api.shapes import EVERYWHERE, WITH_BODY, answers
from assessments.access import (
    own_attempt,
    settled_attempt,
    settled_history,
)
from assessments.answering import Given, Saved, save_answers
from assessments.attempts import Finished, finish_own
from assessments.limits import SAVES
from assessments.models import Attempt
from enrollments.access import require_enrollment
from gamification.ledger import paid_at

router = Router(tags=["Quizzes"], by_alias=True)
# An essay of the longest kind, each of its characters written as \uXXXX.
LARGEST_ANSWER = 64 * 1024


@router.get(
    "/attempts/{uuid:attempt_id}",
    auth=members(),
    operation_id="get_attempt",
    summary="What an attempt asks",
    response=answers({200: AttemptShape}, 404, *EVERYWHERE),
)
def attempt_detail(request: ApiRequest, attempt_id: UUID) -> AttemptShape:
    """The questions in the order drawn, with your answers; once it is closed, the score too.

    Yours only. What has run out is closed when it is looked at, with the answers that were saved.
    403 `not_enrolled` or `plan_required` for an open one of a course that is closed to you.
    """
    attempt = settled_attempt(request.auth, attempt_id)
    if attempt.is_open:
        require_enrollment(request.auth, attempt.quiz.lesson.course)
    return attempt_shape(attempt)


@router.post(
    "/attempts/{uuid:attempt_id}/answers",
    # A page saves each change by itself, so this is counted apart from everything else.
    auth=members(instead=SAVES, largest=LARGEST_ANSWER),
    operation_id="save_answer",
    summary="Save an answer",
    response=answers({200: AnswerShape, 409: AnswerConflict}, 404, *WITH_BODY),
)
def save_answer(request: ApiRequest, attempt_id: UUID, body: AnswerRequest) -> AnswerShape:
    """Sets the whole answer to one question; the `version` in the answer is the one to send next.

    409 `stale_answer` if it has changed since the version that you name, with the answer that
    stands; `already_submitted`; `time_over`. This body may have 64 KB, and 50 may be sent in 10
    seconds.
    """
    given = Given(
        question=body.question_id,
        chosen=tuple(body.option_ids),
        text=body.text,
        is_flagged=body.flagged,
        version=body.version,
    )
    return outcome(save_answers(own_attempt(request.auth, attempt_id), [given]))


@router.post(
    "/attempts/{uuid:attempt_id}/submission",
    auth=members(),
    operation_id="submit_attempt",
    summary="Hand an attempt in",
    response=answers({200: SubmissionShape}, 404, 409, *WITH_BODY),
)
def submit(request: ApiRequest, attempt_id: UUID, body: SubmissionRequest) -> SubmissionShape:
    """Scores what is saved. Past the deadline and its grace the status is `EXPIRED`.

    409 `already_submitted` if it is closed already; its result stands in the attempt.
    """
    try:
        finished = finish_own(request.auth, attempt_id)
    except Attempt.DoesNotExist:
        raise Http404("No such attempt.") from None
    return SubmissionShape(**result_of(finished.attempt), xp_awarded=xp_of(finished))


@router.get(
    "/attempts/{uuid:attempt_id}/review",
    auth=members(),
    operation_id="review_attempt",
    summary="What was right",
    response=answers({200: ReviewShape}, 403, 404, 409, *EVERYWHERE),
)
def review(request: ApiRequest, attempt_id: UUID) -> ReviewShape:
    """Each question with what is right, why, your answer and its mark.

    403 `not_enrolled` or `plan_required`; `answers_hidden` before the quiz shows its answers. 409
    `still_open` if this attempt is not handed in.
    """
    attempt = settled_attempt(request.auth, attempt_id)
    require_enrollment(request.auth, attempt.quiz.lesson.course)
    if attempt.is_open:
        raise errors.ApiError(409, "still_open", "This attempt is not handed in yet.")
    hidden = settled_history(request.auth, attempt.quiz).why_answers_are_hidden
    if hidden:
        raise hidden
    return ReviewShape(**result_of(attempt), questions=questions_reviewed(attempt))


def outcome(saved: Saved) -> AnswerShape:
    """The answer that stands, or why the one that was sent could not be kept."""
    for fault in saved.invalid.values():
        field = "optionIds" if "option" in fault else "text"
        raise errors.ApiError(422, "invalid_fields", fault, {field: [fault]})
    for answer in saved.conflicts:
        raise errors.stale_answer(answer_shape(answer).model_dump())
    for answer in saved.answers:
        return answer_shape(answer)
    detail = "Unknown question."
    raise errors.ApiError(422, "invalid_fields", detail, {"questionId": [detail]})


def attempt_shape(attempt: Attempt) -> AttemptShape:
    return AttemptShape(
        **result_of(attempt), server_time=attempt.moment, questions=questions_asked(attempt)
    )


def summary_of(attempt: Attempt) -> AttemptSummary:
    return AttemptSummary(**told_of(attempt))


def result_of(attempt: Attempt) -> dict[str, Any]:
    """The fields of an attempt looked at alone."""
    return {
        **told_of(attempt),
        "quiz_id": attempt.quiz_id,
        "score": None if attempt.score is None else float(attempt.score),
        "out_of": None if attempt.out_of is None else float(attempt.out_of),
    }


def xp_of(finished: Finished) -> int:
    """What completing the lesson by this attempt paid, multiplied where that counted."""
    attempt = finished.attempt
    if not finished.completed or attempt.ended_at is None:
        return 0
    return paid_at(attempt.user, f"lesson:{attempt.quiz.lesson_id}", attempt.ended_at)


def told_of(attempt: Attempt) -> dict[str, Any]:
    """The fields of an attempt in a list."""
    names = ("id", "number", "status", "started_at", "deadline", "closed_at", "percent", "passed")
    return {
        **{name: getattr(attempt, name) for name in names},
        "practice": attempt.is_practice,
        "late": attempt.is_late,
    }
