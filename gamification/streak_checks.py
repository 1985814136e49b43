"""Do days and streaks agree with what happened? And days for what was learned before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import now

from accounts.models import User
from activity.learning import LEARNING, moment_of
from activity.models import Event
from gamification.days import date_of, today_of
from gamification.models import ActiveDay, Streak
from gamification.streak_sweeps import batches, differences, in_turn, lock_many, settle_many
from gamification.streaks import DAY

LATER = datetime.max.replace(tzinfo=UTC)
# A day that is there already has its later hours: the two are one.
NOTE_MANY = """
    INSERT INTO gamification_activeday AS day (id, user_id, date, zone, first_at, last_at, events)
    SELECT waymark_uuid7(), old.*
    FROM unnest(%s::uuid[], %s::date[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::int[])
      AS old (user_id, date, zone, first_at, last_at, events)
    ON CONFLICT (user_id, date) DO UPDATE SET events = day.events + excluded.events,
      first_at = least(day.first_at, excluded.first_at),
      last_at = greatest(day.last_at, excluded.last_at)
"""


def learning() -> QuerySet[Event]:
    """What makes days, as `moment_of` says: what was passed with its work alone, and no blank."""
    passed = Q(kind=Event.Kind.LESSON_COMPLETED, data__contains={"passed": True})
    blank = Q(kind=Event.Kind.ATTEMPT_FINISHED, data__contains={"answered": 0})
    return Event.objects.filter(~passed, ~blank, kind__in=LEARNING).order_by()


def people_with_older_learning() -> QuerySet[User]:
    """Who learned before the first day that is noted of them, or has none."""
    first_day = ActiveDay.objects.filter(user=OuterRef("pk")).order_by("first_at")
    before = Coalesce(OuterRef("first_day"), now())
    older = learning().filter(user=OuterRef("pk"), created_at__lt=before)
    people = User.objects.annotate(first_day=Subquery(first_day.values("first_at")[:1]))
    return people.filter(Exists(older), deleted_at=None).order_by("pk")


def note_older_learning() -> None:
    """Note the days of everybody's older learning, by the zone of today, and settle their streaks.

    Nobody is told: what was reached long ago is no news. Doing it again changes nothing.
    """
    for users in batches(people_with_older_learning()):
        in_turn(note_many, users)


@dataclass
class OldDay:
    """What one date of one person comes to."""

    first_at: datetime
    last_at: datetime
    events: int = 0

    def take(self, moment: datetime) -> None:
        self.first_at, self.last_at = min(self.first_at, moment), max(self.last_at, moment)
        self.events += 1


@transaction.atomic
def note_many(users: Sequence[User]) -> int:
    """Note the older learning of these people. Their streaks are locked first, as by a new day."""
    lock_many(users)
    days = older_days(users)
    if days:
        rows = [
            (user.pk, day, user.zone.key, old.first_at, old.last_at, old.events)
            for (user, day), old in days.items()
        ]
        with connection.cursor() as cursor:
            cursor.execute(NOTE_MANY, [list(column) for column in zip(*rows, strict=True)])
    return settle_many(users)


def older_days(users: Sequence[User]) -> dict[tuple[User, date], OldDay]:
    """What the older learning of these people comes to, date by date."""
    noted = ActiveDay.objects.filter(user__in=users).order_by().values_list("user")
    firsts = dict(noted.annotate(Min("first_at")))
    people: dict[UUID | None, User] = {user.pk: user for user in users}
    days: dict[tuple[User, date], OldDay] = {}
    events = learning().filter(user__in=users)
    for event in events.only("user_id", "kind", "created_at", "data").iterator():
        user, moment = people[event.user_id], moment_of(event)
        if moment is not None and event.created_at < firsts.get(user.pk, LATER):
            days.setdefault((user, date_of(moment, user.zone)), OldDay(moment, moment)).take(moment)
    return days


def with_days() -> QuerySet[User]:
    learned = ActiveDay.objects.filter(user=OuterRef("pk"))
    people = User.objects.filter(Exists(learned) | Q(streak__isnull=False))
    return people.order_by("pk")


def wrong_streaks() -> int:
    """How many streaks differ from what the days come to, but for those just at their end."""
    return sum(in_turn(count_wrong, users) for users in batches(with_days()))


def count_wrong(users: Sequence[User]) -> int:
    """Of these. Whose last day was yesterday is settled within the hour, or by their next page."""
    kept = Streak.objects.filter(user__in=users).values_list("pk", "alive_until")
    ends = dict(kept)
    settled = [user for user in users if ends.get(user.pk) != today_of(user) - DAY]
    return sum(1 for _ in differences(settled))


def rebuild_streaks() -> None:
    """Settle everybody's streak anew."""
    for users in batches(with_days()):
        in_turn(settle_many, users)
