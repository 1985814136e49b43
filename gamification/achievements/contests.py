"""What is counted of challenges and seasons."""

# ruff: noqa: S608 - put together from the texts of this package alone

from gamification.achievements.facts import counted

CHALLENGES_COUNTED = counted("""
    SELECT user_id, finished_at AS at FROM gamification_challengeentry entry
    WHERE user_id {people} AND finished_at IS NOT NULL
      AND EXISTS (SELECT FROM gamification_challengesolve WHERE entry_id = entry.id)
""")

TASKS = "SELECT count(*) FROM gamification_challengetask whole WHERE whole.challenge_id"
FULL_SETS_COUNTED = counted(f"""
    SELECT entry.user_id, max(solve.solved_at) AS at FROM gamification_challengeentry entry
    JOIN gamification_challengesolve solve ON solve.entry_id = entry.id
    WHERE entry.user_id {{people}}
    GROUP BY entry.user_id, entry.challenge_id
    HAVING count(*) = ({TASKS} = entry.challenge_id)
""")

PRACTISED_COUNTED = counted(f"""
    SELECT solve.user_id, max(solve.solved_at) AS at FROM gamification_challengesolve solve
    JOIN gamification_challengetask task ON task.id = solve.task_id
    WHERE solve.user_id {{people}} AND solve.entry_id IS NULL
    GROUP BY solve.user_id, task.challenge_id
    HAVING count(*) = ({TASKS} = task.challenge_id)
""")

SEASONS_COUNTED = counted("""
    SELECT user_id, (array_agg(at ORDER BY at))[8] AS at FROM (
      SELECT day.user_id, season.id AS season, min(day.first_at) AS at
      FROM gamification_activeday day
      JOIN gamification_season season
        ON day.first_at >= season.starts_at AND day.first_at < season.ends_at
      WHERE day.user_id {people}
      GROUP BY day.user_id, season.id, day.date - extract(isodow FROM day.date)::int) AS week
    GROUP BY user_id, season HAVING count(*) >= 8
""")
