"""What a learner and reviewers say to each other at the desk."""

from dataclasses import dataclass
from uuid import UUID

from assessments.models import AttemptAnalysis, Remark, Reply, Submission, SubmissionAnalysis


@dataclass(frozen=True, slots=True)
class Thread:
    """What a learner and reviewers say to each other about a remark, or about the whole."""

    analysis: SubmissionAnalysis | AttemptAnalysis
    remark: Remark | None
    replies: list[Reply]
    learner: UUID

    @property
    def waits(self) -> bool:
        return self.replies[-1].author_id == self.learner


def threads_of(analysis: SubmissionAnalysis, submission: Submission) -> list[Thread]:
    remarks = {row.pk: row for row in analysis.remarks.all()}
    found: dict[UUID | None, list[Reply]] = {}
    for reply in analysis.replies.all():
        found.setdefault(reply.remark_id, []).append(reply)
    return [
        Thread(analysis, remarks.get(key) if key else None, replies, submission.user_id)
        for key, replies in found.items()
    ]


def threads_of_attempt(analysis: AttemptAnalysis, learner: UUID) -> list[Thread]:
    """About a quiz there is one thread, about the whole. One query."""
    replies = list(analysis.replies.select_related("author").order_by("created_at", "pk"))
    return [Thread(analysis, None, replies, learner)] if replies else []
