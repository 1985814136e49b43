"""How long learners wait for reviewers, and how reviewers fare.

The wait of a review is from handing in to the decision, or from the learner's question or reply,
by the wall clock; each attempt counts by itself. All numbers that reviewers read are about the
same reviews over the same days: those that stand. What a reviewer took up unasked kept nobody
waiting and is left out, until its learner replies: then it came with the reply, and the answer
decides it. The median that learners read is of decisions alone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.core.cache import cache
from django.utils.timezone import now

from accounts.models import User
from assessments.models import Review
from assessments.statements import asked
from courses.models import Course

TARGET = timedelta(hours=48)
WINDOW = timedelta(days=30)
# So many decisions before a median is told to learners.
ENOUGH = 5
# So many decisions before it is said how long who comes now will wait.
ENOUGH_TO_FORECAST = 10
# So long a median is told again without counting, to all who ask every half minute.
KEPT = 600  # seconds

# What brought it here. A reply to what was decided gives it another reason to wait.
CAME_FOR = "coalesce(nullif(review.first_reason, ''), review.reason)"
REVIEWED = """
    assessments_review AS review
    LEFT JOIN assessments_submission AS submission ON submission.id = review.submission_id
    LEFT JOIN assessments_attempt AS attempt ON attempt.id = review.attempt_id
    LEFT JOIN assessments_helprequest AS asked
      ON asked.submission_id = review.submission_id OR asked.attempt_id = review.attempt_id
"""
LEARNER = "coalesce(submission.user_id, attempt.user_id)"
# What was said between learner and reviewers, where a reply brought it here: when the learner
# began to wait, and the first answer. A reviewer may have been at it before there was any reply.
TALKED = f"""
    {REVIEWED} LEFT JOIN LATERAL (
      WITH said AS (
        SELECT reply.author_id, reply.created_at FROM assessments_submissionanalysis AS told
        JOIN assessments_reply AS reply ON reply.analysis_id = told.id
        WHERE told.submission_id = review.submission_id AND {CAME_FOR} IN ('REPLY', 'STAFF')
        UNION ALL
        SELECT reply.author_id, reply.created_at FROM assessments_attemptanalysis AS told
        JOIN assessments_reply AS reply ON reply.attempt_analysis_id = told.id
        WHERE told.attempt_id = review.attempt_id AND {CAME_FOR} IN ('REPLY', 'STAFF')
      ), began AS (
        SELECT coalesce(min(created_at),
                        CASE {CAME_FOR} WHEN 'REPLY' THEN review.created_at END) AS at
        FROM said WHERE author_id = {LEARNER} AND created_at >= review.created_at
      )
      SELECT began.at, answer.created_at AS answered_at, answer.author_id AS answered_by
      FROM began LEFT JOIN LATERAL (
        SELECT * FROM said WHERE author_id <> {LEARNER} AND created_at >= began.at
        ORDER BY created_at LIMIT 1) AS answer ON true
    ) AS talk ON true
"""  # noqa: S608 - put together from parts above
# Where a question or a reply brought it here, when that was; else what follows.
ASKED_AT_OR = f"""
    CASE WHEN {CAME_FOR} IN ('REPLY', 'STAFF') THEN talk.at
      WHEN {CAME_FOR} = 'HELP' THEN coalesce(asked.created_at, review.created_at) ELSE
"""
# The one population of all these numbers: what somebody waited for, since when, and until when.
# From a question or a reply on, else from handing in. Where nobody waited there is no
# `waited_from`; what can be taken back is not done yet.
WAITED_FROM = f"""
    {ASKED_AT_OR} coalesce(submission.created_at, least(attempt.closed_at, attempt.deadline),
                           review.created_at) END
"""


def done_at(moment: str) -> str:
    """When it was decided or answered, whichever was first; by then `moment` an expression."""
    stands = f"review.sent_at <= {moment} AND {CAME_FOR} <> 'STAFF'"
    return f"least(CASE WHEN {stands} THEN review.decided_at END, talk.answered_at)"


# What can count is found by indexes: all that ever was grows, and none of it changes.
REPLIED = """
    SELECT review.id FROM assessments_reply AS reply
    JOIN assessments_submissionanalysis AS told ON told.id = reply.analysis_id
    JOIN assessments_review AS review ON review.submission_id = told.submission_id
    WHERE reply.created_at > %(since)s
    UNION ALL
    SELECT review.id FROM assessments_reply AS reply
    JOIN assessments_attemptanalysis AS told ON told.id = reply.attempt_analysis_id
    JOIN assessments_review AS review ON review.attempt_id = told.attempt_id
    WHERE reply.created_at > %(since)s
