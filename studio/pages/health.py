"""What the page of the health of points shows: signs to watch, who comes back, and no proof."""

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.utils.translation import gettext as _

from gamification.school_numbers import SchoolNumbers, school_numbers
from studio.insights import charts
from studio.insights.motivation import SPAN, UNEVEN, Group, Health, health_of
from studio.insights.shares import Share
from studio.pages.waiting import Waiting, waiting


@dataclass(frozen=True, slots=True)
class HealthPage:
    health: Health
    numbers: SchoolNumbers
    waiting: Waiting

    span, uneven = SPAN.days, UNEVEN

    @property
    def learning(self) -> Share:
        return Share(self.numbers.learning_xp, self.numbers.xp)

    @property
    def uncounted(self) -> Share:
        return Share(self.numbers.uncounted, self.numbers.lessons)

    @property
    def returns(self) -> list[tuple[str, Share]]:
        found = self.health.returns
        return [
            (_("A streak that ended"), found["ended"]),
            (_("A freeze that kept it"), found["frozen"]),
            (_("A run taken up again"), found["repaired"]),
        ]

    @property
    def chart(self) -> SafeString:
        rows = [charts.Bar(name, share.value or 0.0, share.text) for name, share in self.returns]
        said = "; ".join(f"{name}: {share.text}" for name, share in self.returns)
        return charts.bars("returns", _("Who learns again within seven days"), said, rows)

    @property
    def groups(self) -> list[tuple[str, Group]]:
        return [
            (_("See points"), self.health.seeing), (_("Hide points"), self.health.not_seeing),
        ]  # fmt: skip


def health_page() -> HealthPage:
    """Eight queries."""
    return HealthPage(health_of(now()), school_numbers(), waiting())
