"""Closing a season of 100,000 learners, against the raw INSERT, and telling them how it ended."""

import time
from collections.abc import Iterator
from datetime import timedelta

from django.db import connection, transaction
from django.utils.timezone import now

from bench.figures import Figure
from bench.stage import Stage
from gamification.models import Season, SeasonResult
from gamification.seasons import bounds_of, close_season, tell_results
from studio.scale import School

LEARNERS, LESSONS, ROUNDS, TOLD = 100_000, 10, 2, 500
START, WORK = "seasons_start", "seasons"
# Ten dates each, all in the season; every third person is on boards.
DAYS = """
    INSERT INTO gamification_activeday (id, user_id, date, zone, first_at, last_at, events)
    SELECT waymark_uuid7(), person.id, current_date - 16 - day, 'UTC', now(), now(), 1
    FROM accounts_user AS person CROSS JOIN generate_series(1, 10) AS day
    ON CONFLICT DO NOTHING
"""
GOALS = """
    INSERT INTO gamification_seasongoal (id, season_id, user_id, days)
    SELECT waymark_uuid7(), (SELECT id FROM gamification_season), id,
           5 + abs(hashtext(id::text)) % 10
    FROM accounts_user WHERE hashtext(id::text) % 2 = 0
"""
CHOICES = """
    INSERT INTO gamification_boardchoice (user_id, shown, nickname, is_listed)
    SELECT id, 'NAME', '', true FROM accounts_user WHERE hashtext(id::text) % 3 = 0
    ON CONFLICT DO NOTHING
"""
# What cannot be left out: sum the points, count the days, order everybody, write a row for each.
RAW = """
    INSERT INTO gamification_seasonresult
      (id, season_id, user_id, points, rank, is_top, active_days)
    SELECT waymark_uuid7(), %(season)s, point.user_id, point.points,
           rank() OVER (ORDER BY point.points DESC), false, coalesce(active.days, 0)
    FROM (SELECT user_id, sum(board_points) AS points FROM gamification_xptransaction
          WHERE created_at >= %(starts_at)s AND created_at < %(ends_at)s
          GROUP BY user_id) AS point
    LEFT JOIN (SELECT user_id, count(*) AS days FROM gamification_activeday
               WHERE date BETWEEN %(first)s AND %(last)s GROUP BY user_id) AS active
      USING (user_id)
"""


def run(stage: Stage) -> Iterator[Figure]:
    learners = stage.scaled(LEARNERS, 200)
    stage.school(START, School(learners, 1, LESSONS))
    end = now() - timedelta(days=15)
    Season.objects.create(
        slug="season", title="Season", starts_at=end - timedelta(days=3650), ends_at=end
    )
    with connection.cursor() as cursor:
        # The school has learned all of it just now.
        cursor.execute("ALTER TABLE gamification_xptransaction DISABLE TRIGGER append_only_rows")
        cursor.execute(
            "UPDATE gamification_xptransaction SET created_at = created_at - interval '20 days'"
        )
        for rows in (DAYS, GOALS, CHOICES):
            cursor.execute(rows)
    connection.close()
    stage.databases.settle(START)
    best = {"ours": 1e9, "raw": 1e9}
    for number in range(ROUNDS):
        for name in sorted(best, reverse=bool(number % 2)):
            best[name] = min(best[name], timed(stage, name))
    yield Figure(
        f"closing a season of {learners:,} learners",
        best["ours"], "s", "raw INSERT", best["raw"], "<= 3",
    )  # fmt: skip
    timed(stage, "ours")
    yield from telling(stage)


def timed(stage: Stage, name: str) -> float:
    """Seconds, from the same start each time."""
    stage.databases.copy(START, WORK)
    stage.databases.use(WORK)
    season = Season.objects.get()
    began = time.perf_counter()
    if name == "ours":
        close_season(season)
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(RAW, bounds_of(season))
    took = time.perf_counter() - began
    stage.say(f"{name}: {SeasonResult.objects.count():,} results in {took:.2f} s")
    return took


def telling(stage: Stage) -> Iterator[Figure]:
    """Event and payment of each person by themselves: behind nobody's back, and nobody waits."""
    season = Season.objects.get()
    began = time.perf_counter()
    told = tell_results(season, stage.scaled(TOLD, 50))
    took = time.perf_counter() - began
    yield Figure("telling people the result", told / took, "people/s", "a sweep's", 1000 / 60)
