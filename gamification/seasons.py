"""Seasons: goals of one's own, and a close that counts everybody once, in one statement."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from accounts import audit
from accounts.models import User
from activity.actions import record
from activity.models import Event
from gamification import boards, ledger
from gamification.board_checks import rebuild_boards
from gamification.clock import read_clock
from gamification.contest_addresses import own_address
from gamification.ledger import Payment
from gamification.models import Season, SeasonGoal, SeasonResult, XPTransaction
from gamification.season_errors import (
    GoalIsSettled,
    GoalOutOfBounds,
    SeasonHasBegun,
    SeasonIsClosed,
    SeasonIsGone,
    SeasonsOverlap,
    StillProvisional,
)

logger = logging.getLogger(__name__)
GOAL_PAYS = 50
# A tenth of those who are listed, where that many are.
ENOUGH_FOR_A_TOP = 5

# Points are what the ledger says of the window; an entry that was taken back counts nowhere. Days
# are dates of the person's own calendar.
POINTS = """
    SELECT entry.user_id, sum(entry.board_points) AS points
    FROM gamification_xptransaction AS entry
    WHERE entry.board_points > 0
      AND entry.created_at >= %(starts_at)s AND entry.created_at < %(ends_at)s
      AND NOT EXISTS (
        SELECT FROM gamification_xptransaction AS taken WHERE taken.reverses_id = entry.id)
"""
RESULTS = f"""
    WITH points AS ({POINTS} GROUP BY entry.user_id),
    goal AS (SELECT user_id, days FROM gamification_seasongoal WHERE season_id = %(season)s),
    active AS (
      SELECT user_id, count(*) AS days FROM gamification_activeday
      WHERE date BETWEEN %(first)s AND %(last)s GROUP BY user_id),
    person AS (
      SELECT user_id, coalesce(points.points, 0) AS points, goal.days AS goal,
             coalesce(points.points > 0 AND choice.is_listed, false) AS is_listed
      FROM points FULL JOIN goal USING (user_id)
      LEFT JOIN gamification_boardchoice AS choice USING (user_id)),
    placed AS (
      SELECT person.*, coalesce(active.days, 0) AS days,
             CASE WHEN is_listed THEN
               rank() OVER (PARTITION BY is_listed ORDER BY points DESC) END AS rank,
             count(*) OVER (PARTITION BY is_listed) AS listed
      FROM person LEFT JOIN active USING (user_id))
    INSERT INTO gamification_seasonresult
      (id, season_id, user_id, points, rank, is_top, active_days, goal)
    SELECT waymark_uuid7(), %(season)s, user_id, points, rank,
           coalesce(listed >= %(enough)s AND (rank - 1) * 10 < listed, false), days, goal
    FROM placed
"""  # noqa: S608 (its own texts)
UNTOLD = """
    SELECT result.id FROM gamification_seasonresult AS result
    WHERE result.season_id = %s AND NOT EXISTS (
      SELECT FROM activity_event AS event
      WHERE event.user_id = result.user_id AND event.kind = 'SEASON_ENDED' AND event.subject = %s)
    ORDER BY result.user_id LIMIT %s
"""
MINE = f"""
    SELECT (SELECT coalesce(sum(points), 0)::bigint
              FROM ({POINTS} AND entry.user_id = %(user)s GROUP BY entry.user_id) AS counted),
           (SELECT count(*) FROM gamification_activeday
            WHERE user_id = %(user)s AND date BETWEEN %(first)s AND %(last)s),
           (SELECT days FROM gamification_seasongoal
            WHERE user_id = %(user)s AND season_id = %(season)s)
