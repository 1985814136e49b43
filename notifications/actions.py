"""What people do with what they were told, and how they choose to be told."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.timezone import now

from accounts.models import User
from notifications.models import Contact, Mute, Notification, Preference
from notifications.topics import TOPICS

KEPT = timedelta(days=365)


def mark_done(user: User, *keys: UUID) -> bool:
    """Note that it was read; False if all of it was before, or is not theirs."""
    mine = Notification.objects.filter(user=user, pk__in=keys, read_at=None)
    return bool(mine.update(read_at=now()))


def mark_unread(user: User, pk: UUID) -> bool:
    """Take back that it was read; False if it is unread, or is not theirs."""
    mine = Notification.objects.filter(user=user, pk=pk, read_at__isnull=False)
    return bool(mine.update(read_at=None))


def mark_read_of(user: User, address: str) -> int:
    """Note that what leads to this page was read: whoever is there has found it."""
    mine = Notification.objects.filter(user=user, data__url=address)
    return mine.unread().update(read_at=now())


def mark_all_read(user: User, until: datetime) -> int:
    """Note that all was read that was there at that moment; return how much that was."""
    mine = Notification.objects.filter(user=user, created_at__lte=until)
    return mine.unread().update(read_at=now())


def mark_read(rows: QuerySet[Notification]) -> int:
    """They were read, or need nobody to read them any more."""
    return rows.update(read_at=now())


def set_saved(user: User, pk: UUID, *, saved: bool) -> bool:
    """Keep it, or keep it no longer."""
    mine = Notification.objects.filter(user=user, pk=pk, saved_at__isnull=saved)
    return bool(mine.update(saved_at=now() if saved else None))


@transaction.atomic
def mute(user: User, pk: UUID) -> Mute | None:
    """Hear no more of what it is about; what was told of that is done. None: of nothing."""
    row = Notification.objects.filter(user=user, pk=pk).exclude(about="").first()
    if row is None:
        return None
    title = row.data.get("course_title") or row.data.get("title") or row.about
    muted, _ = Mute.objects.get_or_create(
        user=user, about=row.about, defaults={"title": title[:200]}
    )
    Notification.objects.filter(user=user, about=row.about).unread().update(read_at=now())
    return muted


def unmute(user: User, pk: UUID) -> bool:
    """Hear of it again from now on."""
    return bool(Mute.objects.filter(user=user, pk=pk).delete()[0])


@transaction.atomic
def choose(user: User, choices: Mapping[tuple[str, str], bool]) -> None:
    """Keep what was chosen for topics and channels, where it differs from the default."""
    differing = {
        (topic, channel): is_on
        for (topic, channel), is_on in choices.items()
        if is_on != (channel in TOPICS[topic].defaults)
    }
    kept = Preference.objects.filter(user=user)
    usual = [row.pk for row in kept if (row.topic, row.channel) in choices.keys() - differing]
    kept.filter(pk__in=usual).delete()
    rows = [
        Preference(user=user, topic=topic, channel=channel, is_on=is_on)
        for (topic, channel), is_on in sorted(differing.items())
    ]
    Preference.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["user", "topic", "channel"],
        update_fields=["is_on"],
    )


def keep_quiet_hours(contact: Contact) -> None:
    """Keep when somebody is to be left alone; of the rest of the row nothing is touched."""
    fields = {name: getattr(contact, name) for name in ("is_quiet", "quiet_from", "quiet_to")}
    Contact.objects.update_or_create(user=contact.user, defaults=fields)


def forget_old(batch: int = 5000) -> int:
    """Delete what was read and not saved more than a year ago; return how much that was."""
    gone = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(FORGET, [now() - KEPT, batch])
            rows = int(cursor.rowcount)
        gone += rows
        if rows < batch:
            return gone


def overdue(patience: timedelta) -> int:
    """What should be gone, and is not."""
    read = Notification.objects.filter(read_at__lt=now() - KEPT - patience)
    return read.filter(saved_at=None).count()


# A mail stays in the log without what it was about.
FORGET = """
WITH old AS MATERIALIZED (
  SELECT id FROM notifications_notification
  WHERE read_at < %s AND saved_at IS NULL LIMIT %s FOR UPDATE SKIP LOCKED
), mail AS (
  UPDATE notifications_emaillog SET notification_id = NULL
  FROM old WHERE notification_id = old.id
), delivery AS (
  DELETE FROM notifications_delivery USING old WHERE notification_id = old.id
)
DELETE FROM notifications_notification USING old WHERE notifications_notification.id = old.id
"""
