"""What learners of a course were told about their work, and what they made of it: from the facts.

All of it is about the same work: what the people chosen handed in over some days, of very much the
newest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from assessments.analyser.enough import LEAST_PASSED
from studio.insights.population import PEOPLE, Population
from studio.insights.shares import Share

SOURCES = ("rules", "model", "person")
MOST = 20  # of the remarks that are named
WORK = 20_000  # submissions, and as many attempts: so a page takes no longer where there are more

HANDED_IN = f"""
    WITH place AS MATERIALIZED ({PEOPLE}), handed_in AS MATERIALIZED (
      SELECT submission.id, submission.user_id, submission.percent
      FROM assessments_submission AS submission
      JOIN assessments_assignment AS task ON task.id = submission.assignment_id
      JOIN courses_lesson AS lesson ON lesson.id = task.lesson_id
      JOIN place ON place.user_id = submission.user_id
      WHERE lesson.course_id = %(course)s AND submission.is_graded
        AND submission.created_at > %(from)s AND submission.created_at <= %(now)s
      ORDER BY submission.created_at DESC LIMIT %(work)s
    ), finished AS MATERIALIZED (
      SELECT attempt.id, attempt.user_id FROM assessments_attempt AS attempt
      JOIN assessments_quiz AS quiz ON quiz.id = attempt.quiz_id
      JOIN courses_lesson AS lesson ON lesson.id = quiz.lesson_id
      JOIN place ON place.user_id = attempt.user_id
      WHERE lesson.course_id = %(course)s AND attempt.status <> 'OPEN'
        AND attempt.closed_at > %(from)s AND attempt.closed_at <= %(now)s
      ORDER BY attempt.closed_at DESC LIMIT %(work)s
    )
"""  # noqa: S608 - put together from parts above
# Who speaks in an analysis, and in which words: as `assessments.feedback` shows it to learners.
VOICE = """
    CASE WHEN analysis.kind = 'RULES' THEN 'rules' WHEN review.sent_at <= %(now)s THEN 'person'
      WHEN analysis.drafted IS NOT NULL AND analysis.published_at <= %(now)s
        AND coalesce(analysis.drafted->'held', '[]') IN ('[]', 'null') THEN 'model' END
"""
TOLD = f"""
    voiced AS (
      SELECT analysis.id, handed_in.user_id, handed_in.percent, review.sent_at, {VOICE} AS voice
      FROM handed_in
      JOIN assessments_submissionanalysis AS analysis ON analysis.submission_id = handed_in.id
      LEFT JOIN assessments_review AS review ON review.submission_id = handed_in.id
    ), spoken AS (
      SELECT analysis.is_helpful, analysis.rated_at, finished.user_id, review.sent_at,
        {VOICE} AS voice, analysis.text = analysis.drafted->>'text' AS is_models,
        CASE WHEN review.sent_at <= %(now)s THEN analysis.text
          ELSE coalesce(analysis.drafted->>'text', '') END AS words
      FROM finished
      JOIN assessments_attemptanalysis AS analysis ON analysis.attempt_id = finished.id
      LEFT JOIN assessments_review AS review ON review.attempt_id = finished.id
    ), remark AS MATERIALIZED (
      SELECT remark.id, voiced.user_id, remark.rule,
        CASE voice WHEN 'model' THEN remark.drafted ELSE remark.text END AS words,
        CASE WHEN voice = 'rules' THEN 'rules'
          WHEN voice = 'model' OR remark.drafted <> '' AND remark.text = remark.drafted
          THEN 'model' ELSE 'person' END AS source
      FROM voiced JOIN assessments_remark AS remark ON remark.analysis_id = voiced.id
      WHERE voice = 'rules' AND NOT (section = 'STRENGTH' AND coalesce(percent < %(enough)s, false))
        OR voice = 'model' AND remark.drafted <> '' AND remark.held = ''
        OR voice = 'person' AND (remark.drafted = '' OR verdict IN ('ACCEPTED', 'EDITED'))
          AND NOT (remark.held <> '' AND remark.text = remark.drafted)
    )
