"""What the frame of every page shows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from accounts.preferences import complete
from gamification.ledger import total_of
from gamification.levels import Meter


def frame(request: HttpRequest) -> dict[str, Any]:
    """Site name, theme, and where the person stands: one query, and only if the page asks."""
    user = getattr(request, "user", None)
    site = {"site_name": settings.SITE_NAME, "demo_school": settings.DEMO_SCHOOL}
    if not isinstance(user, User):
        return {**site, **complete({}), "show_points": False, "standing": None}
    standing = SimpleLazyObject(lambda: Meter(total_of(user)))
    return {**site, **complete(user.profile.preferences), "standing": standing}
