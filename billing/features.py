"""What plans open besides courses: asked at the verbs, and told by the pages instead of a form.

What is free to all is open to those who pay as well, and a plan that nobody has written about
limits nothing. A school that sells nothing limits nothing either, and is not asked.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, Q, QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.prepared import Prepared
from billing.access import is_selling, sources
from billing.models import Feature, Grant, Plan, Seat, Subscription
from billing.models.subscriptions import GRACE
from courses.models import Tier

LACKING = {
    Feature.HELP: gettext_lazy("Asking a person is part of the %(tier)s plan."),
    Feature.DRAFTS: gettext_lazy("Feedback drafted by a model is part of the %(tier)s plan."),
}
NOT_SOLD = {
    Feature.HELP: gettext_lazy("Asking a person is in no plan of this school."),
    Feature.DRAFTS: gettext_lazy("Feedback drafted by a model is in no plan of this school."),
}


def plans_of(user: UUID, moment: datetime, late_after: datetime) -> QuerySet[Any, Any]:
    """FREE, which everybody holds, and what else the person does; of each what it opens."""
    paid, seats, grants = sources(user, moment, late_after)
    plans = Plan.objects.filter(
        Q(tier=Tier.FREE)
        | Q(tier__in=paid.values("price__plan"))
        | Q(tier__in=seats.values("subscription__price__plan"))
        | Q(tier__in=grants.values("plan"))
    )
    return plans.values_list("tier", "features")


PLANS = Prepared(plans_of, UUID, datetime, datetime)


def allows(user: User, feature: Feature) -> bool:
    """Whether anything that the person holds opens the feature. One query where plans are sold."""
    if not is_selling():
        return True
    moment = now()
    plans = dict(PLANS(user.pk, moment, moment - GRACE))
    return Tier.FREE not in plans or any(feature in features for features in plans.values())


def allowed(feature: Feature) -> Q:
    """The same for rows that belong to a `user`, as a condition."""
    if not is_selling():
        return Q()
    moment = now()
    paid = Subscription.objects.open_at(moment)
    with_it = Plan.objects.filter(features__contains=[feature])
    free_lacks = Plan.objects.filter(tier=Tier.FREE).exclude(pk__in=with_it)
    return (
        ~Exists(free_lacks)
        | Q(user__in=paid.filter(price__plan__in=with_it).values("customer__user"))
        | Q(user__in=seats_with(with_it, paid).values("user"))
        | Q(user__in=Grant.objects.open_at(moment).filter(plan__in=with_it).values("user"))
    )


def seats_with(plans: QuerySet[Plan], paid: Any) -> QuerySet[Seat]:
    return Seat.objects.open_in(paid).filter(subscription__price__plan__in=plans)


def lacks(user: User, feature: Feature) -> str:
    """Why the person may not use the feature, and what it takes; nothing if they may."""
    if allows(user, feature):
        return ""
    tier = opened_by(feature)
    return (LACKING[feature] % {"tier": tier.label}) if tier else str(NOT_SOLD[feature])


def opened_by(feature: Feature) -> Tier | None:
    """The lowest plan that opens the feature. One query."""
    known = dict(Plan.objects.values_list("tier", "features"))
    return next((tier for tier in Tier if feature in known.get(tier, list(Feature))), None)
