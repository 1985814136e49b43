"""How long learners of a course wait for what a reviewer decides, asked of the facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from assessments.review_numbers import CAME_FOR, REPLIED, TALKED, TARGET, WAITED_FROM, done_at
from studio.insights.population import PEOPLE, Population
from studio.insights.shares import Share

# Of how many it is said that they were decided within so many hours.
STEPS = (4, 24, 48, 168)
WITHIN = ", ".join(f"count(*) FILTER (WHERE wait <= interval '{hours} hours')" for hours in STEPS)
# What is handed in again after an earlier review is told apart: it often waits less.
IS_AGAIN = """
    EXISTS (SELECT FROM assessments_submission AS before
      JOIN assessments_review AS earlier ON earlier.submission_id = before.id
      WHERE before.user_id = submission.user_id
        AND before.assignment_id = submission.assignment_id
        AND (before.created_at, earlier.id) < (submission.created_at, review.id))
    OR EXISTS (SELECT FROM assessments_attempt AS before
      JOIN assessments_review AS earlier ON earlier.attempt_id = before.id
      WHERE before.user_id = attempt.user_id AND before.quiz_id = attempt.quiz_id
        AND (before.started_at, earlier.id) < (attempt.started_at, review.id))
"""
# Only what can count is looked at, all that ever was grows; an array, so that these are found
# before what was said about each is. PEOPLE has another `since`.
LATELY = f"""
    SELECT id FROM assessments_review WHERE decided_at > %(from)s
    UNION ALL {REPLIED.replace("%(since)s", "%(from)s")}
"""  # noqa: S608 - put together from parts above
WAITS = f"""
    WITH place AS MATERIALIZED ({PEOPLE}), reviewed AS (
      SELECT done.at AS done_at, done.at - {WAITED_FROM} AS wait,
        (date_trunc('week', done.at AT TIME ZONE 'UTC'))::date AS week,
        {CAME_FOR} = 'STAFF' AND review.sent_at <= %(now)s AND review.decided_at > %(from)s
          AND (done.at > %(from)s) IS NOT TRUE AS is_unasked,
        {IS_AGAIN} AS is_again
      FROM {TALKED} CROSS JOIN LATERAL (SELECT {done_at("%(now)s")} AS at) AS done
      LEFT JOIN assessments_assignment AS task ON task.id = submission.assignment_id
      LEFT JOIN assessments_quiz AS quiz ON quiz.id = attempt.quiz_id
      JOIN courses_lesson AS lesson ON lesson.id = coalesce(task.lesson_id, quiz.lesson_id)
      JOIN place ON place.user_id = coalesce(submission.user_id, attempt.user_id)
      WHERE lesson.course_id = %(course)s AND review.id = ANY (ARRAY({LATELY}))
    ), decided AS (
      SELECT is_again, week, wait FROM reviewed
      WHERE done_at > %(from)s
    )
    SELECT (SELECT count(*) FROM place),
      (SELECT count(*) FROM reviewed WHERE is_unasked),
      grouping(is_again), grouping(week), is_again, week,
      count(*), count(*) FILTER (WHERE wait <= %(target)s),
      percentile_cont(0.5) WITHIN GROUP (ORDER BY wait),
      percentile_cont(0.9) WITHIN GROUP (ORDER BY wait),
      ARRAY[{WITHIN}]
    FROM decided GROUP BY GROUPING SETS ((), (is_again), (week)) ORDER BY week
"""  # noqa: S608 - put together from parts above


@dataclass(frozen=True, slots=True)
class Wait:
    """Of so many decisions. `within` counts those within each of STEPS."""

    decided: int = 0
    in_time: int = 0
    median: timedelta | None = None
    p90: timedelta | None = None
    within: Sequence[int] = (0, 0, 0, 0)

    @property
    def share_in_time(self) -> Share:
        return Share(self.in_time, self.decided)

    @property
    def half(self) -> timedelta | None:
        """The median; None where too few were decided to say it."""
        return self.median if self.share_in_time.is_rate else None

    @property
    def most(self) -> timedelta | None:
        """Within what nine of ten were decided; None as above."""
        return self.p90 if self.share_in_time.is_rate else None


@dataclass(frozen=True, slots=True)
class Waits:
    """Of all decisions, of what was handed in for the first time, and again; week by week.

    `unasked` were decided too, but nobody waited for that. Once a reply to one is answered, it is
    among the others.
    """

    everybody: int
    unasked: int
    all: Wait
    first: Wait
    again: Wait
    weeks: Sequence[tuple[date, Wait]]


def waits_of(population: Population, now: datetime, days: int) -> Waits:
    """Of the people chosen, what was decided in the last so many days. One query."""
    values: dict[str, Any] = {
        **population.values(grown=False), "now": now, "from": now - timedelta(days=days),
        "target": TARGET,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(WAITS, values)
        rows = cursor.fetchall()
    found: dict[bool | None, Wait] = {}
    weeks = []
    for _, _, without_again, without_week, is_again, week, *numbers in rows:
        if not without_week:
            weeks.append((week, Wait(*numbers)))
        else:
            found[None if without_again else is_again] = Wait(*numbers)
    return Waits(
        everybody=rows[0][0],
        unasked=rows[0][1],
        all=found[None],
        first=found.get(False, Wait()),
        again=found.get(True, Wait()),
        weeks=weeks,
    )
