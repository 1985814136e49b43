"""The cases of an assignment: those of its tests.yaml, and those of its pairs of files."""

from collections.abc import Mapping as Files
from typing import Any

from django.utils.text import slugify

from assessments.fairness import (
    ALL_HIDDEN,
    DEEPEST,
    ERROR_NAME,
    MOST_CASES,
    faults_of_case,
    faults_of_count,
)
from assessments.models import Assignment, TestCase
from assessments.models.assignment import MAX_INPUT
from studio.importing.files import SourceFile, text_of
from studio.importing.folder.case_files import LONGEST_HINT, LONGEST_NAME, CaseFiles, blank
from studio.importing.folder.fields import BOOLEANS, Fields
from studio.importing.folder.json_values import read_value
from studio.importing.folder.quiz_file import derived
from studio.importing.refusal import Finding
from studio.importing.strict_yaml import Mapping, Scalar, load
from studio.importing.tree import CaseNode, as_text

MAX_BYTES = 1024 * 1024
MAX_VALUES = 50_000
# A value stands in its field, in a case, in the list of cases, in the file.
MAX_DEPTH = DEEPEST + 4
OF_CALLS = ("call", "args", "kwargs", "expect", "raises")
OF_PROGRAMS = ("stdin", "expect_stdout")
PRINTED = ("stdin", "expected_stdout")
# What other systems have and this one does not.
UNSUPPORTED = {
    "expect_exit": "a program always has to end with exit code 0",
    "files": "a program finds no files",
    "env": "a program finds no variables",
}
# The fields of the model, by what they are called in the file.
NAMES = {"expected": "expect", "expected_stdout": "expect_stdout", "function": "call"}


class CasesReader:
    """Reads the cases of the assignment in `folder`, which are judged by its `rules`.

    Faults go to `errors`, doubts to `warnings`; `used` are the files that were read.
    """

    def __init__(
        self, files: Files[str, SourceFile], folder: str, rules: Assignment,
        errors: list[Finding], warnings: list[Finding],
    ) -> None:  # fmt: skip
        self.files, self.folder, self.rules = files, folder, rules
        self.errors, self.warnings = errors, warnings
        self.used: set[str] = set()

    def read(self) -> list[CaseNode]:
        pairs = CaseFiles(self.files, f"{self.folder}tests/", self.rules, self.errors)
        cases = [*self._listed(), *pairs.read()]
        self.used |= pairs.used
        seen: dict[str, CaseNode] = {}
        for case in cases:
            other = seen.setdefault(case.key, case)
            if other is not case:
                place = f"line {other.line}" if other.line else other.path
                message = f'The case id "{case.key}" appears twice: in {place} and here.'
                self.errors.append(Finding(message, case.path, case.line, "twice"))
        for _, words in faults_of_count(len(cases)):
            self.errors.append(Finding(words, f"{self.folder}tests.yaml", code="field"))
        self._doubt(cases)
        return cases

    def _doubt(self, cases: list[CaseNode]) -> None:
        if cases and not any(case.values["is_visible"] for case in cases):
            self._warn(str(ALL_HIDDEN), cases[0].path, 0, "hidden")
        for case in cases:
            if not case.values["is_visible"] and not case.values["hint"]:
                message = f'The hidden case "{case.key}" has no hint: who fails it learns nothing.'
                self._warn(message, case.path, case.line, "hint")

    def _warn(self, message: str, path: str, line: int, code: str) -> None:
        self.warnings.append(Finding(message, path, line, code))

    def _listed(self) -> list[CaseNode]:
        path = f"{self.folder}tests.yaml"
        if path not in self.files:
            return []
        self.used.add(path)
        text = text_of(self.files[path], MAX_BYTES)
        mapping = load(text, path, max_bytes=MAX_BYTES, max_values=MAX_VALUES, max_depth=MAX_DEPTH)
        fields = Fields(mapping, path, self.errors)
        found = fields.mappings("cases", MOST_CASES)
        fields.finish()
        return [self._case(one, path, number) for number, one in enumerate(found, start=1)]

    def _case(self, mapping: Mapping, path: str, number: int) -> CaseNode:
        fields = Fields(mapping, path, self.errors)
        identity = fields.identity("id", 120, made=True)
        named = fields.text("name", LONGEST_NAME)
        values = {
            **blank(named or f"Case {number}"),
            "is_visible": fields.boolean("visible", False),
            "points": fields.integer("points", 1, 1, 100),
            "hint": fields.text("hint", LONGEST_HINT),
        }
        before = len(self.errors)
        values |= self._call(fields) if self.rules.function else self._program(fields)
        self._refuse_strangers(fields)
        fields.finish()
        if len(self.errors) == before:
            self._judge(fields, values)
        if not identity:
            identity = slugify(named)[:80].strip("-") or derived("c", as_text(values))
            message = f'The case has no id and gets "{identity}": edited, it could be another.'
            self._warn(message, path, fields.line, "id")
        return CaseNode(identity, values, path, fields.line)

    def _call(self, fields: Fields) -> dict[str, Any]:
        raises = self._raises(fields)
        if "expect" in fields.items and "raises" in fields.items:
            fields.error('A case has "expect" or "raises", not both.', fields.line_of("raises"))
        elif "expect" not in fields.items and "raises" not in fields.items:
            message = '"expect" is missing: what the function is to give back, or "raises".'
            fields.error(message, fields.line)
        args, kwargs = read_value(fields, "args", []), read_value(fields, "kwargs", {})
        if not isinstance(args, list):
            fields.error('"args" must be a list of values: [1, 2].', fields.line_of("args"))
        if not isinstance(kwargs, dict):
            fields.error('"kwargs" must hold names and values.', fields.line_of("kwargs"))
        return {
            "function": fields.text("call", 80),
            "args": args,
            "kwargs": kwargs,
            "expected": read_value(fields, "expect"),
            "raises": raises,
        }

    def _raises(self, fields: Fields) -> str:
        """The name of an error, or that any will do."""
        value = fields.given("raises")
        if value is None:
            return ""
        if isinstance(value, Scalar):
            truth = BOOLEANS.get(value.text) if value.plain else None
            if truth:
                return TestCase.ANY
            if truth is None and ERROR_NAME.fullmatch(value.text) and len(value.text) <= 80:
                return value.text
        message = '"raises" must be true, or the name of an error such as ValueError.'
        fields.error(message, value.line)
        return ""

    def _program(self, fields: Fields) -> dict[str, Any]:
        if "expect_stdout" not in fields.items:
            fields.error('"expect_stdout" is missing: what the program is to print.', fields.line)
        return {name: fields.verbatim(NAMES.get(name, name), MAX_INPUT) for name in PRINTED}

    def _refuse_strangers(self, fields: Fields) -> None:
        """Fields that the other kind of assignment has, and those that none has here."""
        others = OF_PROGRAMS if self.rules.function else OF_CALLS
        kind = "function" if self.rules.function else "program"
        for name in (*others, *UNSUPPORTED):
            if name not in fields.items:
                continue
            fields.known.add(name)
            words = f'A case of a {kind} has no "{name}".'
            if name in UNSUPPORTED:
                words = f'"{name}" is not supported: {UNSUPPORTED[name]}.'
            elif name == "args":
                words = '"args" is not supported: a program reads its input from "stdin".'
            fields.error(words, fields.line_of(name))

    def _judge(self, fields: Fields, values: dict[str, Any]) -> None:
        """The rules are those of the site; here they get a file and a line."""
        for name, words in faults_of_case(self.rules, TestCase(**values)):
            called = NAMES.get(name, name)
            fields.error(f'"{called}": {words}', fields.line_of(called))
