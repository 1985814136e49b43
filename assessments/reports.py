"""Learners' reports of questions, and the answers to them."""

from django.db import connection, transaction
from django.utils.timezone import now

from accounts.keys import uuid7
from accounts.models import User
from activity.actions import record
from activity.models import Event
from assessments.errors import AlreadyReported, ReportClosed
from assessments.models import Question, QuestionReport

Status = QuestionReport.Status


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
        "question": str(report.question),
        "accepted": accepted,
        "reply": reply,
    }
    record(report.user, Event.Kind.REPORT_ANSWERED, f"report:{report.pk}", data, at=moment)
