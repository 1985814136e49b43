"""Who stands where: counting a person's boards, listing and leaving, and folding the counts.

Whatever writes a person's rows holds their standing. So no two writers of one person meet, and no
award waits for another person's.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.timezone import now

from accounts import audit
from accounts.models import User
from accounts.names import InvalidName
from gamification.models import Board, BoardChoice
from gamification.nicknames import (
    NOT_AVAILABLE,
    NOT_BY_NAME,
    clean_nickname,
    kept_reading,
    passes_for_the_school,
)
from gamification.periods import PROVISIONAL, week_of
from gamification.standings import SUM, hold_standing

logger = logging.getLogger(__name__)
NOBODY = UUID(int=0)

# In which language a course counts: as noted, until a sweep moves it as a whole.
TAUGHT = """
    taught AS NOT MATERIALIZED (
      SELECT course.id AS course_id, CASE WHEN counted.course_id IS NULL THEN course.language_id
        ELSE counted.language END AS language_id
      FROM courses_course course
      LEFT JOIN gamification_countedcourse counted ON counted.course_id = course.id
    )"""
# The boards of one moment in one course. A week is open until it is final, a season until it is
# closed. Ordered, so that two who make them at once do not wait for each other.
WANTED = f"""{TAUGHT}, period AS (
      SELECT 'all' AS name, NULL::timestamptz AS starts_at, NULL::timestamptz AS ends_at
      UNION ALL
      SELECT %(week)s, %(monday)s, %(next)s WHERE %(final)s > now()
      UNION ALL
      SELECT 'season:' || id, starts_at, ends_at FROM gamification_season
      WHERE starts_at <= %(at)s AND ends_at > %(at)s AND closed_at IS NULL
    ), scope AS (
      SELECT 'school' AS name, NULL::uuid AS course_id, NULL::uuid AS language_id
      UNION ALL
      SELECT 'course:' || id, id, NULL FROM courses_course WHERE id = %(course)s
      UNION ALL
      SELECT 'language:' || language_id, NULL, language_id FROM taught
      WHERE course_id = %(course)s AND language_id IS NOT NULL
    ), wanted AS (
      SELECT period.name AS period, scope.name AS scope, period.starts_at, period.ends_at,
        scope.course_id, scope.language_id, there.id
      FROM period CROSS JOIN scope
      LEFT JOIN gamification_board there ON there.period = period.name AND there.scope = scope.name
      WHERE there.frozen_at IS NULL
    )"""  # noqa: S608
COUNT = f"""
    WITH summed AS ({SUM}), {WANTED}, made AS (
      INSERT INTO gamification_board (id, period, scope, starts_at, ends_at)
      SELECT waymark_uuid7(), period, scope, starts_at, ends_at FROM wanted WHERE id IS NULL
      ORDER BY period, scope
      ON CONFLICT (period, scope) DO NOTHING RETURNING id, period, scope
    ), board AS (
      SELECT coalesce(wanted.id, made.id) AS id, starts_at, ends_at, course_id, language_id
      FROM wanted LEFT JOIN made USING (period, scope)
      WHERE coalesce(wanted.id, made.id) IS NOT NULL
    ), entry AS (
      SELECT entry.board_points, entry.created_at, entry.course_id, taught.language_id
      FROM gamification_xptransaction entry LEFT JOIN taught USING (course_id)
      WHERE entry.user_id = %(user)s AND entry.board_points > 0 AND entry.id <> ALL (ARRAY(
        SELECT reverses_id FROM gamification_xptransaction
        WHERE user_id = %(user)s AND source_type = 'REVERSAL'))
    ), counted AS (
      INSERT INTO gamification_boardrow (id, board_id, user_id, points, reached_at, is_listed)
      SELECT waymark_uuid7(), board.id, %(user)s, coalesce(sum(entry.board_points), 0),
        coalesce(max(entry.created_at), %(at)s), coalesce((
          SELECT is_listed FROM gamification_boardchoice WHERE user_id = %(user)s), false)
      FROM board LEFT JOIN entry
        ON (board.starts_at IS NULL
            OR entry.created_at >= board.starts_at AND entry.created_at < board.ends_at)
        AND (board.course_id IS NULL OR entry.course_id = board.course_id)
        AND (board.language_id IS NULL OR entry.language_id = board.language_id)
      GROUP BY board.id ORDER BY board.id
      ON CONFLICT (board_id, user_id) DO UPDATE
        SET points = excluded.points, reached_at = excluded.reached_at,
          is_listed = excluded.is_listed
      RETURNING board_id
    )
    SELECT (SELECT count(*) FROM wanted), (SELECT count(*) FROM counted), total_xp FROM summed
