"""All that the first page of the admin shows beside its index."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from courses.models import CourseImport
from enrollments.models import BackfillRun
from studio.admin_home.to_do import Task, tasks_for
from studio.admin_home.vitals import Vital, vitals_for
from studio.setting_up.steps import Checklist, still_to_do

MOST_JOBS = 5


@dataclass(frozen=True, slots=True)
class Job:
    """An import or a backfill that somebody asked for, and how it stands."""

    name: str
    state: str
    at: datetime
    address: str


@dataclass(frozen=True, slots=True)
class AdminHome:
    setup: Checklist | None
    tasks: list[Task]
    vitals: list[Vital]
    jobs: list[Job]


def admin_home(user: User) -> AdminHome:
    """Twelve queries at most; more only while the school is being set up."""
    return AdminHome(still_to_do(user), tasks_for(user), vitals_for(user), jobs_for(user))


def jobs_for(user: User) -> list[Job]:
    """The newest first; two queries."""
    found = [*imports(user), *backfills(user)]
    return sorted(found, key=lambda job: job.at, reverse=True)[:MOST_JOBS]


def imports(user: User) -> list[Job]:
    if not user.has_perm("courses.change_course"):
        return []
    rows = CourseImport.objects.defer("plan", "report")[:MOST_JOBS]
    return [
        Job(
            _("Import of %(row)s") % {"row": row},
            row.get_status_display(),
            row.created_at,
            row.get_absolute_url(),
        )
        for row in rows
    ]


def backfills(user: User) -> list[Job]:
    if not user.has_perm("enrollments.view_backfillrun"):
        return []
    name, address = _("Enrolling everybody"), "admin:enrollments_backfillrun_change"
    return [
        Job(name, row.get_status_display(), row.created_at, reverse(address, args=[row.pk]))
        for row in BackfillRun.objects.order_by("-pk")[:MOST_JOBS]
    ]
