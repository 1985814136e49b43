"""What is counted of days and weeks, and of coming back after a while."""

# ruff: noqa: S608 - put together from the texts of this package alone

from gamification.achievements.facts import counted, once

# The cache knows the longest run, but not when it was that long: by the last day at the latest.
STREAK = """
    SELECT user_id, at, split_part(subject, ':', 2)::int AS n FROM happened
    WHERE kind = 'STREAK_REACHED'
    UNION ALL
    SELECT streak.user_id, max(day.last_at), streak.best FROM gamification_streak streak
    JOIN gamification_activeday day ON day.user_id = streak.user_id
    WHERE streak.user_id {people} AND day.user_id {people}
    GROUP BY streak.user_id, streak.best
"""

MONDAY = "date - (extract(isodow FROM date)::int - 1)"
WEEKS_COUNTED = counted(f"""
    SELECT user_id, (array_agg(first_at ORDER BY date))[3] AS at FROM gamification_activeday
    WHERE user_id {{people}} GROUP BY user_id, {MONDAY} HAVING count(*) >= 3
""")

BACK_AGAIN = once("""
    SELECT user_id, at FROM (
      SELECT user_id, kind, at, bool_or(was_away) OVER (PARTITION BY user_id ORDER BY at) AS is_back
      FROM (
        SELECT user_id, kind, at,
          at - lag(at) OVER (PARTITION BY user_id ORDER BY at) >= interval '14 days' AS was_away
        FROM happened
        WHERE kind IN ('LESSON_COMPLETED', 'SUBMISSION_JUDGED')
          OR kind = 'ATTEMPT_FINISHED' AND data->'answered' IS DISTINCT FROM '0') AS learned
    ) AS learned
    WHERE is_back AND kind = 'LESSON_COMPLETED'
""")

# Between two days of learning lies one that was paused, or that a rule in force called free. Of a
# longer gap the first week under a rule has each of its weekdays.
GAPS = """
    SELECT user_id, first_at AS at, date AS back_on,
      lag(date) OVER (PARTITION BY user_id ORDER BY date) AS left_on
    FROM gamification_activeday WHERE user_id {people}
"""
RULES = """
    SELECT user_id, weekdays, from_date,
      lead(from_date, 1, 'infinity') OVER (PARTITION BY user_id ORDER BY from_date) AS until
    FROM gamification_restrule WHERE user_id {people}
"""
RESTED = once(f"""
    SELECT gap.user_id, gap.at FROM ({GAPS}) AS gap
    JOIN gamification_pause pause ON pause.user_id = gap.user_id
      AND pause.first < gap.back_on AND pause.last > gap.left_on
    WHERE gap.back_on > gap.left_on + 1
    UNION ALL
    SELECT gap.user_id, gap.at FROM ({GAPS}) AS gap
    JOIN ({RULES}) AS rule ON rule.user_id = gap.user_id AND rule.weekdays > 0
      AND rule.from_date < gap.back_on AND rule.until > gap.left_on + 1
    CROSS JOIN LATERAL generate_series(0, 6) AS step
    CROSS JOIN LATERAL (SELECT greatest(gap.left_on + 1, rule.from_date) + step AS date) AS free
    WHERE free.date < least(gap.back_on, rule.until)
      AND (rule.weekdays >> (extract(isodow FROM free.date)::int - 1)) & 1 = 1
""")

# A week is met with the lesson that makes up its number. The day is the one it was done on.
GOALS_COUNTED = counted(f"""
    SELECT done.user_id, done.at FROM (
      SELECT lesson.user_id, lesson.at, day.monday, row_number()
        OVER (PARTITION BY lesson.user_id, day.monday ORDER BY lesson.at) AS nth
      FROM happened lesson
      CROSS JOIN LATERAL (
        SELECT {MONDAY} AS monday FROM gamification_activeday
        WHERE user_id = lesson.user_id AND first_at <= lesson.at AND last_at >= lesson.at
        ORDER BY date LIMIT 1) AS day
      WHERE lesson.kind = 'LESSON_COMPLETED') AS done
    CROSS JOIN LATERAL (
      SELECT lessons FROM gamification_weeklygoal
      WHERE user_id = done.user_id AND from_week <= done.monday
      ORDER BY from_week DESC LIMIT 1) AS goal
    WHERE goal.lessons = done.nth
""")