"""  # noqa: S608


def count_boards(user: User, at: datetime, course_id: UUID | None = None) -> int:
    """Count anew what the person's ledger comes to: on the boards of a moment, and in all.

    Returns the total. Boards are made. The caller holds the person's standing. A second round finds
    boards that somebody else was making at the same time.
    """
    week = week_of(at)
    values: dict[str, UUID | datetime | str | None] = {
        "user": user.pk, "at": at, "course": course_id, "week": week.name,
        "monday": week.starts_at, "next": week.ends_at, "final": week.final_at,
    }  # fmt: skip
    with connection.cursor() as cursor:
        wanted, counted, total = 1, 0, 0
        while counted < wanted:
            cursor.execute(COUNT, values)
            wanted, counted, total = cursor.fetchone()
    return total


# ---- listed, or not -----------------------------------------------------------------------------

# Who may be seen besides wishing to: what shows a name asks, whatever was cached.
MAY_BE_SEEN = """
    person.is_active AND person.deleted_at IS NULL AND person.role <> 'ADMIN'
    AND NOT person.is_minor"""
# Who may stand on boards: `choice` and `person` are their rows. Nobody does who hides points.
MAY_STAY = f"""
    choice.shown <> 'OFF' AND {MAY_BE_SEEN}
    AND NOT EXISTS (SELECT FROM accounts_profile AS profile WHERE profile.user_id = person.id
                    AND profile.preferences @> '{{"show_points": false}}')"""
DAYS_FIRST = 3
MAY_BE_LISTED = f"""{MAY_STAY}
    AND EXISTS (SELECT FROM account_emailaddress WHERE user_id = person.id AND verified)
    AND EXISTS (SELECT FROM gamification_activeday WHERE user_id = person.id
                OFFSET {DAYS_FIRST - 1})"""  # noqa: S608
DECIDE = f"""
    UPDATE gamification_boardchoice choice SET is_listed = ({MAY_BE_LISTED})
    FROM accounts_user person WHERE person.id = choice.user_id AND choice.user_id = %s
    RETURNING choice.is_listed
"""  # noqa: S608
LIST = """
    UPDATE gamification_boardrow SET is_listed = %(listed)s
    WHERE user_id = %(user)s AND is_listed <> %(listed)s
"""


@transaction.atomic
def list_again(user: User) -> bool:
    """Decide anew whether the person is listed; their rows follow, of past boards as well."""
    hold_standing(user)
    with connection.cursor() as cursor:
        cursor.execute(DECIDE, [user.pk])
        found = cursor.fetchone()
        listed = bool(found and found[0])
        cursor.execute(LIST, {"user": user.pk, "listed": listed})
    return listed


@transaction.atomic
def choose(user: User, shown: str, nickname: str = "") -> bool:
    """Keep how the person wants to stand on boards; return whether they are listed now.

    Off takes effect at once, everywhere. Raises InvalidName for a nickname that cannot be had, and
    for a name that passes for the school's.
    """
    if shown == BoardChoice.Shown.NAME and passes_for_the_school(user.name):
        raise InvalidName(NOT_BY_NAME)
    kept = {"reading": kept_reading(user.name)}
    if shown == BoardChoice.Shown.NICKNAME:
        nickname = clean_nickname(user, nickname)
        kept = {"nickname": nickname, "reading": kept_reading(nickname)}
    hold_standing(user)
    try:
        with transaction.atomic():
            BoardChoice.objects.update_or_create(
                user=user, defaults={"shown": shown, "is_listed": False, **kept}
            )
    except IntegrityError:
        raise InvalidName(NOT_AVAILABLE) from None
    return list_again(user)


@transaction.atomic
def take_off(user: User) -> None:
    """Off all boards, by staff. They may come back with another name."""
    choose(user, BoardChoice.Shown.OFF)
    audit.note("OFF_THE_BOARDS", user)


OUT_OF_STEP = f"""
    SELECT choice.user_id FROM gamification_boardchoice choice
    JOIN accounts_user person ON person.id = choice.user_id
    WHERE choice.user_id > %s
      AND (choice.is_listed AND NOT ({MAY_STAY}) OR NOT choice.is_listed AND {MAY_BE_LISTED})
    ORDER BY choice.user_id LIMIT %s
