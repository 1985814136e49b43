"""What waits for an answer of staff, for the tabs of every page."""

from dataclasses import dataclass

from django.db.models import Count, Value

from assessments.models import HelpRequest, QuestionReport


@dataclass(frozen=True, slots=True)
class Waiting:
    """Reports of questions, and questions about code, that have no answer yet."""

    reports: int
    questions: int


def waiting() -> Waiting:
    """One query."""
    reports = QuestionReport.objects.filter(status=QuestionReport.Status.OPEN).order_by()
    questions = HelpRequest.objects.filter(replied_at=None).order_by()
    counted = [
        rows.annotate(of=Value(name)).values("of").annotate(n=Count("pk"))
        for name, rows in (("reports", reports), ("questions", questions))
    ]
    found = {row["of"]: row["n"] for row in counted[0].union(counted[1], all=True).order_by()}
    return Waiting(found.get("reports", 0), found.get("questions", 0))
