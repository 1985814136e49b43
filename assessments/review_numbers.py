"""How long learners wait for reviewers, and how reviewers fare.

The wait of a review is from when the work came to the reviewers to the decision, by the wall
clock; each attempt counts by itself. What a reviewer took up unasked kept nobody waiting. Only
decisions that stand are counted.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import connection
from django.utils.timezone import now

from accounts.models import User
from assessments.models import Review
from courses.models import Course

TARGET = timedelta(hours=48)
WINDOW = timedelta(days=30)
RECENT = timedelta(days=14)
# So many decisions before a median is told to learners.
ENOUGH = 5
# So long a median is told again without counting, to all who ask every half minute.
KEPT = 600  # seconds

WAITS = """
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY decided_at - created_at),
           percentile_cont(0.9) WITHIN GROUP (ORDER BY decided_at - created_at),
           count(*), count(*) FILTER (WHERE decided_at - created_at <= %(target)s)
    FROM assessments_review
    WHERE sent_at <= clock_timestamp() AND reason <> 'STAFF'
      AND decided_at > %(since)s
"""
QUEUE = """
    SELECT count(*) FILTER (WHERE waiting_since IS NOT NULL), min(waiting_since),
           count(*) FILTER (WHERE created_at > since.moment AND reason <> 'STAFF'),
           count(*) FILTER (WHERE decided_at > since.moment AND sent_at <= clock_timestamp()),
           count(DISTINCT reviewer_id) FILTER (
             WHERE decided_at > since.moment AND sent_at <= clock_timestamp())
    FROM assessments_review, (SELECT clock_timestamp() - %(recent)s AS moment) AS since
    WHERE waiting_since IS NOT NULL OR created_at > since.moment OR decided_at > since.moment
"""
MEDIAN_OF_COURSE = """
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY review.decided_at - review.created_at),
           count(*)
    FROM assessments_review AS review
    LEFT JOIN assessments_submission AS submission ON submission.id = review.submission_id
    LEFT JOIN assessments_assignment AS assignment ON assignment.id = submission.assignment_id
    LEFT JOIN assessments_attempt AS attempt ON attempt.id = review.attempt_id
    LEFT JOIN assessments_quiz AS quiz ON quiz.id = attempt.quiz_id
    JOIN courses_lesson AS lesson ON lesson.id IN (assignment.lesson_id, quiz.lesson_id)
    WHERE lesson.course_id = %(course)s AND review.sent_at <= clock_timestamp()
      AND review.reason <> 'STAFF' AND review.decided_at > %(since)s
"""
REVIEWERS = """
    WITH given AS (
      SELECT review.*, submission.user_id AS learner_id FROM assessments_review AS review
      LEFT JOIN assessments_submission AS submission ON submission.id = review.submission_id
      WHERE sent_at <= clock_timestamp() AND decided_at > %(since)s
        AND (%(reviewer)s::uuid IS NULL OR reviewer_id = %(reviewer)s::uuid)
    ), words AS (
      SELECT given.id AS review_id, given.sent_at, remark.id FROM given
      JOIN assessments_submissionanalysis AS analysis
        ON analysis.submission_id = given.submission_id AND analysis.kind <> 'RULES'
      JOIN assessments_remark AS remark ON remark.analysis_id = analysis.id
        AND (remark.drafted = '' OR remark.verdict IN ('ACCEPTED', 'EDITED'))
    ), said AS (
      SELECT review_id, count(*) AS remarks FROM words GROUP BY review_id
    ), rated AS (
      SELECT review_id, count(*) AS ratings, count(*) FILTER (WHERE is_helpful) AS helpful
      FROM words JOIN assessments_remarkrating AS rating
        ON rating.remark_id = words.id AND rating.created_at >= words.sent_at
      GROUP BY review_id
    ), reopened AS (
      SELECT DISTINCT given.id AS review_id FROM given
      JOIN assessments_submissionanalysis AS analysis
        ON analysis.submission_id = given.submission_id
      JOIN assessments_reply AS reply ON reply.analysis_id = analysis.id
        AND reply.author_id = given.learner_id AND reply.created_at >= given.sent_at
    )
    SELECT given.reviewer_id, count(*),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY decided_at - given.created_at)
             FILTER (WHERE given.reason <> 'STAFF'),
           coalesce(sum(said.remarks), 0)::int, coalesce(sum(rated.ratings), 0)::int,
           coalesce(sum(rated.helpful), 0)::int, count(reopened.review_id)
    FROM given LEFT JOIN said ON said.review_id = given.id
    LEFT JOIN rated ON rated.review_id = given.id
    LEFT JOIN reopened ON reopened.review_id = given.id
    GROUP BY given.reviewer_id ORDER BY count(*) DESC, given.reviewer_id
