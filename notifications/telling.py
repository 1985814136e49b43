"""Telling people something: once, and only those who want to hear it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.timezone import now

from notifications import tasks
from notifications.messages import MESSAGES
from notifications.models import Channel
from notifications.wanted import points_are_shown


@dataclass(frozen=True)
class Reached:
    """How many rows there are now that were not there before."""

    people: int
    mails: int
    deliveries: int


NOBODY = Reached(0, 0, 0)

TELL = """
WITH person AS (
  SELECT u.id, lower(u.email) AS email,
         coalesce(liked.in_app, %(in_app)s) AS in_app,
         coalesce(liked.email, %(email)s) OR %(always_mail)s AS wants_mail,
         coalesce(liked.weekly, %(weekly)s) AS weekly,
         coalesce(liked.push, %(push)s) AS push,
         coalesce(liked.sms, %(sms)s) AS sms
  FROM accounts_user u
  JOIN accounts_profile profile ON profile.user_id = u.id
  CROSS JOIN LATERAL (
    SELECT bool_or(is_on) FILTER (WHERE channel = 'IN_APP') AS in_app,
           bool_or(is_on) FILTER (WHERE channel = 'EMAIL') AS email,
           bool_or(is_on) FILTER (WHERE channel = 'WEEKLY') AS weekly,
           bool_or(is_on) FILTER (WHERE channel = 'PUSH') AS push,
           bool_or(is_on) FILTER (WHERE channel = 'SMS') AS sms
    FROM notifications_preference
    WHERE user_id = u.id AND topic = %(topic)s) liked
  WHERE u.id = ANY(%(people)s) AND u.is_active
    AND (%(always_mail)s OR %(about)s = '' OR NOT EXISTS (
      SELECT FROM notifications_mute WHERE user_id = u.id AND about = %(about)s))
    AND NOT (%(of_points)s AND profile.preferences @> '{"show_points": false}')
), made AS (
  INSERT INTO notifications_notification
    (id, user_id, kind, subject, about, data, in_app, created_at)
  SELECT waymark_uuid7(), id, %(kind)s, %(subject)s, %(about)s, %(data)s, in_app, %(at)s
  FROM person
  WHERE in_app OR wants_mail OR weekly OR (push AND EXISTS (
      SELECT FROM notifications_pushsubscription
      WHERE user_id = person.id AND gone_at IS NULL))
    OR (sms AND EXISTS (
      SELECT FROM notifications_contact
      WHERE user_id = person.id AND phone_confirmed_at IS NOT NULL))
  ORDER BY id
  ON CONFLICT (user_id, kind, subject) DO NOTHING
  RETURNING id AS notification, user_id
), mailed AS (
  INSERT INTO notifications_emaillog
    (id, user_id, notification_id, kind, period, "to", subject, state, due_at, tries, fault,
     provider_id, created_at)
  SELECT waymark_uuid7(), person.id, notification, %(topic)s, '', '', '', 'DUE', %(now)s, 0, '',
         '', %(now)s
  FROM made JOIN person ON person.id = made.user_id
  WHERE wants_mail AND EXISTS (
    SELECT FROM account_emailaddress address
    WHERE address.user_id = person.id AND verified AND lower(address.email) = person.email)
  RETURNING 1
), delivered AS (
  INSERT INTO notifications_delivery
    (id, user_id, notification_id, channel, push_subscription_id, state, due_at, tries, fault,
     provider_id, created_at)
  SELECT waymark_uuid7(), target.user_id, notification, channel, browser, 'DUE', %(now)s, 0, '',
         '', %(now)s
  FROM made JOIN (
    SELECT user_id, 'PUSH' AS channel, browser.id AS browser
    FROM notifications_pushsubscription browser
    JOIN person ON person.id = browser.user_id AND push
    WHERE gone_at IS NULL
    UNION ALL
    SELECT user_id, 'SMS', NULL
    FROM notifications_contact JOIN person ON person.id = user_id AND sms
    WHERE phone_confirmed_at IS NOT NULL) target ON target.user_id = made.user_id
  RETURNING 1
)
SELECT (SELECT count(*) FROM made), (SELECT count(*) FROM mailed), (SELECT count(*) FROM delivered)
"""


def tell(
    people: Sequence[UUID],
    kind: str,
    subject: str,
    data: Mapping[str, Any],
    about: str = "",
    at: datetime | None = None,
) -> Reached:
    """Tell people something that they have not been told yet, in one statement.

    Whoever has muted it, hides it, or is gone is left out; told again, nothing happens. It stands
    or falls with the caller's transaction. `at` is when it happened, if that is not now.
    """
    message = MESSAGES[kind]
    if not people or (message.of_points and not points_are_shown()):
        return NOBODY
    moment = now()
    defaults = message.topic.defaults
    given: dict[str, Any] = {
        "people": list(people),
        "kind": kind,
        "subject": subject,
        "about": about,
        "data": json.dumps(dict(data)),
        "topic": message.topic.key,
        "always_mail": message.topic.always_mail,
        "of_points": message.of_points,
        "at": at or moment,
        "now": moment,
        **{channel.lower(): channel in defaults for channel in Channel.values},
    }
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(TELL, given)
        reached = Reached(*cursor.fetchone())
        if reached.mails:
            tasks.send_mail.delay_once_on_commit()
        if reached.deliveries:
            tasks.send_pushes.delay_once_on_commit()
            tasks.send_texts.delay_once_on_commit()
    return reached
