"""Learners' reports of questions, and the answers to them."""

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Case, Count, F, Func, QuerySet, UUIDField, Value, When
from django.utils.timezone import now

from accounts.keys import uuid7
from accounts.models import User
from activity.actions import record
from activity.models import Event
from assessments.errors import AlreadyReported, ReportClosed
from assessments.models import Answer, Attempt, Question, QuestionReport

Status = QuestionReport.Status
MOST_TEXTS = 4
WRITTEN = (Question.Kind.TEXT, Question.Kind.NUMERIC)
MOST_WRITTEN = """
    SELECT question_id, text, n FROM (
      SELECT answer.question_id, answer.text, count(*) AS n, row_number() OVER (
        PARTITION BY answer.question_id ORDER BY count(*) DESC, answer.text) AS place
      FROM assessments_answer answer
      JOIN assessments_attempt attempt ON attempt.id = answer.attempt_id
      WHERE answer.question_id = ANY(%s) AND answer.text <> ''
        AND attempt.status <> 'OPEN' AND NOT attempt.is_practice
      GROUP BY answer.question_id, answer.text) ranked
    WHERE place <= %s ORDER BY place
"""


@dataclass(slots=True)
class Said:
    """What everybody said to a question: in how many attempts, to which option, in what words."""

    asked: int = 0
    options: dict[UUID, int] = field(default_factory=dict)
    texts: list[tuple[str, int]] = field(default_factory=list)


def waiting_first() -> QuerySet[QuestionReport]:
    """All reports: those without an answer, then the others, the newest of each first."""
    waits = Case(When(status=Status.OPEN, then=Value(0)), default=Value(1))
    return QuestionReport.objects.order_by(waits, "-created_at", "pk")


def said_to(questions: Collection[Question]) -> dict[UUID, Said]:
    """What was said to each of some questions in finished attempts that count. Three queries."""
    found = {question.pk: Said() for question in questions}
    finished = Attempt.objects.closed().counted()
    answers = Answer.objects.filter(question__in=found, attempt__in=finished).order_by()
    count = Count("pk")
    for row in answers.values("question").annotate(n=count):
        found[row["question"]].asked = row["n"]
    option = Func(F("chosen"), function="unnest", output_field=UUIDField(), set_returning=True)
    chosen = answers.annotate(option=option).values("question", "option").annotate(n=count)
    for key, one, n in chosen.values_list("question", "option", "n"):
        found[key].options[one] = n
    written = [question.pk for question in questions if question.kind in WRITTEN]
    with connection.cursor() as cursor:
        cursor.execute(MOST_WRITTEN, [written, MOST_TEXTS])
        for key, text, n in cursor.fetchall():
            found[key].texts.append((text, n))
    return found


@transaction.atomic
def report_question(user: User, question: Question, text: str) -> None:
    """Say that a question is wrong. Raises AlreadyReported while an earlier word waits."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO assessments_questionreport
              (id, user_id, question_id, text, status, reply, created_at)
            VALUES (%s, %s, %s, %s, 'OPEN', '', %s)
            ON CONFLICT (user_id, question_id) WHERE status = 'OPEN' DO NOTHING
            """,
            [uuid7(), user.pk, question.pk, text, now()],
        )
        if not cursor.rowcount:
            raise AlreadyReported


@transaction.atomic
def answer_report(report: QuestionReport, *, by: User, accepted: bool, reply: str) -> None:
    """Tell the learner what became of the report. Raises ReportClosed the second time."""
    status, moment = Status.ACCEPTED if accepted else Status.DECLINED, now()
    waiting = QuestionReport.objects.filter(pk=report.pk, status=Status.OPEN)
    if not waiting.update(status=status, reply=reply, replied_by=by, replied_at=moment):
        raise ReportClosed
    quiz = report.question.quiz
    data = {
        "title": quiz.lesson.title,
        "url": quiz.get_absolute_url(),
        "quiz": str(quiz.pk),
        "course_title": quiz.lesson.course.title,
        "question": str(report.question),
        "accepted": accepted,
        "reply": reply,
    }
    record(report.user, Event.Kind.REPORT_ANSWERED, f"report:{report.pk}", data, at=moment)
