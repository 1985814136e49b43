"""How long looks are kept, and forgetting them."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils.timezone import now

from accounts.models import User
from activity.analytics.visitors import forget_salts, old_salts
from activity.models import AnalyticsEvent

AT_ONCE = 10_000


def kept_since(moment: datetime) -> datetime:
    """The first moment of the oldest month that is kept: this one and so many before it."""
    months = moment.astimezone(UTC).year * 12 + moment.astimezone(UTC).month - 1
    year, month = divmod(months - settings.ANALYTICS_MONTHS, 12)
    return datetime(year, month + 1, 1, tzinfo=UTC)


def too_old(moment: datetime) -> QuerySet[AnalyticsEvent]:
    return AnalyticsEvent.objects.filter(created_at__lt=kept_since(moment))


def prune() -> int:
    """Delete what is too old, some thousands at a time; return how many there were."""
    moment, gone = now(), 0
    forget_salts(moment.astimezone(UTC).date())
    while True:
        batch = too_old(moment).order_by("created_at").values("pk")[:AT_ONCE]
        deleted, _ = AnalyticsEvent.objects.filter(pk__in=batch).delete()
        gone += deleted
        if deleted < AT_ONCE:
            return gone


def overdue() -> int:
    """What should have been forgotten, with a day of patience for the task."""
    moment = now() - timedelta(days=1)
    return too_old(moment).count() + old_salts(moment.astimezone(UTC).date()).count()


def unname(user: User) -> int:
    """Who takes their consent back is nobody in what was kept before."""
    return AnalyticsEvent.objects.filter(user=user).update(user=None)
