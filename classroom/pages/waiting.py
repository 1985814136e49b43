"""Code that waits to be run: its place in the queue, and when to look again."""

from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Avg, F

from assessments.models import Run, Submission, Work
from assessments.verdicts import Place, next_look, waiting
from assessments.work import ahead_of

JUDGED, KEPT = 50, 30  # the last so many; seconds that their mean is remembered
FIRST_GUESS = 2.0


@dataclass(frozen=True, slots=True)
class Wait:
    """A submission or run without an outcome: what is told, and when its page asks again."""

    work: Submission | Run
    told: str
    delay: int
    is_long: bool


def wait_of(work: Submission | Run, what: str = "tests") -> Wait:
    """At most two queries. The row carries the clock as `moment`."""
    since = (work.moment - work.created_at).total_seconds()
    running = (work.moment - work.started_at).total_seconds() if work.started_at else 0.0
    place = place_of(work) if work.status == Work.Status.PENDING and not work.fault else None
    return Wait(work, waiting(work, place, running, what=what), next_look(since), since > 10)


def place_of(work: Submission | Run) -> Place:
    """How many were there before, of whichever kind."""
    return Place(ahead_of(work), mean_seconds())


def mean_seconds() -> float:
    """How long judging took on average lately."""
    known: float | None = cache.get("mean-seconds-of-judging")
    if known is None:
        known = measured()
        cache.set("mean-seconds-of-judging", known, KEPT)
    return known


def measured() -> float:
    judged = Submission.objects.filter(percent__isnull=False, started_at__isnull=False)
    lately = judged.order_by("-finished_at")[:JUDGED]
    mean = lately.aggregate(mean=Avg(F("finished_at") - F("started_at")))["mean"]
    return float(mean.total_seconds()) if mean else FIRST_GUESS
