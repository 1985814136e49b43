"""How asking the model went day by day, what failed, and since when it is away."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.timezone import localdate

from assessments.model_numbers import FAULTS
from assessments.models import ModelRun
from assessments.models.attempt import CLOCK

Outcome = ModelRun.Outcome
# The endpoint itself, and not what it was asked, is the trouble; after so many in a row.
DOWN = (Outcome.AWAY, Outcome.TIMED_OUT, Outcome.BUSY, Outcome.FAULT)
# It answered, whatever the answer was worth.
ANSWERED = (
    Outcome.DRAFTED, Outcome.HELD, Outcome.REFUSED, Outcome.UNREADABLE, Outcome.TOO_LONG,
)  # fmt: skip
IN_A_ROW = 3
MOST_FAILURES = 20
LONGEST = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Day:
    """Drafts that were asked for on one day, by how that ended."""

    day: date
    drafted: int = 0
    held: int = 0
    failed: int = 0
    not_asked: int = 0
    waiting: int = 0

    @property
    def runs(self) -> int:
        return self.drafted + self.held + self.failed + self.not_asked + self.waiting


@dataclass(frozen=True, slots=True)
class Away:
    """The endpoint has failed this often in a row, the first time at `since`."""

    since: datetime
    times: int
    last: ModelRun


def days_of(window: timedelta) -> list[Day]:
    """Every day of so many until today, also those on which nothing was asked. One query."""
    today = localdate()
    first = today - window + timedelta(days=1)
    rows = (
        ModelRun.objects.filter(created_at__gt=CLOCK - window - timedelta(days=1))
        .order_by()
        .annotate(day=TruncDate("created_at"))
        .values("day")
        .annotate(
            drafted=Count("pk", filter=Q(outcome=Outcome.DRAFTED)),
            held=Count("pk", filter=Q(outcome=Outcome.HELD)),
            failed=Count("pk", filter=Q(outcome__in=FAULTS)),
            not_asked=Count("pk", filter=Q(outcome__in=ModelRun.NOT_ASKED)),
            waiting=Count("pk", filter=Q(outcome="")),
        )
    )
    found = {row["day"]: Day(**row) for row in rows}
    days = [first + timedelta(days=number) for number in range(window.days)]
    return [found.get(day) or Day(day) for day in days]


def failures(window: timedelta) -> list[ModelRun]:
    """The latest that came to nothing, at once or so far, newest first. One query."""
    failed = Q(outcome__in=FAULTS) | Q(outcome="", tries__gt=0) & ~Q(fault="")
    lately = ModelRun.objects.filter(failed, created_at__gt=CLOCK - window)
    return list(lately.defer("prompt", "answer").order_by("-created_at")[:MOST_FAILURES])


def away() -> Away | None:
    """Whether the endpoint is away, by the last that were asked of it. At most three queries."""
    ended = ModelRun.objects.filter(created_at__gt=CLOCK - LONGEST).order_by()
    good = ended.filter(outcome__in=ANSWERED).aggregate(last=Max("finished_at"))["last"]
    bad = ended.filter(outcome__in=DOWN)
    if good is not None:
        bad = bad.filter(finished_at__gt=good)
    row = bad.aggregate(since=Min("finished_at"), times=Count("pk"))
    if row["times"] < IN_A_ROW:
        return None
    return Away(row["since"], row["times"], _last(bad))


def _last(runs: QuerySet[ModelRun]) -> ModelRun:
    return runs.defer("prompt", "answer").latest("finished_at")
