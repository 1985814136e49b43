"""What the page of the runner shows: what it is, whether its walls hold, and its queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from assessments import queue, runner_checks, runners
from assessments.models import Assignment, RunnerCheck
from assessments.queue import Fault, Line
from studio.pages.waiting import Waiting, waiting

LABELS = dict(Assignment.Language.choices)
WHAT = {
    "wasm": _("Built in: programs run as WebAssembly, behind a second wall."),
    "bwrap": _("Hardened: programs run natively, each in namespaces of its own."),
    "piston": _("Elsewhere: a Piston server runs the programs."),
}


@dataclass(frozen=True, slots=True)
class RunnerPage:
    """`check` is the last self-test that ended, `due` one that waits or runs."""

    name: str
    check: RunnerCheck | None
    due: RunnerCheck | None
    lines: Sequence[Line]
    faults: Sequence[Fault]
    waiting: Waiting

    @property
    def what(self) -> str:
        return str(WHAT.get(self.name, ""))

    @property
    def languages(self) -> Sequence[str]:
        """What it offered where code runs, which may be another machine than this."""
        if self.check is None or self.is_of_another:
            return []
        return [str(LABELS.get(one, one)) for one in self.check.languages]

    @property
    def fallen(self) -> int:
        return sum(not wall["holds"] for wall in self.check.walls) if self.check else 0

    @property
    def is_of_another(self) -> bool:
        """Whether another runner was tested than the one that is set now."""
        return self.check is not None and self.check.runner != self.name

    @property
    def queued(self) -> int:
        return sum(line.waiting for line in self.lines)

    @property
    def running(self) -> int:
        return sum(line.running for line in self.lines)

    @property
    def given_up(self) -> int:
        return sum(line.given_up for line in self.lines)

    @property
    def oldest(self) -> datetime | None:
        return min((line.oldest for line in self.lines if line.oldest), default=None)


def runner_page() -> RunnerPage:
    """Thirteen queries: two for each kind of work."""
    return RunnerPage(
        name=runners.chosen().name,
        check=runner_checks.latest(),
        due=RunnerCheck.objects.open().first(),
        lines=queue.lines(),
        faults=queue.faults(),
        waiting=waiting(),
    )
