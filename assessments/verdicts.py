"""What becomes of code, in words: waiting, running, and each way in which it can end."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.numerals import decimal, grouped
from assessments.models import Outcome, Work
from assessments.work import MOST_TRIES

KILOBYTES = 64
AWAY = gettext_lazy("Your code waits: the runner is away. Nothing is lost, no attempt is used.")
GIVEN_UP = (
    gettext_lazy("Our runner failed three times. Your code was not judged; this is not your fault.")
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
        return _("Your code does not start, so no test could be run.")
    if not told.failing:
        return " ".join([_all_pass(told), *_time(told.seconds)])
    end = {
        Outcome.RUNTIME_ERROR: _("Your code stops with an error in: %(first)s.")
        % {"first": told.first},
        Outcome.TIME_LIMIT: (
            _(
                "Stopped after %(limit_seconds)s s. A loop may never end. First test that was "
                "stopped: %(first)s."
            )
            % {"limit_seconds": decimal(told.limit_seconds), "first": told.first}
        ),
        Outcome.MEMORY_LIMIT: (
            _("Stopped: it wanted more than %(limit_memory)s MB of memory in: %(first)s.")
            % {"limit_memory": told.limit_memory, "first": told.first}
        ),
        Outcome.OUTPUT_LIMIT: (
            _(
                "Stopped: it printed more than %(kilobytes)s KB in: %(first)s. A loop may "
                "print without end."
            )
            % {"kilobytes": KILOBYTES, "first": told.first}
        ),
    }.get(Outcome(told.outcome), _("Fails: %(first)s.") % {"first": told.first})
    if told.is_graded and told.has_passed:
        return _("%(count)s %(percent)s%% is enough: %(pass_percent)s%% pass. %(end)s") % {
            "count": _count(told),
            "percent": told.percent,
            "pass_percent": told.pass_percent,
            "end": end,
        }
    return f"{_count(told)} {end}"


def announcement(told: Told, xp: int = 0) -> str:
    """The same for those who listen: state first, then where to look."""
    if told.is_graded and told.has_passed:
        count = _all_pass(told) if not told.failing else _count(told)
        earned = [_("You earned %(xp)s XP.") % {"xp": grouped(xp)}] if xp else []
        return " ".join([count, _("Assignment complete."), *earned])
    begun = _("Submission judged.") if told.is_graded else _("Run finished.")
    if told.outcome == Outcome.COMPILE_ERROR:
        return " ".join([begun, _("Your code does not start.")])
    if not told.failing:
        return f"{begun} {_all_pass(told)}"
    return _("%(begun)s %(count)s First failing test: %(first)s.") % {
        "begun": begun,
        "count": _count(told),
        "first": told.first,
    }


def _all_pass(told: Told) -> str:
    if not told.total:
        # Where no result of a test is kept, the share of the points says what there is to say.
        return (
            _("%(percent)s%% of the points.") % {"percent": told.percent}
            if told.is_graded
            else _("There is no sample test.")
        )
    said = (
        ngettext("The test passes.", "All %(total)s tests pass.", told.total)
        if told.is_graded
        else ngettext("The sample test passes.", "All %(total)s sample tests pass.", told.total)
    )
    return said % {"total": told.total}


def _count(told: Told) -> str:
    numbers = {"passing": told.passing, "total": told.total}
    if told.is_graded:
        all_of_them = ngettext("%(total)s test", "%(total)s tests", told.total)
    else:
        all_of_them = ngettext("%(total)s sample test", "%(total)s sample tests", told.total)
    said = ngettext(
        "%(passing)s of %(tests)s passes.", "%(passing)s of %(tests)s pass.", told.passing
    )
    return said % {"passing": told.passing, "tests": all_of_them % numbers}


def _time(seconds: float | None) -> list[str]:
    if seconds is None:
        return []
    return [_("%(seconds)s s.") % {"seconds": decimal(max(seconds, 0.1), 1)}]


ENDS = {
    Outcome.PASSED: gettext_lazy("Ran to its end."),
    Outcome.RUNTIME_ERROR: gettext_lazy("Stopped with an error."),
    Outcome.COMPILE_ERROR: gettext_lazy("The program does not start."),
    Outcome.TIME_LIMIT: gettext_lazy("Stopped: it took too long. A loop may never end."),
    Outcome.MEMORY_LIMIT: gettext_lazy("Stopped: it wanted too much memory."),
    Outcome.OUTPUT_LIMIT: format_lazy(
        gettext_lazy("Stopped: it printed more than {kilobytes} KB."), kilobytes=KILOBYTES
    ),
}


def end_of_program(outcome: str, seconds: float | None = None) -> str:
    """How a program ended that nobody judged."""
    told = ENDS[Outcome(outcome)]
    return " ".join([str(told), *(_time(seconds) if outcome == Outcome.PASSED else [])])


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the queue: how many are in front, and how long one of them takes, in seconds."""

    ahead: int
    each: float

    def __str__(self) -> str:
        if not self.ahead:
            return _("Next in line.")
        return _("%(ahead)s ahead of you, %(time)s.") % {
            "ahead": self.ahead,
            "time": _about(self.each * (self.ahead + 1)),
        }


def _about(seconds: float) -> str:
    if seconds < 90:
        return _("about %(seconds)s s") % {"seconds": max(1, math.ceil(seconds))}
    return _("about %(minutes)s min") % {"minutes": math.ceil(seconds / 60)}


def waiting(work: Work, place: Place | None, seconds: float, *, what: str) -> str:
    """What is told while there is no outcome. `what` is running: "tests" or "program"."""
    is_running = work.status == Work.Status.RUNNING
    number = min(work.tries + (not is_running), MOST_TRIES)
    if number > 1:
        return _(
            "Our runner failed, your code was not judged. We are retrying (%(number)s of "
            "%(most_tries)s)."
        ) % {"number": number, "most_tries": MOST_TRIES}
    if is_running:
        said = (
            _("Running your tests. %(seconds)s s so far.")
            if what == "tests"
            else _("Running your program. %(seconds)s s so far.")
        )
        return said % {"seconds": int(seconds)}
    if work.fault:
        return str(AWAY)
    return _("Your code waits. %(place)s") % {"place": place} if place else _("Your code waits.")


def next_look(seconds: float) -> int:
    """In how many milliseconds a page that has waited so long asks again."""
    steps = ((2, 700), (6, 1_000), (20, 2_000))
    return next((delay for until, delay in steps if seconds < until), 5_000)
