"""Rules about single constructs: what is written, and what JavaScript offers instead."""

import itertools
from collections.abc import Iterator

from assessments.analyser.javascript.reading import (
    FUNCTIONS,
    Node,
    Reading,
    bare,
    inside,
    is_each,
    method,
    owner,
)
from assessments.analyser.javascript.scopes import Scopes
from assessments.analyser.rules import Seen

LOOSE = frozenset({"==", "!="})
EQUALITY = LOOSE | {"===", "!=="}
IDLE = frozenset({"identifier", "number", "member_expression", "subscript_expression"})
COMPARING = EQUALITY | {"<", ">", "<=", ">="}


def comparisons(reading: Reading, scopes: Scopes) -> Iterator[Seen]:
    """`== null` asks for undefined as well, in one go, and is left alone."""
    for node in reading.of("binary_expression"):
        if node.word not in EQUALITY:
            continue
        sides = {one.kind: one for one in node.children}
        texts = {one.text for one in node.children if one.kind == "identifier"}
        if "NaN" in texts:
            yield Seen(node.line, "nan-comparison")
        elif "true" in sides or "false" in sides:
            yield Seen(node.line, "boolean-comparison")
        elif node.word in LOOSE and "null" not in sides:
            yield Seen(node.line, "loose-equality", node.word)


def conditions(reading: Reading, scopes: Scopes) -> Iterator[Seen]:
    for node in reading.of("if_statement", "while_statement", "do_statement"):
        test = node.get("condition")
        inner = test.children[0] if test is not None and test.children else None
        if inner is not None and inner.kind == "assignment_expression":
            yield Seen(inner.line, "assignment-in-condition")


def evaluations(reading: Reading, scopes: Scopes) -> Iterator[Seen]:
    for node in reading.of("call_expression", "new_expression"):
        called = node.get("function") or node.get("constructor")
        if called is not None and called.content in (b"eval", b"Function"):
            yield Seen(node.line, "eval", f"{called.text}()")


def empty_catches(reading: Reading, scopes: Scopes) -> Iterator[Seen]:
    for node in reading.of("catch_clause"):
        body = node.get("body")
        if body is not None and not body.children:
            yield Seen(node.line, "swallowed-error")


def printing(reading: Reading, scopes: Scopes) -> Iterator[Seen]:
    """console.log in a function that gives a value back."""
    for call in reading.of("call_expression"):
        if method(call) == "log" and owner(call) == "console":
            function = next((one for one in call.above() if one.kind in FUNCTIONS), None)
            if function is not None and _gives_back(function):
                yield Seen(call.line, "console-log")


def _gives_back(function: Node) -> bool:
    return any(node.kind == "return_statement" and node.children for node in inside(function))


def concatenations(reading: Reading, scopes: Scopes) -> Iterator[Seen]:
    """A text, a value and more of a text, joined by +. A long sum is told once."""
    for node in reading.of("binary_expression"):
        above = node.parent
        is_inner = above is not None and above.kind == "binary_expression" and above.word == "+"
        if node.word != "+" or is_inner:
            continue
        parts = _parts(node)
        texts = [part for part in parts if part.kind in ("string", "template_string")]
        if texts and len(parts) > len(texts):
            yield Seen(node.line, "concatenation")


def _parts(node: Node) -> list[Node]:
    parts, waiting = [], [node]
    while waiting:
        one = waiting.pop()
        if one.kind == "binary_expression" and one.word == "+":
            waiting += one.children
        else:
            parts.append(one)
    return parts


def idle_lines(reading: Reading, scopes: Scopes) -> Iterator[Seen]:
    for node in reading.of("expression_statement"):
        inner = bare(node.children[0]) if node.children else None
        if inner is None:
            continue
        compares = inner.kind == "binary_expression" and inner.word in COMPARING
        if inner.kind in IDLE or compares:
            yield Seen(node.line, "no-effect")


def pushing_loops(reading: Reading, scopes: Scopes) -> Iterator[Seen]:
    """A new array, and right after it a loop over elements that does nothing but push."""
    for body in reading.bodies():
        for before, loop in itertools.pairwise(body):
            name, filled = _new_array(before), _filled(loop)
            if name and name == filled:
                yield Seen(loop.line, "append-loop", name)


def _new_array(statement: Node) -> str:
    if statement.kind not in ("lexical_declaration", "variable_declaration"):
        return ""
    value, name = statement.children[0].get("value"), statement.children[0].get("name")
    fresh = value is not None and value.kind == "array" and not value.children
    return name.text if fresh and name is not None else ""


def _filled(statement: Node) -> str:
    """The array that a loop fills if it does nothing else, or ""."""
    inner: Node | None = statement
    if statement.kind == "for_in_statement":
        inner = statement.get("body")
    elif statement.kind == "expression_statement" and is_each(statement.children[0]):
        given = statement.children[0].get("arguments")
        inner = given.children[0].get("body") if given is not None else None
    else:
        return ""
    for _ in range(4):
        if inner is None:
            return ""
        if inner.kind == "if_statement" and inner.get("alternative") is None:
            inner = inner.get("consequence")
        elif inner.kind in ("statement_block", "expression_statement") and len(inner.children) == 1:
            inner = inner.children[0]
    return owner(inner) if inner is not None and method(inner) == "push" else ""


RULES = (
    comparisons, conditions, evaluations, empty_catches, printing, concatenations, idle_lines,
    pushing_loops,
)  # fmt: skip
