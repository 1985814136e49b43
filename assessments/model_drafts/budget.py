"""What drafts of a model may cost: by person and day, by site and minute, by site and day.

The limits of a day are counted from the rows, so nothing that is lost makes room for more.
"""

from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import F, Q, Sum
from django.db.models.functions import Now

from accounts.limits import Limit
from accounts.models import User
from assessments.models import ModelRun

DAY = timedelta(days=1)
MILLION = 1_000_000
MOST_COST = Decimal(999_999)
# Where an endpoint does not say what it counted.
CHARACTERS_OF_A_TOKEN = 4
SPENT_BY_LEARNER = "The learner has had all drafts of a day."
SPENT_BY_SITE = "The site has used all tokens of a day."


def why_spent(learner: User) -> str:
    """Why somebody's work gets no draft now; empty: it may."""
    if is_spent():
        return SPENT_BY_SITE
    return SPENT_BY_LEARNER if is_spent_by(learner) else ""


def is_spent_by(learner: User) -> bool:
    """Whether somebody has had all drafts of the last 24 hours. What cost nothing is not one."""
    own = Q(submission__user=learner) | Q(attempt__user=learner)
    free = Q(outcome__in=ModelRun.NOT_ASKED, tokens_in=0)
    had = ModelRun.objects.filter(own, ~free, created_at__gt=Now() - DAY)
    most: int = settings.AI_DRAFTS_PER_LEARNER
    return had.count() >= most


def is_spent() -> bool:
    """Whether the site has used the tokens of the last 24 hours."""
    most: int = settings.AI_TOKENS_PER_DAY
    return used() >= most


def used() -> int:
    """The site's tokens of the last 24 hours."""
    recent = ModelRun.objects.filter(created_at__gt=Now() - DAY)
    tokens: int = recent.aggregate(all=Sum(F("tokens_in") + F("tokens_out")))["all"] or 0
    return tokens


def wait() -> int | None:
    """Count one request of the site; return the seconds to wait if that was one too many."""
    return Limit("model", settings.AI_DRAFTS_PER_MINUTE, 60).spend("site")


def tokens_of(told: int | None, text: str) -> int:
    """What the endpoint counted; an estimate where it does not say."""
    return told if told is not None else -(-len(text) // CHARACTERS_OF_A_TOKEN)


def cost_of(tokens_in: int, tokens_out: int) -> Decimal:
    """In the currency of the prices."""
    price_in, price_out = Decimal(str(settings.AI_PRICE_IN)), Decimal(str(settings.AI_PRICE_OUT))
    cost = (tokens_in * price_in + tokens_out * price_out) / MILLION
    return min(cost.quantize(Decimal("0.000001")), MOST_COST)
