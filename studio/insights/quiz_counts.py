"""How those who enrolled on one day fared at their first attempt at each quiz.

Consistency is a matter of those who were asked the same questions: what most were asked. Of them
sums are kept, of percents, of totals and of each question's marks, and sums of their squares. The
questions that pay count; their marks are in ten-thousandths of a point.
"""

QUIZZES = """
    WITH marked AS (
      SELECT attempt_id, question_id, round(%(unit)s * mark)::bigint AS mark
      FROM assessments_answer answer
      JOIN insight_attempt attempt ON attempt.id = answer.attempt_id
      JOIN assessments_question question ON question.id = answer.question_id
      WHERE mark IS NOT NULL AND question.points > 0
    ), asked AS MATERIALIZED (
      SELECT attempt.id, lesson_id, day, percent, coalesce(questions, '{}') AS questions, marks,
        total
      FROM insight_attempt attempt LEFT JOIN (
        SELECT attempt_id, array_agg(question_id ORDER BY question_id) AS questions,
          array_agg(mark ORDER BY question_id) AS marks, sum(mark) AS total
        FROM marked GROUP BY attempt_id) AS answered ON answered.attempt_id = attempt.id
    ), usual AS (
      SELECT DISTINCT ON (lesson_id) lesson_id, questions FROM asked
      GROUP BY lesson_id, questions ORDER BY lesson_id, count(*) DESC, min(id::text)
    ), alike AS MATERIALIZED (
      SELECT asked.* FROM asked JOIN usual USING (lesson_id, questions) WHERE marks IS NOT NULL
    ), summed AS (
      SELECT lesson_id, day, place, sum(value) AS total, sum(value * value) AS squares,
        count(*) AS people
      FROM (SELECT lesson_id, day, place, value::numeric AS value FROM alike CROSS JOIN LATERAL
        unnest(ARRAY[percent::bigint, total::bigint] || marks)
          WITH ORDINALITY AS one (value, place)) AS part GROUP BY lesson_id, day, place
    ), consistent AS (
      SELECT lesson_id, day, array_agg(total ORDER BY place) AS sums,
        array_agg(squares ORDER BY place) AS squares, max(people) AS alike
      FROM summed GROUP BY lesson_id, day
    ), counted AS (
      SELECT lesson_id, day, count(*) AS attempts, count(*) FILTER (WHERE passed) AS passed,
        array_agg(percent) AS percents, array_agg(seconds) AS seconds
      FROM insight_attempt GROUP BY lesson_id, day
    )
    SELECT counted.*, coalesce(alike, 0) AS alike, coalesce(sums, '{}') AS sums,
      coalesce(squares, '{}') AS squares
    FROM counted LEFT JOIN consistent USING (lesson_id, day)
"""
