"""Rules about the shape of a program: length, depth, paths, repetition, lines that never run."""

import itertools
from collections.abc import Iterator

from assessments.analyser import shared
from assessments.analyser.javascript.reading import (
    BLOCKS,
    FUNCTIONS,
    LEAVING,
    LOOPS,
    Node,
    Reading,
    bare,
    inside,
    name_of,
)
from assessments.analyser.javascript.scopes import Scopes
from assessments.analyser.rules import Seen
from assessments.analyser.shared import COMPLEX, DEEP, LONG_FUNCTION, PARAMETERS

BRANCHES = LOOPS | {"if_statement", "ternary_expression", "catch_clause", "switch_case"}
NAMELESS = "this function"
ALWAYS = frozenset({"true", "1"})
PYRAMID = 3


def functions(reading: Reading, scopes: Scopes) -> Iterator[Seen]:
    for function in reading.functions:
        line, name = function.line, name_of(function) or NAMELESS
        taken = function.get("parameters")
        if function.end_line - line + 1 > LONG_FUNCTION:
            yield Seen(line, "long-function", name)
        if paths(function) > COMPLEX:
            yield Seen(line, "too-complex", name)
        if taken is not None and len(taken.children) > PARAMETERS:
            yield Seen(line, "many-parameters", name)


def paths(function: Node) -> int:
    """McCabe's number: one, and one more for each place where the way divides."""
    return 1 + sum(
        node.kind in BRANCHES
        or (node.kind == "binary_expression" and node.word in ("&&", "||", "??"))
        for node in inside(function)
    )


def deep_nesting(reading: Reading, scopes: Scopes) -> Iterator[Seen]:
    for node in reading.nodes:
        if node.kind in BLOCKS and node.level == DEEP + 1 and not node.is_elif:
            yield Seen(node.line, "deep-nesting")


def callback_pyramids(reading: Reading, scopes: Scopes) -> Iterator[Seen]:
    """Functions that are arguments, three deep in one another; told at the third."""
    depths: dict[Node, int] = {}
    for node in reading.nodes:
        above = depths.get(node.parent, 0) if node.parent is not None else 0
        is_given = node.parent is not None and node.parent.kind == "arguments"
        depths[node] = above + (node.kind in FUNCTIONS and is_given)
        if depths[node] == PYRAMID and above < PYRAMID:
            yield Seen(node.line, "callback-pyramid")


def dead_code(reading: Reading, scopes: Scopes) -> Iterator[Seen]:
    for body in reading.bodies():
        for statement, after in itertools.pairwise(body):
            # A function is there before the first line runs.
            if statement.kind in LEAVING and after.kind != "function_declaration":
                yield Seen(after.line, "dead-code")
                break


def endless_loops(reading: Reading, scopes: Scopes) -> Iterator[Seen]:
    for loop in reading.of("while_statement", "do_statement", "for_statement"):
        test = bare(loop.get("condition"))
        free = loop.kind == "for_statement" and (test is None or test.kind == "empty_statement")
        always = free or (test is not None and test.text in ALWAYS)
        if always and not any(_leaves(node, loop) for node in inside(loop)):
            yield Seen(loop.line, "endless-loop")


def _leaves(node: Node, loop: Node) -> bool:
    if node.kind in ("return_statement", "throw_statement", "yield_expression", "await_expression"):
        return True
    if node.kind != "break_statement":
        return False
    holders = (one for one in node.above() if one.kind in LOOPS or one.kind == "switch_statement")
    return node.get("label") is not None or next(holders, None) is loop


def needless_else(reading: Reading, scopes: Scopes) -> Iterator[Seen]:
    for node in reading.of("if_statement"):
        other = node.get("alternative")
        if other is None or not other.children or node.is_elif:
            continue
        first, second = _last(node.get("consequence")), other.children[0]
        if first is None or second.kind == "if_statement":
            continue
        if _is_truth(first) and _is_truth(_last(second)):
            yield Seen(node.line, "boolean-return")
        elif first.kind in LEAVING:
            yield Seen(other.line, "unneeded-else")


def _last(block: Node | None) -> Node | None:
    if block is None or block.kind != "statement_block":
        return block
    return block.children[-1] if block.children else None


def _is_truth(statement: Node | None) -> bool:
    if statement is None or statement.kind != "return_statement" or not statement.children:
        return False
    return statement.children[0].kind in ("true", "false")


def repeated_blocks(reading: Reading, scopes: Scopes) -> Iterator[Seen]:
    return shared.repeated_blocks(
        [(statement.line, _print(statement)) for statement in body] for body in reading.bodies()
    )


def _print(statement: Node) -> str:
    """The words of a statement, however they are spaced."""
    if statement.kind in FUNCTIONS or statement.kind in ("class_declaration", "import_statement"):
        return f"{statement.line} alone"
    return " ".join(statement.text.split())


RULES = (
    functions, deep_nesting, callback_pyramids, dead_code, endless_loops, needless_else,
    repeated_blocks,
)  # fmt: skip
