"""Who is in a course, how far, and the points of each plain sign: one query over the facts.

Each part names what it finds (WITH ... AS); PAGE shows one page of what the last of them says.
"""

from studio.insights.population import PEOPLE
from studio.insights.reasons import REACH_OUT, WATCH

COURSE = """
    lesson AS MATERIALIZED (
      SELECT lesson.id, lesson.title, lesson.is_required, lesson.minutes
      FROM courses_lesson lesson JOIN courses_module module ON module.id = lesson.module_id
      WHERE lesson.course_id = %(course)s AND lesson.status = 'PUBLISHED'
        AND lesson.deleted_at IS NULL AND module.deleted_at IS NULL
    ), needed AS (
      SELECT count(*)::int AS total,
        greatest(%(least)s, ceil(coalesce(sum(minutes), 0) * 7.0 / %(a_week)s))::int AS planned
      FROM lesson WHERE is_required
    ), task AS MATERIALIZED (
      SELECT task.id, lesson.id AS lesson_id, lesson.title
      FROM assessments_assignment task JOIN lesson ON lesson.id = task.lesson_id
    ), quiz AS MATERIALIZED (
      SELECT quiz.id, lesson.title
      FROM assessments_quiz quiz JOIN lesson ON lesson.id = quiz.lesson_id
    )
"""
# What became of each assignment and quiz, for each person: read once, asked twice.
TRIED = """
    tried AS MATERIALIZED (
      SELECT task.id AS assignment_id, tries.* FROM task CROSS JOIN LATERAL (
        SELECT user_id, min(created_at) AS first_at, max(created_at) AS last_at,
          count(*) FILTER (WHERE status = 'FAILED') AS failed,
          bool_or(is_graded AND status = 'PASSED') AS is_passed
        FROM assessments_submission WHERE assignment_id = task.id GROUP BY user_id) AS tries
    ), attempted AS MATERIALIZED (
      SELECT user_id, min(started_at) AS first_at, max(coalesce(closed_at, started_at)) AS last_at,
        max(closed_at) FILTER (WHERE passed AND NOT is_practice) AS passed_at,
        count(*) FILTER (WHERE NOT passed AND NOT is_practice) AS failed
      FROM assessments_attempt WHERE quiz_id IN (SELECT id FROM quiz) GROUP BY user_id
    )
"""
REPLIES = """
      FROM assessments_reply reply
      LEFT JOIN assessments_submissionanalysis code ON code.id = reply.analysis_id
      LEFT JOIN assessments_submission submission ON submission.id = code.submission_id
      LEFT JOIN assessments_attemptanalysis words ON words.id = reply.attempt_analysis_id
      LEFT JOIN assessments_attempt attempt ON attempt.id = words.attempt_id
      WHERE (submission.assignment_id IN (SELECT id FROM task)
        OR attempt.quiz_id IN (SELECT id FROM quiz))
"""
# How much is done, and when somebody was in the course first and last. Whatever was answered in an
# attempt that is closed lies between its beginning and its end.
WORK = f"""
    work AS (
      SELECT user_id, max(done) AS done, min(first_at) AS first_at, max(last_at) AS last_at FROM (
        SELECT user_id, count(*) FILTER (WHERE is_required)::int AS done,
          min(completed_at) AS first_at, max(completed_at) AS last_at
        FROM progress_lessonprogress JOIN lesson ON lesson.id = lesson_id GROUP BY user_id
        UNION ALL
        SELECT user_id, 0, min(first_viewed_at), max(last_viewed_at)
        FROM progress_lessonview JOIN lesson ON lesson.id = lesson_id GROUP BY user_id
        UNION ALL
        SELECT user_id, 0, min(created_at), max(created_at)
        FROM assessments_run JOIN lesson ON lesson.id = lesson_id GROUP BY user_id
        UNION ALL
        SELECT user_id, 0, first_at, last_at FROM tried
        UNION ALL
        SELECT user_id, 0, first_at, last_at FROM attempted
        UNION ALL
        SELECT user_id, 0, min(saved_at), max(saved_at) FROM assessments_answer answer
        JOIN assessments_attempt attempt ON attempt.id = answer.attempt_id
        JOIN quiz ON quiz.id = attempt.quiz_id WHERE attempt.status = 'OPEN' GROUP BY user_id
        UNION ALL
        SELECT author_id, 0, min(reply.created_at), max(reply.created_at) {REPLIES}
        GROUP BY author_id
      ) AS part GROUP BY user_id
    )
"""  # noqa: S608 - put together from parts above
HAS_COMPLETED = """(place.status = 'COMPLETED' OR progress.completed_at IS NOT NULL
          OR needed.total > 0 AND coalesce(work.done, 0) = needed.total)"""
