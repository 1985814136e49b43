"""What the school has decided about points."""

from gamification.models import Policy


def policy() -> Policy:
    """The school's decisions. Where nothing was decided, everything is as it comes."""
    return Policy.objects.first() or Policy()


def points_are_shown() -> bool:
    """Whether the school shows points, streaks and badges at all."""
    return not Policy.objects.filter(show_points=False).exists()
