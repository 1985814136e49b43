"""What an attempt shows: score by topic, what to study again, where the time went. No database."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

STRONG, WEAK = 80, 60


@dataclass(frozen=True, slots=True)
class Item:
    """One answered question as far as the analysis goes; `mark` and `points` in points."""

    number: int
    topics: Sequence[str]
    mark: Decimal
    points: Decimal
    seconds: int
    is_answered: bool
    lesson: UUID | None = None

    @property
    def lost(self) -> Decimal:
        return self.points - self.mark


@dataclass(slots=True)
class TopicScore:
    topic: str
    mark: Decimal = Decimal(0)
    points: Decimal = Decimal(0)

    @property
    def percent(self) -> int:
        return int(100 * self.mark // self.points) if self.points else 0

    @property
    def is_strong(self) -> bool:
        return self.percent >= STRONG

    @property
    def is_weak(self) -> bool:
        return self.percent < WEAK


@dataclass(slots=True)
class Analysis:
    """`study` names lessons with the points that were lost there, most first."""

    topics: list[TopicScore] = field(default_factory=list)
    study: dict[UUID, Decimal] = field(default_factory=dict)
    average_seconds: int | None = None
    slowest: Item | None = None
    pace: str = ""

    @property
    def strong(self) -> list[TopicScore]:
        return [one for one in self.topics if one.is_strong]

    @property
    def weak(self) -> list[TopicScore]:
        return [one for one in self.topics if one.is_weak]


def analyse(
    items: Sequence[Item], *, used: int, limit: int | None, expired: bool, passed: bool
) -> Analysis:
    """Look at one closed attempt. `used` and `limit` are seconds; no limit is no clock."""
    found = Analysis(topics=topics_of(items), study=study_of(items))
    answered = [one for one in items if one.is_answered]
    if answered:
        found.average_seconds = round(sum(one.seconds for one in answered) / len(answered))
        slowest = max(answered, key=lambda one: one.seconds)
        far = slowest.seconds >= max(60, 2 * found.average_seconds)
        found.slowest = slowest if far else None
    left_out = len(items) - len(answered)
    found.pace = pace_of(left_out, used=used, limit=limit, expired=expired, passed=passed)
    return found


def topics_of(items: Sequence[Item]) -> list[TopicScore]:
    """Weakest first; a question with two topics counts for both."""
    found: dict[str, TopicScore] = {}
    for item in items:
        for topic in item.topics if item.points else ():
            row = found.setdefault(topic, TopicScore(topic))
            row.mark += item.mark
            row.points += item.points
    return sorted(found.values(), key=lambda one: (one.percent, one.topic))


def study_of(items: Sequence[Item]) -> dict[UUID, Decimal]:
    lost: dict[UUID, Decimal] = {}
    for item in items:
        if item.lesson and item.lost > 0:
            lost[item.lesson] = lost.get(item.lesson, Decimal(0)) + item.lost
    return dict(sorted(lost.items(), key=lambda pair: -pair[1]))


def pace_of(left_out: int, *, used: int, limit: int | None, expired: bool, passed: bool) -> str:
    """How the time was spent, in a sentence or two."""
    if limit is None:
        return ""
    share = used / limit
    missing = ngettext(
        "%(left_out)s question had no answer.", "%(left_out)s questions had no answer.", left_out
    ) % {"left_out": left_out}
    if expired and left_out:
        told = _("The clock ended this attempt: %(missing)s") % {"missing": missing}
        return _(
            "%(told)s A first pass over all of them, then a second over the hard ones, helps."
        ) % {"told": told}
    if expired:
        return _("The clock ended this attempt, with every question answered.")
    spent = _("You used %(used)s of %(limit)s.") % {
        "used": in_words(used),
        "limit": in_words(limit),
    }
    if share < 0.5 and left_out:
        return _("%(spent)s %(missing)s There was time for more.") % {
            "spent": spent,
            "missing": missing,
        }
    if share < 0.5 and not passed:
        return _("%(spent)s There was time to read everything again.") % {"spent": spent}
    return spent


def in_words(seconds: int) -> str:
    """Say a time as a person would: "40 s", "6 min", "1 min 30 s"."""
    whole, rest = divmod(seconds, 60)
    parts = [_("%(whole)s min") % {"whole": whole}] if whole else []
    return " ".join(
        [*parts, _("%(seconds)s s") % {"seconds": rest}] if rest or not whole else parts
    )
