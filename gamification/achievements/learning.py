"""What is counted of lessons, courses, levels and people who were brought."""

# ruff: noqa: S608 - put together from the texts of this package alone

from gamification.achievements.facts import counted, each, of_kind, once

LESSONS = of_kind("LESSON_COMPLETED")
FIRST_LESSON = once(LESSONS)
LESSONS_COUNTED = counted(LESSONS)
COURSES_COUNTED = counted(of_kind("COURSE_COMPLETED"))

# Older events do not say of which kind the lesson was.
KINDS_COUNTED = counted("""
    SELECT done.user_id, min(done.at) AS at FROM happened done
    LEFT JOIN courses_lesson lesson ON lesson.id = CASE
      WHEN done.kind = 'LESSON_COMPLETED' AND NOT done.data ? 'kind' THEN done.thing::uuid END
    WHERE done.kind = 'LESSON_COMPLETED' AND coalesce(done.data->>'kind', lesson.kind)
      IN ('ARTICLE', 'VIDEO', 'CODE_EXAMPLE', 'INTERACTIVE')
    GROUP BY done.user_id, coalesce(done.data->>'kind', lesson.kind)
""")

# A module as it stands now: all of its lessons that are required and can be seen.
COUNTS = "status = 'PUBLISHED' AND deleted_at IS NULL AND is_required"
MODULES_COUNTED = counted(f"""
    SELECT done.user_id, max(done.at) AS at FROM happened done
    JOIN (SELECT id, module_id FROM courses_lesson WHERE {COUNTS}) lesson
      ON lesson.id = CASE WHEN done.kind = 'LESSON_COMPLETED' THEN done.thing::uuid END
    JOIN courses_module module ON module.id = lesson.module_id AND module.deleted_at IS NULL
    WHERE done.kind = 'LESSON_COMPLETED'
    GROUP BY done.user_id, lesson.module_id
    HAVING count(*) = (
      SELECT count(*) FROM courses_lesson WHERE module_id = lesson.module_id AND {COUNTS})
""")

# A certificate with a corrected name is no second one, and a revoked one is none.
CERTIFICATES_COUNTED = counted("""
    SELECT user_id, min(at) AS at FROM happened
    WHERE kind IN ('CERTIFICATE_ISSUED', 'CERTIFICATE_REVOKED')
    GROUP BY user_id, coalesce(data->>'course', subject)
    HAVING count(*) FILTER (WHERE kind = 'CERTIFICATE_ISSUED')
      > count(*) FILTER (WHERE kind = 'CERTIFICATE_REVOKED')
""")

# Assignments that pay a hundred XP or more: what stands for a project here.
PROJECTS_COUNTED = counted(
    each(
        "subject",
        "kind = 'LESSON_COMPLETED' AND data->>'kind' = 'ASSIGNMENT' AND (data->>'xp')::int >= 100",
    )
)

LEVEL = """
    SELECT user_id, at, (data->>'level')::int AS n FROM happened WHERE kind = 'LEVEL_REACHED'
"""

REFERRALS_COUNTED = counted("""
    SELECT referrer_id AS user_id, coalesce(settled_at, qualified_at) AS at
    FROM gamification_referral WHERE referrer_id {people} AND state = 'REWARDED'
""")
