"""What the frame of every page shows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from gamification.levels import Meter
from gamification.models import Standing


def frame(request: HttpRequest) -> dict[str, Any]:
    """Site name, theme, and where the person stands: one query, and only if the page asks."""
    user = getattr(request, "user", None)
    known = isinstance(user, User)
    preferences = user.profile.preferences if isinstance(user, User) else {}
    return {
        "site_name": settings.SITE_NAME,
        "demo_school": settings.DEMO_SCHOOL,
        "theme": preferences.get("theme", "system"),
        "show_points": known and preferences.get("show_points", True),
        "shortcuts": preferences.get("shortcuts", True),
        "standing": SimpleLazyObject(lambda: standing_of(user)) if known else None,
    }


def standing_of(user: Any) -> Meter:
    total = Standing.objects.filter(user=user).values_list("total_xp", flat=True).first()
    return Meter(total or 0)
