"""Whether points are in sight: the school's word first, then the person's own."""

from accounts import preferences
from accounts.models import User
from gamification.models import Policy


def school_shows_points() -> bool:
    """Whether the school has points at all. No row of its decisions: it has."""
    return not Policy.objects.filter(show_points=False).exists()


def likes_points(user: User) -> bool:
    """Whether the person wants to see them: their setting."""
    return bool(preferences.complete(user.profile.preferences)["show_points"])


def shows_points(user: User) -> bool:
    """Whether pages and announcements may speak of points to this person."""
    return likes_points(user) and school_shows_points()
