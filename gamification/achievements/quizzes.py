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
    SELECT user_id, id, at, data->>'quiz' AS quiz, (data->>'percent')::int AS percent,
      data->>'passed' = 'true' AS passed
    FROM happened WHERE kind = 'ATTEMPT_FINISHED' AND data->>'quiz' IS NOT NULL
"""
COMEBACKS_COUNTED = counted(f"""
    SELECT user_id, min(at) AS at FROM (
      SELECT *, min(percent) OVER (PARTITION BY user_id, quiz ORDER BY at, id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS least
      FROM ({ATTEMPTS}) AS attempt) AS tried
    WHERE percent >= least + 30 GROUP BY user_id, quiz
""")

PASSED_AGAIN_COUNTED = counted(f"""
    SELECT user_id, min(at) AS at FROM (
      SELECT *, min(at) FILTER (WHERE passed) OVER (PARTITION BY user_id, quiz) AS passed_at
      FROM ({ATTEMPTS}) AS attempt) AS tried
    WHERE passed AND at >= passed_at + interval '14 days' GROUP BY user_id, quiz
""")

FIXED_COUNTED = counted(each("subject", "kind = 'REPORT_ANSWERED' AND data->>'accepted' = 'true'"))
