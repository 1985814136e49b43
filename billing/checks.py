"""Deploy checks of payments: `check --deploy` of Django knows nothing of them."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security, deploy=True)
def messages_can_be_told_from_forged_ones(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """With a key things are sold, and without a secret nobody hears what became of it."""
    secret = settings.STRIPE_WEBHOOK_SECRET
    if not settings.STRIPE_SECRET_KEY or secret.startswith("whsec_"):
        return []
    text = "STRIPE_WEBHOOK_SECRET is not a secret such as whsec_…."
    if not secret:
        text = "STRIPE_SECRET_KEY is set, STRIPE_WEBHOOK_SECRET is not: messages are not heard."
    hint = "Stripe shows it beside the endpoint, in the Dashboard under Webhooks."
    return [Error(text, hint=hint, id="billing.P11")]


@register(Tags.security, deploy=True)
def real_money_is_for_real_schools(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A live key where the rest is for trying things out charges people by mistake."""
    trying = settings.DEMO_SCHOOL or settings.STRIPE_API_BASE or not settings.HTTPS
    if not (settings.STRIPE_IS_LIVE and trying):
        return []
    text = "STRIPE_SECRET_KEY is a live one, and this is no site for real payments."
    hint = "A live key needs https://, no demo school and no STRIPE_API_BASE."
    return [Error(text, hint=hint, id="billing.P11")]


@register(Tags.security, deploy=True)
def tax_is_counted_where_things_are_sold(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Whoever wants tax counted means to sell: a lost key is told here, and not by customers."""
    if settings.STRIPE_SECRET_KEY or not settings.STRIPE_AUTOMATIC_TAX:
        return []
    text = "STRIPE_AUTOMATIC_TAX is set, STRIPE_SECRET_KEY is not: nothing is sold."
    return [Error(text, hint="Set the key, or take away the other.", id="billing.P12")]
