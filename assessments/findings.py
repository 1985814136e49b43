"""What the numbers of a question mean, in words, with what to do. No database."""

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.items import NOBODY, Choice, Item

EASY, HARD, GUESSING = 0.95, 0.30, 0.05
WEAK, GOOD, GOOD_FACILITY = 0.2, 0.3, 0.90
NOT_BY_CHANCE = 0.1


class Kind(StrEnum):
    WRONG_KEY = "wrong key?"
    TOO_HARD = "too hard"
    TOO_EASY = "too easy"
    WEAK = "weak"
    FAIR = "fair"
    GOOD = "good"
    UNKNOWN = "cannot say"


NAMES = {
    Kind.WRONG_KEY: gettext_lazy("wrong key?"),
    Kind.TOO_HARD: gettext_lazy("too hard"),
    Kind.TOO_EASY: gettext_lazy("too easy"),
    Kind.WEAK: gettext_lazy("weak"),
    Kind.FAIR: gettext_lazy("fair"),
    Kind.GOOD: gettext_lazy("good"),
    Kind.UNKNOWN: gettext_lazy("cannot say"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    kind: Kind
    words: str

    @property
    def name(self) -> str:
        return str(NAMES[self.kind])

    @property
    def is_about_the_key(self) -> bool:
        return self.kind == Kind.WRONG_KEY

    @property
    def asks(self) -> bool:
        """Whether it ends in a question mark by itself."""
        return self.kind.endswith("?")

    @property
    def tone(self) -> str:
        """How urgent it is, as a tone of notices."""
        if self.needs_nothing:
            return "success"
        tones = {Kind.WRONG_KEY: "error", Kind.TOO_HARD: "warning", Kind.WEAK: "warning"}
        return tones.get(self.kind, "info")

    @property
    def icon(self) -> str:
        return {"success": "circle-check", "info": "info"}.get(self.tone, "triangle-alert")

    @property
    def needs_nothing(self) -> bool:
        return self.kind in (Kind.FAIR, Kind.GOOD)


def findings[K: Hashable](
    item: Item,
    chosen: Mapping[K, Choice],
    right: Collection[K],
    names: Mapping[K, str],
    *,
    taught_in: str = "",
) -> list[Finding]:
    """Judge a question by its numbers; the most urgent finding comes first.

    `names` are the options as the page calls them, `right` those of the key. A question that pays
    nothing is not judged.
    """
    if item.facility is None:
        return []
    if found := wrong_key(item, chosen, right, names):
        return found  # nothing else can be said of a key that is turned round
    d = item.discrimination
    if item.facility > EASY:
        words = _("Nearly everyone is right. Keep it as a warm-up or replace it.")
        return [Finding(Kind.TOO_EASY, words)]
    if words := too_hard(item, taught_in):
        found.append(Finding(Kind.TOO_HARD, words))
    if d is not None and d < WEAK:
        words = _("It does not separate: those who know the rest are hardly more often right here.")
        found.append(Finding(Kind.WEAK, words))
    return found or [nothing_to_do(item.facility, d)]


def wrong_key[K: Hashable](
    item: Item, chosen: Mapping[K, Choice], right: Collection[K], names: Mapping[K, str]
) -> list[Finding]:
    """The strong are marked wrong, more than chance explains, or prefer a wrong option."""

    def top(option: K) -> float:
        return chosen.get(option, NOBODY).top

    best = max((one for one in names if one not in right), default=None, key=top)
    key = min((one for one in names if one in right), default=None, key=top)
    if best is not None and key is not None and top(best) > top(key):
        words = _(
            "Strong learners choose %(names)s more often than %(names2)s, which counts as "
            "right. Check the key."
        ) % {"names": names[best], "names2": names[key]}
        return [Finding(Kind.WRONG_KEY, words)]
    d, bound = item.discrimination, item.highest_discrimination
    if d is not None and bound is not None and d < 0 and bound < NOT_BY_CHANCE:
        words = _("Strong learners are marked wrong more often than weak ones. Check the key.")
        return [Finding(Kind.WRONG_KEY, words)]
    return []


def too_hard(item: Item, taught_in: str) -> str:
    """Why it is too hard; "" if it is not."""
    if item.facility is None:
        return ""
    where = (
        _(" Is it taught in “%(taught_in)s”?") % {"taught_in": taught_in}
        if taught_in
        else _(" Is it taught in a lesson?")
    )
    if item.guess is not None and item.facility <= item.guess + GUESSING:
        return _("At guessing level.%(where)s") % {"where": where}
    return _("Few are right.%(where)s") % {"where": where} if item.facility < HARD else ""


def nothing_to_do(facility: float, d: float | None) -> Finding:
    if d is None:
        words = _("Everybody earned the same, here or in the rest: there is nothing to compare.")
        return Finding(Kind.UNKNOWN, words)
    if d >= GOOD and HARD <= facility <= GOOD_FACILITY:
        return Finding(
            Kind.GOOD, _("Neither too easy nor too hard, and it separates. Nothing to do.")
        )
    return Finding(
        Kind.FAIR, _("It separates those who know from those who do not. Nothing to do.")
    )