"""  # noqa: S608


def list_those_who_changed(batch: int = 1_000) -> int:
    """Take people off who are no learners of age any more, and list those who may be by now.

    Batch by batch past everybody: who cannot be decided on holds up nobody.
    """
    done = 0
    for user in those_out_of_step(batch):
        try:
            list_again(user)
            done += 1
        except Exception:
            logger.exception("Whether %s is listed could not be decided", user.pk)
    return done


def those_out_of_step(batch: int) -> Iterator[User]:
    last = NOBODY
    while True:
        with connection.cursor() as cursor:
            cursor.execute(OUT_OF_STEP, [last, batch])
            keys = [key for (key,) in cursor.fetchall()]
        if not keys:
            return
        yield from User.objects.filter(pk__in=keys).order_by("pk")
        last = keys[-1]


# ---- counts, and the end ------------------------------------------------------------------------

# One folds at a time, and never waits for an award: who is being paid now is folded next time.
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('gamification.boards.fold'))"
FOLD = """
    WITH changed AS (
      SELECT id, board_id, counted, shown FROM gamification_boardrow
      WHERE counted IS DISTINCT FROM shown LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
    ), folded AS (
      UPDATE gamification_boardrow AS line SET counted = changed.shown
      FROM changed WHERE line.id = changed.id RETURNING line.id
    ), difference AS (
      SELECT board_id, points, sum(people) AS people FROM (
        SELECT board_id, counted AS points, -1 AS people FROM changed WHERE counted IS NOT NULL
        UNION ALL
        SELECT board_id, shown, 1 FROM changed WHERE shown IS NOT NULL) AS moves
      GROUP BY board_id, points HAVING sum(people) <> 0
    ), moved AS (
      UPDATE gamification_boardcount AS there SET people = there.people + difference.people
      FROM difference
      WHERE there.board_id = difference.board_id AND there.points = difference.points
      RETURNING there.board_id, there.points
    ), new AS (
      INSERT INTO gamification_boardcount (id, board_id, points, people)
      SELECT waymark_uuid7(), board_id, points, people FROM difference
      WHERE (board_id, points) NOT IN (SELECT board_id, points FROM moved)
    )
    SELECT count(*) FROM folded
"""


@transaction.atomic
def fold_changes(limit: int = 20_000) -> int:
    """Bring the counts of each board up to date with rows that have changed; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
        cursor.execute(FOLD, [limit])
        return int(cursor.fetchone()[0])


# Nobody counts a week that is final; the hour is for those who began before it was.
FREEZE_AFTER = PROVISIONAL + timedelta(hours=1)


def freeze_weeks() -> int:
    """Say of each week that is final that it is; return of how many boards."""
    ended = Board.objects.filter(frozen_at=None, period__contains="-W")
    return ended.filter(ends_at__lt=now() - FREEZE_AFTER).update(frozen_at=now())


def freeze(period: str) -> int:
    """Never count the boards of a period again: a season that is closed."""
    return Board.objects.filter(period=period, frozen_at=None).update(frozen_at=now())
