"""What came of it, as a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from faults.finding import Finding

COLUMNS = ("no.", "experiment", "verdict", "noticed", "healed", "failed", "took")
HEAD = "{:>5}  {:<18}{:<9}{:>8}{:>8}{:>14}{:>7}".format(*COLUMNS)


@dataclass
class Line:
    name: str
    number: str
    finding: Finding
    missing: str
    seconds: float

    @property
    def verdict(self) -> str:
        if self.missing:
            return "not run"
        return "FAILED" if self.finding.broken else "passed"

    def words(self) -> str:
        """What did not hold, one a line."""
        notes = [f"  {', '.join(self.finding.notes)}"] if self.finding.notes else []
        reasons = [self.missing] if self.missing else self.finding.broken
        return "\n".join([*notes, *(f"  ! {one}" for one in reasons), f"  {self.verdict}"])

    def __str__(self) -> str:
        found = self.finding
        failed = f"{found.failed} of {found.asked}" if found.asked else "–"
        return (
            f"{self.number:>5}  {self.name:<18}{self.verdict:<9}{seconds(found.detect):>8}"
            f"{seconds(found.recover):>8}{failed:>14}{self.seconds:>5.0f} s"
        )


def seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f} s"


def summary(lines: Sequence[Line]) -> str:
    verdicts = [line.verdict for line in lines]
    counts = [f"{verdicts.count(one)} {one}" for one in ("passed", "FAILED", "not run")]
    return "\n".join(["", HEAD, *map(str, lines), "", ", ".join(counts)])
