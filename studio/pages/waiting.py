"""What waits for an answer of staff or reviewers, for the tabs of every page."""

from dataclasses import dataclass

from django.db.models import Count, Value

from assessments.models import QuestionReport, Review


@dataclass(frozen=True, slots=True)
class Waiting:
    """Reports of questions without an answer, and work that waits for a review."""

    reports: int
    reviews: int


def waiting() -> Waiting:
    """One query."""
    reports = QuestionReport.objects.filter(status=QuestionReport.Status.OPEN).order_by()
    reviews = Review.objects.waiting().order_by()
    counted = [
        rows.annotate(of=Value(name)).values("of").annotate(n=Count("pk"))
        for name, rows in (("reports", reports), ("reviews", reviews))
    ]
    found = {row["of"]: row["n"] for row in counted[0].union(counted[1], all=True).order_by()}
    return Waiting(found.get("reports", 0), found.get("reviews", 0))
