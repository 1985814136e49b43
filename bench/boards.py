"""The leaderboard of a million learners right after an award, against counting those above."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from statistics import median, quantiles
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import now

from accounts.keys import uuid7
from accounts.models import User
from bench.figures import Figure
from bench.stage import Stage
from courses.models import Course
from gamification.board_checks import rebuild_boards
from gamification.board_ranks import HOLD, rank_of, standings
from gamification.board_windows import own_weeks
from gamification.boards import fold_changes
from gamification.ledger import Payment, Source, pay, recount_all, wrong_standings
from gamification.models import Board, BoardRow
from studio.scale import School

LEARNERS, CHANGED, LOOKS = 1_000_000, 2_000, 200
NAME, ALLOWED = "boards", 10  # milliseconds
# Ten entries each, on average: most people have few, one in a hundred has more than thirty. What
# lessons pay differs, so that there are many numbers of points.
ENTRIES = """
    INSERT INTO gamification_xptransaction
      (id, user_id, amount, base, factor, board_points, source_type, source_key, course_id, reason,
       data, created_at)
    SELECT waymark_uuid7(), person.id, base, base, 1, base, 'LESSON', 'lesson:' || number,
      %(course)s, '', '{}', now() - interval '1 hour' * (mod(person.n * 37, 400) + 12 * number)
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM accounts_user) AS person
    CROSS JOIN LATERAL generate_series(
      1, 1 + floor(36 * power(mod(person.n * 7919, 1000) / 1000.0, 3))::int) AS number
    CROSS JOIN LATERAL (SELECT 5 + mod(person.n + number * 7, 16)::int AS base) AS pays
"""
# Nine in ten are listed. A third of them has a nickname.
CHOICES = """
    INSERT INTO gamification_boardchoice (user_id, shown, nickname, is_listed)
    SELECT id, CASE WHEN mod(n, 3) = 0 THEN 'NICKNAME' ELSE 'NAME' END, 'Nickname ' || n, true
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM accounts_user) AS person
    WHERE mod(n, 10) <> 0
    ON CONFLICT (user_id) DO NOTHING
"""
ABOVE = """
    SELECT 1 + count(*) FROM gamification_boardrow WHERE board_id = %(board)s
      AND shown > (SELECT shown FROM gamification_boardrow
                   WHERE board_id = %(board)s AND user_id = %(user)s)
"""
# What cannot be left out of an award: the entry, and the sum under a lock.
RAW_ENTRY = """
    INSERT INTO gamification_xptransaction
      (id, user_id, amount, base, factor, board_points, source_type, source_key, reason, data,
       created_at)
    VALUES (waymark_uuid7(), %(user)s, 10, 10, 1, 10, 'LESSON', %(key)s, '', '{}', now())
"""
RAW_SUM = """
    UPDATE gamification_standing SET total_xp = (
      SELECT sum(amount) FROM gamification_xptransaction WHERE user_id = %(user)s)
    WHERE user_id = %(user)s
