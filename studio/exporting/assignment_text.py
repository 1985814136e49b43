"""An assignment as its folder: rules, task, code and cases."""

import posixpath
from typing import Any

from assessments.models import Assignment, TestCase
from studio.exporting.lesson_text import identity, line, places_in, unless
from studio.exporting.yaml_text import (
    Bare,
    document,
    in_braces,
    json_value,
    number,
    text,
    truth,
)
from studio.importing.folder.assignment_file import CODE, ENDINGS
from studio.importing.tree import AssignmentNode, CaseNode, LessonNode

Compare = Assignment.Compare


def assignment_files(
    node: LessonNode, assignment: AssignmentNode, path: str, path_key: str
) -> dict[str, bytes]:
    """The files of an assignment by their paths; `path` is that of its assignment.yaml."""
    folder, rules = posixpath.dirname(path), assignment.rules
    task = node.values["content"].replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    files = {
        path: document(_fields(node, rules, path_key)).encode(),
        f"{folder}/description.md": f"{task}\n".encode(),
    }
    for name in CODE:
        if rules[name].strip():
            files[f"{folder}/{name}{ENDINGS[rules['language']]}"] = rules[name].encode()
    if assignment.cases:
        cases = [_case(case, is_call=bool(rules["function"])) for case in assignment.cases]
        files[f"{folder}/tests.yaml"] = document({"cases": cases}).encode()
    return files


def _fields(node: LessonNode, rules: dict[str, Any], path_key: str) -> dict[str, Any]:
    values = node.values
    is_near = rules["compare"] == Compare.APPROX
    usual = Compare.EXACT if rules["function"] else Compare.TOKENS
    limits = {"seconds": _unless(rules["cpu_seconds"], 2.0), "memory": unless(rules["memory"], 128)}
    places = places_in(values)
    return {
        "id": identity(node.key, path_key),
        "title": line(values["title"]),
        "summary": line(values["summary"]),
        "language": Bare(rules["language"]),
        "function": line(rules["function"]),
        "minutes": unless(values["minutes"], 10),
        "xp": unless(values["xp_reward"], 20),
        **{name: places[name] for name in ("required", "draft", "preview")},
        "compare": None if rules["compare"] == usual else Bare(rules["compare"]),
        "tolerance": _unless(rules["tolerance"], 1e-6) if is_near else None,
        "pass": unless(rules["pass_percent"], 100),
        "limits": in_braces({name: value for name, value in limits.items() if value}),
        "hints": [text(hint) for hint in rules["hints"]] or None,
    }


def _unless(value: float, usual: float) -> Bare | None:
    return None if value == usual else number(value)


def _case(node: CaseNode, *, is_call: bool) -> dict[str, Any]:
    values = node.values
    return {
        "id": identity(node.key),
        "name": line(values["name"]),
        "visible": truth(True) if values["is_visible"] else None,
        "points": unless(values["points"], 1),
        "hint": line(values["hint"]),
        **(_call(values) if is_call else _program(values)),
    }


def _call(values: dict[str, Any]) -> dict[str, Any]:
    raises = truth(True) if values["raises"] == TestCase.ANY else line(values["raises"])
    return {
        "call": line(values["function"]),
        "args": json_value(values["args"]) if values["args"] != [] else None,
        "kwargs": json_value(values["kwargs"]) if values["kwargs"] != {} else None,
        "expect": None if raises else json_value(values["expected"]),
        "raises": raises,
    }


def _program(values: dict[str, Any]) -> dict[str, Any]:
    """To the letter: spaces and line ends are part of what a program reads and prints."""
    return {"stdin": values["stdin"] or None, "expect_stdout": values["expected_stdout"]}
