"""Choosing what others may see."""

from collections.abc import Iterable

from accounts.models import User
from activity.models import Sharing
from activity.words import SHARED


def share(user: User, *, is_on: bool, shown: Iterable[str]) -> None:
    """Keep the choice. It holds from the next page on that anybody opens."""
    wanted = set(shown)
    hidden = [kind for kind in SHARED if kind not in wanted]
    Sharing.objects.update_or_create(user=user, defaults={"is_on": is_on, "hidden": hidden})
