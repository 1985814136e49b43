"""Are the boards right? Compared with the ledger over everybody; and all of them counted anew."""

from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction

from gamification.boards import ONE_AT_A_TIME, TAUGHT
from gamification.periods import PROVISIONAL

HOURS = PROVISIONAL // timedelta(hours=1)
# The periods that are not final yet.
PERIODS = """
    period AS (
      SELECT 'all' AS name, NULL::timestamptz AS starts_at, NULL::timestamptz AS ends_at
      UNION ALL
      SELECT to_char(monday, 'IYYY"-W"IW'), monday AT TIME ZONE 'UTC',
        (monday + interval '7 days') AT TIME ZONE 'UTC'
      FROM generate_series(
        date_trunc('week', now() AT TIME ZONE 'UTC') - interval '14 days',
        date_trunc('week', now() AT TIME ZONE 'UTC'), interval '7 days') AS monday
      WHERE (monday + interval '7 days') AT TIME ZONE 'UTC'
        + make_interval(hours => %(hours)s) > now()
      UNION ALL
      SELECT 'season:' || id, starts_at, ends_at FROM gamification_season WHERE closed_at IS NULL
    )"""
# What each entry counts for: three scopes in each of them. `{whose}` may ask for some people's.
TRUTH_OF = f"""{TAUGHT}, {PERIODS}, entry AS (
      SELECT entry.user_id, entry.board_points, entry.created_at, entry.course_id,
        taught.language_id
      FROM gamification_xptransaction entry LEFT JOIN taught USING (course_id)
      WHERE entry.board_points > 0 {{whose}} AND NOT EXISTS (
        SELECT FROM gamification_xptransaction back WHERE back.reverses_id = entry.id)
    ), truth AS (
      SELECT period.name AS period, scope.name AS scope, period.starts_at, period.ends_at,
        entry.user_id, sum(entry.board_points) AS points, max(entry.created_at) AS reached_at
      FROM entry JOIN period
        ON period.starts_at IS NULL
        OR entry.created_at >= period.starts_at AND entry.created_at < period.ends_at
      CROSS JOIN LATERAL (VALUES ('school'), ('course:' || entry.course_id),
        ('language:' || entry.language_id)) AS scope (name)
      WHERE scope.name IS NOT NULL
      GROUP BY period.name, scope.name, period.starts_at, period.ends_at, entry.user_id
    )"""  # noqa: S608
TRUTH = TRUTH_OF.replace("{whose}", "")
LIVE = "board.frozen_at IS NULL AND board.period IN (SELECT name FROM period)"
WRONG = f"""
    WITH {TRUTH}, line AS (
      SELECT board.period, board.scope, line.user_id, line.points
      FROM gamification_boardrow line JOIN gamification_board board ON board.id = line.board_id
      WHERE {LIVE}
    ), frozen AS (SELECT period, scope FROM gamification_board WHERE frozen_at IS NOT NULL)
    SELECT count(*) FROM truth FULL JOIN line USING (period, scope, user_id)
    WHERE coalesce(truth.points, 0) <> coalesce(line.points, 0)
      AND (period, scope) NOT IN (SELECT period, scope FROM frozen)
"""  # noqa: S608
MISCOUNTED = """
    SELECT count(*) FROM (
      SELECT board_id, counted AS points, count(*) AS people FROM gamification_boardrow
      WHERE counted IS NOT NULL GROUP BY board_id, counted) AS line
    FULL JOIN gamification_boardcount AS held USING (board_id, points)
    WHERE coalesce(line.people, 0) <> coalesce(held.people, 0)
"""
MISLISTED = """
    SELECT count(*) FROM gamification_boardrow line
    LEFT JOIN gamification_boardchoice choice USING (user_id)
    WHERE line.is_listed <> coalesce(choice.is_listed, false)
"""


def wrong_boards() -> int:
    """How many rows, counts and listings of boards differ from what they are made of."""
    total = 0
    with connection.cursor() as cursor:
        for statement in (WRONG, MISCOUNTED, MISLISTED):
            cursor.execute(statement, {"hours": HOURS})
            total += int(cursor.fetchone()[0])
    return total


