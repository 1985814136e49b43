"""What the same learner has handed in besides."""

from collections.abc import Sequence

from django.db.models import Q

from assessments.models import Submission
from assessments.reviewing.reviews import with_unsent_words

MOST_EARLIER = 20


def attempts_like(submission: Submission) -> list[Submission]:
    """The latest that the same learner handed in for it, and those with an open question."""
    rows = Submission.objects.graded().filter(
        user=submission.user_id, assignment=submission.assignment_id
    )
    shown = (
        "number", "status", "percent", "created_at", "review__decision", "review__submission",
        "review__waiting_since", "review__writer",
        "help_request__text", "help_request__created_at", "help_request__submission",
    )  # fmt: skip
    latest = rows.order_by("-number").values("pk")[:MOST_EARLIER]
    is_asked = Q(help_request__isnull=False, review__decision="")
    found = rows.filter(Q(pk__in=latest) | is_asked).select_related("review", "help_request")
    return list(with_unsent_words(found).only(*shown).order_by("-number"))


def open_questions(attempts: Sequence[Submission], here: Submission) -> list[Submission]:
    """Those besides `here` about which something was asked that nobody has answered."""
    asked = (one for one in attempts if getattr(one, "help_request", None) and one.pk != here.pk)
    pairs = ((one, getattr(one, "review", None)) for one in asked)
    return [one for one, review in pairs if review and review.waiting_since]
