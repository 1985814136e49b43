"""What is counted of quizzes and of questions that were wrong."""

# ruff: noqa: S608 - put together from the texts of this package alone

from gamification.achievements.facts import counted, each, of_kind, once

FIRST_QUIZ = once(of_kind("QUIZ_PASSED"))

# What a marking again came to says `after`.
FULL_MARKS_COUNTED = counted(
    each(
        "data->>'quiz'",
        "kind IN ('ATTEMPT_FINISHED', 'ATTEMPT_REGRADED') AND data->>'quiz' IS NOT NULL "
        "AND coalesce(data->>'percent', data->>'after') = '100'",
    )
)

ATTEMPTS = """
    SELECT user_id, id, at, data->>'quiz' AS quiz, (data->>'percent')::int AS percent
    FROM happened WHERE kind = 'ATTEMPT_FINISHED' AND data->>'quiz' IS NOT NULL
"""
COMEBACKS_COUNTED = counted(f"""
    SELECT user_id, min(at) AS at FROM (
      SELECT *, min(percent) OVER (PARTITION BY user_id, quiz ORDER BY at, id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS least
      FROM ({ATTEMPTS}) AS attempt) AS tried
    WHERE percent >= least + 30 GROUP BY user_id, quiz
""")

# An attempt as it was marked last, dated by its end. Older events do not say the passing score,
# and those of a marking again not whether it was passed: then what is known before it holds.
LATEST = "ORDER BY at DESC, id DESC"
TRIES = f"""
    SELECT user_id, data->>'quiz' AS quiz, thing AS attempt, min(at) AS at,
      (array_agg(coalesce(data->>'percent', data->>'after')::int {LATEST}))[1] AS percent,
      (array_agg(data->>'passed' {LATEST}) FILTER (WHERE data ? 'passed'))[1] = 'true' AS passed,
      (array_agg((data->>'pass_percent')::int {LATEST})
        FILTER (WHERE data ? 'pass_percent'))[1] AS enough,
      (array_agg(data {LATEST}))[1] AS data
    FROM happened
    WHERE kind IN ('ATTEMPT_FINISHED', 'ATTEMPT_REGRADED') AND data->>'quiz' IS NOT NULL
    GROUP BY user_id, data->>'quiz', thing
"""
PASSED_AGAIN_COUNTED = counted(f"""
    SELECT user_id, min(at) AS at FROM (
      SELECT *, min(at) OVER (PARTITION BY user_id, quiz) AS passed_at
      FROM ({TRIES}) AS tried WHERE passed) AS pass
    WHERE at >= passed_at + interval '14 days' GROUP BY user_id, quiz
""")

FIXED_COUNTED = counted(each("subject", "kind = 'REPORT_ANSWERED' AND data->>'accepted' = 'true'"))
