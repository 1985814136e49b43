"""Whether a price that is to be sold is the one that Stripe will charge."""

import re
from dataclasses import dataclass

from django.conf import settings

from billing import gateway
from billing.amounts import money
from billing.errors import GatewayAway, GatewayTrouble
from billing.models import Price
from billing.seen import SeenPrice

PRICE_ID = re.compile(r"price_\w+", re.ASCII)


@dataclass(frozen=True, slots=True)
class AskedPrice:
    """What Stripe says of a price, or why it says nothing."""

    seen: SeenPrice | None = None
    trouble: str = ""

    def differs_from(self, price: Price) -> list[str]:
        """What is not as Stripe has it, a sentence each. Nothing: the price may be sold."""
        seen = self.seen
        if seen is None:
            return [self.trouble]
        pairs = [
            ("currency", price.currency, seen.currency),
            ("amount", price.amount, seen.amount),
            ("interval", price.interval, seen.interval or "none: it is paid once"),
            ("tax", tax_of(price.includes_tax), tax_of(seen.includes_tax)),
        ]
        told = [
            f"At Stripe the {name} is {in_words(name, there, seen)}."
            for name, here, there in pairs
            if here != there
        ]
        if settings.STRIPE_AUTOMATIC_TAX and not seen.says_tax:
            told.append("At Stripe it is not said whether this price includes tax.")
        return told if seen.is_active else [*told, "At Stripe this price is archived."]


def tax_of(is_included: bool) -> str:
    return "included" if is_included else "not included"


def in_words(name: str, there: str | int | None, seen: SeenPrice) -> str:
    if name != "amount":
        return str(there)
    if seen.amount is None:
        return "not one for each"
    return f"{seen.amount} ({money(seen.amount, seen.currency)})"


def ask_price(stripe_price_id: str) -> AskedPrice | None:
    """Ask Stripe, outside any transaction. None: nothing is sold here, or that is no price's id."""
    if not gateway.is_configured() or not PRICE_ID.fullmatch(stripe_price_id):
        return None
    try:
        return AskedPrice(gateway.price(stripe_price_id))
    except GatewayAway:
        return AskedPrice(trouble="Stripe cannot be reached. Nothing was saved: try again later.")
    except GatewayTrouble:
        return AskedPrice(trouble="Stripe knows no such price. Nothing was saved.")
