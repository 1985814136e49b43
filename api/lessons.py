"""Marking a lesson complete and opening it again."""

from uuid import UUID

from ninja import Router
from ninja.responses import Status

from accounts.models import User
from api.access import live_lesson
from api.completions import Receipt, complete, uncomplete
from api.door import ApiRequest, members
from api.limits import AWARD
from api.shapes import WRITING, CompletionShape, answers
from courses.models import Lesson
from gamification.ledger import total_of
from gamification.levels import level_of
from progress.reports import tallies

router = Router(tags=["Lessons"], by_alias=True)


@router.put(
    "/lessons/{uuid:lesson_id}/completion",
    auth=members(AWARD),
    operation_id="complete_lesson",
    summary="Complete a lesson",
    response=answers({200: CompletionShape, 201: CompletionShape}, 404, 409, *WRITING),
)
def put_completion(request: ApiRequest, lesson_id: UUID) -> Status[CompletionShape]:
    """201 if that is new, 200 if it was complete already: then nothing changes.

    403 `not_enrolled` or `plan_required`; 409 `not_passed` for a lesson that its quiz or
    assignment completes.
    """
    lesson = live_lesson(str(lesson_id))
    receipt = complete(request.auth, lesson)
    if receipt is None:
        return Status(200, unchanged(request.auth, lesson))
    return Status(201, changed(lesson, receipt, completed=True))


@router.delete(
    "/lessons/{uuid:lesson_id}/completion",
    auth=members(),
    operation_id="uncomplete_lesson",
    summary="Open a lesson again",
    response=answers({200: CompletionShape}, 404, 409, *WRITING),
)
def delete_completion(request: ApiRequest, lesson_id: UUID) -> CompletionShape:
    """What it paid stays, and completing it again pays nothing. Twice changes nothing."""
    lesson = live_lesson(str(lesson_id))
    return changed(lesson, uncomplete(request.auth, lesson), completed=False)


def changed(lesson: Lesson, receipt: Receipt, *, completed: bool) -> CompletionShape:
    return CompletionShape(
        lesson_id=lesson.pk,
        completed=completed,
        completion_percentage=receipt.completion.percent,
        xp_awarded=receipt.xp_awarded,
        total_xp=receipt.total_xp,
        level=receipt.level,
    )


def unchanged(user: User, lesson: Lesson) -> CompletionShape:
    total = total_of(user)
    return CompletionShape(
        lesson_id=lesson.pk,
        completed=True,
        completion_percentage=tallies(user, [lesson.course])[lesson.course_id].percent,
        xp_awarded=0,
        total_xp=total,
        level=level_of(total),
    )
