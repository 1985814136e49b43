"""Reminders that no event brings: of streaks, of freezes that were used, of challenges that opened.

Who is here and wants to hear of it, and has not heard yet, is asked in the question itself, some
thousand people at a time. So a kill loses nothing, and coming by again tells nobody twice.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils.timezone import now

from billing.access import covering
from classroom.pages.challenges import shown_challenges
from classroom.points import school_shows_points
from enrollments.models import Enrollment
from gamification.models import Challenge, ChallengeEntry, Streak
from gamification.streak_evenings import evenings, frozen_lately, kept_on
from notifications.actions import mark_read
from notifications.audiences import not_told
from notifications.models import Notification
from notifications.telling import tell
from notifications.topics import UNTIL_MIDNIGHT

BATCH = 5000  # people
AT_RISK, WAITS = "STREAK_AT_RISK", "STREAK_WAITS"
REMINDERS = (AT_RISK, WAITS)
# What their subjects begin with, before the date.
DAY = "day:"
# Reminders that were told longer ago are looked at no more.
LATELY = timedelta(days=7)


def remind_of_streaks() -> int:
    """Tell whose run waits for today, where it is evening; return how many are told."""
    if not school_shows_points():
        return 0
    told = 0
    for evening in evenings():
        subject = f"{DAY}{evening.date}"
        told += tell_of_streaks(AT_RISK, subject, evening.streaks.filter(freezes=0))
        told += tell_of_streaks(WAITS, subject, evening.streaks.filter(freezes__gt=0))
    return told


def put_away_reminders() -> int:
    """Mark read what asks for a day that is kept by now, or over; return how many."""
    since = now() - LATELY
    open_ones = Notification.objects.filter(kind__in=REMINDERS, created_at__gt=since).unread()
    done = mark_read(open_ones.filter(created_at__lte=now() - UNTIL_MIDNIGHT))
    for subject in set(open_ones.order_by().values_list("subject", flat=True).distinct()):
        kept = kept_on(date.fromisoformat(subject.removeprefix(DAY)))
        done += mark_read(open_ones.filter(subject=subject, user__in=kept.values("user")))
    return done


def tell_of_freezes() -> int:
    """Tell whose run was carried by a freeze; return how many are told."""
    if not school_shows_points():
        return 0
    kind = "STREAK_FREEZE_USED"
    return sum(tell_of_streaks(kind, f"{DAY}{day}", kept) for day, kept in frozen_lately())


def tell_of_challenges() -> int:
    """Tell who learns in the course of a challenge that it is open; return how many are told."""
    if not school_shows_points():
        return 0
    moment = now()
    there = shown_challenges().filter(opens_at__lte=moment, closes_at__gt=moment)
    return sum(tell_of_challenge(challenge) for challenge in there.order_by("opens_at", "pk"))


def tell_of_streaks(kind: str, subject: str, streaks: QuerySet[Streak]) -> int:
    """One statement for all of a batch whose streaks say the same."""
    told = 0
    for batch in batches(streaks.filter(user__in=not_told(kind, subject))):
        alike: dict[tuple[int, int], list[UUID]] = defaultdict(list)
        for streak in batch:
            alike[streak.length, streak.freezes].append(streak.pk)
        for (length, freezes), people in alike.items():
            told += tell(people, kind, subject, {"days": length, "left": freezes}).people
    return told


def tell_of_challenge(challenge: Challenge) -> int:
    """Whoever has started knows of it; whose plan has lapsed could not start."""
    kind, subject = "CHALLENGE_OPENS", f"challenge:{challenge.pk}"
    about = f"course:{challenge.course_id}"
    places = Enrollment.objects.learning().filter(
        covering(challenge.course), course=challenge.course, user=OuterRef("pk")
    )
    begun = ChallengeEntry.objects.filter(challenge=challenge, user=OuterRef("pk"))
    people = not_told(kind, subject, about).filter(Exists(places), ~Exists(begun))
    data = {
        "title": challenge.title,
        "url": challenge.get_absolute_url(),
        "course": str(challenge.course_id),
        "course_title": challenge.course.title,
    }
    return sum(
        tell([person.pk for person in batch], kind, subject, data, about).people
        for batch in batches(people)
    )


def batches[Row: Model](rows: QuerySet[Row]) -> Iterator[list[Row]]:
    """So many at a time, in the order of their keys, each batch as things stand by then."""
    ordered: QuerySet[Row, Any] = rows.order_by("pk")
    batch = list(ordered[:BATCH])
    while batch:
        yield batch
        batch = list(ordered.filter(pk__gt=batch[-1].pk)[:BATCH])
