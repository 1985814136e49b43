"""A year of days as a picture: a column for each week, Monday on top. The same as a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from gamification.goals import week_of
from gamification.streaks import dates

WEEKS = 53
STEP, SIZE, TOP = 14, 11, 16
# From how many things done that day on a step is reached.
STEPS = (1, 2, 4, 7)
# Two names of months need this many columns between them.
APART = 4


@dataclass(frozen=True)
class Heatmap:
    """What was done on each date, of which the last 53 weeks are shown."""

    done: Mapping[date, int]
    today: date
    width = WEEKS * STEP - (STEP - SIZE) + 2
    height = TOP + 7 * STEP - (STEP - SIZE) + 2

    @property
    def first(self) -> date:
        return week_of(self.today) - timedelta(weeks=WEEKS - 1)

    @cached_property
    def paths(self) -> list[str]:
        """The cells of each step, drawn as one path: 371 elements would weigh more."""
        drawn: list[list[str]] = [[] for _ in range(len(STEPS) + 1)]
        for number, day in enumerate(dates(self.first, self.today)):
            x, y = number // 7 * STEP, TOP + number % 7 * STEP
            drawn[step_of(self.done.get(day, 0))].append(f"M{x} {y}h{SIZE}v{SIZE}h-{SIZE}z")
        return ["".join(cells) for cells in drawn]

    @cached_property
    def months(self) -> list[tuple[int, str]]:
        """Where a month begins, and its name, as far as there is room."""
        found: list[tuple[int, str]] = []
        for column in range(WEEKS - 2):
            monday = self.first + timedelta(weeks=column)
            begins = column == 0 or monday.month != (monday - timedelta(weeks=1)).month
            if begins and found and column * STEP - found[-1][0] < APART * STEP:
                # Only the rest of a month at the very beginning is as short as that.
                found.pop()
            if begins:
                found.append((column * STEP, date_format(monday, "M")))
        return found

    @cached_property
    def rows(self) -> list[tuple[date, int]]:
        """Days on which something was done, and how much, the newest first."""
        days = dates(self.first, self.today)
        return [(day, self.done[day]) for day in days if self.done.get(day)][::-1]

    @property
    def legend(self) -> list[int]:
        """Where the cell of each step stands beside the picture."""
        return [number * STEP for number in range(len(STEPS) + 1)]

    @property
    def days(self) -> int:
        return len(self.rows)

    @property
    def sentence(self) -> str:
        """The picture in words."""
        if not self.rows:
            return gettext("No days of learning in the last 53 weeks.")
        most, day = max((things, day) for day, things in self.rows)
        days = ngettext("%(days)s day", "%(days)s days", self.days) % {"days": self.days}
        things = ngettext("%(things)s thing", "%(things)s things", most) % {"things": most}
        when = date_format(day, "j F Y")
        return gettext(
            "%(days)s of learning in the last 53 weeks, most on %(when)s: %(things)s done."
        ) % {"days": days, "when": when, "things": things}


def step_of(things: int) -> int:
    """The shade of a day: 0 for none, then one for each step."""
    return sum(things >= least for least in STEPS)
