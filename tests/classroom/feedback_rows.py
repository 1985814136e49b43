"""What models and people said, as rows: a page is tested without a model and without a desk."""

from datetime import timedelta
from typing import Any

from accounts.models import User
from assessments.clock import read_clock
from assessments.models import (
    Attempt,
    AttemptAnalysis,
    ModelRun,
    Remark,
    Reply,
    Review,
    Submission,
    SubmissionAnalysis,
)


def ago(**past: float) -> Any:
    return read_clock() - timedelta(**past)


def say(submission: Submission, text: str, *remarks: str, **fields: Any) -> SubmissionAnalysis:
    """What a person has written; seen once their review is sent. Remarks are about line 2."""
    values = {"kind": "MANUAL", "text": text, **fields}
    analysis = SubmissionAnalysis.objects.create(submission=submission, **values)
    for remark in remarks:
        add(analysis, remark)
    return analysis


def add(analysis: SubmissionAnalysis, text: str, **fields: Any) -> Remark:
    values = {"section": "WEAKNESS", "line": 2, "position": analysis.remarks.count() + 1, **fields}
    return Remark.objects.create(analysis=analysis, text=text, **values)


def draft(submission: Submission, text: str, *remarks: str, at_once: bool) -> SubmissionAnalysis:
    """What a model has said, and nobody has changed."""
    drafted = {
        "overall": 60, "readability": 6, "efficiency": 7, "best_practices": 8, "text": text,
        "decision": "changes", "held": [],
    }  # fmt: skip
    figures = {name: drafted[name] for name in ("readability", "efficiency", "best_practices")}
    published_at = ago(minutes=2) if at_once else None
    analysis = say(
        submission, text, kind="AI", drafted=drafted, published_at=published_at, **figures
    )
    for one in remarks:
        add(analysis, one, drafted=one)
    return analysis


def review_of(subject: Submission | Attempt, **fields: Any) -> Review:
    place = "submission" if isinstance(subject, Submission) else "attempt"
    values = {"reason": "DRAFT", "waiting_since": ago(minutes=5), **fields}
    return Review.objects.create(**{place: subject}, **values)


def sent_by(
    reviewer: User, subject: Submission | Attempt, decision: str = "ACCEPTED", **fields: Any
) -> Review:
    """A decision past the time to take it back."""
    values = {
        "waiting_since": None, "reviewer": reviewer, "decision": decision,
        "decided_at": ago(seconds=40), "sent_at": ago(seconds=30), **fields,
    }  # fmt: skip
    return review_of(subject, **values)


def run_of(subject: Submission | Attempt, outcome: str = "", **fields: Any) -> ModelRun:
    """A run of a model: without an outcome one that is still going on."""
    place = "submission" if isinstance(subject, Submission) else "attempt"
    ended = {"status": "FAILED", "finished_at": ago(seconds=5)} if outcome else {}
    return ModelRun.objects.create(**{place: subject}, outcome=outcome, **{**ended, **fields})


def reply_by(author: User, analysis: SubmissionAnalysis, text: str, **fields: Any) -> Reply:
    return Reply.objects.create(author=author, analysis=analysis, text=text, **fields)


def tell(attempt: Attempt, text: str, **fields: Any) -> AttemptAnalysis:
    return AttemptAnalysis.objects.create(
        attempt=attempt, text=text, **{"kind": "MANUAL", **fields}
    )
