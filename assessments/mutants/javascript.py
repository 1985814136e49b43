"""Where a JavaScript program can go wrong by one step, by the tree that tree-sitter makes of it."""

import time
from collections.abc import Iterator

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

from assessments.mutants.edits import Edit, Kind

JAVASCRIPT = Language(tree_sitter_javascript.language())
# A program that is written to be hard to read is left alone.
PARSE_SECONDS = 1.0
MOST_NODES = 60_000

COMPARISON = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">",
    "===": "!==", "!==": "===", "==": "!=", "!=": "==",
}  # fmt: skip
ARITHMETIC = {
    "+": "-", "-": "+", "*": "+", "/": "*", "%": "*", "**": "*",
    "+=": "-=", "-=": "+=", "*=": "+=", "/=": "*=", "%=": "*=",
}  # fmt: skip
LOGIC = {"&&": "||", "||": "&&", "??": "||"}
KINDS = ((Kind.COMPARISON, COMPARISON), (Kind.ARITHMETIC, ARITHMETIC), (Kind.LOGIC, LOGIC))
TRUTH = {"true": "false", "false": "true"}
# Their texts are read by no test, or name a module.
SILENT = {"throw_statement", "import_statement", "export_clause", "template_string", "pair_pattern"}
LOOPS = {"while_statement", "do_statement"}
FUNCTIONS = {"function_declaration", "function_expression", "arrow_function", "method_definition"}
NOT_A_NUMBER = {"string", "template_string", "array", "object"}
SLICES = {"slice", "substring", "subarray"}
LONGEST_NUMBER = 15


def parses(source: str) -> bool:
    return _root(source) is not None


def edits(source: str) -> list[Edit]:
    """Every single change that is worth trying; none if the source does not parse."""
    root = _root(source)
    return list(_edits(root)) if root else []


def _root(source: str) -> Node | None:
    content = source.encode("utf-8", "replace")
    until = time.monotonic() + PARSE_SECONDS

    def is_late(_offset: int, _has_error: bool) -> bool:
        return time.monotonic() > until

    try:
        tree = Parser(JAVASCRIPT).parse(
            lambda offset, _point: content[offset : offset + 4096], progress_callback=is_late
        )
    except ValueError:
        return None
    root = tree.root_node
    return None if root.has_error or root.descendant_count > MOST_NODES else root


def _edits(root: Node) -> Iterator[Edit]:
    waiting = [(root, False)]
    while waiting:
        node, in_while = waiting.pop()
        yield from _changes(node, in_while)
        if node.type in SILENT or _names_a_module(node):
            continue
        inner = node.type not in FUNCTIONS and (in_while or node.type in LOOPS)
        waiting.extend((child, inner) for child in node.named_children)


def _changes(node: Node, in_while: bool) -> Iterator[Edit]:
    match node.type:
        case "binary_expression" | "augmented_assignment_expression":
            yield from _operator(node, in_while)
        case "unary_expression" if _token(node, "operator") == "!":
            if operator := node.child_by_field_name("operator"):
                yield _edit(Kind.NEGATION, operator, "")
        case "return_statement" if node.named_children:
            if _text(node.named_children[0]) not in ("undefined", "null"):
                yield _edit(Kind.RESULT, node.named_children[0], "undefined")
        case "break_statement" if _is_in_a_loop(node) and not node.named_children:
            yield _edit(Kind.JUMP, node.children[0], "continue", in_while)
        case "continue_statement":
            yield _edit(Kind.JUMP, node.children[0], "break")
        case "true" | "false":
            yield _edit(Kind.TRUTH, node, TRUTH[node.type])
        case "number":
            yield from _number(node, in_while)
        case "string" if node.named_children and not _is_a_name(node):
            mark = _text(node)[:1]
            yield _edit(Kind.TEXT, node, mark + mark)
        case "expression_statement":
            yield from _removal(node, in_while)
        case "call_expression":
            yield from _bounds(node)


def _operator(node: Node, in_while: bool) -> Iterator[Edit]:
    operator = node.child_by_field_name("operator")
    sides = (node.child_by_field_name("left"), node.child_by_field_name("right"))
    if operator is None:
        return
    for kind, others in KINDS:
        if operator.type in others:
            joins_text = any(side and side.type in NOT_A_NUMBER for side in sides)
            if kind != Kind.ARITHMETIC or not joins_text:
                risky = in_while and kind != Kind.COMPARISON
                yield _edit(kind, operator, others[operator.type], risky)


def _number(node: Node, in_while: bool) -> Iterator[Edit]:
    text = _text(node)
    try:
        value = float(text) if len(text) <= LONGEST_NUMBER else None
    except ValueError:
        return
    if value is None or abs(value) >= 1e15:
        return
    exact = int(value) if value.is_integer() else value
    yield _edit(Kind.NUMBER, node, str(exact + 1))
    if exact >= 2:
        yield _edit(Kind.NUMBER, node, str(exact - 1), in_while)


def _removal(node: Node, in_while: bool) -> Iterator[Edit]:
    """A statement that only changes something: `x += 1`, `i++`, `items.push(x)`."""
    inside = node.named_children[0] if node.named_children else None
    if inside is None:
        return
    called = inside.child_by_field_name("function")
    is_method = called is not None and called.type == "member_expression"
    if inside.type in ("augmented_assignment_expression", "update_expression") or is_method:
        yield _edit(Kind.REMOVAL, node, ";", in_while)


def _bounds(node: Node) -> Iterator[Edit]:
    """Where a slice begins or ends: off by one."""
    called, given = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if called is None or given is None or _token(called, "property") not in SLICES:
        return
    for bound, sign in zip(given.named_children, "+-", strict=False):
        if bound.type in ("identifier", "member_expression", "call_expression"):
            yield _edit(Kind.BOUND, bound, f"{_text(bound)} {sign} 1")


def _is_in_a_loop(node: Node) -> bool:
    """Whether a `break` ends a loop, and no `switch`."""
    around = node.parent
    while around and around.type not in FUNCTIONS:
        if around.type in LOOPS or around.type in ("for_statement", "for_in_statement"):
            return True
        if around.type == "switch_statement":
            return False
        around = around.parent
    return False


def _is_a_name(node: Node) -> bool:
    """Whether a text is the key of a pair, or a directive such as "use strict"."""
    around = node.parent
    if around is None or around.type == "expression_statement":
        return True
    return around.child_by_field_name("key") == node


def _names_a_module(node: Node) -> bool:
    """`require("fs")` and `new Error("…")`."""
    called = node.child_by_field_name("function") or node.child_by_field_name("constructor")
    return called is not None and (_text(called) == "require" or _text(called).endswith("Error"))


def _token(node: Node, field: str) -> str:
    child = node.child_by_field_name(field)
    return _text(child) if child else ""


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")


def _edit(kind: Kind, node: Node, now: str, risky: bool = False) -> Edit:
    return Edit(kind, node.start_byte, node.end_byte, now, node.start_point[0] + 1, risky)
