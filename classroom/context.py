"""What the frame of every page shows."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Exists
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from accounts.preferences import complete
from assessments.unread import unread
from gamification.levels import Meter
from gamification.models import Policy


def frame(request: HttpRequest) -> dict[str, Any]:
    """Site name, theme, and what the person has: one query, and only if the page asks."""
    user = getattr(request, "user", None)
    site = {"site_name": settings.SITE_NAME, "demo_school": settings.DEMO_SCHOOL}
    if not isinstance(user, User):
        return {**site, **complete({}), "show_points": False, "standing": None, "unread": 0}
    numbers = SimpleLazyObject(lambda: numbers_of(user))
    liked = complete(user.profile.preferences)
    return {
        **site,
        **liked,
        "show_points": SimpleLazyObject(lambda: liked["show_points"] and not numbers.hidden),
        "standing": SimpleLazyObject(lambda: Meter(numbers.total_xp)),
        "unread": SimpleLazyObject(lambda: numbers.unread),
    }


@dataclass(frozen=True)
class Numbers:
    """What the frame tells of a person. `hidden`: the school has switched points off."""

    total_xp: int
    unread: int
    hidden: bool


def numbers_of(user: User) -> Numbers:
    """The person's numbers, and whether the school shows them."""
    rows = User.objects.filter(pk=user.pk).annotate(
        unread=unread(user), hidden=Exists(Policy.objects.filter(show_points=False))
    )
    total, unread_count, hidden = rows.values_list("standing__total_xp", "unread", "hidden").get()
    return Numbers(total or 0, unread_count, hidden)
