"""A quiz before it is taken, and the start of an attempt."""

from datetime import datetime
from uuid import UUID

from ninja import Router
from ninja.responses import Status

from accounts.models import User
from api import errors
from api.attempts import attempt_shape, summary_of
from api.door import ApiRequest, members
from api.quiz_shapes import AttemptShape, QuizShape, Refusal, StartRequest
from api.shapes import EVERYWHERE, WITH_BODY, answers
from assessments.access import live_quiz, settled_attempt, settled_history
from assessments.asked import asked_of
from assessments.attempts import start_attempt
from assessments.clock import deadline_for
from assessments.errors import AssessmentRefused, NothingToAsk
from assessments.history import History
from assessments.models import Quiz
from enrollments.access import require_enrollment

router = Router(tags=["Quizzes"], by_alias=True)


@router.get(
    "/quizzes/{uuid:quiz_id}",
    auth=members(),
    operation_id="get_quiz",
    summary="A quiz and your attempts at it",
    response=answers({200: QuizShape}, 403, 404, *EVERYWHERE),
)
def quiz_detail(request: ApiRequest, quiz_id: UUID) -> QuizShape:
    """Its rules, what you have done in it, and whether an attempt can begin.

    A lesson of the course's outline names its quiz. 403 `not_enrolled` or `plan_required`.
    """
    quiz = live_quiz(quiz_id)
    require_enrollment(request.auth, quiz.lesson.course)
    return quiz_shape(request.auth, settled_history(request.auth, quiz))


@router.post(
    "/quizzes/{uuid:quiz_id}/attempts",
    auth=members(),
    operation_id="start_attempt",
    summary="Begin an attempt",
    response=answers({200: AttemptShape, 201: AttemptShape}, 404, 409, *WITH_BODY),
)
def create_attempt(request: ApiRequest, quiz_id: UUID, body: StartRequest) -> Status[AttemptShape]:
    """201 with a new attempt, 200 with the one that is open: there is never a second.

    403 `not_enrolled` or `plan_required`. 409 `no_attempts_left`; `too_soon`, and `fields` says
    in `opens_at` when; `nothing_to_ask`; `no_practice` as long as attempts are left to gain.
    """
    attempt, is_new = start_attempt(request.auth, live_quiz(quiz_id), practice=body.practice)
    return Status(201 if is_new else 200, attempt_shape(settled_attempt(request.auth, attempt.pk)))


def quiz_shape(user: User, history: History) -> QuizShape:
    quiz, (count, pays) = history.quiz, asked_of(history.quiz)
    refusal = None if history.open else history.refusal or (None if pays else NothingToAsk())
    practises = pays and history.practice_refusal is None
    return QuizShape.model_validate(
        {
            "id": quiz.pk,
            "lesson_id": quiz.lesson_id,
            "course_id": quiz.lesson.course.slug,
            "title": quiz.lesson.title,
            "question_count": count,
            "pass_percent": quiz.pass_percent,
            "time_limit_seconds": seconds_for(user, quiz, history.moment),
            "max_attempts": quiz.max_attempts,
            "wait_minutes": quiz.wait,
            "layout": quiz.layout,
            "shuffle": quiz.shuffle,
            "review": quiz.review,
            "passed": history.has_passed,
            "best": summary_of(history.best) if history.best else None,
            "attempts": [summary_of(attempt) for attempt in history.attempts],
            "attempts_left": history.left,
            "open_attempt_id": history.open.pk if history.open else None,
            "opens_at": history.opens_at,
            "may_start": refusal is None,
            "why_not": refusal_shape(refusal) if refusal else None,
            "may_practise": practises or history.open_practice is not None,
            "server_time": history.moment,
        }
    )


def seconds_for(user: User, quiz: Quiz, moment: datetime) -> int | None:
    end = deadline_for(user, quiz, moment)
    return int((end - moment).total_seconds()) if end else None


def refusal_shape(refusal: AssessmentRefused) -> Refusal:
    told = errors.from_refusal(refusal)
    return Refusal(code=told.code, detail=told.detail)
