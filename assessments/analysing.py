"""Writing what the built-in rules say of judged code. It never touches the verdict."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.timezone import now

from assessments.analyser import (
    LANGUAGES,
    AnalyserFailed,
    Findings,
    Unreadable,
    analyse_apart,
)
from assessments.models import Remark as RemarkRow
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
    assignment = submission.assignment
    try:
        findings = analyse_apart(assignment.language, submission.source, starter=assignment.starter)
    except Unreadable as error:
        return write(submission, {"text": NOT_READABLE.format(reason=error)})
    except AnalyserFailed:
        if submission.finished_at is None or now() - submission.finished_at < LAST_TRY:
            raise
        return write(submission, {"text": NOT_DONE})
    return write(submission, fields_of(findings), rows_of(findings))


@transaction.atomic
def write(
    submission: Submission, fields: dict[str, object], remarks: Sequence[RemarkRow] = ()
) -> SubmissionAnalysis:
    """Keep what the rules said, once."""
    analysis, is_new = SubmissionAnalysis.objects.rules().get_or_create(
        submission=submission, defaults={**fields, "kind": SubmissionAnalysis.Kind.RULES}
    )
    if is_new:
        for remark in remarks:
            remark.analysis = analysis
        RemarkRow.objects.bulk_create(remarks)
    return analysis


def due() -> QuerySet[Submission]:
    """Graded submissions with a verdict that nothing was said about yet, if there are rules."""
    rows = Submission.objects.graded().filter(
        percent__isnull=False, assignment__language__in=LANGUAGES
    )
    said = SubmissionAnalysis.objects.rules().filter(submission=OuterRef("pk"))
    return rows.exclude(Exists(said))


def overdue(limit: int = 100) -> list[UUID]:
    """Those whose message was lost."""
    late = due().filter(finished_at__lt=now() - LATE, finished_at__gt=now() - OLD)
    return list(late.order_by("finished_at").values_list("pk", flat=True)[:limit])


def fields_of(findings: Findings) -> dict[str, object]:
    figures = (findings.readability, findings.efficiency, findings.best_practices)
    given = [one for one in figures if one is not None]
    return {
        "readability": findings.readability,
        "efficiency": findings.efficiency,
        "best_practices": findings.best_practices,
        "overall": round(10 * sum(given) / len(given)) if given else None,
        "text": findings.text,
        "engine": findings.engine[:200],
        "form": findings.form,
        "form_places": findings.form_places,
    }


def rows_of(findings: Findings) -> list[RemarkRow]:
    """Its remarks as rows that are not kept yet."""
    sections = (
        (RemarkRow.Section.STRENGTH, findings.strengths),
        (RemarkRow.Section.WEAKNESS, findings.weaknesses),
        (RemarkRow.Section.SUGGESTION, findings.suggestions),
    )
    told = [(section, one) for section, remarks in sections for one in remarks]
    return [
        RemarkRow(
            section=section, text=one.text, line=one.line or None, rule=one.rule, position=place
        )
        for place, (section, one) in enumerate(told, 1)
    ]
