"""Streaks told a second time, from the events themselves and date by date, for tests to compare.

Nothing of `gamification.streaks` is used. It is slow and says each rule in the plainest words.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

ONE = timedelta(days=1)


@dataclass
class Told:
    """A date on which something was done."""

    zone: str
    moments: list[datetime] = field(default_factory=list)
    counts: bool = True


@dataclass
class Story:
    """What happened, and what somebody chose."""

    events: list[tuple[datetime, str]]
    rests: dict[date, set[int]]
    pauses: list[tuple[date, date]]
    repairs: list[tuple[date, date]]
    zone: str
    asked_at: datetime

    def dated(self) -> dict[date, Told]:
        """Dates in the order in which they were begun."""
        told: dict[date, Told] = {}
        changes: list[datetime] = []
        zone = None
        for moment, where in sorted(self.events):
            fresh = [change for change in changes if change > moment - 7 * ONE]
            there = zone if zone and where != zone and len(fresh) >= 2 else where
            day = moment.astimezone(ZoneInfo(there)).date()
            if day not in told:
                told[day] = Told(there)
                if zone and there != zone:
                    changes.append(moment)
                zone = there
            told[day].moments.append(moment)
        return told

    def judged(self) -> dict[date, Told]:
        """The same, each knowing whether it counts."""
        told = self.dated()
        changed_at = counted = zone = None
        for one in told.values():
            if zone and one.zone != zone:
                changed_at = one.moments[0]
            zone = one.zone
            if changed_at and counted:
                one.counts = any(
                    moment > changed_at + ONE or moment >= counted.moments[0] + timedelta(hours=12)
                    for moment in one.moments
                )
            counted = one if one.counts else counted
        return told

    def is_free(self, day: date) -> str | None:
        if any(first <= day <= last for first, last in self.pauses):
            return "pause"
        begun = [start for start in self.rests if start <= day]
        return "rest day" if begun and day.isoweekday() in self.rests[max(begun)] else None


@dataclass
class Walk:
    """Where a walk over the dates has come to."""

    words: dict[date, str] = field(default_factory=dict)
    runs: list[list] = field(default_factory=list)
    freezes: int = 1
    waiting: list[date] = field(default_factory=list)

    @property
    def goes_on(self) -> bool:
        return bool(self.runs) and self.runs[-1][2] is None

    def close(self, last: Told, zone: str, moment: datetime, repairs: list) -> None:
        """Something happens again, or today is reached: what were the dates between?"""
        between = moment - max(last.moments)
        if not self.goes_on:
            self.say("no run")
        elif last.zone != zone and timedelta() <= between < timedelta(hours=36):
            self.say("skipped by travelling")
        elif any(ended in self.waiting for ended, _ in repairs):
            self.say("taken up again")
        elif len(self.waiting) <= self.freezes:
            self.freezes -= len(self.waiting)
            self.say("freeze used")
        else:
            self.runs[-1][2] = self.waiting[self.freezes]
            self.say("no run")
            self.words |= dict.fromkeys(self.words_missed(), "missed")
            self.freezes = self.freezes or 1
        self.waiting = []

    def say(self, word: str) -> None:
        self.words |= dict.fromkeys(self.waiting, word)

    def words_missed(self) -> list[date]:
        return [day for day in self.waiting if day <= self.runs[-1][2]]

    def learn(self, day: date, *, counts: bool) -> None:
        if not self.goes_on:
            self.runs.append([day, 0, None])
        self.words[day] = "learned" if counts else "learned, too soon"
        if counts:
            self.runs[-1][1] += 1
            self.freezes += self.runs[-1][1] % 7 == 0 and self.freezes < 2


def tell(story: Story) -> dict[str, object]:
    """The outcome, walked date by date."""
    told = story.judged()
    today = story.asked_at.astimezone(ZoneInfo(story.zone)).date()
    today = max([today, *told])
    walk, day, last = Walk(), min(told, default=today), None
    while day <= today:
        here = told.get(day)
        if last and (here or day == today):
            at = here or Told(story.zone, [story.asked_at])
            walk.close(last, at.zone, at.moments[0], story.repairs)
        if here:
            walk.learn(day, counts=here.counts)
            last = here
        else:
            walk.words[day] = story.is_free(day) or "not yet"
            walk.waiting += [day] if walk.words[day] == "not yet" else []
        day += ONE
    return {
        "length": walk.runs[-1][1] if walk.goes_on else 0,
        "best": max((length for _, length, _ in walk.runs), default=0),
        "freezes": walk.freezes,
        "runs": [tuple(run) for run in walk.runs],
        "words": walk.words,
    }
