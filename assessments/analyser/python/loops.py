"""Rules about work that grows faster than the data: all by the shape of loops, nothing measured."""

import ast
from collections.abc import Iterator

from assessments.analyser.python.reading import (
    Function,
    Reading,
    called,
    inside,
    method,
    owner,
    parameters,
)
from assessments.analyser.rules import Seen

LISTS = (ast.List, ast.ListComp)
MAKES_LIST = frozenset({"list", "sorted"})
MAKES_LIST_METHOD = frozenset({"split", "splitlines", "readlines"})
FEW = 10


def nested_loops(reading: Reading) -> Iterator[Seen]:
    for loop in reading.loops:
        around = list(reading.loops_around(loop))
        name = data_of(loop)
        if name and any(data_of(outer) == name for outer in around):
            yield Seen(loop.lineno, "nested-loops", name)
        elif len(around) == 2:
            yield Seen(loop.lineno, "triple-loop")


def data_of(loop: ast.AST) -> str:
    """The plain name that a for loop goes over, through range(len()), enumerate() and a slice.

    Two loops that count to the same number go over nothing twice.
    """
    counts = False
    over = loop.iter if isinstance(loop, (ast.For, ast.AsyncFor)) else None
    while True:
        if called(over) in ("range", "len", "enumerate", "reversed", "sorted"):
            counts = called(over) != "len" and (counts or called(over) == "range")
            # The end of a range is what it goes up to.
            arguments = over.args[:2] if isinstance(over, ast.Call) else []
            over = arguments[-1] if arguments else None
        elif isinstance(over, ast.Subscript) and isinstance(over.slice, ast.Slice):
            over = over.value
        elif isinstance(over, ast.BinOp) and isinstance(over.right, ast.Constant):
            over = over.left
        else:
            return over.id if isinstance(over, ast.Name) and not counts else ""


def string_building(reading: Reading) -> Iterator[Seen]:
    """A text that begins anew within a loop does not grow with it."""
    begins = {
        (loop, target.id)
        for node in reading.of(ast.Assign)
        for loop in reading.loops_around(node)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in reading.of(ast.AugAssign):
        if not (isinstance(node.target, ast.Name) and isinstance(node.op, ast.Add)):
            continue
        name = node.target.id
        begun = reading.values.get((reading.scope(node), name), [])[:FEW]
        if (is_string(node.value) or any(map(is_string, begun))) and any(
            (loop, name) not in begins for loop in reading.loops_around(node)
        ):
            yield Seen(node.lineno, "string-building", name)


def is_string(value: ast.AST) -> bool:
    """Whether a value is a text for sure, as far as its own words tell."""
    while isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
        if is_string(value.right):
            return True
        value = value.left
    return (
        isinstance(value, ast.JoinedStr)
        or (isinstance(value, ast.Constant) and isinstance(value.value, str))
        or called(value) == "str"
    )


def searches(reading: Reading) -> Iterator[Seen]:
    for compared in reading.of(ast.Compare):
        where = compared.comparators[-1]
        if not (isinstance(compared.ops[-1], (ast.In, ast.NotIn)) and isinstance(where, ast.Name)):
            continue
        if is_list(reading, where) and reading.is_repeated(compared):
            yield Seen(compared.lineno, "list-lookup", where.id)
    for call in reading.of(ast.Call):
        name = owner(call)
        searching = name and method(call) in ("count", "index")
        if searching and reading.is_repeated(call) and _goes_over(reading, call, name):
            yield Seen(call.lineno, "search-in-loop", name)


def _goes_over(reading: Reading, call: ast.Call, name: str) -> bool:
    """Whether a loop or comprehension around the call goes over the same data."""
    if any(data_of(loop) == name for loop in reading.loops_around(call)):
        return True
    return any(
        isinstance(one.iter, ast.Name) and one.iter.id == name
        for outer in reading.above(call)
        for one in getattr(outer, "generators", [])
    )


def is_list(reading: Reading, name: ast.Name) -> bool:
    """Whether a name is a list for sure, and not one of a few fixed entries."""
    scope = reading.scope(name)
    values = reading.values.get((scope, name.id), [])[:FEW]
    if not values:
        return isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef)) and any(
            given.arg == name.id and given.annotation is not None and _says_list(given.annotation)
            for given in parameters(scope)
        )
    return all(
        isinstance(value, LISTS)
        or called(value) in MAKES_LIST
        or method(value) in MAKES_LIST_METHOD
        for value in values
    ) and not any(isinstance(value, ast.List) and 0 < len(value.elts) <= FEW for value in values)


def _says_list(annotation: ast.expr) -> bool:
    inner = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    return isinstance(inner, ast.Name) and inner.id in ("list", "List")


def costly_calls(reading: Reading) -> Iterator[Seen]:
    """Sorting again, and moving a whole list for its first element."""
    for call in reading.of(ast.Call):
        around = list(reading.loops_around(call))
        if not around:
            continue
        sorts = called(call) == "sorted" or method(call) == "sort"
        # What belongs to a round alone is sorted once.
        if sorts and _names(call).isdisjoint(reading.stored[around[0]]):
            yield Seen(call.lineno, "sort-in-loop")
        first = call.args[0] if call.args else None
        at_front = isinstance(first, ast.Constant) and type(first.value) is int and not first.value
        if at_front and (
            (method(call) == "pop" and len(call.args) == 1)
            or (method(call) == "insert" and len(call.args) == 2)
        ):
            yield Seen(call.lineno, "front-of-list", owner(call) or "the list")


def _names(call: ast.Call) -> set[str]:
    return {node.id for node in ast.walk(call) if isinstance(node, ast.Name)}


def slow_recursion(reading: Reading) -> Iterator[Seen]:
    for function in reading.functions:
        if not function.decorator_list and len(_smaller(function)) > 1:
            yield Seen(function.lineno, "slow-recursion", function.name)


def _smaller(function: Function) -> set[str]:
    """The different ways in which a sum calls its function with “n - 1”, “n - 2” and the like."""
    sums = (node for node in inside(function) if isinstance(node, ast.BinOp))
    calls = (side for node in sums for side in (node.left, node.right))
    return {
        ast.dump(less)
        for call in calls
        if called(call) == function.name and isinstance(call, ast.Call) and len(call.args) == 1
        if isinstance(less := call.args[0], ast.BinOp) and isinstance(less.op, ast.Sub)
        if isinstance(less.right, ast.Constant)
    }


def changed_while_looping(reading: Reading) -> Iterator[Seen]:
    changing = {"append", "remove", "pop", "insert", "clear", "extend"}
    for call in reading.of(ast.Call):
        if method(call) not in changing or not owner(call):
            continue
        for loop in reading.loops_around(call):
            over = loop.iter if isinstance(loop, (ast.For, ast.AsyncFor)) else None
            same = isinstance(over, ast.Name) and over.id == owner(call)
            if same and not _breaks_after(reading, call):
                yield Seen(call.lineno, "changed-while-looping", owner(call))


def _breaks_after(reading: Reading, call: ast.Call) -> bool:
    """A loop that is left at once does not notice."""
    statement = reading.parents[call]
    body = getattr(reading.parents.get(statement), "body", [])
    last = body[-1] if isinstance(body, list) and statement in body else None
    return isinstance(last, (ast.Break, ast.Return))


RULES = (
    nested_loops, string_building, searches, costly_calls, slow_recursion, changed_while_looping,
)  # fmt: skip
