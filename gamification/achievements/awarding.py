"""Looking at one person's badges when something happened to them, and writing down what is new."""

import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Min
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models import User
from activity.actions import record
from activity.models import Event
from gamification import bonuses, ledger
from gamification.achievements.registry import ACHIEVEMENTS
from gamification.achievements.statements import AWARD_ONE, REACHED, rows
from gamification.ledger import Payment
from gamification.models import AchievementsDue, XPTransaction

logger = logging.getLogger(__name__)
XP_OF_TIER = (10, 25, 50, 100)


def note(user: User) -> None:
    """Say that this person's badges are to be looked at. One insert, which waits for nobody."""
    AchievementsDue.objects.create(user=user)


@transaction.atomic
def award_due(user: User) -> list[str]:
    """Award what is new, if anything is due; return what it was as `key:tier`. Bonuses as well.

    What is due is taken away before the facts are read, so a note that comes later stays. Of two
    at once, one finds the award made: the constraint decides, and the event and the XP are its.
    """
    taken, _ = AchievementsDue.objects.filter(user=user).delete()
    if not taken:
        return []
    # Entries before awards, and the standing last: so two who look never wait in a circle.
    entered = bonuses.enter(user)
    new = award(user)
    bonuses.count_in(user, entered)
    return new


def award(user: User) -> list[str]:
    """Write down the tiers that this person has reached and was never given."""
    new = sorted(rows(AWARD_ONE, user=user.pk), key=lambda row: (row[2], row[0], row[1]))
    return [tell(user, key, tier, at) for key, tier, at in new]


def tell(user: User, key: str, tier: int, at: datetime) -> str:
    """Record that a tier was earned, when it was, and pay for it where badges pay."""
    earned, data = f"{key}:{tier}", about(key, tier)
    record(user, Event.Kind.ACHIEVEMENT_EARNED, f"achievement:{earned}", data, at=at)
    source = XPTransaction.Source.ACHIEVEMENT
    ledger.bonus(user, Payment(source, earned, XP_OF_TIER[tier - 1], data=data), at)
    return earned


def about(key: str, tier: int) -> dict[str, Any]:
    """What an event and an entry of the ledger say of a tier."""
    one = ACHIEVEMENTS[key]
    url = f"{reverse('classroom:achievements')}#{key}"
    return {"title": str(one.title), "url": url, "tier": tier, "tiers": len(one.tiers)}


def reached(user: User) -> dict[str, int]:
    """How far the person is in each badge that they have begun."""
    return dict(rows(REACHED, user=user.pk))


def award_by_id(user_id: UUID) -> None:
    """The door for a message, which may come late, twice, or for somebody who is gone."""
    user = User.objects.filter(pk=user_id).first()
    if user is not None:
        award_due(user)


def award_those_due(limit: int = 500) -> int:
    """Look at so many people whose message was lost, longest waiting first; return how many.

    Who cannot be looked at waits anew: others come first the next time.
    """
    due = AchievementsDue.objects.values_list("user_id", flat=True)
    waiting = due.annotate(first=Min("since")).order_by("first", "user_id")[:limit]
    done = 0
    for user_id in waiting:
        try:
            award_by_id(user_id)
            done += 1
        except Exception:
            logger.exception("The badges of %s could not be looked at", user_id)
            AchievementsDue.objects.filter(user=user_id).update(since=Now())
    return done
