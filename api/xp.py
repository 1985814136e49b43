"""Completing a lesson and being paid for it."""

from django.db import transaction
from ninja import Router
from ninja.responses import Status

from api import errors
from api.access import live_lesson, published_course, require_self
from api.completions import complete
from api.door import ApiRequest, members
from api.limits import AWARD
from api.shapes import WITH_BODY, Award, AwardRequest, answers

router = Router(tags=["XP"], by_alias=True)


@router.post(
    "/xp/award",
    auth=members(AWARD),
    operation_id="award_xp",
    summary="Complete a lesson and earn its XP",
    response=answers({201: Award}, 404, 409, *WITH_BODY),
)
def award(request: ApiRequest, body: AwardRequest) -> Status[Award]:
    """Completes the lesson as its button does. The lesson says what it pays, and pays once.

    403 `not_enrolled` or `plan_required`. 409 `already_completed`; `not_passed` for a lesson that
    its quiz or assignment completes; `xp_mismatch` if `xpAmount` is not what the lesson pays.
    """
    require_self(request.auth, body.user_id)
    lesson = live_lesson(body.lesson_id, published_course(body.course_id))
    # The amount is looked at last: what a wrong one began is taken back with the transaction.
    with transaction.atomic():
        receipt = complete(request.auth, lesson)
        if receipt is None:
            detail = "You have completed this lesson already."
            raise errors.ApiError(409, "already_completed", detail)
        if body.xp_amount != lesson.xp_reward:
            detail = f"This lesson pays {lesson.xp_reward} XP."
            raise errors.ApiError(409, "xp_mismatch", detail)
    return Status(
        201,
        Award(
            xpAwarded=receipt.xp_awarded,
            totalXp=receipt.total_xp,
            level=receipt.level,
            message=receipt.message,
        ),
    )
