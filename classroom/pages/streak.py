"""The streak: every day explained, and what may be chosen about it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.numerals import grouped
from gamification.days import day_begins, history_of, today_of
from gamification.models import Pause, Streak
from gamification.streak_choices import not_over, offered_to
from gamification.streak_evenings import EVENING, WORTH_A_WORD
from gamification.streaks import (
    MOST_FREEZES,
    History,
    Run,
    Settled,
    Verdict,
    dates,
    days_to_next_freeze,
    settle,
)

# An ended streak is spoken of for so many days.
SPOKEN_OF = timedelta(days=3)
# What the calendar writes on a day, and what that means.
WORDS = {
    Verdict.LEARNED: (gettext_lazy("done"), gettext_lazy("You learned, and the day is counted.")),
    Verdict.KEPT: (
        gettext_lazy("kept"),
        gettext_lazy(
            "You learned soon after a change of time zone: the streak goes on, the day "
            "is not counted."
        ),
    ),
    Verdict.REST: (gettext_lazy("rest"), gettext_lazy("A rest day of yours. It needs no work.")),
    Verdict.PAUSED: (gettext_lazy("pause"), gettext_lazy("A pause. It needs no work.")),
    Verdict.FROZEN: (
        gettext_lazy("freeze"),
        gettext_lazy("No work that day. One freeze carried the streak over it."),
    ),
    Verdict.TRAVELLED: (
        gettext_lazy("travel"),
        gettext_lazy("Your journey skipped this date. Nothing was needed."),
    ),
    Verdict.REPAIRED: (
        gettext_lazy("mended"),
        gettext_lazy("The streak had ended here. You took it up again."),
    ),
    Verdict.MISSED: (
        gettext_lazy("missed"),
        gettext_lazy("No work that day and no freeze for it: the streak ended."),
    ),
    Verdict.OPEN: (gettext_lazy("not yet"), gettext_lazy("Today. There is still time.")),
}


@dataclass(frozen=True)
class Cell:
    """One date of the calendar."""

    day: date
    verdict: Verdict | None
    is_today: bool
    is_of_month: bool

    @property
    def word(self) -> str:
        return str(WORDS[self.verdict][0]) if self.verdict in WORDS else ""


@dataclass(frozen=True)
class StreakPage:
    """What a person's days have come to."""

    settled: Settled
    history: History
    today: date
    month: date
    pauses: list[Pause]
    offer: Run | None

    @property
    def weeks(self) -> list[list[Cell]]:
        """The month in weeks of seven days."""
        first = self.month - timedelta(days=self.month.weekday())
        last = month_after(self.month) - timedelta(days=1)
        last += timedelta(days=6 - last.weekday())
        cells = [self.cell(day) for day in dates(first, last)]
        return [cells[start : start + 7] for start in range(0, len(cells), 7)]

    def cell(self, day: date) -> Cell:
        verdict = self.settled.verdicts.get(day)
        if day > self.today and verdict is None:
            verdict = self.history.excuse(day)
        of_month = (day.year, day.month) == (self.month.year, self.month.month)
        return Cell(day, verdict, day == self.today, of_month)

    @property
    def meanings(self) -> list[tuple[str, str]]:
        """What the words of this month mean, in the order of `WORDS`."""
        used = {cell.verdict for week in self.weeks for cell in week if cell.is_of_month}
        return [
            (str(word), str(told)) for verdict, (word, told) in WORDS.items() if verdict in used
        ]

    @property
    def before(self) -> date | None:
        """The month before, if there was anything by then."""
        earliest = min(self.settled.verdicts, default=self.today)
        return month_before(self.month) if earliest < self.month else None

    @property
    def after(self) -> date | None:
        following = month_after(self.month)
        return following if following <= self.today else None

    @property
    def next_freeze(self) -> int | None:
        return days_to_next_freeze(self.settled.length, self.settled.freezes)

    @property
    def most_freezes(self) -> int:
        return MOST_FREEZES

    @property
    def starts_at(self) -> int:
        """The hour at which a day begins."""
        return day_begins()

    @property
    def rest_days(self) -> list[int]:
        """The weekdays of the newest rule, Monday is 1."""
        newest = max(self.history.rests, default=None)
        return [day for day in range(1, 8) if newest and newest[1] >> day - 1 & 1]

    @property
    def rests_from(self) -> date | None:
        """The date from which a rule holds that does not hold yet."""
        newest = max(self.history.rests, default=None)
        return newest[0] if newest and newest[0] > self.today else None


def streak_page(user: User, month: str = "") -> StreakPage:
    """Two queries; one more where a run might be taken up again."""
    today, history = today_of(user), history_of(user)
    pauses = Pause.objects.filter(user=user, last__gte=today)
    settled = settle(history, today)
    shown = read_month(month, min(settled.verdicts), today)
    offer = offered_to(user, settled, history, not_over(user, history))
    return StreakPage(settled, history, today, shown, [*pauses], offer)


def read_month(text: str, earliest: date, today: date) -> date:
    """The month that an address names, by its first day, as far as there is something to tell."""
    this = today.replace(day=1)
    try:
        named = date.fromisoformat(f"{text}-01") if len(text) == len("2026-12") else this
    except ValueError:
        return this
    return max(min(named, this), earliest.replace(day=1))


def month_after(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def month_before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


def what_happened(streak: Streak, clock: datetime) -> str:
    """What is new about a streak, in plain words; often nothing."""
    today, ended = clock.date(), streak.ended_on
    if not streak.length and ended and today - ended <= SPOKEN_OF:
        return _(
            "Your %(ended_length)s-day streak ended. Best so far: %(best)s. Next lesson is ready."
        ) % {"ended_length": grouped(streak.ended_length), "best": grouped(streak.best)}
    said = []
    if streak.length and streak.froze_on == today - timedelta(days=1):
        said.append(
            _("Yesterday used one freeze. Streak still %(length)s. %(left)s left.")
            % {"length": grouped(streak.length), "left": streak.freezes}
        )
    if streak.length >= WORTH_A_WORD and streak.alive_until == today and is_evening(clock):
        end = f"{day_begins()}:00" if day_begins() else _("midnight")
        said.append(
            _("Anything you finish by %(end)s keeps your %(length)s days.")
            % {"end": end, "length": grouped(streak.length)}
        )
        said += [_("A freeze would cover today.")] if streak.freezes else []
    return " ".join(said)


def is_evening(clock: datetime) -> bool:
    """Whether most of the day is over; also in its last hours, after midnight."""
    return clock.hour + day_begins() >= EVENING
