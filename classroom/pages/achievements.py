"""Badges: earned, on the way, and not begun."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gamification.achievements.awarding import reached
from gamification.achievements.registry import ALL, Achievement
from gamification.models import Award

SHOWN = {
    "all": _("All"),
    "earned": _("Earned"),
    "progress": _("In progress"),
    "locked": _("Not started"),
}


@dataclass(frozen=True)
class Tile:
    """One badge with all of its tiers, as far as the person is."""

    achievement: Achievement
    n: int
    awards: list[Award] = field(default_factory=list)

    @property
    def earned(self) -> list[Award]:
        return [award for award in self.awards if award.revoked_at is None]

    @property
    def revoked(self) -> list[Award]:
        return [award for award in self.awards if award.revoked_at is not None]

    @property
    def tier(self) -> int:
        """The highest that is earned; 0 for none."""
        return max((award.tier for award in self.earned), default=0)

    @property
    def earned_at(self) -> datetime | None:
        return max((award.earned_at for award in self.earned), default=None)

    @property
    def next_tier(self) -> int | None:
        """The next one that can still be earned: a revoked tier does not come back."""
        gone = {award.tier for award in self.awards}
        open_tiers = range(self.tier + 1, len(self.achievement.tiers) + 1)
        return next((tier for tier in open_tiers if tier not in gone), None)

    @property
    def goal(self) -> int:
        """What the next tier asks for."""
        return self.achievement.tiers[self.next_tier - 1] if self.next_tier else 0

    @property
    def so_far(self) -> int:
        return min(self.n, self.goal)

    @property
    def has_way(self) -> bool:
        """Whether n of m says more than yes or no. Of none there is nothing to draw."""
        return self.goal > 1 and self.so_far > 0

    @property
    def state(self) -> str:
        if self.tier:
            return "earned"
        return "progress" if self.so_far else "locked"

    @property
    def criterion(self) -> str:
        """What the highest earned tier asked for; before there is one, what the first asks for."""
        return self.achievement.criterion(self.tier or self.next_tier or 1)

    @property
    def next_criterion(self) -> str:
        return self.achievement.criterion(self.next_tier) if self.tier and self.next_tier else ""


@dataclass(frozen=True)
class Section:
    """Tiles of one state."""

    state: str
    title: str
    tiles: list[Tile]


@dataclass(frozen=True)
class AchievementsPage:
    shown: str
    tiles: list[Tile]

    @property
    def earned(self) -> int:
        return sum(tile.state == "earned" for tile in self.tiles)

    @property
    def filters(self) -> list[tuple[str, str, int]]:
        """Each filter: its word in the address, its title, how many badges it shows."""
        return [(state, str(title), len(self.of(state))) for state, title in SHOWN.items()]

    @property
    def sections(self) -> list[Section]:
        states = [state for state in SHOWN if state != "all"]
        wanted = states if self.shown == "all" else [self.shown]
        found = (Section(state, str(SHOWN[state]), self.of(state)) for state in wanted)
        return [one for one in found if one.tiles or self.shown != "all"]

    def of(self, state: str) -> list[Tile]:
        """Earned: newest first. On the way: nearest first. Not begun: as the registry has them."""
        tiles = [tile for tile in self.tiles if state in ("all", tile.state)]
        if state == "earned":
            never = datetime.min.replace(tzinfo=UTC)
            tiles.sort(key=lambda tile: tile.earned_at or never, reverse=True)
        elif state == "progress":
            tiles.sort(key=lambda tile: tile.so_far / tile.goal, reverse=True)
        return tiles


def achievements_page(user: User, shown: str) -> AchievementsPage:
    """Three queries: the awards, and how far the person is. Both go by the facts of now."""
    awards = defaultdict(list)
    for award in Award.objects.filter(user=user).order_by("tier"):
        awards[award.key].append(award)
    so_far = reached(user)
    tiles = [Tile(one, so_far.get(one.key, 0), awards[one.key]) for one in ALL]
    return AchievementsPage(shown if shown in SHOWN else "all", tiles)