"""


@dataclass(frozen=True, slots=True)
class Times:
    """How long it takes, over a window; what comes and what is decided, over fourteen days."""

    median: timedelta | None
    p90: timedelta | None
    decided: int
    in_time: int
    backlog: int
    oldest: datetime | None
    arrivals: int
    decisions: int
    reviewers: int

    @property
    def share_in_time(self) -> float | None:
        return self.in_time / self.decided if self.decided else None

    @property
    def arrivals_a_day(self) -> float:
        return self.arrivals / RECENT.days

    @property
    def decisions_a_day(self) -> float:
        return self.decisions / RECENT.days

    @property
    def decisions_a_day_each(self) -> float | None:
        """Of each who decided anything."""
        return self.decisions_a_day / self.reviewers if self.reviewers else None

    @property
    def forecast(self) -> timedelta | None:
        """How long who comes now will wait (Little's law); None while nothing is decided."""
        per_day = self.decisions_a_day
        return timedelta(days=self.backlog / per_day) if per_day else None


@dataclass(frozen=True, slots=True)
class ReviewerNumbers:
    """How one reviewer fares, over a window. For that person and for who leads."""

    reviewer: User
    claimed: int = 0
    decided: int = 0
    median: timedelta | None = None
    remarks: int = 0
    ratings: int = 0
    helpful: int = 0
    reopened: int = 0

    @property
    def helpful_rate(self) -> float | None:
        return self.helpful / self.ratings if self.ratings else None

    @property
    def reopened_rate(self) -> float | None:
        """In how many of what was decided the learner came back."""
        return self.reopened / self.decided if self.decided else None

    @property
    def remarks_each(self) -> float | None:
        return self.remarks / self.decided if self.decided else None


def times(window: timedelta = WINDOW) -> Times:
    """Two queries."""
    values = {"target": TARGET, "since": now() - window, "recent": RECENT}
    ((median, p90, decided, in_time),) = rows(WAITS, values)
    ((backlog, oldest, arrivals, decisions, reviewers),) = rows(QUEUE, values)
    return Times(median, p90, decided, in_time, backlog, oldest, arrivals, decisions, reviewers)


def median_wait(course: Course) -> timedelta | None:
    """How long learners of a course waited lately; None while few did. One query, or none."""
    found: timedelta | None = cache.get_or_set(
        f"median-wait:{course.pk}", partial(measured_median, course), KEPT
    )
    return found


def measured_median(course: Course) -> timedelta | None:
    ((median, count),) = rows(MEDIAN_OF_COURSE, {"course": course.pk, "since": now() - WINDOW})
    return median if count >= ENOUGH else None


def all_reviewers(window: timedelta = WINDOW) -> list[ReviewerNumbers]:
    """Everybody who decided or is at something, who decided most first. Three queries."""
    found = {
        row[0]: row[1:] for row in rows(REVIEWERS, {"since": now() - window, "reviewer": None})
    }
    at_it = claims()
    people = User.objects.in_bulk([*found, *at_it])
    idle = [key for key in at_it if key not in found]
    return [
        ReviewerNumbers(people[key], at_it.get(key, 0), *found.get(key, ()))
        for key in [*found, *idle]
    ]


def reviewer_numbers(reviewer: User, window: timedelta = WINDOW) -> ReviewerNumbers:
    """Two queries."""
    found = rows(REVIEWERS, {"since": now() - window, "reviewer": reviewer.pk})
    counted = found[0][1:] if found else ()
    return ReviewerNumbers(reviewer, claims().get(reviewer.pk, 0), *counted)


def claims() -> dict[UUID, int]:
    """How many reviews each is at."""
    found: dict[UUID, int] = {}
    for key in Review.objects.claimed().order_by().values_list("reviewer", flat=True):
        found[key] = found.get(key, 0) + 1
    return found


def rows(query: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())
