"""Work to be reviewed in tests, without a runner and without a desk."""

from datetime import timedelta
from typing import Any

from accounts.models import User
from assessments.clock import read_clock
from assessments.models import Assignment, Remark, Review, Submission, SubmissionAnalysis
from assessments.models.attempt import CLOCK
from tests.assessments.code_builders import WRONG


def hand_in(user: User, assignment: Assignment, source: str = WRONG, **fields: Any) -> Submission:
    """A judged submission that did not pass, as if a worker had been at it."""
    number = Submission.objects.of(user).filter(assignment=assignment).count() + 1
    values = {
        "number": number, "is_graded": True, "status": "FAILED", "percent": 40, "points": 2,
        "out_of": 5, "revision": 1, "finished_at": read_clock(), **fields,
    }  # fmt: skip
    return Submission.objects.create(user=user, assignment=assignment, source=source, **values)


def draft_of(submission: Submission, *texts: str, text: str = "Looks fine.") -> SubmissionAnalysis:
    """What a model said: one weakness for each text."""
    drafted = {
        "overall": 60, "readability": 6, "efficiency": 6, "best_practices": 6, "text": text,
        "decision": "changes", "held": [],
    }  # fmt: skip
    analysis = SubmissionAnalysis.objects.create(
        submission=submission, kind="AI", text=text, drafted=drafted, engine="test", overall=60,
        readability=6, efficiency=6, best_practices=6,
    )  # fmt: skip
    Remark.objects.bulk_create(
        Remark(analysis=analysis, section="WEAKNESS", text=one, drafted=one, position=place, line=1)
        for place, one in enumerate(texts, 1)
    )
    return analysis


def decide(review: Review, reviewer: User, decision: str = "CHANGES") -> Review:
    """Decided and sent a minute ago, past taking it back."""
    ago = CLOCK - timedelta(minutes=1)
    Review.objects.filter(pk=review.pk).update(
        reviewer=reviewer, decision=decision, decided_at=ago, sent_at=CLOCK - timedelta(seconds=50),
        waiting_since=None, claimed_at=None, claimed_until=None,
    )  # fmt: skip
    review.refresh_from_db()
    return review


def run_out(review: Review) -> Review:
    """The claim is over, as if nobody had come back to it."""
    Review.objects.filter(pk=review.pk).update(claimed_until=CLOCK - timedelta(seconds=1))
    return review
