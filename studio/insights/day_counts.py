"""How far those came who enrolled on one day, and in which weeks they were active."""

# Each stage is a part of the one before; whoever completed the course has half of it as well.
DAYS = """
    WITH staged AS (
      SELECT user_id, day, enrolled_at, completed_at IS NOT NULL AS is_finished, started_at,
        CASE WHEN started_at IS NOT NULL
          AND activated_at < enrolled_at + interval '7 days' THEN activated_at END AS activated_at,
        least(half_at, completed_at) AS half_at, completed_at, issued_at
      FROM insight_person
    ), nested AS (
      SELECT *, half_at IS NOT NULL AND activated_at IS NOT NULL AS is_half,
        completed_at IS NOT NULL AND activated_at IS NOT NULL AS is_whole
      FROM staged
    ), counted AS (
      SELECT day, count(*) AS enrolled, count(*) FILTER (WHERE half_at IS NOT NULL) AS halfway,
        count(*) FILTER (WHERE is_finished) AS finished,
        count(*) FILTER (WHERE is_finished AND issued_at IS NOT NULL) AS certified,
        {started}, {activated}, {half}, {completed}, {certified}
      FROM nested GROUP BY day
    ), week AS (
      SELECT day, week, count(DISTINCT user_id) AS people FROM (
        SELECT place.day, place.user_id,
          floor(extract(epoch FROM moment.at - place.enrolled_at) / 604800)::int AS week
        FROM insight_moment moment JOIN insight_place place USING (user_id)
        WHERE moment.at >= place.enrolled_at) AS seen
      WHERE week < %(weeks)s GROUP BY day, week
    ), columns AS (
      SELECT counted.day, array_agg(coalesce(week.people, 0) ORDER BY number) AS weeks
      FROM counted CROSS JOIN generate_series(0, %(weeks)s - 1) AS number
      LEFT JOIN week ON week.day = counted.day AND week.week = number GROUP BY counted.day
    )
    SELECT counted.*, columns.weeks FROM counted JOIN columns USING (day)
"""
LATE = (
    "coalesce(array_agg(greatest(0, floor(extract(epoch FROM {at} - enrolled_at) / 8640))::int)"
    " FILTER (WHERE {met}), '{{}}') AS {name}_after"
)
STAGES = {
    "started": ("started_at", "started_at IS NOT NULL"),
    "activated": ("activated_at", "activated_at IS NOT NULL"),
    "half": ("half_at", "is_half"),
    "completed": ("completed_at", "is_whole"),
    "certified": ("issued_at", "is_whole AND issued_at IS NOT NULL"),
}
WEEKS = 12


def days_sql() -> str:
    columns = {name: LATE.format(at=at, met=met, name=name) for name, (at, met) in STAGES.items()}
    return DAYS.format(**columns)
