"""Writing what the built-in rules say of judged code. It never touches the verdict."""

from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils.timezone import now

from assessments.analyser import (
    LANGUAGES,
    AnalyserFailed,
    Findings,
    Remark,
    Unreadable,
    analyse_apart,
)
from assessments.models import Submission, SubmissionAnalysis

NOT_READABLE = "The rules could not read this code: {reason}"
NOT_DONE = "The rules did not get through with this code. Its verdict stands."
LATE = timedelta(minutes=2)
LAST_TRY = timedelta(minutes=15)
OLD = timedelta(days=7)


def analyse(key: UUID) -> SubmissionAnalysis | None:
    """Analyse a judged submission once; None if there is nothing to analyse.

    Raises AnalyserFailed, which may be our fault: the sweep tries again, until it is late.
    """
    submission = due().select_related("assignment").filter(pk=key).first()
    if submission is None:
        return None
    try:
        fields = fields_of(analyse_apart(submission.assignment.language, submission.source))
    except Unreadable as error:
        fields = {"text": NOT_READABLE.format(reason=error)}
    except AnalyserFailed:
        if submission.finished_at is None or now() - submission.finished_at < LAST_TRY:
            raise
        fields = {"text": NOT_DONE}
    analysis, _ = SubmissionAnalysis.objects.get_or_create(submission=submission, defaults=fields)
    return analysis


def due() -> QuerySet[Submission]:
    """Graded submissions with a verdict that nothing was said about yet, if there are rules."""
    rows = Submission.objects.graded().filter(percent__isnull=False, analysis=None)
    return rows.filter(assignment__language__in=LANGUAGES)


def overdue(limit: int = 100) -> list[UUID]:
    """Those whose message was lost."""
    late = due().filter(finished_at__lt=now() - LATE, finished_at__gt=now() - OLD)
    return list(late.order_by("finished_at").values_list("pk", flat=True)[:limit])


def fields_of(findings: Findings) -> dict[str, object]:
    figures = (findings.readability, findings.efficiency, findings.best_practices)
    return {
        "readability": findings.readability,
        "efficiency": findings.efficiency,
        "best_practices": findings.best_practices,
        "overall": round(10 * sum(figures) / len(figures)),
        "strengths": as_rows(findings.strengths),
        "weaknesses": as_rows(findings.weaknesses),
        "suggestions": as_rows(findings.suggestions),
        "text": findings.text,
        "engine": findings.engine[:200],
    }


def as_rows(remarks: tuple[Remark, ...]) -> list[dict[str, object]]:
    return [{"text": one.text, "line": one.line, "rule": one.rule} for one in remarks]
