"""The currency that suits somebody: by the region their browser names, never by their address."""

import re
from collections import Counter
from collections.abc import Iterable

from django.utils.translation.trans_real import parse_accept_lang_header

EURO = "ad at be bg cy de ee es fi fr gr hr ie it lt lu lv mc me mt nl pt si sk sm va xk"
REGIONS = {
    **dict.fromkeys(EURO.split(), "eur"),
    **{"us": "usd", "gb": "gbp", "jp": "jpy", "ch": "chf", "li": "chf", "ca": "cad", "au": "aud"},
    **{"nz": "nzd", "in": "inr", "br": "brl", "mx": "mxn", "se": "sek", "no": "nok", "dk": "dkk"},
    **{"pl": "pln", "cz": "czk", "hu": "huf", "ro": "ron", "tr": "try", "za": "zar", "kr": "krw"},
    **{"cn": "cny", "hk": "hkd", "sg": "sgd", "tw": "twd", "il": "ils", "ae": "aed", "sa": "sar"},
}


def named_in(accept_language: str) -> list[str]:
    """The currencies of the regions that the header names, the most wanted first."""
    found = []
    for tag, _ in parse_accept_lang_header(accept_language):
        regions = (part for part in tag.split("-")[1:] if part in REGIONS)
        found += [REGIONS[region] for region in regions]
    return found


def most_used(codes: Iterable[str]) -> list[str]:
    """Each of the currencies once, the one that comes most often first."""
    counts = Counter(codes)
    return sorted(counts, key=lambda code: (-counts[code], code))


def chosen(asked: str, used: str, accept_language: str, sold: Iterable[str]) -> str:
    """What was asked for, even if nothing is sold in it; else what suits, of what is sold.

    Who has paid before is shown the currency they paid in: Stripe knows a customer by one.
    """
    if re.fullmatch("[A-Za-z]{3}", asked):
        return asked.lower()
    known = list(sold)
    wanted = [used, *named_in(accept_language)]
    return next((code for code in wanted if code in known), known[0] if known else "")
