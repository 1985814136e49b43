"""The facts of a course as tables that live as long as its count, so that each is read once."""

LESSONS = """
    CREATE TEMP TABLE insight_lesson ON COMMIT DROP AS
    SELECT lesson.id AS lesson_id, lesson.is_required, lesson.kind,
      row_number() OVER (ORDER BY module.position, module.id, lesson.position, lesson.id)::int
        AS place
    FROM courses_lesson lesson JOIN courses_module module ON module.id = lesson.module_id
    WHERE lesson.course_id = %(course)s AND lesson.status = 'PUBLISHED'
      AND lesson.deleted_at IS NULL AND module.deleted_at IS NULL
"""
PLACES = """
    CREATE TEMP TABLE insight_place ON COMMIT DROP AS
    SELECT place.user_id, place.enrolled_at, (place.enrolled_at AT TIME ZONE 'UTC')::date AS day
    FROM enrollments_enrollment place JOIN accounts_user person ON person.id = place.user_id
    WHERE place.course_id = %(course)s AND person.role <> 'ADMIN'
      AND place.enrolled_at <= %(now)s
"""
MARKS = """
    CREATE TEMP TABLE insight_mark ON COMMIT DROP AS
    SELECT mark.user_id, mark.lesson_id, mark.completed_at AS at
    FROM progress_lessonprogress mark JOIN insight_lesson USING (lesson_id)
    WHERE mark.completed_at <= %(now)s
"""
# Every moment of which it is known that somebody was in a lesson.
MOMENTS = """
    CREATE TEMP TABLE insight_moment ON COMMIT DROP AS
    SELECT place.user_id, moment.lesson_id, moment.at, moment.is_mark
    FROM (
      SELECT user_id, lesson_id, first_viewed_at AS at, false AS is_mark FROM progress_lessonview
      JOIN insight_lesson USING (lesson_id)
      UNION ALL
      SELECT user_id, lesson_id, last_viewed_at, false FROM progress_lessonview
      JOIN insight_lesson USING (lesson_id) WHERE last_viewed_at > first_viewed_at
      UNION ALL
      SELECT user_id, lesson_id, at, true FROM insight_mark
      UNION ALL
      SELECT user_id, lesson_id, created_at, false FROM assessments_run
      JOIN insight_lesson USING (lesson_id)
      UNION ALL
      SELECT user_id, lesson_id, submission.created_at, false
      FROM assessments_submission submission
      JOIN assessments_assignment task ON task.id = submission.assignment_id
      JOIN insight_lesson USING (lesson_id)
      UNION ALL
      SELECT user_id, lesson_id, at, false FROM assessments_attempt attempt
      JOIN assessments_quiz quiz ON quiz.id = attempt.quiz_id
      JOIN insight_lesson USING (lesson_id)
      CROSS JOIN LATERAL (VALUES (started_at), (closed_at)) AS moments (at)
      UNION ALL
      SELECT user_id, lesson_id, answer.saved_at, false FROM assessments_answer answer
      JOIN assessments_attempt attempt ON attempt.id = answer.attempt_id
      JOIN assessments_quiz quiz ON quiz.id = attempt.quiz_id
      JOIN insight_lesson USING (lesson_id)
    ) AS moment JOIN insight_place place USING (user_id) WHERE moment.at <= %(now)s
"""
# One row for each person and lesson that they opened. A gap counts five minutes at most.
WORK = """
    CREATE TEMP TABLE insight_work ON COMMIT DROP AS
    SELECT user_id, lesson_id, lesson.place, min(at) AS first_at, max(at) AS last_at,
      round(extract(epoch FROM coalesce(sum(least(at - before, interval '5 minutes'))
        FILTER (WHERE before IS NOT NULL), interval '0')) / 60)::int AS minutes,
      count(*) FILTER (WHERE before IS NULL
        OR (before AT TIME ZONE 'UTC')::date < (at AT TIME ZONE 'UTC')::date) AS days,
      bool_or(is_mark) AS is_done
    FROM (SELECT user_id, lesson_id, at, is_mark, lag(at) OVER (
      PARTITION BY user_id, lesson_id ORDER BY at) AS before FROM insight_moment) AS step
    JOIN insight_lesson lesson USING (lesson_id)
    GROUP BY user_id, lesson_id, lesson.place
"""
# One row for each person: when they reached each stage, and what they opened last in the outline.
# Whoever completed the course by lessons that are gone had started it, though no moment is left.
PEOPLE = """
    CREATE TEMP TABLE insight_person ON COMMIT DROP AS
    WITH begun AS (
      SELECT user_id, min(first_at) AS at, max(last_at) AS last_at, max(place) AS furthest
      FROM insight_work GROUP BY user_id
    ), marked AS (
      SELECT user_id, at, kind, is_required,
        row_number() OVER (PARTITION BY user_id ORDER BY at) AS nth,
        CASE WHEN is_required THEN
          row_number() OVER (PARTITION BY user_id, is_required ORDER BY at) END AS required_nth
      FROM insight_mark JOIN insight_lesson USING (lesson_id)
    ), needed AS (
      SELECT count(*) AS whole, (count(*) + 1) / 2 AS half FROM insight_lesson WHERE is_required
    ), done AS (
      SELECT user_id,
        least(min(at) FILTER (WHERE nth = 3), min(at) FILTER (WHERE kind = 'ASSIGNMENT'))
          AS activated_at,
        min(at) FILTER (WHERE required_nth = half) AS half_at,
        min(at) FILTER (WHERE required_nth = whole) AS whole_at
      FROM marked CROSS JOIN needed GROUP BY user_id
    )
    SELECT place.user_id, place.day, place.enrolled_at, begun.last_at,
      coalesce(begun.at, progress.completed_at) AS started_at, begun.furthest,
      done.activated_at, done.half_at,
      least(done.whole_at, progress.completed_at) AS completed_at, paper.issued_at
    FROM insight_place place
    LEFT JOIN begun USING (user_id) LEFT JOIN done USING (user_id)
    LEFT JOIN progress_courseprogress progress
      ON progress.user_id = place.user_id AND progress.course_id = %(course)s
      AND progress.completed_at <= %(now)s
    LEFT JOIN (SELECT user_id, min(issued_at) AS issued_at FROM certificates_certificate
      WHERE course_id = %(course)s AND issued_at <= %(now)s GROUP BY user_id) paper
      ON paper.user_id = place.user_id
"""
# What was judged of an assignment, whether handed in or only run.
TRIES = """
    CREATE TEMP TABLE insight_try ON COMMIT DROP AS
    SELECT submission.id, submission.user_id, lesson_id, place.day, submission.created_at AS at,
      submission.number, submission.status = 'PASSED' AS is_ok
    FROM assessments_submission submission
    JOIN assessments_assignment task ON task.id = submission.assignment_id
    JOIN insight_lesson USING (lesson_id) JOIN insight_place place USING (user_id)
    WHERE submission.status IN ('PASSED', 'FAILED') AND submission.created_at <= %(now)s
"""
# A pass is of what was handed in: a run without failures passes nothing.
PASSES = """
    CREATE TEMP TABLE insight_pass ON COMMIT DROP AS
    SELECT user_id, lesson_id, min(at) AS at, min(number) AS number FROM insight_try
    WHERE is_ok AND number IS NOT NULL GROUP BY user_id, lesson_id
"""
# First attempts that ended; percents in ten-thousandths. One that the clock closed lasted until its
# deadline, not until somebody noticed.
ATTEMPTS = """
    CREATE TEMP TABLE insight_attempt ON COMMIT DROP AS
    SELECT attempt.id, quiz.lesson_id, place.day, attempt.passed,
      coalesce(round(1000000 * score / nullif(out_of, 0)), 0)::int AS percent,
      round(extract(epoch FROM least(closed_at, deadline) - started_at))::int AS seconds
    FROM assessments_attempt attempt JOIN assessments_quiz quiz ON quiz.id = attempt.quiz_id
    JOIN insight_lesson USING (lesson_id) JOIN insight_place place USING (user_id)
    WHERE attempt.status <> 'OPEN' AND NOT attempt.is_practice AND attempt.number = 1
      AND attempt.closed_at <= %(now)s
"""
# Each in its turn, as it needs those before it.
FACTS = {
    "insight_lesson": LESSONS,
    "insight_place": PLACES,
    "insight_mark": MARKS,
    "insight_moment": MOMENTS,
    "insight_work": WORK,
    "insight_person": PEOPLE,
    "insight_try": TRIES,
    "insight_pass": PASSES,
    "insight_attempt": ATTEMPTS,
}
