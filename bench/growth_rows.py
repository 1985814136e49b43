"""What everybody in a large school leaves besides marks, set-based: sessions, news, badges, work.

The seeding of `studio.scale` makes what counts hang on. Here are the rows that pages read among:
a range of people in one transaction.
"""

from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from accounts.models import Consent
from activity.models import Sharing
from assessments.models import (
    Answer,
    Assignment,
    Attempt,
    Quiz,
    Submission,
    SubmissionAnalysis,
    TestResult,
)
from courses.models import Course
from enrollments.models import Enrollment, LanguageEnrollment
from gamification.models import (
    Award,
    ChallengeEntry,
    ChallengeSolve,
    ReferralLink,
    Season,
    SeasonGoal,
    Streak,
)
from notifications.models import Contact, EmailLog, Notification, Preference
from studio.scale import DOMAIN
from studio.scale_rows import insert

BATCH = 50_000  # people
NOBODY = UUID(int=0)
TABLES = (
    Session, UserSession, Enrollment, LanguageEnrollment, Notification, EmailLog, Preference,
    Contact, Consent, Sharing, Award, Streak, SeasonGoal, ChallengeEntry, ChallengeSolve,
    ReferralLink, Attempt, Answer, Submission, TestResult, SubmissionAnalysis,
)  # fmt: skip
PERSON = f"""
    CREATE TEMP TABLE bench_person AS
    SELECT id, date_joined AS joined, substring(email from '[0-9]+')::int AS n, email,
      now() - interval '1 hour' * (1 + substring(email from '[0-9]+')::int %% 700) AS at
    FROM accounts_user WHERE id > %(after)s AND email LIKE '%%@{DOMAIN}'
    ORDER BY id LIMIT {BATCH}
"""
# One in five has closed an attempt, has handed in code, has entered each challenge.
WORK = """
    CREATE TEMP TABLE bench_attempt AS
    SELECT waymark_uuid7() AS id, id AS user_id, at, n FROM bench_person WHERE n %% 5 = 0;
    CREATE TEMP TABLE bench_try AS
    SELECT waymark_uuid7() AS id, id AS user_id, at, n, number
    FROM bench_person CROSS JOIN generate_series(1, 2) AS number WHERE n %% 5 = 1;
    CREATE TEMP TABLE bench_entry AS
    SELECT waymark_uuid7() AS id, person.id AS user_id, n, race.id AS challenge_id, race.opens_at
    FROM bench_person person CROSS JOIN gamification_challenge race WHERE n %% 5 = 2;
"""
DROPPED = "DROP TABLE IF EXISTS bench_person, bench_attempt, bench_try, bench_entry"


def add_rows(course: Course, after: UUID) -> UUID:
    """Add what people beyond this one leave; return the last of them."""
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(DROPPED)
            cursor.execute(PERSON, {"after": after})
            cursor.execute("SELECT id FROM bench_person ORDER BY id DESC LIMIT 1")
            found = cursor.fetchone()
            if found is None:
                break
            after = found[0]
            cursor.execute(WORK.replace("%%", "%"))
            cursor.execute("ANALYZE bench_person, bench_attempt, bench_try, bench_entry")
            add_news(cursor, course)
            add_motivation(cursor)
            add_work(cursor, course)
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ANALYZE {table._meta.db_table}")
    return after


def add_news(cursor: CursorWrapper, course: Course) -> None:
    """Signed in once, enrolled, told three things, mailed once."""
    key = "md5(id::text)"
    insert(cursor, Session, "bench_person", session_key=key, session_data="repeat('s', 300)",
           expire_date="now() + interval '14 days'")  # fmt: skip
    insert(cursor, UserSession, "bench_person", user="id", session_key=key, ip="'192.0.2.1'",
           created_at="at", last_seen_at="at", user_agent="'Firefox'")  # fmt: skip
    insert(cursor, Enrollment, "bench_person", user="id", course=f"'{course.pk}'::uuid",
           source="'SIGN_UP'", enrolled_at="joined")  # fmt: skip
    insert(cursor, LanguageEnrollment, "bench_person WHERE n %% 5 = 0", user="id",
           language=f"'{course.language_id}'::uuid", enrolled_at="joined")  # fmt: skip
    insert(
        cursor, Notification, "bench_person CROSS JOIN generate_series(1, 3) AS level", user="id",
        kind="'LEVEL_REACHED'", subject="'level:' || level", created_at="at",
        data="jsonb_build_object('level', level)", read_at="CASE WHEN level < 3 THEN at END",
    )  # fmt: skip
    insert(
        cursor, EmailLog, "bench_person", user="id", kind="'LEVEL_REACHED'", to="email",
        state="'SENT'", sent_at="at", created_at="at", due_at="at", subject="'You reached a level'",
        provider_id="id::text",
    )  # fmt: skip
    insert(cursor, Preference, "bench_person WHERE n %% 10 = 0", user="id", topic="'levels'",
           channel="'EMAIL'", is_on="false")  # fmt: skip
    insert(cursor, Contact, "bench_person WHERE n %% 10 = 0", user="id")
    insert(cursor, Consent, "bench_person", user="id", kind="'AGE'", is_given="true",
           text="'I am sixteen or older.'", at="joined")  # fmt: skip


