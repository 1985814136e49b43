"""What is counted of code that was handed in, and of what people said about it."""

# ruff: noqa: S608 - put together from the texts of this package alone

from gamification.achievements.facts import counted, each, of_kind, once

# Every test, and not only as many as are enough.
ALL_GREEN = once("""
    SELECT user_id, at FROM happened
    WHERE kind IN ('SUBMISSION_JUDGED', 'SUBMISSION_REJUDGED', 'ASSIGNMENT_PASSED')
      AND coalesce(data->>'percent', data->>'after') = '100'
""")

PASSED_COUNTED = counted(of_kind("ASSIGNMENT_PASSED"))


def passed_after(failures: int) -> str:
    """Assignments passed after so many failing tries.

    The event says how many there were, runs among them, which are forgotten after a week. One
    that does not, being older or of a judging again, goes by what was handed in.
    """
    return counted(f"""
        SELECT user_id, at FROM (
          SELECT user_id, at, kind, (data->>'failed')::int AS told,
            count(*) FILTER (WHERE kind = 'SUBMISSION_JUDGED' AND data->>'passed' = 'false')
              OVER (PARTITION BY user_id, coalesce(data->>'assignment', thing) ORDER BY at) AS seen
          FROM happened WHERE kind IN ('SUBMISSION_JUDGED', 'ASSIGNMENT_PASSED')) AS tried
        WHERE kind = 'ASSIGNMENT_PASSED' AND greatest(told, seen) >= {failures}
    """)


REVIEWED = """
    SELECT user_id, data->>'assignment' AS assignment, data->>'decision' AS decision, at,
      min(at) FILTER (WHERE data->>'decision' = 'CHANGES')
        OVER (PARTITION BY user_id, data->>'assignment') AS changes_at,
      row_number() OVER (PARTITION BY user_id, data->>'assignment' ORDER BY at) AS nth
    FROM happened
    WHERE kind IN ('REVIEW_GIVEN', 'HELP_GIVEN') AND data->>'assignment' IS NOT NULL
      AND data->>'decision' IS NOT NULL
"""
SECOND_DRAFTS_COUNTED = counted(f"""
    SELECT user_id, min(at) AS at FROM ({REVIEWED}) AS reviewed
    WHERE decision = 'ACCEPTED' AND at > changes_at GROUP BY user_id, assignment
""")
CLEAN_READS_COUNTED = counted(f"""
    SELECT user_id, at FROM ({REVIEWED}) AS reviewed WHERE decision = 'ACCEPTED' AND nth = 1
""")

LANGUAGES_COUNTED = counted(
    each("data->>'language'", "kind = 'ASSIGNMENT_PASSED' AND data->>'language' <> ''")
)

EXPLAINED_COUNTED = counted(
    each(
        "data->>'assignment'",
        "kind = 'SUBMISSION_JUDGED' AND data->>'passed' = 'true' AND (data->>'words')::int >= 40",
    )
)

# Asked before the assignment was passed: with a test that failed. Older events do not say when.
HELP_COUNTED = counted("""
    SELECT user_id, greatest(min(at) FILTER (WHERE kind = 'HELP_GIVEN'), min(passed_at)) AS at
    FROM (
      SELECT user_id, kind, at, coalesce(data->>'assignment', thing) AS assignment,
        coalesce((data->>'asked')::timestamptz, at) AS asked_at,
        min(at) FILTER (WHERE kind = 'ASSIGNMENT_PASSED')
          OVER (PARTITION BY user_id, coalesce(data->>'assignment', thing)) AS passed_at
      FROM happened WHERE kind IN ('HELP_GIVEN', 'ASSIGNMENT_PASSED')) AS asked
    WHERE kind = 'HELP_GIVEN' AND asked_at < passed_at
    GROUP BY user_id, assignment
""")
