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
from classroom.pages.streak import what_happened
from gamification.days import is_over, streak_of, today_of
from gamification.levels import Meter
from gamification.models import Policy, Streak

NOBODY = {"standing": None, "streak": None, "streak_news": "", "unread": 0}


def frame(request: HttpRequest) -> dict[str, Any]:
    """Site name, theme, and what the person has: one query, and only if the page asks."""
    user = getattr(request, "user", None)
    site = {"site_name": settings.SITE_NAME, "demo_school": settings.DEMO_SCHOOL}
    if not isinstance(user, User):
        return {**site, **complete({}), "show_points": False, **NOBODY}
    numbers = SimpleLazyObject(lambda: numbers_of(user))
    liked = complete(user.profile.preferences)
    return {
        **site,
        **liked,
        "show_points": SimpleLazyObject(lambda: liked["show_points"] and not numbers.hidden),
        "standing": SimpleLazyObject(lambda: Meter(numbers.total_xp)),
        "streak": SimpleLazyObject(lambda: numbers.streak),
        "streak_news": SimpleLazyObject(lambda: what_happened(numbers.streak, today_of(user))),
        "unread": SimpleLazyObject(lambda: numbers.unread),
    }


@dataclass(frozen=True)
class Numbers:
    """What the frame tells of a person. `hidden`: the school has switched points off."""

    total_xp: int
    streak: Streak
    unread: int
    hidden: bool


def numbers_of(user: User) -> Numbers:
    """The person's numbers, and whether the school shows them.

    One query; a few more on the first page after a day by which something had to be learned.
    """
    rows = User.objects.filter(pk=user.pk).select_related("standing", "streak")
    shown = [f"streak__{field.name}" for field in Streak._meta.fields]
    found = rows.only("standing__total_xp", *shown).annotate(
        unread=unread(user), hidden=Exists(Policy.objects.filter(show_points=False))
    )
    row = found.get()
    standing, streak = getattr(row, "standing", None), getattr(row, "streak", None)
    if streak is None or is_over(streak.alive_until, user):
        streak = streak_of(user) if streak else Streak(user=user, settled_on=today_of(user))
    total = standing.total_xp if standing else 0
    return Numbers(total, streak, row.unread, row.hidden)
