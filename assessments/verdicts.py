"""What becomes of code, in words: waiting, running, and each way in which it can end."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assessments.models import Outcome, Work
from assessments.work import MOST_TRIES

KILOBYTES = 64
AWAY = "Your code waits: the runner is away. Nothing is lost, no attempt is used."
GIVEN_UP = (
    "Our runner failed three times. Your code was not judged; this is not your fault."
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What a sentence about a judged submission is made from. `failing` are names, in order."""

    outcome: str
    total: int
    failing: Sequence[str]
    is_graded: bool
    has_passed: bool
    percent: int
    pass_percent: int
    seconds: float | None
    limit_seconds: float
    limit_memory: int

    @property
    def passing(self) -> int:
        return self.total - len(self.failing)

    @property
    def first(self) -> str:
        return self.failing[0] if self.failing else ""


def headline(told: Told) -> str:
    """The verdict in a line: how many tests pass, what stopped it, and where to look first."""
    if told.outcome == Outcome.COMPILE_ERROR:
        return "Your code does not start, so no test could be run."
    if not told.failing:
        return " ".join([_all_pass(told), *_time(told.seconds)])
    end = {
        Outcome.RUNTIME_ERROR: f"Your code stops with an error in: {told.first}.",
        Outcome.TIME_LIMIT: (
            f"Stopped after {told.limit_seconds:g} s. A loop may never end. "
            f"First test that was stopped: {told.first}."
        ),
        Outcome.MEMORY_LIMIT: (
            f"Stopped: it wanted more than {told.limit_memory} MB of memory in: {told.first}."
        ),
        Outcome.OUTPUT_LIMIT: (
            f"Stopped: it printed more than {KILOBYTES} KB in: {told.first}. "
            "A loop may print without end."
        ),
    }.get(Outcome(told.outcome), f"Fails: {told.first}.")
    if told.is_graded and told.has_passed:
        return f"{_count(told)} {told.percent}% is enough: {told.pass_percent}% pass. {end}"
    return f"{_count(told)} {end}"


def announcement(told: Told, xp: int = 0) -> str:
    """The same for those who listen: state first, then where to look."""
    if told.is_graded and told.has_passed:
        earned = f" You earned {xp:,} XP." if xp else ""
        count = _all_pass(told) if not told.failing else _count(told)
        return f"{count} Assignment complete.{earned}"
    begun = "Submission judged." if told.is_graded else "Run finished."
    if told.outcome == Outcome.COMPILE_ERROR:
        return f"{begun} Your code does not start."
    if not told.failing:
        return f"{begun} {_all_pass(told)}"
    return f"{begun} {_count(told)} First failing test: {told.first}."


def _all_pass(told: Told) -> str:
    kind = "test" if told.is_graded else "sample test"
    if not told.total:
        # Where no result of a test is kept, the share of the points says what there is to say.
        return f"{told.percent}% of the points." if told.is_graded else "There is no sample test."
    return f"The {kind} passes." if told.total == 1 else f"All {told.total} {kind}s pass."


def _count(told: Told) -> str:
    kind = "test" if told.is_graded else "sample test"
    verb = "passes" if told.passing == 1 else "pass"
    return f"{told.passing} of {told.total} {kind}{'s' * (told.total != 1)} {verb}."


def _time(seconds: float | None) -> list[str]:
    return [] if seconds is None else [f"{max(seconds, 0.1):.1f} s."]


ENDS = {
    Outcome.PASSED: "Ran to its end.",
    Outcome.RUNTIME_ERROR: "Stopped with an error.",
    Outcome.COMPILE_ERROR: "The program does not start.",
    Outcome.TIME_LIMIT: "Stopped: it took too long. A loop may never end.",
    Outcome.MEMORY_LIMIT: "Stopped: it wanted too much memory.",
    Outcome.OUTPUT_LIMIT: f"Stopped: it printed more than {KILOBYTES} KB.",
}


def end_of_program(outcome: str, seconds: float | None = None) -> str:
    """How a program ended that nobody judged."""
    told = ENDS[Outcome(outcome)]
    return " ".join([told, *(_time(seconds) if outcome == Outcome.PASSED else [])])


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the queue: how many are in front, and how long one of them takes, in seconds."""

    ahead: int
    each: float

    def __str__(self) -> str:
        if not self.ahead:
            return "Next in line."
        return f"{self.ahead} ahead of you, {_about(self.each * (self.ahead + 1))}."


def _about(seconds: float) -> str:
    if seconds < 90:
        return f"about {max(1, math.ceil(seconds))} s"
    return f"about {math.ceil(seconds / 60)} min"


def waiting(work: Work, place: Place | None, seconds: float, *, what: str) -> str:
    """What is told while there is no outcome. `what` is running: "tests" or "program"."""
    is_running = work.status == Work.Status.RUNNING
    number = min(work.tries + (not is_running), MOST_TRIES)
    if number > 1:
        return (
            "Our runner failed, your code was not judged. "
            f"We are retrying ({number} of {MOST_TRIES})."
        )
    if is_running:
        return f"Running your {what}. {int(seconds)} s so far."
    if work.fault:
        return AWAY
    return f"Your code waits. {place}" if place else "Your code waits."


def next_look(seconds: float) -> int:
    """In how many milliseconds a page that has waited so long asks again."""
    steps = ((2, 700), (6, 1_000), (20, 2_000))
    return next((delay for until, delay in steps if seconds < until), 5_000)
