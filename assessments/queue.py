"""What waits to be run, what runs, and what our side did not manage."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments.models import ModelRun, Rejudging, Run, RunnerCheck, Submission, Trial, Work
from assessments.models.attempt import CLOCK
from assessments.tasks import TAKEN_UP

RECENT = timedelta(days=7)
MOST_FAULTS = 10
# Drafts of a model are no code of learners: they have a page of their own.
KINDS = [model for model, _task in TAKEN_UP if model is not ModelRun]
NAMES = {
    Submission: _("Submission"),
    Run: _("Run of a program"),
    Trial: _("Trial of an assignment"),
    Rejudging: _("Judging again"),
    RunnerCheck: _("Test of the runner"),
}
PENDING, RUNNING, ERROR = Work.Status.PENDING, Work.Status.RUNNING, Work.Status.ERROR


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of work. `given_up` counts the last seven days."""

    name: str
    waiting: int
    running: int
    given_up: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that our side did not get through with, and why. The words are for staff."""

    name: str
    row: Work
    at: datetime

    @property
    def address(self) -> str:
        """Its record, for staff."""
        return reverse(f"admin:assessments_{self.row._meta.model_name}_change", args=[self.row.pk])

    @property
    def is_given_up(self) -> bool:
        return self.row.status == ERROR


def lines() -> list[Line]:
    """One query for each kind of work."""
    waiting, given_up = Q(status=PENDING), Q(status=ERROR, finished_at__gt=CLOCK - RECENT)
    found = []
    for model in KINDS:
        # By the indexes of what is open and of what is in trouble, however much is done.
        rows = rows_of(model).filter(Q(status__in=[PENDING, RUNNING]) | given_up)
        numbers = rows.aggregate(
            waiting=Count("pk", filter=waiting),
            running=Count("pk", filter=Q(status=RUNNING)),
            given_up=Count("pk", filter=given_up),
            oldest=Min("created_at", filter=waiting),
        )
        found.append(Line(name_of(model), **numbers))
    return found


def faults(limit: int = MOST_FAULTS) -> list[Fault]:
    """The latest faults of the last seven days, those that are tried again too."""
    found: list[Fault] = []
    for model in KINDS:
        recent = rows_of(model).filter(created_at__gt=CLOCK - RECENT).exclude(fault="")
        rows = recent.order_by("-created_at")[:limit]
        found += [Fault(name_of(model), row, row.finished_at or row.created_at) for row in rows]
    return sorted(found, key=lambda one: one.at, reverse=True)[:limit]


def stuck(since: timedelta) -> int:
    """How many rows have waited for so long that somebody should look. What is held runs on."""
    long_ago = Q(created_at__lt=CLOCK - since) & ~Q(leased_until__gt=CLOCK)
    return sum(rows_of(model).open().filter(long_ago).count() for model in KINDS)


def rows_of(model: type[Work]) -> Any:
    return model._default_manager.all().order_by()


def name_of(model: type[Work]) -> str:
    return str(NAMES[model])