def add_motivation(cursor: CursorWrapper) -> None:
    """A tenth lets others see things. Everybody has a streak behind them and two badges."""
    # By chance: when somebody learned hangs on their number.
    sharing = "bench_person WHERE abs(hashtext(id::text)) %% 10 = 3"
    insert(cursor, Sharing, sharing, user="id", is_on="true")
    keys = "(VALUES ('first-lesson'), ('early-bird')) AS badge (name)"
    insert(cursor, Award, f"bench_person CROSS JOIN {keys}", user="id", key="name", tier="1",
           earned_at="at")  # fmt: skip
    insert(
        cursor, Streak,
        "bench_person WHERE id NOT IN (SELECT user_id FROM gamification_streak)", user="id",
        length="n %% 7", best="7 + n %% 30",
        days="10 + n %% 40", last_date="at::date", settled_on="now()::date",
        alive_until="CASE WHEN n %% 7 > 0 THEN now()::date + 1 END",
    )  # fmt: skip
    running = f"'{Season.objects.get(slug='now').pk}'::uuid"
    insert(cursor, SeasonGoal, "bench_person WHERE n %% 2 = 0", user="id", season=running,
           days="15 + n %% 20")  # fmt: skip
    insert(cursor, ReferralLink, "bench_person WHERE n %% 10 = 0", user="id",
           code="left(md5(id::text || 'link'), 20)", created_at="joined")  # fmt: skip
    insert(
        cursor, ChallengeEntry, "bench_entry", id="id", user="user_id", challenge="challenge_id",
        started_at="opens_at + interval '1 minute' * (n %% 3000)",
        deadline="opens_at + interval '1 minute' * (n %% 3000 + 45)",
        finished_at="CASE WHEN opens_at + interval '1 minute' * (n %% 3000 + 45) < now()"
        " THEN opens_at + interval '1 minute' * (n %% 3000 + 45) END",
    )  # fmt: skip
    solved = "bench_entry JOIN gamification_challengetask task USING (challenge_id)"
    insert(
        cursor, ChallengeSolve, f"{solved} WHERE task.position <= 1 + n / 5 %% 3", user="user_id",
        task="task.id", entry="bench_entry.id",
        solved_at="opens_at + interval '1 minute' * (n %% 3000 + 9 * task.position + n %% 7)",
    )  # fmt: skip


def add_work(cursor: CursorWrapper, course: Course) -> None:
    """Attempts at a quiz with their answers, code with its results and what rules say of it."""
    quiz = Quiz.objects.filter(lesson__course=course).order_by("pk")[0]
    task = Assignment.objects.filter(lesson__course=course).order_by("pk")[0]
    insert(
        cursor, Attempt, "bench_attempt", id="id", user="user_id", quiz=f"'{quiz.pk}'::uuid",
        number="1", status="'SUBMITTED'", started_at="at - interval '9 minutes'", closed_at="at",
        score="8", out_of="10", percent="80", passed="true",
    )  # fmt: skip
    asked = f"assessments_question question WHERE question.quiz_id = '{quiz.pk}'"
    insert(
        cursor, Answer, f"bench_attempt CROSS JOIN {asked}", attempt="bench_attempt.id",
        question="question.id", position="question.position", seconds="40", saved_at="at",
        mark="1", points="1", text="'for'",
    )  # fmt: skip
    insert(
        cursor, Submission, "bench_try", id="id", user="user_id", assignment=f"'{task.pk}'::uuid",
        is_graded="true", number="number", source="repeat('let x = 1;', 40)", revision="1",
        percent="50 * number", points="number", out_of="2", created_at="at", due_at="at",
        status="CASE number WHEN 2 THEN 'PASSED' ELSE 'FAILED' END", outcome="''",
        finished_at="at + interval '1 second'",
    )  # fmt: skip
    cases = f"assessments_testcase test WHERE test.assignment_id = '{task.pk}'"
    insert(
        cursor, TestResult, f"bench_try CROSS JOIN {cases}", submission="bench_try.id",
        case="test.id", outcome="'PASSED'", was_visible="test.is_visible",
        position="test.position",
    )  # fmt: skip
    insert(cursor, SubmissionAnalysis, "bench_try", submission="id", kind="'RULES'",
           form="md5(n::text)", created_at="at")  # fmt: skip
