"""What an import did or would do, node by node."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from studio.importing.refusal import Finding


class Action(StrEnum):
    CREATED = "created"
    RESTORED = "restored"
    UPDATED = "updated"
    MOVED = "moved"
    ARCHIVED = "archived"
    CONFLICT = "conflict"
    SKIPPED = "skipped"
    UNCHANGED = "unchanged"


SIGNS = {
    Action.CREATED: "+", Action.RESTORED: "+", Action.UPDATED: "~", Action.MOVED: ">",
    Action.ARCHIVED: "-", Action.CONFLICT: "!", Action.SKIPPED: "/", Action.UNCHANGED: "=",
}  # fmt: skip
CHANGES = {Action.CREATED, Action.RESTORED, Action.UPDATED, Action.MOVED, Action.ARCHIVED}


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one node. `detail` says which fields changed, or why it was left alone."""

    action: Action
    kind: str
    key: str
    detail: str = ""

    def __str__(self) -> str:
        end = f" ({self.detail})" if self.detail else ""
        return f"{SIGNS[self.action]} {self.kind} {self.key}{end}"

    def to_json(self) -> dict[str, str]:
        return {
            "action": self.action, "kind": self.kind, "key": self.key, "detail": self.detail
        }  # fmt: skip


@dataclass(slots=True)
class Report:
    course: str
    dry_run: bool
    lines: list[Line] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    # How many attempts have more points by a changed key; None if none was marked anew.
    raised: int | None = None

    def add(self, action: Action, kind: str, key: str, detail: str = "") -> None:
        self.lines.append(Line(action, kind, key, detail))

    @property
    def counts(self) -> dict[str, int]:
        counter = Counter(line.action for line in self.lines)
        return {action.value: counter[action] for action in Action}

    @property
    def source_nodes(self) -> int:
        """How many nodes the source has: all lines but those of what vanished from it."""
        return sum(line.action != Action.ARCHIVED for line in self.lines)

    @property
    def changes(self) -> int:
        return sum(line.action in CHANGES for line in self.lines)

    @property
    def summary(self) -> str:
        if not self.changes:
            text = "No changes."
        else:
            verb = "would change" if self.dry_run else "changed"
            text = f"{self.changes} {'node' if self.changes == 1 else 'nodes'} {verb}."
        told = ", ".join(f"{count} {action}" for action, count in self.counts.items() if count)
        return f"{text} {told}; {self.source_nodes} in the source.{self._raised}"

    @property
    def _raised(self) -> str:
        if self.raised is None:
            return ""
        verb = "would be raised" if self.dry_run else "raised"
        return f" {self.raised} {'attempt' if self.raised == 1 else 'attempts'} {verb}."

    def to_json(self) -> dict[str, Any]:
        return {
            "course": self.course,
            "dry_run": self.dry_run,
            "changes": self.changes,
            "source_nodes": self.source_nodes,
            "counts": self.counts,
            "attempts_raised": self.raised or 0,
            "nodes": [line.to_json() for line in self.lines],
            "warnings": [warning.to_json() for warning in self.warnings],
            "errors": [],
        }
