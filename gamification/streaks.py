"""The arithmetic of streaks: what the days of learning come to. Nothing here asks the database.

`settle` replays all days, so freezes earned and used follow from them, and settling twice is
settling once. Dates are facts: each was fixed in the person's zone at that moment.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

DAY = timedelta(days=1)
# A run begins with one freeze at least, each seventh day of learning brings another, two are kept.
FIRST_FREEZES, DAYS_A_FREEZE, MOST_FREEZES = 1, 7, 2
MILESTONES = {7: 20, 30: 60, 100: 150, 365: 400}
# Flying east may skip a date: no gap, if the next thing is done this soon after the last.
JUMP = timedelta(hours=36)
# So long after a change of zone, the next day begins half a day after the one before began.
UNSETTLED, APART = timedelta(hours=24), timedelta(hours=12)
CHANGES_A_WEEK = 2
# A run that ended may be taken up by a lesson within two days, once in sixty, while it is offered.
BACK_WITHIN, OFFERED_FOR, BETWEEN_REPAIRS = timedelta(2), timedelta(7), timedelta(60)
# A pause has thirty days, a rest rule two weekdays: a required day is never further off than this.
HORIZON = 400


class Verdict(StrEnum):
    """What a date is to the streak."""

    LEARNED = "learned"
    # Learned soon after a change of zone: keeps the run and is not counted.
    KEPT = "learned, too soon"
    REST = "rest day"
    PAUSED = "pause"
    FROZEN = "freeze used"
    TRAVELLED = "skipped by travelling"
    REPAIRED = "taken up again"
    MISSED = "missed"
    OPEN = "not yet"
    NONE = "no run"


@dataclass(frozen=True)
class Day:
    """A date of learning, its zone, and when the first and the last thing were done."""

    date: date
    zone: str
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class History:
    """The facts. Rests are (from, weekdays as bits), pauses (first, last), repairs (ended, on).

    `zone` and `at` are where and when it is asked: who has just flown east has missed nothing yet.
    """

    days: Sequence[Day] = ()
    rests: Sequence[tuple[date, int]] = ()
    pauses: Sequence[tuple[date, date]] = ()
    repairs: Sequence[tuple[date, date]] = ()
    zone: str = ""
    at: datetime | None = None

    def excuse(self, day: date) -> Verdict | None:
        """Why a date without learning is no gap; None if it is required."""
        if any(first <= day <= last for first, last in self.pauses):
            return Verdict.PAUSED
        rule = max((rest for rest in self.rests if rest[0] <= day), default=None)
        return Verdict.REST if rule and rule[1] >> day.weekday() & 1 else None

    def noting(self, day: date, zone: str, at: datetime) -> "History":
        """The history with something done at that moment."""
        known = {one.date: one for one in self.days}
        old = known.get(day) or Day(day, zone, at, at)
        known[day] = replace(old, first_at=min(old.first_at, at), last_at=max(old.last_at, at))
        return replace(self, days=list(known.values()))


@dataclass(frozen=True)
class Run:
    """Days of learning with no gap that was not bridged."""

    first: date
    length: int = 0
    ended_on: date | None = None


@dataclass(frozen=True)
class Settled:
    """What the history came to on a day. `runs`: all of them; the last may be going on."""

    runs: list[Run] = field(default_factory=list)
    freezes: int = FIRST_FREEZES
    verdicts: dict[date, Verdict] = field(default_factory=dict)
    counted: int = 0
    last_date: date | None = None
    alive_until: date | None = None

    @property
    def run(self) -> Run | None:
        """The run that is going on."""
        return self.runs[-1] if self.runs and not self.runs[-1].ended_on else None

    @property
    def length(self) -> int:
        return self.run.length if self.run else 0

    @property
    def best(self) -> int:
        return max((run.length for run in self.runs), default=0)

    @property
    def ended(self) -> Run | None:
        """The run that ended last."""
        return next((run for run in reversed(self.runs) if run.ended_on), None)


def settle(history: History, today: date) -> Settled:
    """Replay every day up to today; whoever flew west has lived through a later one."""
    replay = Replay(history)
    days = sorted(history.days, key=lambda day: day.date)
    today = max(today, days[-1].date) if days else today
    soon = too_soon(days)
    for day in days:
        replay.bridge(day.date, day.zone, day.first_at)
        replay.learn(day, counts=day.date not in soon)
    if days:
        replay.bridge(today, history.zone, history.at)
    return replay.outcome(today)


class Replay:
    """The state between two days of learning."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.freezes = FIRST_FREEZES
        self.runs: list[Run] = []
        self.verdicts: dict[date, Verdict] = {}
        self.last: Day | None = None
        self.last_date: date | None = None

    def learn(self, day: Day, *, counts: bool) -> None:
        if not self.runs or self.runs[-1].ended_on:
            self.runs.append(Run(day.date))
        self.last = day
        self.verdicts[day.date] = Verdict.LEARNED if counts else Verdict.KEPT
        if not counts:
            return
        self.last_date = day.date
        length = self.runs[-1].length + 1
        self.runs[-1] = replace(self.runs[-1], length=length)
        if length % DAYS_A_FREEZE == 0:
            self.freezes = min(self.freezes + 1, MOST_FREEZES)

    def bridge(self, until: date, zone: str, at: datetime | None) -> None:
        """Say of each date between the last day of learning and `until` what it was."""
        if self.last is None or until <= self.last.date:
            return
        required = []
        for day in dates(self.last.date + DAY, until - DAY):
            excused = self.history.excuse(day)
            self.verdicts[day] = excused or Verdict.NONE
            if not excused:
                required.append(day)
        carried = self.carried_by(required, until, zone, at)
        if carried is None:
            self.end(required)
            return
        self.verdicts |= dict.fromkeys(required, carried)
        if carried is Verdict.FROZEN:
            self.freezes -= len(required)

    def carried_by(
        self, required: list[date], until: date, zone: str, at: datetime | None
    ) -> Verdict | None:
        """What carries the run over these dates; None if nothing does."""
        last = self.last
        if last and at and zone != last.zone and timedelta() <= at - last.last_at < JUMP:
            return Verdict.TRAVELLED
        if any(day < until and day in required for day, _ in self.history.repairs):
            return Verdict.REPAIRED
        return Verdict.FROZEN if len(required) <= self.freezes else None

    def end(self, required: list[date]) -> None:
        """One date too many: the run ends with it, and no freeze is used for nothing."""
        ended_on = required[self.freezes]
        missed = required[: self.freezes + 1]
        self.verdicts |= dict.fromkeys(missed, Verdict.MISSED)
        self.runs[-1] = replace(self.runs[-1], ended_on=ended_on)
        self.freezes = max(self.freezes, FIRST_FREEZES)

    def outcome(self, today: date) -> Settled:
        if today not in self.verdicts:
            self.verdicts[today] = self.history.excuse(today) or Verdict.OPEN
        alive = bool(self.runs) and not self.runs[-1].ended_on
        return Settled(
            runs=self.runs,
            freezes=self.freezes,
            verdicts=self.verdicts,
            counted=sum(run.length for run in self.runs),
            last_date=self.last_date,
            alive_until=self.next_required(today) if alive else None,
        )

    def next_required(self, today: date) -> date:
        """The first date, today or later, that has to be a day of learning."""
        learned = self.last is not None and self.last.date >= today
        first = today + DAY if learned else today
        ahead = dates(first, first + HORIZON * DAY)
        return next((day for day in ahead if not self.history.excuse(day)), first)


