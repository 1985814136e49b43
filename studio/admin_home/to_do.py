"""What waits for a person: counted up to a bound, in one query, however large the school is."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet, Value
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.models import QuestionReport, Review
from billing.models import WebhookDelivery
from courses.models import CourseImport
from enrollments.models import DueEnrollment
from gamification.models import Referral

# Beyond so many nobody reads the number.
MOST = 100
# What a sweep has not done by itself within so long.
PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of things to do: of which row of the index, who may see it, and where it is done."""

    name: str | Promise
    model: str
    permission: str
    rows: Callable[[], QuerySet[Any]]
    address: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Task:
    name: str | Promise
    model: str
    number: str
    address: str


def unmatched() -> str:
    return f"{reverse('admin:billing_webhookdelivery_changelist')}?state__exact=UNMATCHED"


KINDS = (
    Kind(
        _("Reviews that wait"), "assessments.Review", "assessments.view_review",
        Review.objects.waiting, lambda: reverse("studio:reviews"),
    ),
    Kind(
        _("Open reports of questions"), "assessments.QuestionReport",
        "assessments.view_questionreport",
        lambda: QuestionReport.objects.filter(status=QuestionReport.Status.OPEN),
        lambda: reverse("studio:reports"),
    ),
    Kind(
        _("Imports that wait for a yes"), "courses.Course", "courses.change_course",
        lambda: CourseImport.objects.filter(status=CourseImport.Status.READY),
        lambda: reverse("studio:imports"),
    ),
    Kind(
        _("Referrals to look at"), "gamification.Standing", "gamification.view_referral",
        lambda: Referral.objects.filter(state=Referral.State.QUALIFIED).exclude(flags=[]),
        lambda: reverse("studio:referrals"),
    ),
    Kind(
        _("Messages of Stripe’s that belong to nobody"), "billing.WebhookDelivery",
        "billing.view_webhookdelivery",
        lambda: WebhookDelivery.objects.filter(state=WebhookDelivery.State.UNMATCHED), unmatched,
    ),
    Kind(
        _("Sign-ups that are not enrolled yet"), "enrollments.DueEnrollment",
        "enrollments.view_dueenrollment",
        lambda: DueEnrollment.objects.filter(created_at__lt=now() - PATIENCE),
        lambda: reverse("admin:enrollments_dueenrollment_changelist"),
    ),
)  # fmt: skip


def tasks_for(user: User) -> list[Task]:
    """What waits and this person may see; one query."""
    kinds = [kind for kind in KINDS if user.has_perm(kind.permission)]
    if not kinds:
        return []
    parts = [
        kind.rows()
        .order_by()
        .annotate(of=Value(str(kind.name)))
        .values_list("of", flat=True)[:MOST]
        for kind in kinds
    ]
    counted = Counter(parts[0].union(*parts[1:], all=True))
    return [
        Task(kind.name, kind.model, up_to_most(counted[str(kind.name)]), kind.address())
        for kind in kinds
        if counted[str(kind.name)]
    ]


def up_to_most(number: int) -> str:
    return f"{MOST - 1}+" if number >= MOST else str(number)