"""


def run(stage: Stage) -> Iterator[Figure]:
    learners = stage.scaled(LEARNERS, 300)
    entries = fill(stage, learners)
    board = Board.objects.get(period="all", scope="school")
    some = sample(stage.scaled(LOOKS, 20))
    changed = [award(user) for user in sample(stage.scaled(CHANGED, 40))]
    stage.say(f"{len(changed):,} awards that no count knows of yet; now {len(some)} more")
    looks: list[float] = []
    for user in some:
        award(user)
        looks.append(1000 * min(database_time(board, user) for _ in range(3)))
    size = f"of {learners:,} learners and {entries:,} entries"
    yield Figure(f"the leaderboard {size}, p95", p95(looks), "ms", "allowed", ALLOWED, "<= 1")
    yield Figure(f"the leaderboard {size}, median", median(looks), "ms", "allowed", ALLOWED)
    ranks = [1000 * least(lambda user=user: rank_of(board, user)) for user in some]
    counts = [1000 * least(lambda user=user: ask(ABOVE, board, user)) for user in some]
    yield Figure("one's place, p95", p95(ranks), "ms", "counting those above", p95(counts), "<= 1")
    check(board, some)
    explain(stage, board, some[0])
    yield from awards(some)
    waiting = BoardRow.objects.extra(where=["counted IS DISTINCT FROM shown"]).count()
    took = seconds(fold_changes)
    yield Figure(f"folding {waiting:,} changed rows", 1000 * took, "ms", "a sweep's", 15_000)
    check(board, some)
    if wrong_standings():
        raise RuntimeError("The awards left wrong totals behind.")


def fill(stage: Stage, learners: int) -> int:
    """The school, its ledger, its boards; return how many entries the ledger has."""
    stage.school(NAME, School(learners, 1, lessons=1, learning=False))
    stage.say("filling the ledger")
    with connection.cursor() as cursor:
        cursor.execute(ENTRIES, {"course": Course.objects.values_list("pk", flat=True).get()})
        entries = int(cursor.rowcount)
        cursor.execute(CHOICES)
    stage.say(f"{entries:,} entries; counting totals and boards")
    recount_all()
    rebuild_boards()
    connection.close()
    stage.databases.settle(NAME)
    return entries


def sample(number: int) -> list[User]:
    """People who are listed, from all over the board."""
    rows = BoardRow.objects.filter(board__period="all", board__scope="school", is_listed=True)
    keys = rows.order_by("?").values_list("user", flat=True)[:number]
    return list(User.objects.filter(pk__in=list(keys)))


def award(user: User) -> float:
    """Pay for one more lesson; return the seconds."""
    course = Course.objects.values_list("pk", flat=True).get()
    key = f"lesson:{uuid7()}"
    payment = Payment(Source.LESSON, key, 10, course_id=course, board_points=10)
    return seconds(lambda: pay(user, payment, now()))


def look(board: Board, user: User) -> None:
    """What the page asks of boards: the first, those around, all their places, one's own weeks."""
    shown = standings(board, user, 3)
    if shown.mine is None or len(shown.top) != 3:
        raise RuntimeError(f"{user} is not on the board.")
    own_weeks(user, now())


def database_time(board: Board, user: User) -> float:
    """Seconds of all statements of a look, from sending each until its answer is there."""
    spent: list[float] = []

    def timed(execute: Callable[..., Any], *arguments: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            spent.append(time.perf_counter() - began)

    with connection.execute_wrapper(timed):
        look(board, user)
    return sum(spent)


def p95(numbers: list[float]) -> float:
    return quantiles(numbers, n=20)[-1]


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def least(work: Callable[[], object]) -> float:
    """The least of three: what else the machine does is not measured."""
    return min(seconds(work) for _ in range(3))


def ask(question: str, board: Board, user: User) -> int:
    with connection.cursor() as cursor:
        cursor.execute(question, {"board": board.pk, "user": user.pk})
        return int(cursor.fetchone()[0])


def check(board: Board, some: list[User]) -> None:
    """Every place is what counting says."""
    for user in some[:50]:
        if rank_of(board, user) != ask(ABOVE, board, user):
            raise RuntimeError("A place is not what counting those above says.")


def explain(stage: Stage, board: Board, user: User) -> None:
    points = BoardRow.objects.values_list("points", flat=True).get(board=board, user=user)
    values = {"board": board.pk, "bounds": [points, points + 1], "least": points}
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {HOLD}", values)
        for (line,) in cursor.fetchall():
            stage.say(line)


def awards(some: list[User]) -> Iterator[Figure]:
    """The whole award with its boards, and what of it no design could leave out."""
    ours, raw = [], []
    for number, user in enumerate(some):
        for name in sorted(("ours", "raw"), reverse=bool(number % 2)):
            if name == "ours":
                ours.append(1000 * award(user))
            else:
                raw.append(1000 * seconds(lambda user=user: raw_award(user, now())))
    yield Figure("an award", median(ours), "ms", "entry and sum alone", median(raw), "<= 4")


def raw_award(user: User, moment: datetime) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        values = {"user": user.pk, "key": f"raw:{moment.isoformat()}"}
        cursor.execute(RAW_ENTRY, values)
        cursor.execute(RAW_SUM, values)