def dates(first: date, last: date) -> Iterator[date]:
    """Each date from the first to the last, both included."""
    while first <= last:
        yield first
        first += DAY


def in_order(days: Sequence[Day]) -> list[Day]:
    """As they were lived: who flies west may come to an earlier date later."""
    return sorted(days, key=lambda day: (day.first_at, day.date))


def too_soon(days: Sequence[Day]) -> set[date]:
    """The dates that do not count: begun soon after a change of zone, and after the day before."""
    found: set[date] = set()
    before: Day | None = None
    zone, changed_at = "", None
    for day in in_order(days):
        if before and day.zone != zone:
            changed_at = day.first_at
        zone = day.zone
        unsettled = changed_at is not None and day.last_at - changed_at <= UNSETTLED
        if before and unsettled and day.last_at - before.first_at < APART:
            found.add(day.date)
        else:
            before = day
    return found


def zone_that_counts(days: Sequence[Day], zone: str, at: datetime) -> str:
    """In which zone a moment is dated: two changes a week are travel, more are not."""
    past = [day for day in in_order(days) if day.first_at <= at]
    if not past or past[-1].zone == zone:
        return zone
    zones = [day.zone for day in past if day.first_at > at - timedelta(days=7)]
    earlier = [day.zone for day in past if day.first_at <= at - timedelta(days=7)]
    zones = earlier[-1:] + zones
    changes = sum(one != other for one, other in pairwise(zones))
    return zone if changes < CHANGES_A_WEEK else past[-1].zone


def offered(settled: Settled, history: History, today: date) -> Run | None:
    """The run that may be taken up again: it ended, learning went on within two days.

    A lesson has to be among that learning, which is for the caller to find out: see `days_back`.
    """
    run, ended = settled.run, settled.ended
    if run is None or ended is None or ended.ended_on is None or ended.length < 2:
        return None
    came_back = run.first - ended.ended_on <= BACK_WITHIN
    lately = any(today - on < BETWEEN_REPAIRS for _, on in history.repairs)
    return ended if came_back and today - ended.ended_on <= OFFERED_FOR and not lately else None


def days_back(ended: Run, history: History) -> list[Day]:
    """The days of learning on which one may come back after a run has ended."""
    over = ended.ended_on
    return [day for day in history.days if over and over < day.date <= over + BACK_WITHIN]


def days_to_next_freeze(length: int, freezes: int) -> int | None:
    """How many days of learning until the next freeze; None: as many as one can keep."""
    return None if freezes >= MOST_FREEZES else DAYS_A_FREEZE - length % DAYS_A_FREEZE
