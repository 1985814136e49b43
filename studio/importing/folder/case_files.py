"""Cases of programs as pairs of files: 01.in is read, 01.ans must be printed, 01.hint may help."""

import posixpath
import re
from collections.abc import Mapping as Files
from typing import Any

from django.utils.text import slugify

from assessments.fairness import faults_of_case
from assessments.models import Assignment, TestCase
from assessments.models.assignment import MAX_INPUT
from studio.importing.files import SourceFile, text_of
from studio.importing.folder.quiz_file import derived
from studio.importing.refusal import Finding, ImportRefused
from studio.importing.tree import CaseNode

LONGEST_NAME = TestCase._meta.get_field("name").max_length or 0
LONGEST_HINT = TestCase._meta.get_field("hint").max_length or 0
PAIR = re.compile(r"(?P<group>sample|secret)/(?P<name>[^/]+)\.(?P<part>in|ans|hint)\Z")


class CaseFiles:
    """Reads the pairs below `start`; faults go to `errors`, `used` are the files that were read."""

    def __init__(
        self, files: Files[str, SourceFile], start: str, rules: Assignment, errors: list[Finding]
    ) -> None:
        self.files, self.start, self.rules, self.errors = files, start, rules, errors
        self.used: set[str] = set()

    def read(self) -> list[CaseNode]:
        pairs: dict[tuple[str, str], dict[str, str]] = {}
        for path in self.files:
            hit = PAIR.match(path[len(self.start) :]) if path.startswith(self.start) else None
            if hit:
                self.used.add(path)
                pairs.setdefault((hit["group"], hit["name"]), {})[hit["part"]] = path
        found = [self._pair(group, name, parts) for (group, name), parts in pairs.items()]
        return [case for case in found if case]

    def _pair(self, group: str, name: str, parts: dict[str, str]) -> CaseNode | None:
        path = next(iter(parts.values()))
        missing = {"in", "ans"} - set(parts)
        if self.rules.function:
            message = "Files with input and output are for programs: a function is called."
            self.errors.append(Finding(message, path, code="field"))
            return None
        if missing:
            wanted = posixpath.splitext(posixpath.basename(path))[0]
            message = f"{wanted}.{missing.pop()} is missing beside it."
            self.errors.append(Finding(message, path, code="reference"))
            return None
        values = {
            **blank(f"{group.capitalize()} {name}"[:LONGEST_NAME]),
            "is_visible": group == "sample",
            "hint": " ".join(self._text(parts, "hint").split())[:LONGEST_HINT],
            "stdin": self._text(parts, "in"),
            "expected_stdout": self._text(parts, "ans"),
        }
        for _, words in faults_of_case(self.rules, TestCase(**values)):
            self.errors.append(Finding(words, parts["ans"], code="field"))
        return CaseNode(f"{group}-{slugify(name)[:80] or derived('c', name)}", values, parts["in"])

    def _text(self, parts: dict[str, str], part: str) -> str:
        if part not in parts:
            return ""
        try:
            return text_of(self.files[parts[part]], MAX_INPUT)
        except ImportRefused as refusal:
            self.errors += refusal.findings
            return ""


def blank(name: str) -> dict[str, Any]:
    """What a case is before anything is said of it: all that `TestCase.compared` has."""
    return {
        "name": name, "is_visible": False, "points": 1, "hint": "", "function": "", "args": [],
        "kwargs": {}, "expected": None, "raises": "", "stdin": "", "expected_stdout": "",
    }  # fmt: skip
