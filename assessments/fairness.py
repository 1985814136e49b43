"""What makes an assignment fair: one that can be judged, and tells learners something. Pure."""

import json
import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from accounts.numerals import grouped
from assessments.models import Assignment, TestCase
from assessments.models.assignment import MAX_INPUT
from courses.models import Lesson
from sandbox.checkers import PatternRefused, safe_patterns
from sandbox.job import SourceRefused, clean_source

Compare = Assignment.Compare
Faults = list[tuple[str, str]]

MOST_CASES = 100
MOST_DIGITS = 4_000
DEEPEST = 20
FUNCTION = re.compile(r"[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*", re.ASCII)
ERROR_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
NO_SOLUTION = gettext_lazy(
    "The assignment has no reference solution, so nobody knows whether it can be solved."
)
NO_CASE = gettext_lazy("The assignment has no case: nothing would be checked.")
LAST_CASE = gettext_lazy(
    "Learners have this assignment: keep a case, or make its lesson a draft first."
)
NOT_FINITE = gettext_lazy("Infinity and what is no number cannot be written in JSON.")
ALL_HIDDEN = gettext_lazy(
    "All cases are hidden: learners cannot see what goes in, nor try their code."
)


def faults_of(assignment: Assignment, cases: Iterable[TestCase]) -> list[str]:
    """All that keeps the assignment from being given to learners, archived cases aside."""
    live = [case for case in cases if not case.deleted_at]
    found = [] if assignment.solution.strip() else [str(NO_SOLUTION)]
    found += [words for _, words in faults_of_rules(assignment)]
    found += [words for _, words in faults_of_cases(assignment, live)]
    return found if live else [*found, str(NO_CASE)]


def faults_of_rules(assignment: Assignment) -> Faults:
    """What is wrong with the assignment by itself, as pairs of a field and a sentence."""
    found, function = Faults(), assignment.function
    if function and not FUNCTION.fullmatch(function):
        found.append(("function", gettext("This is no name of a function.")))
    if function and assignment.language == Assignment.Language.JAVA:
        found.append(("function", gettext("In Java only programs are run: they read and print.")))
    fitting = Assignment.FOR_FUNCTIONS if function else Assignment.FOR_PROGRAMS
    if assignment.compare not in fitting:
        of = gettext("What a function gives back") if function else gettext("What a program prints")
        found.append(
            (
                "compare",
                gettext("%(of)s is compared by one of %(fitting)s.")
                % {"of": of, "fitting": ", ".join(fitting)},
            )
        )
    for name in ("starter", "solution"):
        if (text := getattr(assignment, name)).strip() and (words := fault_of_source(text)):
            found.append((name, words))
    return found


def fault_of_source(text: str) -> str:
    try:
        clean_source(text)
    except SourceRefused as refusal:
        return str(refusal)
    return ""


def faults_of_cases(assignment: Assignment, cases: Sequence[TestCase]) -> Faults:
    """What is wrong with these cases, each by its name."""
    found = [
        ("cases", f"{case.name}: {words}")
        for case in cases
        for _, words in faults_of_case(assignment, case)
    ]
    return found + faults_of_count(len(cases))


def faults_of_count(cases: int) -> Faults:
    if cases > MOST_CASES:
        return [
            (
                "cases",
                gettext("An assignment has at most %(most_cases)s cases.")
                % {"most_cases": MOST_CASES},
            )
        ]
    return []


def faults_of_no_case(assignment: Assignment, live: Sequence[TestCase]) -> Faults:
    """A published assignment keeps a case: what was handed in waits to be judged by it."""
    if live or assignment.lesson.status != Lesson.Status.PUBLISHED:
        return []
    return [("cases", str(LAST_CASE))]


def faults_of_case(assignment: Assignment, case: TestCase) -> Faults:
    """What is wrong with one case, as pairs of a field and a sentence."""
    if assignment.function:
        return _faults_of_call(case)
    found = [
        (name, gettext("A program has none: it reads its input and prints."))
        for name in ("function", "args", "kwargs", "expected", "raises")
        if getattr(case, name) not in ("", None, [], {})
    ]
    found += [
        (
            name,
            gettext("This text has more than %(max_input)s characters.")
            % {"max_input": grouped(MAX_INPUT)},
        )
        for name in ("stdin", "expected_stdout")
        if len(getattr(case, name)) > MAX_INPUT
    ]
    if assignment.compare == Compare.PATTERN:
        try:
            safe_patterns(case.expected_stdout)
        except PatternRefused as refusal:
            found.append(("expected_stdout", str(refusal)))
    return found


def _faults_of_call(case: TestCase) -> Faults:
    found = [
        (name, gettext("A function has none: it is called and gives a value back."))
        for name in ("stdin", "expected_stdout")
        if getattr(case, name)
    ]
    if case.function and not FUNCTION.fullmatch(case.function):
        found.append(("function", gettext("This is no name of a function.")))
    if not isinstance(case.args, list):
        found.append(("args", gettext("Arguments are a list of values.")))
    if not isinstance(case.kwargs, dict):
        found.append(("kwargs", gettext("Named arguments are values by their names.")))
    values = {name: fault_of_value(getattr(case, name)) for name in ("args", "kwargs", "expected")}
    found += [(name, words) for name, words in values.items() if words]
    if case.raises and case.expected is not None:
        found.append(("raises", gettext("A case expects a value or an error, not both.")))
    if case.raises not in ("", case.ANY) and not ERROR_NAME.fullmatch(case.raises):
        found.append(("raises", gettext("This is no name of an error.")))
    return found


def fault_of_value(value: Any) -> str:
    """Say why a value cannot be kept as it is, and handed to a program; "" if it can."""
    if words := _fault_within(value, DEEPEST):
        return words
    if len(json.dumps(value, ensure_ascii=False)) > MAX_INPUT:
        return gettext("This value has more than %(max_input)s characters.") % {
            "max_input": grouped(MAX_INPUT)
        }
    return ""


def _fault_within(value: Any, depth: int) -> str:
    if not isinstance(value, (list, dict)):
        return _fault_of_leaf(value)
    if not depth:
        return gettext("The values are nested too deeply.")
    parts = [*value, *value.values()] if isinstance(value, dict) else value
    return next((words for part in parts if (words := _fault_within(part, depth - 1))), "")


def _fault_of_leaf(value: Any) -> str:
    if isinstance(value, str):
        return (
            gettext("A text cannot hold NUL or half a character.")
            if UNSTORABLE.search(value)
            else ""
        )
    if isinstance(value, int):
        most = gettext("A whole number has at most %(most_digits)s digits.") % {
            "most_digits": grouped(MOST_DIGITS)
        }
        return most if abs(value) >= 10**MOST_DIGITS else ""
    if isinstance(value, float):
        return str("" if math.isfinite(value) else NOT_FINITE)
    return (
        ""
        if value is None
        else gettext("%(name)s is no type of JSON.") % {"name": type(value).__name__}
    )


def doubts_about(cases: Iterable[TestCase]) -> list[str]:
    """What is allowed and hardly meant."""
    live = [case for case in cases if not case.deleted_at]
    found = [
        gettext("The case “%(name)s” is hidden and has no hint: who fails it learns nothing.")
        % {"name": case.name}
        for case in live
        if not case.is_visible and not case.hint
    ]
    return found if not live or any(case.is_visible for case in live) else [str(ALL_HIDDEN), *found]