"""
DONE_AT = done_at("clock_timestamp()")
DONE = f"""
    SELECT review.id, review.submission_id, {LEARNER} AS learner_id,
      done.at - {WAITED_FROM} AS wait,
      done.at = talk.answered_at IS TRUE AS is_answer,
      CASE WHEN done.at = talk.answered_at THEN talk.answered_by ELSE review.reviewer_id END
        AS reviewer_id,
      CASE WHEN done.at = talk.answered_at THEN done.at ELSE review.sent_at END AS heard_at
    FROM {TALKED} CROSS JOIN LATERAL (SELECT {DONE_AT} AS at) AS done
    WHERE done.at > %(since)s AND review.id IN (
      SELECT id FROM assessments_review WHERE decided_at > %(since)s UNION ALL {REPLIED})
"""  # noqa: S608 - put together from parts above
# Of decisions alone, for the median that learners read.
DECIDED = f"""
    review.sent_at <= clock_timestamp() AND review.decided_at > %(since)s
    AND {CAME_FOR} <> 'STAFF'
"""
# Of all courses, or of the one that is asked for.
OF_COURSE = """
    (%(course)s::uuid IS NULL OR coalesce(
      (SELECT lesson_id FROM assessments_assignment WHERE id = submission.assignment_id),
      (SELECT lesson_id FROM assessments_quiz WHERE id = attempt.quiz_id)
    ) IN (SELECT id FROM courses_lesson WHERE course_id = %(course)s::uuid))
"""
WAITS = f"""
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY wait),
           percentile_cont(0.9) WITHIN GROUP (ORDER BY wait),
           count(*), count(*) FILTER (WHERE wait <= %(target)s), count(DISTINCT reviewer_id)
    FROM ({DONE} AND {OF_COURSE}) AS decided
"""  # noqa: S608 - put together from parts above
CAME_IN = f"{ASKED_AT_OR} review.created_at END"
QUEUE = f"""
    SELECT count(*) FILTER (WHERE waiting_since IS NOT NULL), min(waiting_since),
           count(*) FILTER (WHERE {CAME_IN} > %(since)s)
    FROM {TALKED}
    WHERE (waiting_since IS NOT NULL OR {CAME_IN} > %(since)s) AND {OF_COURSE}
      AND review.id IN (
        SELECT id FROM assessments_review WHERE waiting_since IS NOT NULL
        UNION ALL SELECT id FROM assessments_review WHERE created_at > %(since)s
        UNION ALL SELECT old.id FROM assessments_helprequest AS help JOIN assessments_review AS old
          ON old.submission_id = help.submission_id OR old.attempt_id = help.attempt_id
        WHERE help.created_at > %(since)s
        UNION ALL {REPLIED})
"""  # noqa: S608 - put together from parts above
MEDIAN_OF_COURSE = f"""
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY review.decided_at - {WAITED_FROM}),
           count(*)
    FROM {TALKED}
    LEFT JOIN assessments_assignment AS assignment ON assignment.id = submission.assignment_id
    LEFT JOIN assessments_quiz AS quiz ON quiz.id = attempt.quiz_id
    JOIN courses_lesson AS lesson ON lesson.id IN (assignment.lesson_id, quiz.lesson_id)
    WHERE lesson.course_id = %(course)s AND {DECIDED}
