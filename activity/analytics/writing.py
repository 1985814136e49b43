"""Storing looks: many in one statement, of visitors who cannot be told tomorrow."""

from collections.abc import Sequence
from datetime import UTC
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts import preferences
from accounts.models import Profile, User
from activity.analytics.look import Look
from activity.analytics.visitors import is_sampled, salt_of, visitor_of
from activity.models import AnalyticsEvent


def store(looks: Sequence[Look]) -> int:
    """Write the looks of those visitors who are counted: one insert, and the secret of each day."""
    rate = settings.ANALYTICS_SAMPLING
    salts = {day: salt_of(day) for day in {look.at.astimezone(UTC).date() for look in looks}}
    rows = [row_of(look, salts[look.at.astimezone(UTC).date()], rate) for look in looks]
    counted = [row for row in finished(rows) if is_sampled(bytes(row.visitor), rate)]
    with transaction.atomic(savepoint=False):
        named = still_agreeing({row.user_id for row in counted if row.user_id})
        for row in counted:
            row.user_id = row.user_id if row.user_id in named else None
        AnalyticsEvent.objects.bulk_create(counted)
    return len(counted)


def still_agreeing(people: set[UUID]) -> set[UUID]:
    """Who of them is to be named still: somebody may have said no, or gone, since they looked.

    Held, so that whoever says no or goes just now finds the rows and takes the name out.
    """
    if not people:
        return set()
    # People before their profiles, as whoever erases them: naming them holds their rows as well.
    rows = User.objects.filter(pk__in=people).order_by("pk").select_for_update(no_key=True)
    list(rows.values_list("pk"))
    held = Profile.objects.filter(user__in=people).order_by("pk").select_for_update(no_key=True)
    wishes = held.values_list("user_id", "preferences")
    return {key for key, likes in wishes if preferences.complete(likes)["named_visits"]}


def row_of(look: Look, salt: bytes, rate: float) -> AnalyticsEvent:
    return AnalyticsEvent(
        name=look.name,
        view=look.view[:80],
        metric=look.metric,
        value=look.value,
        words=look.words,
        course=look.course,
        visitor=visitor_of(salt, look.address, look.agent),
        weight=1 / rate if rate else 1.0,
        user_id=look.user,
        created_at=look.at,
    )


def finished(rows: Sequence[AnalyticsEvent]) -> list[AnalyticsEvent]:
    """Without searches that were still being typed: of a visitor's, the last of these counts."""
    search = AnalyticsEvent.Name.SEARCH
    last = {row.visitor: row for row in rows if row.name == search}
    return [row for row in rows if row.name != search or last[row.visitor] is row]
