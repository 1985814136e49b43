"""What an experiment came to: which criteria did not hold, and what was measured."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from faults.crowd import Operation, percentile


class NotRun(Exception):
    """What this experiment needs is not on this machine; the text says what."""


@dataclass
class Finding:
    """`detect` is from the fault to the first answer that shows it, `recover` from its end to the
    last one; both None where nobody noticed."""

    broken: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    asked: int = 0
    failed: int = 0
    detect: float | None = None
    recover: float | None = None
    began: float = 0.0
    ended: float = 0.0

    def hold(self, is_so: object, criterion: str) -> None:
        """Note the criterion as broken unless it holds."""
        if not is_so:
            self.broken.append(criterion)

    def note(self, text: str) -> None:
        self.notes.append(text)

    def fault(self) -> None:
        """The fault begins now."""
        self.began = self.began or time.monotonic()

    def healed(self) -> None:
        """From now on nothing is broken any more."""
        self.ended = time.monotonic()

    def count(self, log: Iterable[Operation]) -> list[Operation]:
        """Take the operations in; return those that failed."""
        operations = list(log)
        failed = [one for one in operations if one.failed]
        self.asked += len(operations)
        self.failed += len(failed)
        if failed and self.began:
            self.detect = max(0.0, min(one.ended for one in failed) - self.began)
            self.recover = max(0.0, max(one.ended for one in failed) - (self.ended or self.began))
        return failed

    def hold_within(self, log: Iterable[Operation], seconds: float, what: str) -> None:
        """95 of 100 operations are answered within so many seconds."""
        took = percentile([one.took for one in log], 95)
        self.note(f"{what} p95 {took:.2f} s")
        self.hold(took <= seconds, f"{what}: p95 {took:.2f} s is over {seconds:g} s")

    def as_dict(self) -> dict[str, Any]:
        keys = ("broken", "notes", "asked", "failed", "detect", "recover")
        return {key: getattr(self, key) for key in keys}
