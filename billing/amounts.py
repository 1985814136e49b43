"""Money in words: whole numbers of the smallest unit on the way in, "12.50 €" on the way out.

In German it is "12,50 €": points and commas are those of who reads.
"""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from accounts.numerals import grouped

# Currencies without a smaller unit, and those of three digits behind the point, as Stripe counts.
WHOLE = frozenset(
    {"bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf"}
    | {"xof", "xpf"}
)
THOUSANDTHS = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})
BEFORE = {"usd": "$", "gbp": "£", "cad": "CA$", "aud": "A$", "nzd": "NZ$", "hkd": "HK$", "inr": "₹"}
AFTER = {"eur": "€", "jpy": "¥", "krw": "₩", "pln": "zł", "czk": "Kč", "ils": "₪", "vnd": "₫"}
# A number and its sign never stand on two lines.
SPACE = "\N{NO-BREAK SPACE}"


def places_of(currency: str) -> int:
    """How many digits stand behind the point."""
    code = currency.lower()
    return 0 if code in WHOLE else 3 if code in THOUSANDTHS else 2


def digits(amount: int, currency: str) -> str:
    """The number alone: "1,200", "12.50", "12"; digits behind the point only where they count."""
    places = places_of(currency)
    whole, rest = divmod(abs(amount), 10**places)
    exact = Decimal(abs(amount)).scaleb(-places)
    return number_format(exact, places, force_grouping=True) if rest else grouped(whole)


def money(amount: int, currency: str) -> str:
    """An amount with the sign of its currency, or with its code where there is no common sign."""
    code, number = currency.lower(), digits(amount, currency)
    minus = "\N{MINUS SIGN}" if amount < 0 else ""
    if code in BEFORE:
        return f"{minus}{BEFORE[code]}{number}"
    return f"{minus}{number}{SPACE}{AFTER.get(code, code.upper())}"


def period(every: str, seats: int = 1) -> str:
    """How often something comes, and for what: "a month", "a month for 10 seats"."""
    return (
        _("%(every)s for %(seats)s seats") % {"every": every, "seats": grouped(seats)}
        if seats > 1
        else every
    )


def rate(amount: int, currency: str, every: str, seats: int = 1) -> str:
    """What comes again and again: "12 € a month", "80 € a month for 10 seats"."""
    return f"{money(amount, currency)} {period(every, seats)}"