"""  # noqa: S608 - put together from parts above
# What was rated before a person sent their words was what a model had said.
RATED = """
    rated AS MATERIALIZED (
      SELECT remark.id AS remark_id, rating.is_helpful,
        CASE WHEN voice = 'rules' THEN 'rules'
          WHEN remark.drafted <> '' AND (remark.text = remark.drafted OR sent_at IS NULL
            OR sent_at > %(now)s OR rating.created_at < sent_at) THEN 'model'
          ELSE 'person' END AS source
      FROM voiced JOIN assessments_remark AS remark ON remark.analysis_id = voiced.id
      JOIN assessments_remarkrating AS rating ON rating.remark_id = remark.id
      WHERE rating.created_at <= %(now)s
    )
"""
# The sources as a whole have no words; the most frequent remarks stand after them, in order.
SAID = f"""
    {HANDED_IN}, {TOLD}, {RATED}, told AS (
      SELECT source, user_id FROM remark
      UNION ALL
      SELECT CASE WHEN voice = 'model' OR is_models THEN 'model' ELSE 'person' END, user_id
      FROM spoken WHERE voice IS NOT NULL AND words <> ''
    ), opinion AS (
      SELECT source, is_helpful FROM rated
      UNION ALL
      SELECT CASE WHEN is_models OR sent_at IS NULL OR sent_at > %(now)s OR rated_at < sent_at
        THEN 'model' ELSE 'person' END, is_helpful
      FROM spoken WHERE rated_at <= %(now)s
    ), source AS (
      SELECT source, people, times, ratings, helpful FROM (
        SELECT source, count(DISTINCT user_id) AS people, count(*) AS times
        FROM told GROUP BY source) AS heard
      FULL JOIN (SELECT source, count(*) AS ratings, count(*) FILTER (WHERE is_helpful) AS helpful
        FROM opinion GROUP BY source) AS judged USING (source)
    ), judged AS (
      SELECT remark_id, count(*) AS ratings, count(*) FILTER (WHERE is_helpful) AS helpful
      FROM rated GROUP BY remark_id
    ), met AS (
      SELECT source, rule, CASE WHEN rule = '' THEN words ELSE '' END AS words, user_id,
        count(*) AS times, max(id::text) AS example, sum(ratings) AS ratings,
        sum(helpful) AS helpful
      FROM remark LEFT JOIN judged ON judged.remark_id = remark.id GROUP BY 1, 2, 3, 4
    ), frequent AS (
      SELECT source, rule, words AS key, count(*) AS people, sum(times)::int AS times,
        sum(ratings)::int AS ratings, sum(helpful)::int AS helpful, max(example) AS example
      FROM met GROUP BY source, rule, words HAVING count(*) > 1
      ORDER BY count(*) DESC, sum(times) DESC, source, rule, words LIMIT %(most)s
    )
    SELECT source, '' AS rule, NULL AS words, people, times, ratings, helpful, '' AS key FROM source
    UNION ALL
    SELECT frequent.source, frequent.rule, remark.words, people, times, ratings, helpful, key
    FROM frequent JOIN remark ON remark.id = example::uuid
    ORDER BY people DESC, times DESC, source, rule, key
