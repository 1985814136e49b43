"""What those who enrolled on one day did in each assignment, where they fail, and with what."""

from assessments.error_signatures import SIGNATURES

# Who tried, in the order in which they handed in. `failed` is their last run that failed.
ASSIGNMENTS = """
    WITH person AS (
      SELECT user_id, lesson_id, day, pass.at AS passed_at,
        min(try.number) IS NOT NULL AS handed_in,
        min(try.number) = pass.number AS first_passed,
        count(*) FILTER (WHERE try.number <= pass.number)::int AS submissions,
        (array_agg(try.id ORDER BY try.at DESC, try.id DESC) FILTER (WHERE NOT try.is_ok))[1]
          AS failed
      FROM insight_try try LEFT JOIN insight_pass pass USING (user_id, lesson_id)
      GROUP BY user_id, lesson_id, day, pass.at, pass.number
    ), beaten AS (
      SELECT user_id, lesson_id, bool_and(result.outcome <> 'PASSED') AS passed_none
      FROM person JOIN assessments_testresult result ON result.submission_id = person.failed
      GROUP BY user_id, lesson_id
    ), counted AS (
      SELECT lesson_id, person.day, count(*) FILTER (WHERE handed_in) AS handed_in,
        count(*) FILTER (WHERE first_passed) AS first_passed,
        count(*) FILTER (WHERE failed IS NOT NULL) AS failing,
        count(*) FILTER (WHERE passed_none) AS failing_all,
        coalesce(array_agg(submissions) FILTER (WHERE passed_at IS NOT NULL), '{{}}')
          AS submissions,
        coalesce(array_agg(round(extract(epoch FROM passed_at - work.first_at) / 60)::int)
          FILTER (WHERE passed_at IS NOT NULL), '{{}}') AS minutes
      FROM person JOIN insight_work work USING (user_id, lesson_id)
      LEFT JOIN beaten USING (user_id, lesson_id) GROUP BY lesson_id, person.day
    ), blamed AS (
      SELECT DISTINCT ON (user_id, lesson_id) lesson_id, day, result.case_id
      FROM person JOIN assessments_testresult result ON result.submission_id = person.failed
      WHERE result.outcome <> 'PASSED' ORDER BY user_id, lesson_id, result.position, result.id
    ), heat AS (
      SELECT lesson_id, day, array_agg(case_id) AS cases, array_agg(people) AS blamed
      FROM (SELECT lesson_id, day, case_id, count(*)::int AS people FROM blamed
        GROUP BY lesson_id, day, case_id) AS one GROUP BY lesson_id, day
    ), fault AS (
      SELECT DISTINCT ON (try.id) try.user_id, lesson_id, day, outcome,
        CASE WHEN length(stderr) <= 2000 THEN stderr
          ELSE left(stderr, 1000) || chr(10) || right(stderr, 1000) END AS said
      FROM insight_try try JOIN assessments_testresult result ON result.submission_id = try.id
      WHERE NOT try.is_ok AND outcome NOT IN ('PASSED', 'WRONG')
      ORDER BY try.id, result.position, result.id
    ), text AS MATERIALIZED (
      SELECT DISTINCT outcome, said FROM fault
    ), signature AS MATERIALIZED ({signatures}), error AS (
      SELECT lesson_id, day, jsonb_agg(jsonb_build_array(kind, message, region, people)) AS errors
      FROM (SELECT lesson_id, day, kind, message, region, count(DISTINCT user_id) AS people
        FROM fault JOIN signature USING (outcome, said)
        GROUP BY lesson_id, day, kind, message, region) AS one GROUP BY lesson_id, day
    )
    SELECT counted.*, coalesce(heat.cases, '{{}}') AS cases,
      coalesce(heat.blamed, '{{}}') AS blamed, coalesce(error.errors, '[]') AS errors
    FROM counted LEFT JOIN heat USING (lesson_id, day) LEFT JOIN error USING (lesson_id, day)
"""


def assignments_sql() -> str:
    return ASSIGNMENTS.format(signatures=SIGNATURES)
