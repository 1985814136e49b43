"""The weekly mail: on Monday morning by each person's clock, what is unread and wanted weekly.

The row of the week is the claim: one person, one week, one mail. What it says is looked up when
it leaves, from the seven days before that Monday morning.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from accounts.zones import zone_names
from notifications.facts import names_of
from notifications.messages import MESSAGES, Message, Told, told
from notifications.models import Channel, Mute, Notification, Preference
from notifications.topics import NOTHING, Topic
from notifications.wanted import hides_points, points_are_shown

TOPIC = Topic(
    "digest",
    gettext_lazy("Weekly email"),
    gettext_lazy("You get this because you are told of some things once a week."),
    NOTHING,
)
MORNING = time(8)
WEEK = timedelta(days=7)
# How long after Monday morning a week's mail is still begun, should nobody have come by.
LATE = timedelta(days=1)
MOST = 20
NOTHING_NEW = gettext_lazy("Everything was read meanwhile.")


@dataclass(frozen=True)
class News:
    """What a weekly mail tells, newest first, and how many more there are."""

    items: list[Told]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.items)


def subject_of(total: int) -> str:
    return ngettext(
        "Your week: {number} message you have not read",
        "Your week: {number} messages you have not read",
        total,
    ).format(number=total)


def monday_of(period: str) -> datetime:
    """The Monday morning of a week such as 2026-W47, by no particular clock."""
    return datetime.combine(datetime.strptime(f"{period}-1", "%G-W%V-%u").date(), MORNING)  # noqa: DTZ007


def news_for(person: User, period: str) -> News:
    """What is unread of the week, of topics that the person wants to hear of weekly."""
    end = monday_of(period).replace(tzinfo=person.zone)
    found = (
        Notification.objects.filter(
            user=person,
            read_at=None,
            kind__in=kinds_for(person),
            created_at__gte=end - WEEK,
            created_at__lt=end,
        )
        .exclude(~Q(about=""), about__in=Mute.objects.filter(user=person).values("about"))
        .newest_first()
    )
    newest = list(found[:MOST])
    names = names_of(one.data for one in newest)
    items = [told(one.kind, one.data, names) for one in newest]
    return News(items, len(items) if len(items) < MOST else found.count())


def weekly_messages() -> dict[str, Message]:
    """All but those that hold for less than a week."""
    return {kind: one for kind, one in MESSAGES.items() if one.topic.holds_for is None}


def kinds_for(person: User) -> list[str]:
    chosen = dict(
        Preference.objects.filter(user=person, channel=Channel.WEEKLY).values_list("topic", "is_on")
    )
    without_points = hides_points(person)
    return [
        kind
        for kind, message in weekly_messages().items()
        if chosen.get(message.topic.key, Channel.WEEKLY in message.topic.defaults)
        and not (message.of_points and without_points)
    ]


CLAIM = """
WITH due AS (
  SELECT * FROM unnest(%(zones)s::text[], %(begins)s::timestamptz[], %(ends)s::timestamptz[],
    %(periods)s::text[]) AS week (zone, begins, ends, period)
), topic AS (
  SELECT * FROM unnest(%(kinds)s::text[], %(topics)s::text[], %(defaults)s::boolean[],
    %(of_points)s::boolean[]) AS known (kind, topic, is_on, of_points)
)
INSERT INTO notifications_emaillog
  (id, user_id, notification_id, kind, period, "to", subject, state, due_at, tries, fault,
   provider_id, created_at)
SELECT waymark_uuid7(), person.id, NULL, %(digest)s, person.period, '', '', 'DUE', person.ends, 0,
       '', '', %(now)s
FROM (
  SELECT DISTINCT u.id, due.period, due.ends
  FROM notifications_notification told
  JOIN topic ON topic.kind = told.kind
  JOIN accounts_user u ON u.id = told.user_id AND u.is_active
  JOIN accounts_profile profile ON profile.user_id = u.id
  JOIN due ON due.zone = CASE WHEN u.timezone = ANY(%(known)s) THEN u.timezone ELSE 'UTC' END
  LEFT JOIN notifications_preference liked
    ON liked.user_id = u.id AND liked.topic = topic.topic AND liked.channel = 'WEEKLY'
  -- The plain bounds are those that the index is searched by.
  WHERE told.created_at >= %(first)s AND told.created_at < %(last)s AND told.read_at IS NULL
    AND told.created_at >= due.begins AND told.created_at < due.ends
    AND coalesce(liked.is_on, topic.is_on)
    AND NOT (topic.of_points AND profile.preferences @> '{"show_points": false}')
    AND (told.about = '' OR NOT EXISTS (
      SELECT FROM notifications_mute muted
      WHERE muted.user_id = u.id AND muted.about = told.about))
    AND EXISTS (
      SELECT FROM account_emailaddress address
      WHERE address.user_id = u.id AND verified AND lower(address.email) = lower(u.email))
) person
ORDER BY person.id
ON CONFLICT (user_id, kind, period) WHERE NOT period = '' DO NOTHING
"""


def claim_week() -> int:
    """Make the weekly mail due for everybody whose Monday morning has come, in one statement.

    Return how many are new. Nobody gets a second one for the same week, however often this runs.
    """
    moment = now()
    weeks = weeks_at(moment)
    if not weeks:
        return 0
    shown = points_are_shown()
    messages = {kind: one for kind, one in weekly_messages().items() if shown or not one.of_points}
    given: dict[str, Any] = {
        "now": moment,
        "known": sorted(zone_names()),
        "zones": [week.zone for week in weeks],
        "begins": [week.begins for week in weeks],
        "ends": [week.ends for week in weeks],
        "periods": [week.period for week in weeks],
        "first": min(week.begins for week in weeks),
        "last": max(week.ends for week in weeks),
        "digest": TOPIC.key,
        "kinds": list(messages),
        "topics": [one.topic.key for one in messages.values()],
        "defaults": [Channel.WEEKLY in one.topic.defaults for one in messages.values()],
        "of_points": [one.of_points for one in messages.values()],
    }
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, given)
        return int(cursor.rowcount)


@dataclass(frozen=True)
class Week:
    """The week before a Monday morning, by the clocks of one zone."""

    zone: str
    begins: datetime
    ends: datetime
    period: str


def weeks_at(moment: datetime) -> list[Week]:
    """Where on earth it is Monday morning, or was less than a day ago."""
    return [week for name in sorted(zone_names()) if (week := week_in(name, moment))]


def week_in(name: str, moment: datetime) -> Week | None:
    zone = ZoneInfo(name)
    today = moment.astimezone(zone).date()
    monday = datetime.combine(today - timedelta(days=today.weekday()), MORNING, zone)
    if not monday <= moment < monday + LATE:
        return None
    return Week(name, monday - WEEK, monday, f"{today:%G-W%V}")
