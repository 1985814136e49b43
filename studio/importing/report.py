"""What an import did or would do, node by node."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from studio.importing.refusal import Finding, keepable


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


# What one looks up in the source: what differs from the site, what was left out.
PLACED = {Action.UPDATED, Action.CONFLICT, Action.SKIPPED}


@dataclass(slots=True)
class Line:
    """What became of one node. `detail` says which fields changed, or why it was left alone.

    `path` and `line` are where it stands in the source, `effect` says what it means for what
    learners did, `original` is the text of what has no place here.
    """

    action: Action
    kind: str
    key: str
    detail: str = ""
    path: str = ""
    line: int = 0
    effect: str = ""
    original: str = ""

    def __post_init__(self) -> None:
        for name in ("key", "detail", "path", "original"):
            setattr(self, name, keepable(getattr(self, name)))

    def __str__(self) -> str:
        end = "; ".join(words for words in (self.detail, self.effect) if words)
        return f"{SIGNS[self.action]} {self.kind} {self.key}{f' ({end})' if end else ''}"

    @property
    def placed(self) -> str:
        """The same with its place in the source, where that helps and is not said already."""
        place = f"{self.path}:{self.line}" if self.line else self.path
        if self.action not in PLACED or not place or place == self.key:
            return str(self)
        return f"{self}  {place}"

    def to_json(self) -> dict[str, str | int]:
        return {
            "action": self.action.value, "kind": self.kind, "key": self.key,
            "detail": self.detail, "path": self.path, "line": self.line, "effect": self.effect,
            "original": self.original,
        }  # fmt: skip


@dataclass(slots=True)
class Report:
    course: str
    dry_run: bool
    lines: list[Line] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    # How many attempts have more points by a changed key; None if none was marked anew.
    raised: int | None = None
    # What it means for learners' percentages, in sentences.
    effects: list[str] = field(default_factory=list)
    published: bool = False
    # Called for every line: how far the import is.
    on_line: Callable[[], object] = field(default=lambda: None, repr=False)

    def add(
        self, action: Action, kind: str, key: str, detail: str = "", *, path: str = "",
        line: int = 0, original: str = "",
    ) -> Line:  # fmt: skip
        told = Line(action, kind, key, detail, path, line, original=original)
        self.lines.append(told)
        self.on_line()
        return told

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
    def does_something(self) -> bool:
        """Whether anything is, or would be, other than before."""
        return bool(self.changes or self.raised or self.published)

    @property
    def summary(self) -> str:
        if not self.changes:
            text = "No changes."
        else:
            verb = "would change" if self.dry_run else "changed"
            parts = "1 part" if self.changes == 1 else f"{self.changes} parts"
            text = f"{parts} of the course {verb}."
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
            "published": self.published,
            "effects": self.effects,
            "nodes": [line.to_json() for line in self.lines],
            "warnings": [warning.to_json() for warning in self.warnings],
            "errors": [],
        }
