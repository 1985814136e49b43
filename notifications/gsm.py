"""What fits a text message: the signs of GSM 03.38, and how many messages a text is sent as.

Pure. One message carries 160 signs of GSM or, where a text has others, 70 of UTF-16; a text that is
sent in parts carries 153 or 67 in each.
"""

from itertools import accumulate, takewhile

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# These take the room of two.
EXTENDED = frozenset("^{}\\[~]|€\f")
# What says the same in signs that every telephone takes.
PLAIN = str.maketrans(
    {
        "’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "…": "...",
        "\u00a0": " ", "\u202f": " ", "`": "'", "\t": " ",
    }
)  # fmt: skip
CUT = "..."
# Fewer words than these say nothing: rather than cut further, the text is sent in parts.
LEAST = 40
MOST_PARTS = 3


def plain(text: str) -> str:
    """The text in one line, with typewriter's signs in place of typographic ones."""
    return " ".join(text.translate(PLAIN).split())


def is_gsm(text: str) -> bool:
    return set(text) <= BASIC | EXTENDED


def units(text: str, *, gsm: bool) -> int:
    """How much room it takes, in septets or in units of UTF-16."""
    if gsm:
        return len(text) + sum(one in EXTENDED for one in text)
    return len(text) + sum(ord(one) > 0xFFFF for one in text)


def room(parts: int, *, gsm: bool) -> int:
    """How much so many messages carry."""
    if parts == 1:
        return 160 if gsm else 70
    return parts * (153 if gsm else 67)


def compose(words: str, link: str) -> str:
    """The words, cut if need be, and the whole link: one message if a few words fit beside it."""
    words = plain(words)
    text = fitted(words, link, gsm=True)
    # What is cut off may have other signs: only those that are sent take another alphabet.
    return text if is_gsm(text) else fitted(words, link, gsm=False)


def fitted(words: str, link: str, *, gsm: bool) -> str:
    around = units(f" {link}", gsm=gsm)
    wanted = min(LEAST, units(words, gsm=gsm))
    enough = (n for n in range(1, MOST_PARTS) if room(n, gsm=gsm) - around >= wanted)
    left = room(next(enough, MOST_PARTS), gsm=gsm) - around
    return f"{shortened(words, left, gsm=gsm)} {link}"


def shortened(words: str, most: int, *, gsm: bool) -> str:
    """As many of the words as there is room for; then three points say that there were more."""
    if units(words, gsm=gsm) <= most:
        return words
    taken = accumulate(units(one, gsm=gsm) for one in words)
    kept = sum(1 for _ in takewhile(lambda so_far: so_far <= most - len(CUT), taken))
    return words[:kept].rstrip() + CUT
