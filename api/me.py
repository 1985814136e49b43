"""Who asks."""

from ninja import Router

from api.door import ApiRequest, members
from api.shapes import EVERYWHERE, Me, answers
from gamification.ledger import total_of
from gamification.levels import Meter

router = Router(tags=["You"], by_alias=True)


@router.get(
    "/me",
    auth=members(),
    operation_id="get_me",
    summary="Who you are and where you stand",
    response=answers({200: Me}, *EVERYWHERE),
)
def me(request: ApiRequest) -> Me:
    """Your account, your XP and your level."""
    user = request.auth
    meter = Meter(total_of(user))
    return Me(
        id=user.pk,
        email=user.email,
        name=user.name,
        timezone=user.timezone,
        total_xp=meter.total_xp,
        level=meter.level,
        xp_to_next_level=meter.xp_to_next,
    )
