"""Drafts pause by themselves while reviewers decide otherwise too often; staff try them again.

A pause is a row and stays until somebody ends it, so it cannot come and go with each decision.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from accounts import audit
from assessments.model_numbers import ENOUGH, OFTEN, SUGGESTED, is_override
from assessments.models import Analysis, DraftPause, SubmissionAnalysis
from assessments.models.attempt import CLOCK
from courses.models import Course

# Older decisions say little about the model that is asked today.
RECENT = timedelta(days=90)


def current() -> DraftPause | None:
    """The pause that lasts. One query."""
    return DraftPause.objects.filter(ended_at=None).first()


def pause_if_often() -> None:
    """Begin a pause if the last suggestions were overridden too often; again changes nothing."""
    if current():
        return
    pairs = last_decisions(DraftPause.objects.aggregate(last=Max("ended_at"))["last"])
    overridden = sum(is_override(*pair) for pair in pairs)
    if len(pairs) == ENOUGH and overridden > OFTEN * ENOUGH:
        # Of two at once the second finds the row of the first.
        pause = DraftPause(suggested=len(pairs), overridden=overridden)
        DraftPause.objects.bulk_create([pause], ignore_conflicts=True)


def last_decisions(since: datetime | None) -> Sequence[tuple[str, str]]:
    """What each of the last drafts suggested, and what its reviewer decided.

    Of courses where a person reads drafts first, and of drafts asked for after `since`.
    """
    drafts = SubmissionAnalysis.objects.filter(
        kind=Analysis.Kind.HYBRID,
        drafted__decision__in=list(SUGGESTED),
        submission__review__sent_at__lte=CLOCK,
        submission__review__decided_at__gt=CLOCK - RECENT,
        submission__assignment__lesson__course__ai_drafts=Course.Drafts.AFTER_REVIEW,
    )
    if since:
        drafts = drafts.filter(submission__model_run__created_at__gt=since)
    pairs = drafts.values_list("drafted__decision", "submission__review__decision")
    return list(pairs.order_by("-submission__review__decided_at", "pk")[:ENOUGH])


@transaction.atomic
def try_again() -> bool:
    """End the pause; drafts asked for from now on are judged anew. False: there was none."""
    pause = DraftPause.objects.select_for_update().filter(ended_at=None).first()
    if pause is None:
        return False
    DraftPause.objects.filter(pk=pause.pk).update(ended_at=CLOCK)
    audit.note("DRAFTS_TRIED_AGAIN", pause)
    return True
