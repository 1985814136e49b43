"""What a learner changed from one attempt to the next, for who reviews one of them."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.differences import difference
from assessments.models import Submission
from studio.access import reviewers_only
from studio.views.desk import review_or_404


@require_safe
@reviewers_only
def changes(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What changed in one of the learner's submissions since the one before it."""
    found = review_or_404(pk)
    if found.submission is None:
        raise Http404(_("A quiz has no lines to compare."))
    after = earlier_or_404(found.submission, request.GET.get("of", ""))
    earlier = Submission.objects.graded().filter(
        user=after.user_id, assignment=after.assignment_id, number__lt=after.number or 0
    )
    before = earlier.order_by("-number").first()
    context = {
        "review": found, "submission": after, "before": before, "nav": "studio",
        "page": difference(before, after),
    }  # fmt: skip
    return render(request, "studio/review_changes.html", context)


def earlier_or_404(submission: Submission, key: str) -> Submission:
    """One that the same learner handed in for the same assignment."""
    rows = Submission.objects.graded().filter(
        user=submission.user_id, assignment=submission.assignment_id
    )
    try:
        found = rows.filter(pk=UUID(key)).first() if key else submission
    except ValueError:
        found = None
    if found is None:
        raise Http404(_("No such submission."))
    return found
