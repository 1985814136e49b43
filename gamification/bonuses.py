"""What pays besides lessons where the school has said so: each one a SELECT over what happened.

An entry is dated by the work. The ledger's constraint pays each source once, whoever looks.
"""

# ruff: noqa: S608 - put together from the texts of this module and of the badges

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from accounts.models import User
from activity.models import Event
from gamification.achievements.facts import HAPPENED
from gamification.achievements.paying import count_again
from gamification.achievements.quizzes import TRIES
from gamification.achievements.statements import ONE, RANGE, rows
from gamification.board_checks import count_boards_of
from gamification.ledger import Source, update_standing
from gamification.multipliers import LEARNING, factor
from gamification.policy import policy

Kind = Event.Kind
KINDS = [
    Kind.COURSE_COMPLETED,
    Kind.ATTEMPT_FINISHED,
    Kind.ATTEMPT_REGRADED,
    Kind.REVIEW_GIVEN,
    Kind.HELP_GIVEN,
]
# Of a course: so much, so much more for each lesson, and never more than that.
FOR_A_COURSE, FOR_ITS_LESSON, MOST_FOR_A_COURSE = 100, 2, 250
FOR_CHANGES, FOR_RECALL = 10, 15
# Of a score: one for each band of so many points, and so many bands.
BAND, BANDS = 10, 3

# Rows of (user_id, key, base, course, at, data).
COURSES = f"""
    SELECT user_id, subject AS key, thing AS course, at, data, least({MOST_FOR_A_COURSE},
      {FOR_A_COURSE} + {FOR_ITS_LESSON} * coalesce((data->>'lessons')::int, 0)) AS base
    FROM happened WHERE kind = 'COURSE_COMPLETED'
"""

# Each pass beside the first, worked out once for both that ask. Where nobody knows what was
# enough, the first was just that.
PASSES = f"""
    SELECT *, first_value(at) OVER passes AS first_at,
      first_value(percent) OVER passes AS first_percent,
      first_value(coalesce(enough, percent)) OVER passes AS first_enough
    FROM ({TRIES}) AS tried WHERE passed
    WINDOW passes AS (PARTITION BY user_id, quiz ORDER BY at, attempt)
"""
IMPROVED = f"""
    SELECT DISTINCT ON (user_id, quiz, nth) user_id, 'quiz:' || quiz || ':' || nth AS key,
      data->>'course' AS course, at, data, 1 AS base
    FROM pass CROSS JOIN generate_series(1, {BANDS}) AS nth
    WHERE nth <= (percent - first_enough) / {BAND} - (first_percent - first_enough) / {BAND}
    ORDER BY user_id, quiz, nth, at, attempt
"""
RECALLED = f"""
    SELECT DISTINCT ON (user_id, quiz) user_id, 'quiz:' || quiz AS key,
      data->>'course' AS course, at, data, {FOR_RECALL} AS base
    FROM pass WHERE at >= first_at + interval '14 days'
    ORDER BY user_id, quiz, at, attempt
"""

# Handed in after changes were asked for. Older events know when learners were told, and no more.
REVIEWS = """
    SELECT user_id, data->>'assignment' AS assignment, data, data->>'decision' AS decision,
      coalesce((data->>'handed_in')::timestamptz, at) AS handed_in_at,
      min(coalesce((data->>'decided')::timestamptz, at))
        FILTER (WHERE data->>'decision' = 'CHANGES')
        OVER (PARTITION BY user_id, data->>'assignment') AS changes_at
    FROM happened
    WHERE kind IN ('REVIEW_GIVEN', 'HELP_GIVEN') AND data->>'assignment' IS NOT NULL
"""
RESOLVED = f"""
    SELECT DISTINCT ON (user_id, assignment) user_id, 'assignment:' || assignment AS key,
      data->>'course' AS course, handed_in_at AS at, data, {FOR_CHANGES} AS base
    FROM ({REVIEWS}) AS review WHERE decision = 'ACCEPTED' AND handed_in_at > changes_at
    ORDER BY user_id, assignment, handed_in_at
"""