# Who is still at it and has not said that they are away. OFFSET 0 keeps what is found here from
# being found again for each sign.
PERSON = f"""
    person AS (
      SELECT place.user_id, place.enrolled_at, work.first_at, work.last_at,
        coalesce(work.done, 0) AS done, needed.total, needed.planned,
        {HAS_COMPLETED} AS has_completed,
        place.status = 'ACTIVE' AND NOT {HAS_COMPLETED}
          AND place.user_id NOT IN (SELECT user_id FROM gamification_pause
            WHERE %(today)s BETWEEN first AND last) AS is_at_it
      FROM place CROSS JOIN needed LEFT JOIN work USING (user_id)
      LEFT JOIN progress_courseprogress progress
        ON progress.user_id = place.user_id AND progress.course_id = %(course)s
      OFFSET 0
    )
"""  # noqa: S608 - put together from parts above
# A pace is kept as the two sides of a fraction, so that whole numbers decide: microseconds, which a
# double holds exactly, and is compared much faster than `numeric`.
SPENT = "round(1000000 * date_part('epoch', {until} - first_at))"
NEEDED = "86400000000::float8 * planned * {done}"
# Between half and seven tenths of the planned pace, whoever was slow stays it until they were not.
# They are few, so each is looked up.
LAGS = f"""
    SELECT max(nth) FILTER (WHERE spent >= 7 * 86400000000
        AND {NEEDED.format(done="10 * (nth - 1)")} < 5 * total * spent)
      > coalesce(max(nth) FILTER (WHERE {NEEDED.format(done="10 * nth")} >= 7 * total * spent), 0)
    FROM (SELECT row_number() OVER (ORDER BY completed_at) AS nth,
        {SPENT.format(until="completed_at")} AS spent
      FROM progress_lessonprogress mark WHERE mark.user_id = person.user_id
        AND mark.lesson_id IN (SELECT id FROM lesson WHERE is_required)) AS step
"""  # noqa: S608 - formulas above
AHEAD, BEHIND = NEEDED.format(done="10 * done"), f"total * {SPENT.format(until='%(now)s')}"
SLOW = f"""
    CASE WHEN NOT is_at_it OR total = 0 OR first_at IS NULL
        OR first_at > %(now)s - interval '7 days' OR {AHEAD} >= 7 * {BEHIND} THEN 0
      WHEN {AHEAD} < 5 * {BEHIND} OR ({LAGS}) THEN 2 ELSE 0 END
"""
# Few failed so often without passing, so their work is looked up: OFFSET 0 keeps it so. Whoever
# passed a quiz is failing only by what they finished since: few have two such attempts.
STUCK = """
    stuck AS (
      SELECT DISTINCT ON (user_id) user_id, title, work.*
      FROM tried JOIN task ON task.id = assignment_id CROSS JOIN LATERAL (
        SELECT max(created_at) AS at, min(created_at) AS began,
          count(*) FILTER (WHERE is_graded)::int AS failed,
          count(*) FILTER (WHERE NOT is_graded)::int AS runs
        FROM assessments_submission submission WHERE submission.user_id = tried.user_id
          AND submission.assignment_id = tried.assignment_id AND status = 'FAILED' OFFSET 0) AS work
      WHERE NOT is_passed AND tried.failed >= 5 AND (work.failed >= 5 OR runs >= 15)
        AND (at AT TIME ZONE 'UTC')::date > (began AT TIME ZONE 'UTC')::date
      ORDER BY user_id, at DESC, title
    ), finished AS (
      SELECT attempt.user_id, quiz.title, passed, closed_at AS at, row_number() OVER (
        PARTITION BY attempt.user_id ORDER BY closed_at DESC, attempt.id DESC) AS nth
      FROM attempted JOIN assessments_attempt attempt USING (user_id)
      JOIN quiz ON quiz.id = quiz_id
      WHERE attempted.failed >= 2 AND status <> 'OPEN' AND NOT is_practice
        AND closed_at >= coalesce(passed_at, '-infinity')
    ), failing AS (
      SELECT user_id, max(at) AS at, max(title) FILTER (WHERE nth = 1) AS title
      FROM finished WHERE nth <= 2 GROUP BY user_id
      HAVING count(*) = 2 AND NOT bool_or(passed)
        AND (max(at) AT TIME ZONE 'UTC')::date > (min(at) AT TIME ZONE 'UTC')::date
    )
"""
REVIEWED = """
    reviewed AS (
      SELECT submission.user_id, task.title, review.decision, review.sent_at, words.read_at,
        CASE WHEN review.reason = 'HELP' AND review.waiting_since IS NOT NULL
          THEN coalesce(asked.created_at, review.waiting_since) END AS asked_at
      FROM assessments_review review JOIN assessments_submission submission
        ON submission.id = review.submission_id
      JOIN task ON task.id = submission.assignment_id
      LEFT JOIN assessments_submissionanalysis words
        ON words.submission_id = submission.id AND words.kind <> 'RULES'
      LEFT JOIN assessments_helprequest asked ON asked.submission_id = submission.id
      UNION ALL
      SELECT attempt.user_id, quiz.title, review.decision, review.sent_at, words.read_at,
        CASE WHEN review.reason = 'HELP' AND review.waiting_since IS NOT NULL
          THEN coalesce(asked.created_at, review.waiting_since) END AS asked_at
      FROM assessments_review review JOIN assessments_attempt attempt
        ON attempt.id = review.attempt_id
      JOIN quiz ON quiz.id = attempt.quiz_id
      LEFT JOIN assessments_attemptanalysis words ON words.attempt_id = attempt.id
      LEFT JOIN assessments_helprequest asked ON asked.attempt_id = attempt.id
    ), unread AS (
      SELECT DISTINCT ON (user_id) user_id, title, sent_at AS at FROM reviewed
      WHERE decision = 'CHANGES' AND sent_at <= %(now)s - interval '5 days'
        AND (read_at IS NULL OR read_at < sent_at)
      ORDER BY user_id, sent_at DESC, title
    ), help AS (
      SELECT DISTINCT ON (user_id) user_id, title, asked_at AS at FROM reviewed
      WHERE asked_at <= %(now)s - interval '24 hours' ORDER BY user_id, asked_at, title
    )
"""
# Texts wait for the few people who are shown.
SIGNS = """
    sign AS (
      SELECT person.*,
        CASE WHEN NOT is_at_it OR last_at IS NULL THEN 0
          WHEN last_at <= %(now)s - interval '14 days' THEN 3
          WHEN last_at <= %(now)s - interval '7 days' THEN 2 ELSE 0 END AS silent,
        CASE WHEN is_at_it AND first_at IS NULL AND enrolled_at <= %(now)s - interval '3 days'
          THEN 2 ELSE 0 END AS unstarted,
        {slow} AS slow,
        CASE WHEN is_at_it AND stuck.at IS NOT NULL THEN 3 ELSE 0 END AS stuck,
        CASE WHEN is_at_it AND failing.at IS NOT NULL THEN 2 ELSE 0 END AS failing,
        CASE WHEN is_at_it AND unread.at IS NOT NULL THEN 1 ELSE 0 END AS unread,
        CASE WHEN is_at_it AND help.at IS NOT NULL THEN 3 ELSE 0 END AS help,
        coalesce(%(now)s < aside.at + CASE aside.kind WHEN 'CONTACTED' THEN %(contacted)s
          ELSE %(no_concern)s END, false) AS is_aside
      FROM person
      LEFT JOIN stuck USING (user_id) LEFT JOIN failing USING (user_id)
      LEFT JOIN unread USING (user_id) LEFT JOIN help USING (user_id)
      LEFT JOIN progress_attentionmark aside
        ON aside.user_id = person.user_id AND aside.course_id = %(course)s
      OFFSET 0
    ), scored AS MATERIALIZED (
      SELECT *, silent + unstarted + slow + stuck + failing + unread + help AS points FROM sign
    ), counted AS (
      SELECT count(*)::int AS everybody,
        count(*) FILTER (WHERE points >= {watch} AND NOT is_aside)::int AS attention,
        count(*) FILTER (WHERE points >= {reach_out} AND NOT is_aside)::int AS reach_out,
        count(*) FILTER (WHERE unstarted > 0 AND NOT is_aside)::int AS never_started,
        count(*) FILTER (WHERE is_aside)::int AS set_aside
      FROM scored
    )
"""
LEVELS = {"watch": WATCH, "reach_out": REACH_OUT}
SHOWN = {
    "attention": "points >= {watch} AND NOT is_aside",
    "everybody": "true",
    "never_started": "unstarted > 0 AND NOT is_aside",
    "aside": "is_aside",
}
PAGE = """
    SELECT counted.*, shown.*, who.name,
      stuck.title AS stuck_title, stuck.failed AS stuck_failed, stuck.runs AS stuck_runs,
      stuck.at AS stuck_at, failing.title AS failing_title, failing.at AS failing_at,
      unread.title AS unread_title, unread.at AS unread_at, help.title AS help_title,
      help.at AS help_at, aside.kind AS aside, aside.at AS aside_at, helper.name AS aside_by
    FROM counted LEFT JOIN (SELECT * FROM scored WHERE {shown}
      ORDER BY points DESC, last_at DESC NULLS LAST, user_id LIMIT %(limit)s
      OFFSET (SELECT %(limit)s * greatest(0, least(%(page)s - 1, (counted.{which} - 1) / %(limit)s))
        FROM counted)) AS shown ON true
    LEFT JOIN accounts_user who ON who.id = shown.user_id
    LEFT JOIN stuck ON stuck.user_id = shown.user_id
    LEFT JOIN failing ON failing.user_id = shown.user_id
    LEFT JOIN unread ON unread.user_id = shown.user_id
    LEFT JOIN help ON help.user_id = shown.user_id
    LEFT JOIN progress_attentionmark aside
      ON aside.user_id = shown.user_id AND aside.course_id = %(course)s
    LEFT JOIN accounts_user helper ON helper.id = aside.by_id
    ORDER BY shown.points DESC, shown.last_at DESC NULLS LAST, shown.user_id
"""