# Worked out once, for the statements after it.
REMEMBER = f"""
    DROP TABLE IF EXISTS board_truth;
    CREATE TEMP TABLE board_truth ON COMMIT DROP AS WITH {TRUTH} SELECT * FROM truth
"""  # noqa: S608
REMEMBER_OF = f"""
    DROP TABLE IF EXISTS board_truth;
    CREATE TEMP TABLE board_truth ON COMMIT DROP AS
    WITH {TRUTH_OF.replace("{whose}", "AND entry.user_id = ANY(%(users)s)")} SELECT * FROM truth
"""  # noqa: S608
MAKE = """
    INSERT INTO gamification_board (id, period, scope, starts_at, ends_at)
    SELECT waymark_uuid7(), period, scope, starts_at, ends_at
    FROM (SELECT DISTINCT period, scope, starts_at, ends_at FROM board_truth) AS wanted
    ORDER BY period, scope
    ON CONFLICT (period, scope) DO NOTHING
"""
FILL = """
    INSERT INTO gamification_boardrow AS line (id, board_id, user_id, points, reached_at, is_listed)
    SELECT waymark_uuid7(), board.id, truth.user_id, truth.points, truth.reached_at,
      coalesce(choice.is_listed, false)
    FROM board_truth truth JOIN gamification_board board USING (period, scope)
    LEFT JOIN gamification_boardchoice choice USING (user_id)
    WHERE board.frozen_at IS NULL
    ON CONFLICT (board_id, user_id) DO UPDATE
      SET points = excluded.points, reached_at = excluded.reached_at
      WHERE line.points <> excluded.points
"""
EMPTY = f"""
    WITH {PERIODS}
    UPDATE gamification_boardrow line SET points = 0
    FROM gamification_board board
    WHERE board.id = line.board_id AND {LIVE} AND line.points <> 0 AND NOT EXISTS (
      SELECT FROM board_truth truth WHERE truth.period = board.period
        AND truth.scope = board.scope AND truth.user_id = line.user_id)
"""  # noqa: S608
EMPTY_OF = f"{EMPTY} AND line.user_id = ANY(%(users)s)"
LISTED = """
    UPDATE gamification_boardrow line SET is_listed = NOT line.is_listed
    WHERE line.is_listed <> coalesce((
      SELECT is_listed FROM gamification_boardchoice choice
      WHERE choice.user_id = line.user_id), false)
"""
COUNTS = """
    UPDATE gamification_boardrow SET counted = shown WHERE counted IS DISTINCT FROM shown;
    DELETE FROM gamification_boardcount;
    INSERT INTO gamification_boardcount (id, board_id, points, people)
    SELECT waymark_uuid7(), board_id, counted, count(*) FROM gamification_boardrow
    WHERE counted IS NOT NULL GROUP BY board_id, counted
"""


def count_boards_of(users: list[UUID]) -> None:
    """Count anew what these people's ledgers come to on the boards that are not final.

    The caller is in a transaction and holds their standings, and nothing was taken back: what
    is on no board any more is not looked for.
    """
    if not users:
        return
    with connection.cursor() as cursor:
        cursor.execute(REMEMBER_OF, {"hours": HOURS, "users": users})
        cursor.execute(MAKE)
        cursor.execute(FILL)


def move_boards_of(users: list[UUID]) -> None:
    """The same, where what they have has moved from boards to others. It leaves the former empty.

    The caller is in a transaction and holds their standings. All four go in one round, so that
    payments wait no longer than they take.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            ";".join((REMEMBER_OF, MAKE, FILL, EMPTY_OF)), {"hours": HOURS, "users": users}
        )


def recount_boards() -> int:
    """Rebuild the boards; return how much was wrong."""
    wrong = wrong_boards()
    rebuild_boards()
    return wrong


@transaction.atomic
def rebuild_boards() -> None:
    """Count anew the boards that are not final, and how many hold what on all of them."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
        # Nobody is paid meanwhile: a row from before a wait would undo a payment.
        cursor.execute("LOCK TABLE gamification_standing IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(REMEMBER, {"hours": HOURS})
        cursor.execute("ANALYZE board_truth")
        cursor.execute(MAKE)
        cursor.execute(FILL)
        cursor.execute(EMPTY, {"hours": HOURS})
        cursor.execute(LISTED)
        cursor.execute(COUNTS)
