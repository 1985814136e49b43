"""Seeing to those whom a course's list of students names. Every verb may be called twice."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import now

from accounts.models import User
from courses.models import Course
from progress.attention_rows import AttentionMark, AttentionNaming

Kind = AttentionMark.Kind
# For so long the list leaves them out.
HIDES = {Kind.CONTACTED: timedelta(days=7), Kind.NO_CONCERN: timedelta(days=30)}
# Whoever was named a short time ago is waited for, and not named anew.
NAME = """
    INSERT INTO progress_attentionnaming (id, user_id, course_id, named_at)
    SELECT waymark_uuid7(), user_id, %(course)s, %(now)s FROM ({named}) AS listed
    WHERE NOT EXISTS (SELECT FROM progress_attentionnaming earlier
      WHERE earlier.user_id = listed.user_id AND earlier.course_id = %(course)s
        AND earlier.named_at > %(now)s - %(waits)s)
"""
# Rows that are held belong to somebody who is being contacted or erased: another night will do.
CAME_BACK = """
    UPDATE progress_attentionnaming naming SET came_back_at = found.at FROM (
      SELECT away.id, min(moment.at) AS at FROM (
        SELECT id, user_id, named_at FROM progress_attentionnaming
        WHERE course_id = %(course)s AND came_back_at IS NULL FOR UPDATE SKIP LOCKED) AS away
      JOIN ({moments}) AS moment USING (user_id)
      WHERE moment.at > named_at AND moment.at <= named_at + %(waits)s GROUP BY away.id) AS found
    WHERE naming.id = found.id
"""


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
    if kind == Kind.CONTACTED:
        note_contact(user, course, moment)
    return mark


def bring_back(user: User, course: Course) -> None:
    """Name somebody in the list again, if there is a reason to."""
    AttentionMark.objects.filter(user=user, course=course).delete()


def hidden_until(mark: AttentionMark) -> datetime:
    return mark.at + HIDES[Kind(mark.kind)]


def note_contact(user: User, course: Course, at: datetime) -> None:
    """Keep that staff have turned to somebody while it is waited for what comes of their name."""
    waiting = AttentionNaming.objects.filter(user=user, course=course, contacted_at=None)
    since = at - AttentionNaming.WAITS
    waiting.filter(named_at__gte=since, named_at__lte=at).update(contacted_at=at)


def name_people(named: str, moments: str, values: Mapping[str, Any]) -> None:
    """Keep whom the list of a course names at a moment, and who of those named has come back.

    `named` and `moments` are the queries, with their values, for the people and for everything
    that happened. Who holds the count of the course (`insights.replace_counts`) calls it.
    """
    said = {**values, "waits": AttentionNaming.WAITS}
    with connection.cursor() as cursor:
        cursor.execute(NAME.format(named=named), said)
        cursor.execute(CAME_BACK.format(moments=moments), said)


def forget_namings() -> int:
    return AttentionNaming.objects.old(now()).delete()[0]


def namings_overdue(patience: timedelta) -> int:
    """What should be gone, and is not."""
    return AttentionNaming.objects.old(now() - patience).count()
