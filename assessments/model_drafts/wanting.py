"""Which finished work a model drafts feedback for: asked after each verdict, and by a sweep."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now

from accounts.models import User
from assessments.clock import read_clock
from assessments.model_drafts import budget, drafting
from assessments.models import Answer, Attempt, ModelRun, Submission, Work
from assessments.reviewing import reviews
from billing.features import allowed
from billing.models import Feature
from courses.models import Course

# Older work is left as it is when a model comes to a school, or comes back.
RECENT = timedelta(days=1)
# A message that was not answered for so long is taken for lost.
LATE = timedelta(minutes=1)
OFF = Course.Drafts.OFF


def submissions() -> QuerySet[Submission]:
    """Judged for a grade within a day, by learners, where drafts are wanted and none was asked.

    Whose plan has no drafts gets none, also when it has them later.
    """
    rows = Submission.objects.of_learners().filter(finished_at__gt=Now() - RECENT, model_run=None)
    rows = rows.filter(allowed(Feature.DRAFTS))
    return rows.exclude(assignment__lesson__course__ai_drafts=OFF)


def attempts() -> QuerySet[Attempt]:
    """Closed within a day, that count, by learners, where drafts are wanted and none was asked.

    Of an attempt in which nothing was answered there is nothing to say.
    """
    answered = Answer.objects.filter(attempt=OuterRef("pk")).exclude(chosen=[], text="")
    rows = Attempt.objects.of_learners().filter(
        Exists(answered), allowed(Feature.DRAFTS), closed_at__gt=Now() - RECENT, model_run=None
    )
    return rows.exclude(quiz__lesson__course__ai_drafts=OFF)


def want_for_submission(key: UUID) -> UUID | None:
    """Make the row of a draft that is wanted; return its key, None if there is nothing to ask."""
    return want(submissions().filter(pk=key).first()) if drafting.is_on() else None


def want_for_attempt(key: UUID) -> UUID | None:
    """The same for an attempt at a quiz."""
    return want(attempts().filter(pk=key).first()) if drafting.is_on() else None


@transaction.atomic
def want(subject: Submission | Attempt | None) -> UUID | None:
    """Make the row once. Where a limit is used up the row says that there is no draft, and why."""
    if subject is None:
        return None
    why = budget.why_spent(lock_learner(subject))
    outcome = {
        "status": Work.Status.FAILED,
        "outcome": ModelRun.Outcome.SPENT,
        "fault": why,
        "finished_at": read_clock(),
    }
    run, is_new = ModelRun.objects.get_or_create(
        **reviews.of_subject(subject), defaults=outcome if why else {}
    )
    return run.pk if is_new and not why else None


def lock_learner(subject: Submission | Attempt) -> User:
    """Whose drafts are counted one after the other: two at once would both find room for one."""
    return User.objects.select_for_update(no_key=True).get(pk=subject.user_id)


def forgotten(limit: int = 100) -> list[UUID]:
    """Make the rows whose message was lost; return the keys of those to be asked for."""
    if not drafting.is_on():
        return []
    late = Now() - LATE
    judged = submissions().filter(finished_at__lt=late).order_by("finished_at")[:limit]
    closed = attempts().filter(closed_at__lt=late).order_by("closed_at")[:limit]
    wanted: list[Submission | Attempt] = [*judged, *closed]
    return [key for one in wanted if (key := want(one))]
