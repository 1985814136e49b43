"""Rules about what things are called, and about literals that have no name."""

import ast
import builtins
from collections import defaultdict
from collections.abc import Iterator

from assessments.analyser.python.reading import (
    COMPREHENSIONS,
    FUNCTIONS,
    LOOPS,
    Function,
    Reading,
    called,
    is_text,
)
from assessments.analyser.rules import Seen
from assessments.analyser.shared import EVERYDAY_NUMBERS, NUMBER_TIMES, STRING_TIMES

BUILTINS = frozenset(name for name in dir(builtins) if name.islower() and name[0] != "_")
# Words that are common as names and hardly ever missed as functions.
HARMLESS = frozenset({"copyright", "credits", "license", "exit", "quit", "help"})
COORDINATES = frozenset("xyzn_")
SHORT_FUNCTION = 5


def given_names(reading: Reading) -> Iterator[tuple[int, str, ast.AST]]:
    """Line, name and node of every variable, parameter and function that the text names."""
    for node in reading.nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id, node
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg, node
        elif isinstance(node, FUNCTIONS):
            yield node.lineno, node.name, node


def short_names(reading: Reading) -> Iterator[Seen]:
    told: set[tuple[ast.AST, str]] = set()
    for line, name, node in given_names(reading):
        place = reading.scope(node), name
        if len(name) == 1 and place not in told and not _may_be_short(reading, node, name):
            told.add(place)
            yield Seen(line, "short-name", name)


def _may_be_short(reading: Reading, node: ast.AST, name: str) -> bool:
    """In loops, comprehensions, pairs, “with … as f” and small functions one letter is enough."""
    above = reading.parents[node]
    if name == "_" or isinstance(node, FUNCTIONS):
        return name == "_"
    if isinstance(node, ast.arg):
        function = reading.scope(node)
        if isinstance(function, ast.Lambda) or name in COORDINATES:
            return True
        return isinstance(function, FUNCTIONS) and length(function) <= SHORT_FUNCTION
    if isinstance(above, (ast.Tuple, ast.List, ast.withitem, ast.comprehension, *COMPREHENSIONS)):
        return True
    if isinstance(above, ast.NamedExpr):
        return True
    return isinstance(above, LOOPS)


def length(function: Function) -> int:
    """Lines from def to the end, without the description."""
    first = function.body[0]
    described = (first.end_lineno or 0) - first.lineno + 1 if is_text(first) else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - described


def shadowed(reading: Reading) -> Iterator[Seen]:
    told: set[tuple[ast.AST, str]] = set()
    for line, name, node in given_names(reading):
        scope = reading.scope(node)
        if name not in BUILTINS or name in HARMLESS or (scope, name) in told:
            continue
        if not isinstance(scope, ast.ClassDef):
            told.add((scope, name))
            yield Seen(line, "shadowed-builtin", name)


def camel_case(reading: Reading) -> Iterator[Seen]:
    told = set()
    for line, name, node in given_names(reading):
        is_class = called(getattr(reading.parents.get(node), "value", None)) in (
            "namedtuple",
            "TypeVar",
        )
        camel = name[:1].islower() and name != name.lower() and "_" not in name
        if camel and name not in told and not is_class:
            told.add(name)
            yield Seen(line, "camel-case", name)


def repeated_literals(reading: Reading) -> Iterator[Seen]:
    places: dict[str, list[int]] = defaultdict(list)
    for node in reading.of(ast.Constant):
        if (shown := _counted(reading, node)) is not None:
            places[shown].append(node.lineno)
    for shown, lines in places.items():
        times = STRING_TIMES if shown.startswith("“") else NUMBER_TIMES
        if len(lines) >= times:
            yield Seen(min(lines), "repeated-literal", shown)


def _counted(reading: Reading, node: ast.Constant) -> str | None:
    """How a literal is shown, or None where it needs no name: keys, parts of texts, constants."""
    above, value = reading.parents[node], node.value
    if isinstance(above, (ast.Expr, ast.FormattedValue, ast.JoinedStr, ast.Subscript, ast.Dict)):
        return None
    if isinstance(above, (ast.MatchValue, ast.List, ast.Tuple, ast.Set, ast.keyword)):
        return None
    if isinstance(value, str):
        return f"“{value}”" if len(value) > 3 and value.strip() else None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    # A number beyond what Python writes out in full is no number that somebody types three times.
    shown = str(value) if isinstance(value, float) or value.bit_length() < 64 else None
    return None if shown in EVERYDAY_NUMBERS else shown


RULES = (short_names, shadowed, camel_case, repeated_literals)
