"""What must always be true, as questions to the database: each answer is a row that breaks it.

Asked with a connection of their own, so they work whatever the site does, and while it works:
every question is one statement, and so one moment.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import psycopg

from progress.verification import WRONG as WRONG_PROGRESS


def twice(table: str, *columns: str) -> str:
    names = ", ".join(columns)
    known = " AND ".join(f"{column} IS NOT NULL" for column in columns)
    return (
        f"SELECT {names}, count(*) FROM {table} WHERE {known} GROUP BY {names} HAVING count(*) > 1"
    )


# At every moment, also in the middle of a fault.
ALWAYS: Mapping[str, str] = {
    "I1 an enrolment is there twice": twice("enrollments_enrollment", "user_id", "course_id"),
    "I1 a lesson is done twice": twice("progress_lessonprogress", "user_id", "lesson_id"),
    "I1 a source has paid twice": twice(
        "gamification_xptransaction", "user_id", "source_type", "source_key"
    ),
    "I1 an event is there twice": twice("activity_event", "user_id", "kind", "subject"),
    "I1 a message of Stripe's is there twice": twice("billing_webhookdelivery", "id"),
    "I1 somebody was told twice": twice("notifications_notification", "user_id", "kind", "subject"),
    "I1 a certificate is there twice": """
        SELECT user_id, course_id, count(*) FROM certificates_certificate
        WHERE revoked_at IS NULL GROUP BY user_id, course_id HAVING count(*) > 1""",
    "I2 a total is not the sum of its entries": """
        SELECT user_id, coalesce(total_xp, 0), coalesce(sum, 0)
        FROM gamification_standing FULL JOIN (
          SELECT user_id, sum(amount) FROM gamification_xptransaction GROUP BY user_id) AS entry
        USING (user_id) WHERE coalesce(total_xp, 0) <> coalesce(sum, 0)""",
    "I2 a level is not that of its total": """
        SELECT user_id, total_xp, level FROM gamification_standing
        WHERE level <> floor(sqrt(total_xp / 100))""",
    "I3 a lesson pays another amount than the first time": """
        SELECT id, amount, base, factor FROM gamification_xptransaction
        WHERE source_type = 'LESSON' AND amount <> round(base * factor)""",
    "I3 a count of done lessons is wrong": WRONG_PROGRESS.replace(
        "SELECT count(*) FROM progress_courseprogress progress",
        "SELECT progress.user_id, course_id, progress.done FROM progress_courseprogress progress",
    ),
    "I5 somebody is in none of the courses that were open, and nothing says they are due": """
        SELECT person.id, course.slug FROM accounts_user person CROSS JOIN courses_course course
        WHERE person.is_active AND person.deleted_at IS NULL AND person.role = 'USER'
          AND course.status = 'PUBLISHED' AND course.opens_to_all AND course.deleted_at IS NULL
          AND course.published_at <= person.date_joined
          AND EXISTS (SELECT FROM account_emailaddress WHERE user_id = person.id)
          AND NOT EXISTS (SELECT FROM enrollments_enrollment enrollment
            WHERE enrollment.user_id = person.id AND enrollment.course_id = course.id)
          AND NOT EXISTS (SELECT FROM enrollments_dueenrollment due
            WHERE due.user_id = person.id)""",
    "I5 somebody has no profile": """
        SELECT id FROM accounts_user person WHERE NOT EXISTS (
          SELECT FROM accounts_profile WHERE user_id = person.id)""",
    "I5 a lesson is done by somebody who is not in the course": """
        SELECT mark.user_id, mark.lesson_id FROM progress_lessonprogress mark
        JOIN courses_lesson lesson ON lesson.id = mark.lesson_id
        WHERE NOT EXISTS (SELECT FROM enrollments_enrollment enrollment
          WHERE enrollment.user_id = mark.user_id AND enrollment.course_id = lesson.course_id)""",
    "I5 a lesson is done and its course has no count": """
        SELECT mark.user_id, mark.lesson_id FROM progress_lessonprogress mark
        JOIN courses_lesson lesson ON lesson.id = mark.lesson_id
        WHERE NOT EXISTS (SELECT FROM progress_courseprogress progress
          WHERE progress.user_id = mark.user_id AND progress.course_id = lesson.course_id)""",
    "I5 a lesson is done and nothing says that it happened": """
        SELECT mark.user_id, mark.lesson_id FROM progress_lessonprogress mark
        WHERE NOT EXISTS (SELECT FROM activity_event WHERE user_id = mark.user_id
          AND kind = 'LESSON_COMPLETED' AND subject = 'lesson:' || mark.lesson_id)""",
    "I5 a lesson was completed and not paid, or paid and not completed": """
        SELECT user_id, subject FROM (SELECT user_id, subject FROM activity_event
          WHERE kind = 'LESSON_COMPLETED' AND (data->>'xp')::int > 0) AS happened
        FULL JOIN (SELECT user_id, source_key AS subject, id FROM gamification_xptransaction
          WHERE source_type = 'LESSON') AS paid USING (user_id, subject)
        WHERE paid.id IS NULL OR happened IS NULL""",
    "I5 a course was completed without a certificate": """
        SELECT event.user_id, event.subject FROM activity_event event
        WHERE kind = 'COURSE_COMPLETED' AND NOT EXISTS (SELECT FROM certificates_certificate
          WHERE user_id = event.user_id AND 'course:' || course_id = event.subject)""",
    "I5 an attempt is closed without a score": """
        SELECT id FROM assessments_attempt WHERE status <> 'OPEN' AND score IS NULL""",
}
# Once everything that was due had its time.
AFTERWARDS: Mapping[str, str] = {
    "I7 a sign-up waits": "SELECT user_id FROM enrollments_dueenrollment",
    "I7 code waits": """
        SELECT id, status FROM assessments_submission WHERE status IN ('PENDING', 'RUNNING')""",
    "I7 a program waits": """
        SELECT id, status FROM assessments_run WHERE status IN ('PENDING', 'RUNNING')""",
    "I7 a message of Stripe's waits": """
        SELECT id FROM billing_webhookdelivery WHERE state NOT IN ('DONE', 'IGNORED')""",
    "I7 mail waits": """
        SELECT id, state, fault FROM notifications_emaillog
        WHERE state IN ('DUE', 'CLAIMED', 'HANDED') AND due_at < now()""",
    "I7 somebody's badges were not looked at": "SELECT user_id FROM gamification_achievementsdue",
    "I7 a backfill waits": """
        SELECT id, status FROM enrollments_backfillrun WHERE status IN ('DUE', 'RUNNING')""",
    "I7 an attempt is open past its time": """
        SELECT id FROM assessments_attempt
        WHERE status = 'OPEN' AND deadline < now() - interval '60 seconds'""",
}
LEDGER = "SELECT id, to_jsonb(entry)::text FROM gamification_xptransaction entry"


def broken_now(link: "psycopg.Connection[Any]", questions: Mapping[str, str]) -> list[str]:
    """Sentences of what is broken, with the first rows that break it."""
    answers = ((name, link.execute(question).fetchmany(3)) for name, question in questions.items())
    return [f"{name}: {shown(rows)}" for name, rows in answers if rows]


def shown(rows: list[tuple[Any, ...]]) -> str:
    return "; ".join(", ".join(map(str, row)) for row in rows)


@dataclass
class Ledger:
    """Every entry that was ever seen: each stays as it was (I4)."""

    seen: dict[Any, str] = field(default_factory=dict)

    def look(self, link: "psycopg.Connection[Any]") -> list[str]:
        found = dict(link.execute(LEDGER).fetchall())
        changed = [str(key) for key, text in self.seen.items() if found.get(key) != text]
        self.seen |= found
        return [f"I4 an entry of the ledger is gone or changed: {changed[:3]}"] if changed else []


class Checker:
    """Asks one database, with a connection of its own each time."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.ledger = Ledger()

    def ask(self, questions: Mapping[str, str] = ALWAYS) -> list[str]:
        """What is broken. Raises psycopg.OperationalError if the server is away."""
        with psycopg.connect(self.url, autocommit=True, connect_timeout=3) as link:
            return broken_now(link, questions) + self.ledger.look(link)


class Watch:
    """Asks what must always be true, again and again, for as long as the block takes."""

    def __init__(self, checker: Checker, pause: float = 1.0) -> None:
        self.checker = checker
        self.pause = pause
        self.broken: list[str] = []
        self.looks = 0
        self.over = threading.Event()

    def __enter__(self) -> Self:
        self.thread = threading.Thread(target=self.look)
        self.thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.over.set()
        self.thread.join()

    def look(self) -> None:
        while not self.over.wait(self.pause):
            try:
                found = self.checker.ask()
            except psycopg.OperationalError:
                continue  # the server is away: that is somebody's experiment
            self.looks += 1
            self.broken += [one for one in found if one not in self.broken]


def settled(checker: Checker, seconds: float) -> tuple[list[str], float]:
    """What is still not done after so many seconds, and how long it took to be done."""
    began = time.monotonic()
    while (left := checker.ask(AFTERWARDS)) and time.monotonic() - began < seconds:
        time.sleep(0.5)
    return left, time.monotonic() - began
