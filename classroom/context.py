"""What the frame of every page shows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.hues import style_of
from accounts.joining import is_by_invitation
from accounts.models import User
from accounts.preferences import complete
from accounts.school import school
from billing.access import is_selling
from billing.paying import late_since
from billing.pricing import sells
from classroom.numbers import numbers_for
from classroom.pages.streak import what_happened
from gamification.days import clock_of
from gamification.levels import Meter

NOBODY = {
    "standing": None,
    "streak": None,
    "streak_news": "",
    "unread": 0,
    "bell": 0,
    "bonuses": False,
    "points_are_off": False,
}
NO_CUSTOMER = {"buys": False, "bought": None, "late": None}


def frame(request: HttpRequest) -> dict[str, Any]:
    """Site name, theme, and what the person has: one query, and only if the page asks."""
    user = getattr(request, "user", None)
    site = {
        "site_name": SimpleLazyObject(lambda: school().title),
        "demo_school": settings.DEMO_SCHOOL,
    }
    site["school_style"] = SimpleLazyObject(lambda: style_of(school().hue))
    site["contact"] = settings.CONTACT_EMAIL
    site["by_invitation"] = SimpleLazyObject(lambda: is_by_invitation(request))
    if not isinstance(user, User):
        shown = {"show_points": False, "show_boards": False, "sells": SimpleLazyObject(sells)}
        return {**site, **complete({}), **shown, **NOBODY, **NO_CUSTOMER}
    numbers = SimpleLazyObject(lambda: numbers_for(request, user))
    liked = complete(user.profile.preferences)
    return {
        **site,
        **liked,
        "show_points": SimpleLazyObject(lambda: liked["show_points"] and not numbers.hidden),
        "show_boards": SimpleLazyObject(lambda: liked["show_points"] and numbers.boards),
        "setting_up": SimpleLazyObject(lambda: user.is_staff and school().is_being_set_up),
        "standing": SimpleLazyObject(lambda: Meter(numbers.total_xp)),
        "streak": SimpleLazyObject(lambda: numbers.streak),
        "streak_news": SimpleLazyObject(lambda: what_happened(numbers.streak, clock_of(user))),
        "unread": SimpleLazyObject(lambda: numbers.unread),
        "bell": SimpleLazyObject(lambda: numbers.notices),
        "points_are_off": SimpleLazyObject(lambda: numbers.hidden),
        "bonuses": SimpleLazyObject(lambda: numbers.bonuses),
        "sells": SimpleLazyObject(lambda: is_selling() and numbers.offers),
        "buys": SimpleLazyObject(lambda: numbers.buys),
        "bought": SimpleLazyObject(lambda: numbers.bought if is_selling() else None),
        "late": SimpleLazyObject(lambda: is_selling() and late_since(numbers.late_since)),
    }
