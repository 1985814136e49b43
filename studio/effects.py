"""What a change of a course means for its learners' percentages, in sentences."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.numerals import grouped
from accounts.numerals import percent as in_percent
from courses.models import Course
from progress.models import CourseProgress
from progress.percent import percent_of

MOST_GROUPS = 5


@dataclass(slots=True)
class Effects:
    """Filled when the watching ends: no sentence where nobody has begun the course."""

    sentences: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one learner stands. `is_finished` is a fact that no change of the course takes back."""

    done: int
    total: int
    is_finished: bool

    @property
    def percent(self) -> int | None:
        return percent_of(self.done, self.total)

    @property
    def is_due(self) -> bool:
        """Whether nothing is left to do, and the course is finished for this learner by that."""
        return 0 < self.total == self.done and not self.is_finished


@contextmanager
def watching(course: Course) -> Iterator[Effects]:
    """Look at all learners before and after the body, which recounts them: a query each."""
    effects = Effects()
    before = standings(course)
    yield effects
    effects.sentences = sentences(before, standings(course))


def standings(course: Course) -> dict[UUID, Standing]:
    """Everybody who has begun the course."""
    rows = CourseProgress.objects.filter(course=course.pk).order_by()
    found = rows.values_list("user", "done", "total", "completed_at")
    return {user: Standing(done, total, at is not None) for user, done, total, at in found}


def sentences(before: Mapping[UUID, Standing], after: Mapping[UUID, Standing]) -> list[str]:
    """What to say of those who were there before. Asks no database."""
    if not before:
        return []
    pairs = [(row, after[user]) for user, row in before.items() if user in after]
    groups = Counter((old.percent, new.percent) for old, new in pairs if old.percent != new.percent)
    finishing = sum(new.is_due and not old.is_due for old, new in pairs)
    if not groups and not finishing:
        return [_("Nobody's percentage changes.")]
    ordered = sorted(groups.items(), key=lambda item: (-item[1], item[0][0] or 0, item[0][1] or 0))
    told = [moved(number, old, new) for (old, new), number in ordered[:MOST_GROUPS]]
    told += others(ordered[MOST_GROUPS:])
    if finishing:
        done = ngettext(
            "%(number)s learner has nothing left to do: a published course is completed by that.",
            "%(number)s learners have nothing left to do: a published course is completed by that.",
            finishing,
        )
        return [*told, done % {"number": grouped(finishing)}]
    return [*told, _("No certificate changes.")]


def moved(number: int, old: int | None, new: int | None) -> str:
    """How many go from which percentage to which."""
    said = ngettext(
        "%(number)s learner goes from %(old)s to %(new)s.",
        "%(number)s learners go from %(old)s to %(new)s.",
        number,
    )
    return said % {"number": grouped(number), "old": shown(old), "new": shown(new)}


def shown(percent: int | None) -> str:
    return _("no percentage") if percent is None else in_percent(percent)


def others(rest: Iterable[tuple[tuple[int | None, int | None], int]]) -> list[str]:
    """One sentence for all smaller groups together."""
    steps = Counter[int]()
    for (old, new), number in rest:
        steps[abs((new or 0) - (old or 0))] += number
    if not steps:
        return []
    number, least, most = steps.total(), min(steps), max(steps)
    if least < most:
        span = _("%(least)s to %(most)s points") % {"least": least, "most": most}
    else:
        span = ngettext("%(most)s point", "%(most)s points", most) % {"most": most}
    said = ngettext(
        "%(number)s other changes by %(span)s.", "%(number)s others change by %(span)s.", number
    )
    return [said % {"number": grouped(number), "span": span}]