BONUSES = {
    Source.COURSE_COMPLETED: COURSES,
    Source.QUIZ_IMPROVED: IMPROVED,
    Source.RECALL_PASSED: RECALLED,
    Source.REVIEW_RESOLVED: RESOLVED,
}
FACTS = "\n    UNION ALL\n".join(
    f"SELECT '{source}' AS source, {source in LEARNING} AS grows, user_id, key, base, course, at, "
    f"data FROM ({facts}) AS fact"
    for source, facts in BONUSES.items()
)


def owed(people: str) -> str:
    """What these people have earned and were never paid. What was taken back was paid."""
    return f"""
        WITH {HAPPENED}, pass AS ({PASSES}), fact AS ({FACTS}), owed AS (
          SELECT fact.*, course.id AS course_id
          FROM fact LEFT JOIN courses_course course ON course.id::text = fact.course
          WHERE NOT EXISTS (
            SELECT FROM gamification_xptransaction entry
            WHERE entry.user_id {{people}} AND entry.user_id = fact.user_id
              AND entry.source_type = fact.source AND entry.source_key = fact.key))
    """.replace("{people}", people)


# In an order, so that two who insert for the same person never wait for each other in a circle.
INSERT = f"""
    , entered AS (
      INSERT INTO gamification_xptransaction
        (id, user_id, amount, base, factor, board_points, source_type, source_key, course_id,
         reason, data, created_at)
      SELECT waymark_uuid7(), user_id, round(base * factor), base, factor,
        CASE WHEN grows THEN base ELSE 0 END, source, key, course_id, '',
        jsonb_strip_nulls(jsonb_build_object('title', data->'title', 'url', data->'url',
          'course_title', data->'course_title')), at
      FROM (
        SELECT *, CASE WHEN grows THEN {factor("owed.at", "owed.course_id")} ELSE 1 END AS factor
        FROM owed) AS paying
      ORDER BY user_id, source, key
      ON CONFLICT (user_id, source_type, source_key) DO NOTHING
      RETURNING source_type, user_id)
    SELECT source_type, count(*), array_agg(DISTINCT user_id)
    FROM entered GROUP BY source_type
"""
ENTER_ONE = f"{owed(ONE)} {INSERT}"
ENTER_RANGE = f"{owed(RANGE)} {INSERT}"
COUNT_RANGE = f"{owed(RANGE)} SELECT source, count(*) FROM owed GROUP BY source"


@dataclass(frozen=True)
class Entered:
    """Entries that were made of one kind: how many, and whose."""

    source: str
    number: int
    users: list[UUID]


def enter(user: User) -> list[Entered]:
    """Make the person's entries where bonuses pay. The caller counts them in once it may lock."""
    if not policy().bonuses_pay:
        return []
    return [Entered(*row) for row in rows(ENTER_ONE, kinds=KINDS, user=user.pk)]


def count_in(user: User, entered: list[Entered]) -> None:
    """Sum the person's ledger and boards anew, if entries were made."""
    if entered:
        update_standing(user)
        count_boards_of(learners(entered))


def count_range(first: UUID, last: UUID) -> Counter[str]:
    """How many entries of each kind are owed in the range."""
    return Counter(dict(rows(COUNT_RANGE, kinds=KINDS, first=first, last=last)))


def pay_range(first: UUID, last: UUID) -> Counter[str]:
    """Make the entries that are owed in the range, and count them in. Call in a transaction."""
    found = rows(ENTER_RANGE, kinds=KINDS, first=first, last=last)
    entered = [Entered(*row) for row in found]
    if entered:
        count_again(sorted({user for one in entered for user in one.users}))
        count_boards_of(learners(entered))
    return Counter({one.source: one.number for one in entered})


def learners(entered: list[Entered]) -> list[UUID]:
    """Whose boards the entries touch."""
    return sorted({user for one in entered if one.source in LEARNING for user in one.users})