"""  # noqa: S608 - put together from parts above
REVIEWERS = f"""
    WITH given AS (
      SELECT * FROM ({DONE}) AS decided
      WHERE %(reviewer)s::uuid IS NULL OR reviewer_id = %(reviewer)s::uuid
    ), words AS (
      SELECT given.id AS review_id, given.heard_at, remark.id FROM given
      JOIN assessments_submissionanalysis AS analysis
        ON analysis.submission_id = given.submission_id AND analysis.kind <> 'RULES'
        AND NOT given.is_answer
      JOIN assessments_remark AS remark ON remark.analysis_id = analysis.id
        AND (remark.drafted = '' OR remark.verdict IN ('ACCEPTED', 'EDITED'))
    ), said AS (
      SELECT review_id, count(*) AS remarks FROM words GROUP BY review_id
    ), rated AS (
      SELECT review_id, count(*) AS ratings, count(*) FILTER (WHERE is_helpful) AS helpful
      FROM words JOIN assessments_remarkrating AS rating
        ON rating.remark_id = words.id AND rating.created_at >= words.heard_at
      GROUP BY review_id
    ), reopened AS (
      SELECT DISTINCT given.id AS review_id FROM given
      JOIN assessments_submissionanalysis AS analysis
        ON analysis.submission_id = given.submission_id
      JOIN assessments_reply AS reply ON reply.analysis_id = analysis.id
        AND reply.author_id = given.learner_id AND reply.created_at >= given.heard_at
    )
    SELECT given.reviewer_id, count(*),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY given.wait),
           coalesce(sum(said.remarks), 0)::int, coalesce(sum(rated.ratings), 0)::int,
           coalesce(sum(rated.helpful), 0)::int, count(reopened.review_id)
    FROM given LEFT JOIN said ON said.review_id = given.id
    LEFT JOIN rated ON rated.review_id = given.id
    LEFT JOIN reopened ON reopened.review_id = given.id
    GROUP BY given.reviewer_id ORDER BY count(*) DESC, given.reviewer_id
"""  # noqa: S608 - put together from parts above


@dataclass(frozen=True, slots=True)
class Times:
    """How long it takes, what comes and what is decided, all over one window."""

    median: timedelta | None
    p90: timedelta | None
    decided: int
    in_time: int
    backlog: int
    oldest: datetime | None
    arrivals: int
    reviewers: int
    window: timedelta

    @property
    def share_in_time(self) -> float | None:
        return self.in_time / self.decided if self.decided else None

    @property
    def arrivals_a_day(self) -> float:
        return self.arrivals / self.window.days

    @property
    def decisions_a_day(self) -> float:
        return self.decided / self.window.days

    @property
    def decisions_a_day_each(self) -> float | None:
        """Of each who decided anything."""
        return self.decisions_a_day / self.reviewers if self.reviewers else None

    @property
    def forecast(self) -> timedelta | None:
        """How long who comes now will wait (Little's law); None while too little is decided."""
        if self.decided < ENOUGH_TO_FORECAST:
            return None
        return timedelta(days=self.backlog / self.decisions_a_day)


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


def times(window: timedelta = WINDOW, course: Course | None = None) -> Times:
    """Of all courses, or of one. Two queries."""
    values = {"target": TARGET, "since": now() - window, "course": course and course.pk}
    ((median, p90, decided, in_time, reviewers),) = asked(WAITS, values)
    ((backlog, oldest, arrivals),) = asked(QUEUE, values)
    return Times(median, p90, decided, in_time, backlog, oldest, arrivals, reviewers, window)


def median_wait(course: Course) -> timedelta | None:
    """How long learners of a course waited lately; None while few did. One query, or none."""
    found: timedelta | None = cache.get_or_set(
        f"median-wait:{course.pk}", partial(measured_median, course), KEPT
    )
    return found


def measured_median(course: Course) -> timedelta | None:
    ((median, count),) = asked(MEDIAN_OF_COURSE, {"course": course.pk, "since": now() - WINDOW})
    return median if count >= ENOUGH else None


def all_reviewers(window: timedelta = WINDOW) -> list[ReviewerNumbers]:
    """Everybody who decided or is at something, who decided most first. Three queries."""
    found = {
        row[0]: row[1:] for row in asked(REVIEWERS, {"since": now() - window, "reviewer": None})
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
    found = asked(REVIEWERS, {"since": now() - window, "reviewer": reviewer.pk})
    counted = found[0][1:] if found else ()
    return ReviewerNumbers(reviewer, claims().get(reviewer.pk, 0), *counted)


def claims() -> dict[UUID, int]:
    """How many reviews each is at."""
    found: dict[UUID, int] = {}
    for key in Review.objects.claimed().order_by().values_list("reviewer", flat=True):
        found[key] = found.get(key, 0) + 1
    return found