# For one person the tables that hold everybody's work hold theirs alone: a name of WITH stands
# before a table's.
OWN = ", ".join(
    f"{table} AS (SELECT * FROM {table} WHERE {column} = %(user)s)"  # noqa: S608 - names above
    for table, column in (
        ("progress_lessonprogress", "user_id"), ("progress_lessonview", "user_id"),
        ("assessments_run", "user_id"), ("assessments_submission", "user_id"),
        ("assessments_attempt", "user_id"), ("assessments_reply", "author_id"),
        ("enrollments_enrollment", "user_id"),
    )
)  # fmt: skip


def student_sql() -> str:
    """The same about one person."""
    return students_sql("everybody").replace("WITH ", f"WITH {OWN}, ", 1)


def students_sql(shown: str) -> str:
    which = "set_aside" if shown == "aside" else shown
    return f"{scored_sql()} {PAGE.format(shown=chosen(shown), which=which)}"


def named_sql() -> str:
    """Whom the list names, and nothing else of them."""
    return f"{scored_sql()} SELECT user_id FROM scored WHERE {chosen('attention')}"  # noqa: S608


def scored_sql() -> str:
    who = f"place AS ({PEOPLE} AND place.status <> 'DROPPED' AND person.is_active)"
    parts = [who, COURSE, TRIED, WORK, PERSON, STUCK, REVIEWED, SIGNS.format(slow=SLOW, **LEVELS)]
    return f"WITH {', '.join(parts)}"


def chosen(shown: str) -> str:
    return SHOWN[shown].format(**LEVELS)
