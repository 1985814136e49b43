"""Rules about the shape of a program: length, depth, paths, repetition, lines that never run."""

import ast
import itertools
from collections.abc import Iterator

from assessments.analyser import shared
from assessments.analyser.python.names import length
from assessments.analyser.python.reading import (
    BLOCKS,
    FUNCTIONS,
    LEAVING,
    LOOPS,
    Function,
    Reading,
    called,
    inside,
    is_text,
    line_of,
    parameters,
)
from assessments.analyser.rules import Seen
from assessments.analyser.shared import (
    COMPLEX,
    DEEP,
    LONG_FUNCTION,
    MANY_STEPS,
    PARAMETERS,
)

BRANCHES = (ast.If, ast.IfExp, ast.ExceptHandler, ast.match_case, *LOOPS)
ENDINGS = frozenset({"exit", "quit"})


def functions(reading: Reading) -> Iterator[Seen]:
    for function in reading.functions:
        line, name = function.lineno, function.name
        if length(function) > LONG_FUNCTION:
            yield Seen(line, "long-function", name)
        if paths(function) > COMPLEX:
            yield Seen(line, "too-complex", name)
        if len(parameters(function)) > PARAMETERS:
            yield Seen(line, "many-parameters", name)
        if steps(function) >= MANY_STEPS and not is_text(function.body[0]):
            yield Seen(line, "missing-description", name)


def paths(function: Function) -> int:
    """McCabe's number: one, and one more for each place where the way divides."""
    found = 1
    for node in inside(function):
        if isinstance(node, BRANCHES):
            found += 1
        elif isinstance(node, ast.BoolOp):
            found += len(node.values) - 1
        elif isinstance(node, ast.comprehension):
            found += 1 + len(node.ifs)
    return found


def steps(function: Function) -> int:
    return sum(isinstance(node, ast.stmt) for node in inside(function))


def deep_nesting(reading: Reading) -> Iterator[Seen]:
    """Told once for each place where it becomes too deep, not for what lies deeper still."""
    for node in reading.nodes:
        is_first = reading.levels[node] == DEEP + 1 and not reading.is_elif(node)
        if is_first and isinstance(node, BLOCKS):
            yield Seen(line_of(node), "deep-nesting")


def dead_code(reading: Reading) -> Iterator[Seen]:
    for body in reading.bodies():
        for statement, after in itertools.pairwise(body):
            if isinstance(statement, LEAVING):
                yield Seen(after.lineno, "dead-code")
                break


def endless_loops(reading: Reading) -> Iterator[Seen]:
    for loop in reading.of(ast.While):
        always = isinstance(loop.test, ast.Constant) and bool(loop.test.value)
        if always and not any(_leaves(reading, node, loop) for node in inside(loop)):
            yield Seen(loop.lineno, "endless-loop")


def _leaves(reading: Reading, node: ast.AST, loop: ast.While) -> bool:
    if isinstance(node, (ast.Return, ast.Raise, ast.Yield, ast.YieldFrom, ast.Await)):
        return True
    if isinstance(node, ast.Call):
        ends = isinstance(node.func, ast.Attribute) and node.func.attr == "exit"
        return ends or called(node) in ENDINGS
    return isinstance(node, ast.Break) and next(reading.loops_around(node), None) is loop


def needless_else(reading: Reading) -> Iterator[Seen]:
    for node in reading.of(ast.If):
        first, other = node.body[-1], node.orelse
        if not other or isinstance(other[0], ast.If) or reading.is_elif(node):
            continue
        if _is_truth(first) and len(node.body) == 1 and len(other) == 1 and _is_truth(other[0]):
            yield Seen(node.lineno, "boolean-return")
        elif isinstance(first, LEAVING):
            yield Seen(max(node.lineno, other[0].lineno - 1), "unneeded-else")


def _is_truth(statement: ast.stmt) -> bool:
    value = statement.value if isinstance(statement, ast.Return) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, bool)


def repeated_blocks(reading: Reading) -> Iterator[Seen]:
    return shared.repeated_blocks(
        [(statement.lineno, _print(statement)) for statement in body] for body in reading.bodies()
    )


def _print(statement: ast.stmt) -> str:
    """What a statement is. Definitions, imports and descriptions are no repetition."""
    alone = isinstance(statement, (*FUNCTIONS, ast.ClassDef, ast.Import, ast.ImportFrom))
    return f"{statement.lineno} alone" if alone or is_text(statement) else ast.dump(statement)


RULES = (functions, deep_nesting, dead_code, endless_loops, needless_else, repeated_blocks)