"""  # noqa: S608 - put together from parts above
# Whoever comes back to what was decided writes after it was sent.
ANSWERED = f"""
    {HANDED_IN}, work AS (
      SELECT id, user_id, true AS is_code FROM handed_in
      UNION ALL SELECT id, user_id, false FROM finished
    ), decided AS (
      SELECT work.*, review.sent_at FROM work
      JOIN assessments_review AS review
        ON work.id = coalesce(review.submission_id, review.attempt_id)
      WHERE review.sent_at <= %(now)s
    ), reply AS (
      SELECT work.id, reply.created_at, reply.author_id = work.user_id AS is_learners
      FROM assessments_reply AS reply
      LEFT JOIN assessments_submissionanalysis AS code ON code.id = reply.analysis_id
      LEFT JOIN assessments_attemptanalysis AS quiz ON quiz.id = reply.attempt_analysis_id
      JOIN work ON work.id = coalesce(code.submission_id, quiz.attempt_id)
      WHERE reply.created_at <= %(now)s
    ), said AS (
      SELECT count(DISTINCT decided.id) AS reviews, count(remark.id) AS remarks FROM decided
      LEFT JOIN assessments_submissionanalysis AS analysis
        ON analysis.submission_id = decided.id AND analysis.kind <> 'RULES'
      LEFT JOIN assessments_remark AS remark ON remark.analysis_id = analysis.id
        AND (remark.drafted = '' OR remark.verdict IN ('ACCEPTED', 'EDITED'))
      WHERE is_code
    ), asked AS (
      SELECT decided.sent_at >= help.created_at AS is_answered
      FROM assessments_helprequest AS help
      JOIN work ON work.id = coalesce(help.submission_id, help.attempt_id)
      LEFT JOIN decided ON decided.id = work.id
      WHERE help.created_at <= %(now)s
    )
    SELECT (SELECT count(*) FROM place), (SELECT count(*) FROM handed_in),
      (SELECT count(*) FROM finished), (SELECT count(*) FROM decided),
      (SELECT count(*) FROM decided WHERE EXISTS (SELECT FROM reply WHERE reply.id = decided.id
        AND is_learners AND reply.created_at >= decided.sent_at)),
      (SELECT reviews FROM said), (SELECT remarks FROM said),
      (SELECT count(*) FROM reply WHERE is_learners),
      (SELECT count(*) FROM reply WHERE is_learners AND EXISTS (SELECT FROM reply AS answer
        WHERE answer.id = reply.id AND NOT answer.is_learners
          AND answer.created_at >= reply.created_at)),
      (SELECT count(*) FROM asked), (SELECT count(*) FROM asked WHERE is_answered)
"""  # noqa: S608 - put together from parts above


@dataclass(frozen=True, slots=True)
class Heard:
    """What one source said: to so many people, so many remarks, rated so often."""

    people: int = 0
    times: int = 0
    ratings: int = 0
    helpful: int = 0

    @property
    def share(self) -> Share:
        return Share(self.helpful, self.ratings)


@dataclass(frozen=True, slots=True)
class Said:
    """A remark that more than one person met; one of a rule is shown as it was said to somebody."""

    source: str
    rule: str
    words: str
    people: int
    times: int
    ratings: int
    helpful: int

    @property
    def share(self) -> Share:
        return Share(self.helpful, self.ratings)


@dataclass(frozen=True, slots=True)
class Answers:
    """What there was, and what came back: counts over the work of the people chosen."""

    everybody: int
    submissions: int
    attempts: int
    reviews: int
    reopened: int
    code_reviews: int
    remarks: int
    replies: int
    replies_answered: int
    questions: int
    questions_answered: int

    @property
    def is_cut(self) -> bool:
        """Whether there may be older work of these days that was not looked at."""
        return WORK in (self.submissions, self.attempts)

    @property
    def share_reopened(self) -> Share:
        return Share(self.reopened, self.reviews)

    @property
    def share_answered(self) -> Share:
        return Share(self.replies_answered, self.replies)

    @property
    def share_helped(self) -> Share:
        return Share(self.questions_answered, self.questions)

    @property
    def remarks_each(self) -> float | None:
        """Of each review of code."""
        return self.remarks / self.code_reviews if self.code_reviews else None


@dataclass(frozen=True, slots=True)
class Feedback:
    """`sources` has all of SOURCES."""

    answers: Answers
    sources: Mapping[str, Heard] = field(default_factory=dict)
    frequent: Sequence[Said] = ()

    @property
    def all(self) -> Share:
        found = self.sources.values()
        return Share(sum(one.helpful for one in found), sum(one.ratings for one in found))


def feedback_of(population: Population, now: datetime, days: int) -> Feedback:
    """Of what the people chosen handed in over the last so many days. Two queries."""
    values: dict[str, Any] = {
        **population.values(grown=False), "now": now, "from": now - timedelta(days=days),
        "enough": LEAST_PASSED, "most": MOST, "work": WORK,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(ANSWERED, values)
        answers = Answers(*cursor.fetchone())
        cursor.execute(SAID, values)
        rows = cursor.fetchall()
    sources = dict.fromkeys(SOURCES, Heard())
    frequent = []
    for source, rule, words, *numbers, _ in rows:
        counts = [number or 0 for number in numbers]
        if words is None:
            sources[source] = Heard(*counts)
        else:
            frequent.append(Said(source, rule, words, *counts))
    return Feedback(answers, sources, frequent)