"""  # noqa: S608


def make_season(
    *,
    slug: str,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    theme: str = "",
    goal_days: int = 24,
) -> Season:
    """Announce a season. Raises as `write_season` does."""
    season = Season(slug=slug, title=title, theme=theme, goal_days=goal_days)
    season.starts_at, season.ends_at = starts_at, ends_at
    write_season(season)
    return season


# What people go by once it has begun.
PROMISED = ("slug", "starts_at", "ends_at", "goal_days")
SAID = (*PROMISED, "title", "theme")


@transaction.atomic
def write_season(season: Season) -> None:
    """Write a new season, or what was changed of one. Its boards count what is there already.

    Raises ValidationError for what makes no sense, AddressTaken, SeasonsOverlap, SeasonHasBegun,
    SeasonIsClosed, SeasonIsGone.
    """
    season.full_clean(validate_constraints=False)
    try:
        with own_address(season.slug):
            has_moved = save_season(season)
    except IntegrityError as error:
        if "seasons_apart" in str(error):
            raise SeasonsOverlap from error
        raise
    if has_moved:
        fill_boards(season)
    audit.note("SEASON_WRITTEN", season)


def save_season(season: Season) -> bool:
    """Save what it says, by the row as it stands; return whether it lies in other weeks now."""
    if season._state.adding:
        season.save(force_insert=True)
        return True
    before = Season.objects.select_for_update().filter(pk=season.pk).first()
    if before is None:
        raise SeasonIsGone
    refuse_if_begun(before, season)
    season.save(update_fields=SAID)
    return window_of(before) != window_of(season)


@transaction.atomic
def call_off(season: Season) -> bool:
    """Take one away that has not begun. False: it has, or somebody took it away."""
    locked = Season.objects.select_for_update().filter(pk=season.pk).first()
    if locked is None or locked.starts_at <= read_clock():
        return False
    audit.note("SEASON_CALLED_OFF", locked)
    locked.delete()
    return True


def window_of(season: Season) -> tuple[datetime, datetime]:
    return season.starts_at, season.ends_at


def refuse_if_begun(before: Season, after: Season) -> None:
    """Its title and its theme can be mended all the same, until it is closed."""
    if before.closed_at is not None:
        raise SeasonIsClosed
    is_other = any(getattr(before, name) != getattr(after, name) for name in PROMISED)
    if is_other and before.starts_at <= read_clock():
        raise SeasonHasBegun


def fill_boards(season: Season) -> None:
    """Count what was earned before the season was written down, if it has begun by then.

    It holds every payment up while it counts; from then on each counts on its boards by itself.
    """
    if season.starts_at <= read_clock() and season.closed_at is None:
        rebuild_boards()


@transaction.atomic
def set_goal(user: User, season: Season, days: int | None, *, at: datetime | None = None) -> None:
    """Say on how many days one means to learn; None: no goal. Not once half of it is over.

    Who changes the season or calls it off is waited for. `at` dates a history that is brought in;
    the clock is the database's otherwise. Raises GoalIsSettled, GoalOutOfBounds, SeasonIsGone.
    """
    season = keep(season)
    if (at or read_clock()) >= season.half_at:
        raise GoalIsSettled
    if days is None:
        SeasonGoal.objects.filter(user=user, season=season).delete()
        return
    if not season.least_goal <= days <= season.length:
        raise GoalOutOfBounds(season.least_goal, season.length)
    SeasonGoal.objects.bulk_create(
        [SeasonGoal(user=user, season=season, days=days)],
        update_conflicts=True,
        unique_fields=["user", "season"],
        update_fields=["days"],
    )


def keep(season: Season) -> Season:
    """The season as it stands, held off from whoever would change it. Raises SeasonIsGone."""
    sql = "SELECT * FROM gamification_season WHERE id = %s FOR KEY SHARE"
    for kept in Season.objects.raw(sql, [season.pk]):
        return kept
    raise SeasonIsGone


def bounds_of(season: Season) -> dict[str, Any]:
    """What the questions about a season are told."""
    return {
        "season": season.pk,
        "starts_at": season.starts_at,
        "ends_at": season.ends_at,
        "first": season.first_date,
        "last": season.last_date,
        "enough": ENOUGH_FOR_A_TOP,
    }


@dataclass(frozen=True, slots=True)
class SoFar:
    """What a season has come to for one person until now."""

    points: int
    active_days: int
    goal: int | None


def so_far(user: User, season: Season) -> SoFar:
    """Count one person's season as closing it would. One query."""
    with connection.cursor() as cursor:
        cursor.execute(MINE, {**bounds_of(season), "user": user.pk})
        return SoFar(*cursor.fetchone())


@transaction.atomic
def close_season(season: Season) -> bool:
    """Count everybody's result, once for ever. False: it is closed already.

    Its lock keeps a second close out; killed half-way, nothing is written. Raises StillProvisional.
    """
    locked = Season.objects.select_for_update().get(pk=season.pk)
    if locked.closed_at is not None:
        return False
    moment = read_clock()
    if moment < locked.final_at:
        raise StillProvisional(locked.final_at)
    with connection.cursor() as cursor:
        cursor.execute(RESULTS, bounds_of(locked))
    locked.closed_at = moment
    locked.save(update_fields=["closed_at"])
    boards.freeze(locked.period)
    audit.note("SEASON_CLOSED", locked)
    return True


def tell_results(season: Season, limit: int = 1000) -> int:
    """Tell people how a closed season ended, and pay those who met their goal; return how many.

    Each person in a transaction of their own, the payment with the event: whoever has no event is
    still to be told, so a killed run is simply run again.
    """
    with connection.cursor() as cursor:
        cursor.execute(UNTOLD, [season.pk, season.period, limit])
        keys = [row[0] for row in cursor.fetchall()]
    results = SeasonResult.objects.filter(pk__in=keys).select_related("user").order_by("user_id")
    told = 0
    for result in results:
        try:
            tell(season, result)
            told += 1
        except Exception:
            logger.exception("%s could not be told how %s ended", result.user_id, season.pk)
    # Who could not be told is tried again: the season is told once everybody was.
    if told == len(keys) < limit:
        Season.objects.filter(pk=season.pk, told_at=None).update(told_at=read_clock())
    return told


@transaction.atomic
def tell(season: Season, result: SeasonResult) -> None:
    shown = {"title": season.title, "url": season.get_absolute_url()}
    at = season.closed_at or read_clock()
    if result.goal_is_met:
        source = XPTransaction.Source.SEASON_GOAL
        ledger.pay(result.user, Payment(source, season.period, GOAL_PAYS, data=shown), at)
    data = {
        **shown,
        "points": result.points,
        "active_days": result.active_days,
        "goal": result.goal,
        "goal_met": result.goal_is_met,
        "rank": result.rank,
        "is_top": result.is_top,
    }
    record(result.user, Event.Kind.SEASON_ENDED, season.period, data, at=at)


def end_seasons() -> int:
    """The sweep: close what is final, tell what is closed; return how many people were told."""
    final = Season.objects.filter(closed_at=None, ends_at__lte=read_clock() - Season.PROVISIONAL)
    for season in final:
        close_season(season)
    untold = Season.objects.filter(closed_at__isnull=False, told_at=None)
    return sum(tell_results(season) for season in untold)
