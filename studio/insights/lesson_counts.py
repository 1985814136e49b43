"""What those who enrolled on one day did in each lesson."""

BY_LESSON = """
    WITH person AS (
      SELECT *, completed_at IS NULL AND last_at <= %(now)s - interval '14 days' AS is_idle
      FROM insight_person WHERE furthest IS NOT NULL
    ), here AS (
      SELECT person.day, work.lesson_id, count(*) AS opened,
        count(*) FILTER (WHERE work.is_done) AS completed,
        count(*) FILTER (WHERE work.first_at <= %(now)s - interval '14 days') AS ripe,
        count(*) FILTER (WHERE person.is_idle AND work.place = person.furthest) AS idle,
        count(*) FILTER (WHERE work.place < person.furthest) AS opened_and_on,
        count(*) FILTER (WHERE work.place < person.furthest AND work.is_done) AS done_and_on,
        sum(work.days)::int AS days
      FROM insight_work work JOIN person USING (user_id) GROUP BY person.day, work.lesson_id
    ), reach AS (
      SELECT day, furthest, count(*) AS people FROM person GROUP BY day, furthest
    ), beyond AS (
      SELECT reach.day, lesson.lesson_id,
        coalesce(sum(reach.people) FILTER (WHERE reach.furthest > lesson.place), 0) AS people
      FROM reach CROSS JOIN insight_lesson lesson GROUP BY reach.day, lesson.lesson_id
    ), spent AS (
      SELECT day, lesson_id, array_agg(minutes ORDER BY minutes) AS minutes,
        array_agg(people ORDER BY minutes) AS people
      FROM (SELECT person.day, lesson_id, minutes, count(*)::int AS people
        FROM insight_work JOIN person USING (user_id)
        GROUP BY person.day, lesson_id, minutes) AS one
      GROUP BY day, lesson_id
    ), task AS (
      SELECT day, lesson_id, count(*) AS tried,
        count(*) FILTER (WHERE passed_at IS NULL OR failed >= 5) AS stuck
      FROM (SELECT user_id, lesson_id, day, pass.at AS passed_at, count(*) FILTER (
          WHERE NOT try.is_ok AND (pass.at IS NULL OR try.at < pass.at)) AS failed
        FROM insight_try try LEFT JOIN insight_pass pass USING (user_id, lesson_id)
        GROUP BY user_id, lesson_id, day, pass.at) AS one
      GROUP BY day, lesson_id
    )
    SELECT beyond.day, beyond.lesson_id, coalesce(opened, 0) AS opened,
      coalesce(completed, 0) AS completed, coalesce(ripe, 0) AS ripe, coalesce(idle, 0) AS idle,
      beyond.people - coalesce(done_and_on, 0) AS passed_over,
      beyond.people - coalesce(opened_and_on, 0) AS unopened, coalesce(days, 0) AS days,
      coalesce(tried, 0) AS tried, coalesce(stuck, 0) AS stuck,
      coalesce(spent.minutes, '{}') AS minutes, coalesce(spent.people, '{}') AS people
    FROM beyond LEFT JOIN here USING (day, lesson_id) LEFT JOIN spent USING (day, lesson_id)
    LEFT JOIN task USING (day, lesson_id)
"""
