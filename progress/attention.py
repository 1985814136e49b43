"""Seeing to those whom a course's list of students names. Every verb may be called twice."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import now

from accounts.models import User
from courses.models import Course
from progress.models import AttentionMark

Kind = AttentionMark.Kind
# For so long the list leaves them out.
HIDES = {Kind.CONTACTED: timedelta(days=7), Kind.NO_CONCERN: timedelta(days=30)}


@transaction.atomic
def set_aside(
    user: User, course: Course, kind: AttentionMark.Kind, *, by: User, at: datetime | None = None
) -> AttentionMark:
    """Leave somebody out of the list for a while. Said again while it holds, it adds nothing."""
    moment = at or now()
    fresh = {"kind": kind, "by": by, "at": moment}
    rows = AttentionMark.objects.select_for_update(of=("self",))
    mark, is_new = rows.get_or_create(user=user, course=course, defaults=fresh)
    if not is_new and (mark.kind != kind or hidden_until(mark) <= moment):
        mark.kind, mark.by, mark.at = kind, by, moment
        mark.save(update_fields=["kind", "by", "at"])
    return mark


def bring_back(user: User, course: Course) -> None:
    """Name somebody in the list again, if there is a reason to."""
    AttentionMark.objects.filter(user=user, course=course).delete()


def hidden_until(mark: AttentionMark) -> datetime:
    return mark.at + HIDES[Kind(mark.kind)]
