"""What the same learner has handed in besides."""

from assessments.models import Submission
from assessments.reviewing.reviews import with_unsent_words

MOST_EARLIER = 20


def attempts_like(submission: Submission) -> list[Submission]:
    """The latest that the same learner handed in for it, each with its review."""
    rows = Submission.objects.graded().filter(
        user=submission.user_id, assignment=submission.assignment_id
    )
    shown = ("number", "status", "percent", "created_at", "review__decision", "review__submission")
    found = rows.select_related("review").only(*shown).order_by("-number")
    return list(with_unsent_words(found)[:MOST_EARLIER])
