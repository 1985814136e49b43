"""Recording what happened."""

import json
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import now

from accounts.keys import uuid7
from accounts.models import User
from activity.models import Event
from activity.signals import event_recorded


# Without a savepoint: an event that cannot be recorded takes its cause with it.
@transaction.atomic(savepoint=False)
def record(
    user: User | None,
    kind: Event.Kind,
    subject: str,
    data: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> Event | None:
    """Store the event once and tell those who listen. Return None if it had happened before.

    `at` dates a history that is brought in from elsewhere.
    """
    event = Event(
        id=uuid7(), user=user, kind=kind, subject=subject, data=data or {}, created_at=at or now()
    )
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO activity_event (id, user_id, kind, subject, data, created_at)
            VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (user_id, kind, subject) DO NOTHING
            """,
            [event.pk, event.user_id, kind, subject, json.dumps(event.data), event.created_at],
        )
        if not cursor.rowcount:
            return None
    event_recorded.send(sender=Event, event=event)
    return event
