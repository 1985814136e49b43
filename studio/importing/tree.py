"""What every source becomes: one tree of plain values, compared and applied by the same code."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from studio.importing.files import SourceFile
from studio.importing.refusal import Finding


def fingerprint(values: dict[str, Any]) -> str:
    """A hash of field values; equal for a node of the source and the row made from it."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(slots=True)
class LessonNode:
    """`values` are fields of the model, by name, without those that the site itself gives."""

    key: str
    source: str
    values: dict[str, Any]
    first_line: int = 1

    @property
    def title(self) -> str:
        return str(self.values["title"])


@dataclass(slots=True)
class ModuleNode:
    key: str
    source: str
    values: dict[str, Any]
    lessons: list[LessonNode] = field(default_factory=list)

    @property
    def title(self) -> str:
        return str(self.values["title"])


@dataclass(slots=True)
class Skipped:
    path: str
    reason: str


@dataclass(slots=True)
class CourseNode:
    slug: str
    values: dict[str, Any]
    language: str
    language_name: str
    draft: bool
    modules: list[ModuleNode] = field(default_factory=list)
    assets: dict[str, SourceFile] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)

    @property
    def lessons(self) -> list[LessonNode]:
        return [lesson for module in self.modules for lesson in module.lessons]
