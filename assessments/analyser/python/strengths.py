"""What a Python text does well. Nothing is claimed that was not seen, and nothing of a fault."""

import ast
from collections.abc import Collection, Iterator

from assessments.analyser.python.names import given_names, length
from assessments.analyser.python.reading import (
    COMPREHENSIONS,
    Function,
    Reading,
    called,
    is_text,
    line_of,
    parameters,
)
from assessments.analyser.rules import Seen
from assessments.analyser.shared import CLEAR_NAME, CLEAR_NAMES, SMALL_FUNCTION

LOOKUPS = (ast.Dict, ast.Set, ast.DictComp, ast.SetComp)


def merits(reading: Reading, faults: Collection[str]) -> Iterator[Seen]:
    """`faults` are the keys of what was found weak: praise does not contradict it."""
    functions = reading.functions
    described = [one for one in functions if is_text(one.body[0]) and ast.get_docstring(one)]
    if described and "missing-description" not in faults:
        yield Seen(described[0].lineno, "described")
    small = all(length(one) <= SMALL_FUNCTION for one in functions)
    if len(functions) > 1 and small and "deep-nesting" not in faults:
        yield Seen(functions[0].lineno, "small-functions")
    for function in functions:
        if (line := _leaves_early(function)) and "deep-nesting" not in faults:
            yield Seen(line, "early-return")
            break
    yield from _names(reading, faults)
    yield from _constructs(reading, faults)


def _leaves_early(function: Function) -> int:
    """The line of a guard: an if without else that leaves, with more to come after it."""
    for statement in function.body[:-1]:
        guard = isinstance(statement, ast.If) and not statement.orelse
        if guard and isinstance(statement.body[-1], (ast.Return, ast.Raise)):  # type: ignore[attr-defined]
            return statement.lineno
    return 0


def _names(reading: Reading, faults: Collection[str]) -> Iterator[Seen]:
    weak = {"short-name", "shadowed-builtin", "camel-case", "unused-variable"}
    names: dict[str, int] = {}
    for line, name, _ in given_names(reading):
        names.setdefault(name, line)
    clear = [name for name in names if len(name) >= CLEAR_NAME and name[0] != "_"]
    if len(clear) >= CLEAR_NAMES and len(clear) * 5 >= len(names) * 4 and not weak & set(faults):
        best = max(clear, key=lambda name: (len(name), name))
        yield Seen(names[best], "clear-names", best)
    used = {one.id for one in reading.of(ast.Name) if isinstance(one.ctx, ast.Load)}
    for statement in reading.tree.body:
        target = statement.targets[0] if isinstance(statement, ast.Assign) else None
        if isinstance(target, ast.Name) and target.id.isupper() and target.id in used:
            yield Seen(statement.lineno, "named-constants", target.id)
            break


def _constructs(reading: Reading, faults: Collection[str]) -> Iterator[Seen]:
    first = {
        "comprehension": next(iter(reading.of(*COMPREHENSIONS)), None),
        "context-manager": next(iter(reading.of(ast.With, ast.AsyncWith)), None),
        "f-string": next((one for one in reading.of(ast.JoinedStr) if len(one.values) > 1), None),
        "direct-loop": next(
            (one for one in reading.of(ast.Call) if called(one) in ("enumerate", "zip")), None
        ),
        "type-hints": _hinted(reading),
        "precise-errors": _handled(reading),
    }
    spoilt = {
        "precise-errors": {"bare-except", "swallowed-error"},
        "direct-loop": {"range-len"},
        "f-string": {"empty-f-string", "concatenation"},
        "context-manager": {"open-without-with"},
        "comprehension": {"needless-list"},
    }
    for key, node in first.items():
        if node is not None and spoilt.get(key, set()).isdisjoint(faults):
            yield Seen(line_of(node), key)
    yield from _lookup(reading)


def _hinted(reading: Reading) -> ast.AST | None:
    """The first function, if all that take or give something say so."""
    hinted = [
        function.returns is not None and all(one.annotation for one in _told(function))
        for function in reading.functions
    ]
    return reading.functions[0] if hinted and all(hinted) else None


def _told(function: Function) -> list[ast.arg]:
    return [one for one in parameters(function) if one.arg not in ("self", "cls")]


def _handled(reading: Reading) -> ast.AST | None:
    vague = {"Exception", "BaseException"}
    for handler in reading.of(ast.ExceptHandler):
        named = handler.type is not None
        if named and not (isinstance(handler.type, ast.Name) and handler.type.id in vague):
            return handler
    return None


def _lookup(reading: Reading) -> Iterator[Seen]:
    """A set or dictionary that is asked with “in” while something is gone through."""
    for compared in reading.of(ast.Compare):
        where = compared.comparators[-1]
        if isinstance(compared.ops[-1], (ast.In, ast.NotIn)) and isinstance(where, ast.Name):
            values = reading.values.get((reading.scope(where), where.id), [])[:3]
            quick = [isinstance(one, LOOKUPS) or called(one) in ("set", "dict") for one in values]
            if quick and all(quick) and reading.is_repeated(compared):
                yield Seen(compared.lineno, "quick-lookup", where.id)
                return
