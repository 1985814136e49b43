"""Plans that staff give and take back. What was given stays on record."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext

from accounts import audit
from accounts.models import User
from activity.actions import record
from activity.models import Event
from billing.errors import BillingRefused
from billing.models import Grant, Plan
from courses.models import Tier


class NothingGiven(BillingRefused):
    """The grant would open nothing, or nobody would know why it was made."""


@transaction.atomic
def grant_plan(
    user: User, tier: Tier, reason: str, by: User, until: datetime | None = None
) -> tuple[Grant, bool]:
    """Give the plan from now on; the flag says whether the same had not been given already."""
    moment = now()
    check(tier, reason, until, moment)
    # Two at once give it once: the second waits here and finds it.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    plan, _ = Plan.objects.get_or_create(tier=tier)
    same = Grant.objects.open_at(moment).filter(user=user, plan=plan, until=until).first()
    if same is not None:
        return same, False
    grant = Grant.objects.create(
        user=user, plan=plan, reason=reason.strip(), given_by=by, starts_at=moment, until=until
    )
    data = {
        "plan": plan.pk,
        "title": str(tier.label),
        "until": until.isoformat() if until else None,
    }
    record(user, Event.Kind.PLAN_GRANTED, f"grant:{grant.pk}", data, at=moment)
    audit.note("PLAN_GIVEN", grant, by=by, person=user, reason=reason, plan=str(plan.pk))
    return grant, True


def check(tier: Tier, reason: str, until: datetime | None, moment: datetime) -> None:
    """Refuse what the table would refuse, in words."""
    if tier == Tier.FREE:
        raise NothingGiven(gettext("Everybody has the Free plan."))
    if not reason.strip():
        raise NothingGiven(gettext("Say why the plan is given."))
    if until is not None and until <= moment:
        raise NothingGiven(gettext("The plan would have ended already."))


@transaction.atomic
def withdraw(grant: Grant) -> bool:
    """End the grant now and keep its row. False: it had been withdrawn before."""
    standing = Grant.objects.filter(pk=grant.pk, withdrawn_at=None)
    ended = bool(standing.update(withdrawn_at=now()))
    if ended:
        audit.note("PLAN_WITHDRAWN", grant, person=grant.user_id, plan=str(grant.plan_id))
    return ended
