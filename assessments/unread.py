"""What a model or a person has said to a learner, and whether that was read."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    DateTimeField,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Greatest

from accounts.models import User
from assessments.feedback import Seen
from assessments.models import Analysis, AttemptAnalysis, Reply, SubmissionAnalysis
from assessments.models.attempt import CLOCK

COUNT = Func(F("pk"), function="COUNT", output_field=IntegerField())
RULES = Q(kind=Analysis.Kind.RULES)
# As `feedback.voice_of` has it.
LET_OUT = Q(published_at__lte=CLOCK, drafted__isnull=False) & (
    Q(drafted__held=[]) | Q(drafted__held=None)
)
IS_UNREAD = Q(read_at=None) | Q(read_at__lt=F("said_at"))


def moment_if(condition: Q, name: str) -> Case:
    """A moment under a condition; else null."""
    return Case(When(condition, then=F(name)), output_field=DateTimeField())


def said_about_code(user: User) -> QuerySet[Any]:
    """All in which a model or a person has spoken to this learner, last of all at `said_at`.

    By a person (`sent`), by a model (`let_out`), by whoever answered a reply (`answered`).
    """
    rows: QuerySet[Any] = SubmissionAnalysis.objects.filter(submission__user=user).annotate(
        sent=moment_if(
            Q(submission__review__sent_at__lte=CLOCK) & ~RULES, "submission__review__sent_at"
        ),
        let_out=moment_if(LET_OUT & ~RULES, "published_at"),
        answered=Subquery(last_answer(user, "analysis").values("created_at")[:1]),
    )
    # Nobody can have asked for an answer to what cannot be seen.
    heard = RULES | Q(sent__isnull=False) | Q(let_out__isnull=False)
    return said(rows, moment_if(heard, "answered"))


def last_answer(user: User, of: str) -> QuerySet[Reply]:
    """Of the replies to an analysis those that others wrote, the last in front.

    `of`: the name that replies have for such an analysis.
    """
    rows = Reply.objects.filter(**{of: OuterRef("pk")}).exclude(author=user)
    return rows.order_by("-created_at", "-pk")


def with_answerer(user: User, rows: QuerySet[Any], of: str) -> QuerySet[Any]:
    """The rows, each with the name of whoever answered last."""
    name = Subquery(last_answer(user, of).values("author__name")[:1])
    found: QuerySet[Any] = rows.annotate(answerer=name)
    return found


def said_about_quizzes(user: User) -> QuerySet[Any]:
    """The same of quizzes."""
    rows: QuerySet[Any] = AttemptAnalysis.objects.filter(attempt__user=user).annotate(
        sent=moment_if(Q(attempt__review__sent_at__lte=CLOCK), "attempt__review__sent_at"),
        let_out=moment_if(LET_OUT, "published_at"),
        answered=Subquery(last_answer(user, "attempt_analysis").values("created_at")[:1]),
    )
    heard = Q(sent__isnull=False) | Q(let_out__isnull=False)
    return said(rows, moment_if(heard, "answered"))


def said(rows: QuerySet[Any], answered: Any) -> QuerySet[Any]:
    """Those in which anything was said, with when, and whether that was read."""
    # A person's words take the place of the draft.
    first = Case(When(sent=None, then=F("let_out")), default=F("sent"))
    heard = rows.annotate(said_at=Greatest(first, answered)).filter(said_at__isnull=False)
    unread = ExpressionWrapper(IS_UNREAD, output_field=BooleanField())
    found: QuerySet[Any] = heard.annotate(is_unread=unread)
    return found


def unread(user: User) -> Any:
    """How much this learner has not read yet, as a part of whatever query asks for it."""
    code, quizzes = (
        Subquery(rows.filter(is_unread=True).order_by().annotate(count=COUNT).values("count"))
        for rows in (said_about_code(user), said_about_quizzes(user))
    )
    return code + quizzes


def mark_read(rows: QuerySet[Any], seen: Iterable[Seen], moment: datetime) -> bool:
    """Note that the learner has read this, as of then. One update, if anything was unread.

    `rows` are the analyses that the page is about. Return whether anything was unread.
    """
    unread = [one.key for one in seen if one.is_unread]
    if unread:
        rows.filter(pk__in=unread).update(read_at=moment)
    return bool(unread)
