"""What people may call themselves: display names and public handles."""

import re
import unicodedata
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.signs import is_seen, usual

MAX_NAME_LENGTH = 80
LINE_BREAKS = gettext_lazy("Line breaks are not allowed.")
INVISIBLE = gettext_lazy("This name holds characters that cannot be shown.")
NOT_AVAILABLE = gettext_lazy("This name is not available.")
HANDLE_FORM = gettext_lazy(
    "Use 2 to 32 small letters, digits and hyphens, beginning with a letter or digit."
)

# Splitting on any of these makes a second line somewhere: in a mail header, a log, a terminal.
BREAKS = re.compile("[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Format characters that turn the direction of text or hide in it. The two joiners are left: names
# in Persian and several Indian scripts need them.
HIDDEN = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
HANDLE = re.compile(r"[a-z0-9][a-z0-9-]{1,31}")

# Words that look official, or that an address under /people/ may need one day.
WORDS = """
about abuse account accounts admin administrator all anonymous api author avatar avatars
bot contact course courses demo editor everyone help here info instructor legal login
logout mail me media moderator new news nobody null official owner people postmaster
press privacy profile reviewer root school security self service settings signin signup
staff static student studio support system teacher team terms undefined user users
waymark webmaster www
"""
RESERVED = frozenset(WORDS.split())
# By these somebody passes for the school's own people, whatever stands beside them.
OFFICIAL_WORDS = """
admin administrator instructor moderator official postmaster reviewer staff teacher waymark
webmaster
"""
OFFICIAL = frozenset(OFFICIAL_WORDS.split())


LOOKS_LIKE = str.maketrans("01l3457", "oiieast")


class InvalidName(ValueError):
    """The text cannot be a name; the message says why."""


def clean_name(text: str) -> str:
    """Return a display name of one line in NFC, or raise `InvalidName`."""
    text = unicodedata.normalize("NFC", text.strip())
    if BREAKS.search(text):
        raise InvalidName(LINE_BREAKS)
    if HIDDEN.search(text) or any(unicodedata.category(c) in {"Cc", "Cs", "Co"} for c in text):
        raise InvalidName(INVISIBLE)
    if not any(unicodedata.category(c)[0] in "LNPS" and is_seen(c) for c in text):
        raise InvalidName(_("Enter a name."))
    if len(text) > MAX_NAME_LENGTH:
        raise InvalidName(
            _("A name has at most %(max_name_length)s characters.")
            % {"max_name_length": MAX_NAME_LENGTH}
        )
    return text


def clean_handle(text: str) -> str:
    """Return a handle in small letters, or raise `InvalidName`.

    A letter of another script may look like one of ours ("Аdmin" with a Cyrillic А), so a handle
    with any is refused as taken rather than explained.
    """
    handle = text.strip().lower()
    if not handle.isascii() or not text.strip().isascii() or skeleton(handle) in RESERVED_SKELETONS:
        raise InvalidName(NOT_AVAILABLE)
    if not HANDLE.fullmatch(handle):
        raise InvalidName(HANDLE_FORM)
    return handle


def skeleton(handle: str) -> str:
    """Return what the handle reads as at a glance: adm1n, a-dmin and admin are one word."""
    return handle.replace("-", "").translate(LOOKS_LIKE).replace("rn", "m")


RESERVED_SKELETONS = frozenset(map(skeleton, RESERVED))
OFFICIAL_SKELETONS = frozenset(map(skeleton, OFFICIAL))


def reading_of(name: str) -> str:
    """What a name reads as at a glance, in whatever letters, spaces and dots it is written.

    One that is made of signs alone reads as these signs.
    """
    return skeleton("".join(parts_of(name)) or "".join(usual(name).split()))


def words_of(name: str) -> list[str]:
    """Its words as they read."""
    return [skeleton(part) for part in parts_of(name)]


def parts_of(name: str) -> tuple[str, ...]:
    """Its words in usual letters. A capital after a small letter begins one too: TheTeacher."""
    spaced = "".join(
        f" {sign}" if before.islower() and sign.isupper() else sign
        for before, sign in pairwise(f" {name}")
    )
    return tuple("".join(sign if is_letter(sign) else " " for sign in usual(spaced)).split())


def is_letter(sign: str) -> bool:
    """A letter, a digit, or a vowel that is written beside its letter."""
    return unicodedata.category(sign)[0] in "LMN"


def looks_official(name: str) -> bool:
    """Whether a name reads as a word of the school's or an address's, or holds an official one."""
    return reading_of(name) in RESERVED_SKELETONS or holds_official_word(name)


def holds_official_word(name: str) -> bool:
    """Whether a name passes for one of the school's own people, all of it or a word in it."""
    return not OFFICIAL_SKELETONS.isdisjoint([reading_of(name), *words_of(name)])
