"""The cases of one canonical-data.json, as calls of functions of Python."""

import json
import keyword
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from assessments.fairness import MOST_CASES, fault_of_value
from assessments.models import TestCase
from courses.texts import fault_of_line
from studio.importing.exercism.strict_json import parsed
from studio.importing.folder.case_files import LONGEST_HINT, LONGEST_NAME, blank
from studio.importing.folder.quiz_file import derived
from studio.importing.refusal import refuse
from studio.importing.tree import CaseNode

# So many cases of each function are shown to learners, and the first that expects an error.
SHOWN = 3
HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
LAMBDA = re.compile(r"\s*\([^()]*\)\s*->")
WHOLE = re.compile(r"-?[0-9]+\Z")
# What one call and what it gives back cannot show.
NO_CALL = {"concurrent", "random", "date", "datetime"}
LONGEST_TAGS = LONGEST_NAME // 2
ERROR_HINT = "An error is to be raised here, and nothing given back."


@dataclass(frozen=True, slots=True)
class Left:
    """A case that is left out."""

    key: str
    reason: str


@dataclass(slots=True)
class Function:
    """`optional` are those of its parameters that a case may leave out."""

    name: str
    parameters: list[str]
    optional: set[str] = field(default_factory=set)
    shown: int = 0
    shown_errors: int = 0

    @property
    def starter(self) -> str:
        first = min(
            (self.parameters.index(one) for one in self.optional), default=len(self.parameters)
        )
        given = [
            name if place < first else f"{name}=None" for place, name in enumerate(self.parameters)
        ]
        return f"def {self.name}({', '.join(given)}):\n    pass\n"


@dataclass(slots=True)
class Calls:
    exercise: str
    functions: list[Function] = field(default_factory=list)
    cases: list[CaseNode] = field(default_factory=list)
    skipped: list[Left] = field(default_factory=list)

    @property
    def starter(self) -> str:
        return "\n\n".join(function.starter for function in self.functions)

    def leave_out(self, reason: str) -> None:
        """Leave out what could be run as well."""
        self.skipped += [Left(case.key, reason) for case in self.cases]
        self.cases = []


class CannotRun(Exception):
    """A case that no call of a function can show. The message says why."""


def read_calls(text: str, path: str) -> Calls:
    """Raises ImportRefused for what is no canonical data."""
    data = parsed(text, path)
    if not isinstance(data, dict) or not isinstance(data.get("cases"), list):
        raise refuse("This is no canonical data: there are no cases.", path)
    calls = Calls(str(data.get("exercise", "")))
    found = list(_leaves(data["cases"], ()))
    keys = [_key_of(case) for case, _ in found]
    twin, count = next(iter(Counter(keys).most_common(1)), ("", 0))
    if count > 1:
        raise refuse(f'The case "{twin}" appears twice.', path)
    replaced = {case["reimplements"]: key for (case, _), key in zip(found, keys, strict=True)
                if isinstance(case.get("reimplements"), str)}  # fmt: skip
    for (case, groups), key in zip(found, keys, strict=True):
        try:
            if key in replaced:
                raise CannotRun(f"superseded by {replaced[key]}")
            if len(calls.cases) >= MOST_CASES:
                raise CannotRun(f"an assignment has at most {MOST_CASES} cases")
            calls.cases.append(_case(calls, case, groups, key, path))
        except CannotRun as reason:
            calls.skipped.append(Left(key, str(reason)))
    return calls


def _leaves(
    cases: list[Any], groups: tuple[str, ...]
) -> Iterator[tuple[dict[str, Any], tuple[str, ...]]]:
    """All cases with the descriptions of the groups around them."""
    for case in cases:
        if isinstance(case, dict) and isinstance(case.get("cases"), list):
            yield from _leaves(case["cases"], (*groups, _line(case.get("description"))))
        elif isinstance(case, dict):
            yield case, groups


def _key_of(case: dict[str, Any]) -> str:
    key = case.get("uuid")
    if isinstance(key, str) and re.fullmatch(r"[0-9a-f-]{1,80}", key):
        return key
    # In what order its names stand says nothing about which case it is.
    return derived("c", json.dumps(case, sort_keys=True, ensure_ascii=False))


