"""What the frame of every page shows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from accounts.preferences import complete
from assessments.unread import unread
from gamification.levels import Meter


def frame(request: HttpRequest) -> dict[str, Any]:
    """Site name, theme, and what the person has: one query, and only if the page asks."""
    user = getattr(request, "user", None)
    site = {"site_name": settings.SITE_NAME, "demo_school": settings.DEMO_SCHOOL}
    if not isinstance(user, User):
        return {**site, **complete({}), "show_points": False, "standing": None, "unread": 0}
    numbers = SimpleLazyObject(lambda: numbers_of(user))
    return {
        **site,
        **complete(user.profile.preferences),
        "standing": SimpleLazyObject(lambda: Meter(numbers[0] or 0)),
        "unread": SimpleLazyObject(lambda: numbers[1]),
    }


def numbers_of(user: User) -> tuple[int | None, int]:
    """The person's XP, and how much feedback they have not read."""
    rows = User.objects.filter(pk=user.pk).annotate(unread=unread(user))
    found: tuple[int | None, int] = rows.values_list("standing__total_xp", "unread").get()
    return found
