"""The arithmetic of levels. XP are whole numbers; level n begins at 100·n² XP."""

from dataclasses import dataclass
from math import isqrt


def level_of(total_xp: int) -> int:
    """Return the level of a total: 0→0, 100→1, 400→2, 900→3, 1600→4. Negative totals count as 0."""
    return isqrt(max(total_xp, 0) // 100)


def starts_at(level: int) -> int:
    """Return the XP at which a level begins."""
    return 100 * level * level


@dataclass(frozen=True)
class Meter:
    """How far a total lies between its level and the next."""

    total_xp: int

    @property
    def level(self) -> int:
        return level_of(self.total_xp)

    @property
    def xp_to_next(self) -> int:
        return starts_at(self.level + 1) - self.total_xp

    @property
    def percent_to_next(self) -> int:
        """Whole percent of the way, rounded down: 100 never shows before the next level."""
        start, end = starts_at(self.level), starts_at(self.level + 1)
        return 100 * (self.total_xp - start) // (end - start)