def _line(text: Any) -> str:
    """A description as one line that people can read."""
    line = " ".join(text.split()) if isinstance(text, str) else ""
    return "" if fault_of_line(line) else line


def _case(
    calls: Calls, case: dict[str, Any], groups: tuple[str, ...], key: str, path: str
) -> CaseNode:
    told = case.get("scenarios")
    scenarios = [_line(one) for one in told] if isinstance(told, list) else []
    if strange := NO_CALL & set(scenarios):
        raise CannotRun(f"one call cannot show what is {min(strange)}")
    given, expected, raises = _input_of(case), *_expected_of(case)
    function = _function_of(calls, case, given)
    args = _args(function, given)
    said = _line(case.get("description")) or key
    tags = ", ".join(one for one in scenarios if one)
    tags = f" [{tags[:LONGEST_TAGS]}]" if tags else ""
    name = ": ".join(part for part in (*groups, said) if part)
    name = name[: LONGEST_NAME - len(tags)].rstrip() + tags
    visible = function.shown_errors < 1 if raises else function.shown < SHOWN
    if raises:
        function.shown_errors += visible
    else:
        function.shown += visible
    hint = ERROR_HINT if raises else f"What should {function.name} give back for this: {said}?"
    values = blank(name) | {
        "is_visible": visible,
        "hint": "" if visible else hint[:LONGEST_HINT],
        "function": "" if function is calls.functions[0] else function.name,
        "args": args,
        "expected": expected,
        "raises": raises,
    }
    return CaseNode(key, values, path)


def _input_of(case: dict[str, Any]) -> dict[str, Any]:
    given = case.get("input")
    if not isinstance(given, dict):
        raise CannotRun("its input has no names")
    for value in given.values():
        if words := fault_of_value(value):
            raise CannotRun(words)
        _refuse_foreign(value)
    return given


def _refuse_foreign(value: Any) -> None:
    """Refuse what only looks like a value of JSON and stands for something else."""
    if isinstance(value, str) and LAMBDA.match(value):
        raise CannotRun("a function is part of its input")
    if isinstance(value, dict) and value and all(WHOLE.match(name) for name in value):
        raise CannotRun("its input has numbers as keys, which JSON has not")
    for part in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        _refuse_foreign(part)


def _expected_of(case: dict[str, Any]) -> tuple[Any, str]:
    """What is given back, or that any error is raised."""
    if "expected" not in case:
        raise CannotRun("it does not say what is expected")
    expected = case["expected"]
    if isinstance(expected, dict) and set(expected) == {"error"}:
        return None, TestCase.ANY
    if words := fault_of_value(expected):
        raise CannotRun(words)
    return expected, ""


def _function_of(calls: Calls, case: dict[str, Any], given: dict[str, Any]) -> Function:
    """The function that the case calls; met for the first time, it gets its parameters."""
    name = _name(case.get("property"))
    if not name:
        raise CannotRun("it names no function")
    function = next((one for one in calls.functions if one.name == name), None)
    if function is None:
        parameters = [_name(one) or f"value{place}" for place, one in enumerate(given, start=1)]
        if len(set(parameters)) < len(parameters):
            raise CannotRun("two of its inputs have the same name")
        function = Function(name, parameters)
        calls.functions.append(function)
    return function


def _name(text: Any) -> str:
    """A name of Python for a name of canonical data; "" if there is none."""
    name = HUMP.sub("_", text).lower() if isinstance(text, str) else ""
    name = re.sub(r"[\s-]+", "_", name)
    if not re.fullmatch(r"[a-z_][a-z0-9_]*", name):
        return ""
    return f"{name}_" if keyword.iskeyword(name) else name


def _args(function: Function, given: dict[str, Any]) -> list[Any]:
    """The values in the order of the parameters; nulls at the end are arguments left out."""
    names = [_name(one) or f"value{place}" for place, one in enumerate(given, start=1)]
    if sorted(names) != sorted(function.parameters):
        raise CannotRun(f"{function.name} has other parameters in the cases before")
    values = dict(zip(names, given.values(), strict=True))
    args = [values[name] for name in function.parameters]
    while args and args[-1] is None:
        args.pop()
        function.optional.add(function.parameters[len(args)])
    return args
