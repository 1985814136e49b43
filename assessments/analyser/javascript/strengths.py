"""What a JavaScript text does well. Nothing is claimed that was not seen, nothing of a fault."""

from collections.abc import Collection, Iterator

from assessments.analyser.javascript.reading import (
    LEAVING,
    Node,
    Reading,
    is_each,
    loops_around,
    method,
    owner,
)
from assessments.analyser.javascript.scopes import Scopes
from assessments.analyser.rules import Seen
from assessments.analyser.shared import CLEAR_NAME, CLEAR_NAMES, SMALL_FUNCTION

NAMED = ("function_declaration", "method_definition")
SPOILT = {
    "const": {"var", "let-never-changed"},
    "strict-equality": {"loose-equality"},
    "template": {"concatenation"},
    "for-of": {"for-in-array", "range-len"},
    "array-methods": {"append-loop", "copy-in-loop"},
    "precise-errors": {"swallowed-error"},
}


def merits(reading: Reading, scopes: Scopes, faults: Collection[str]) -> Iterator[Seen]:
    """`faults` are the keys of what was found weak: praise does not contradict it."""
    functions = reading.functions
    named = [one for one in functions if one.kind in NAMED or _is_named(one)]
    described = [one for one in named if _top(one).line - 1 in reading.comments]
    if described:
        yield Seen(described[0].line, "described")
    small = all(one.end_line - one.line < SMALL_FUNCTION for one in functions)
    if len(named) > 1 and small and "deep-nesting" not in faults:
        yield Seen(named[0].line, "small-functions")
    for function in functions:
        if (line := _leaves_early(function)) and "deep-nesting" not in faults:
            yield Seen(line, "early-return")
            break
    yield from _names(scopes, faults)
    for key, node in _constructs(reading).items():
        if node is not None and SPOILT.get(key, set()).isdisjoint(faults):
            yield Seen(node.line, key, method(node) if key == "array-methods" else "")
    yield from _lookup(reading)


def _is_named(function: Node) -> bool:
    return function.parent is not None and function.parent.kind == "variable_declarator"


def _top(function: Node) -> Node:
    """The statement that the function begins in: comments stand before that."""
    around = [function, *function.above()]
    return next((one for one in around if one.is_statement or one.kind in NAMED), function)


def _leaves_early(function: Node) -> int:
    body = function.get("body")
    for statement in body.children[:-1] if body is not None else ():
        then = statement.get("consequence") if statement.kind == "if_statement" else None
        if then is None or statement.get("alternative") is not None:
            continue
        last = then.children[-1] if then.kind == "statement_block" and then.children else then
        if last.kind in LEAVING:
            return statement.line
    return 0


def _names(scopes: Scopes, faults: Collection[str]) -> Iterator[Seen]:
    lines: dict[str, int] = {}
    for binding in scopes.bindings:
        lines.setdefault(binding.name, binding.node.line)
    clear = [name for name in lines if len(name) >= CLEAR_NAME]
    weak = {"short-name", "unused-variable", "unused-parameter"} & set(faults)
    if len(clear) >= CLEAR_NAMES and len(clear) * 5 >= len(lines) * 4 and not weak:
        best = max(clear, key=lambda name: (len(name), name))
        yield Seen(lines[best], "clear-names", best)
    for binding in scopes.of("const"):
        name = binding.name
        if name.isupper() and len(name) > 1 and binding.reads and binding.scope.kind == "program":
            yield Seen(binding.node.line, "named-constants", name)
            return


def _constructs(reading: Reading) -> dict[str, Node | None]:
    """The first place of each construct that is worth a word."""
    strict = (one for one in reading.of("binary_expression") if one.word in ("===", "!=="))
    const = (one for one in reading.of("lexical_declaration") if one.word == "const")
    templates = (one.parent for one in reading.of("template_substitution"))
    each = (one for one in reading.of("call_expression") if is_each(one))
    handled = (
        one
        for one in reading.of("catch_clause")
        if (body := one.get("body")) is not None and body.children
    )
    defaults = (
        one
        for one in reading.of("assignment_pattern")
        if one.parent is not None and one.parent.kind == "formal_parameters"
    )
    patterns = (
        one for one in reading.of("object_pattern", "array_pattern") if one.role in ("name", "")
    )
    return {
        "const": next(const, None),
        "strict-equality": next(strict, None),
        "template": next(templates, None),
        "array-methods": next((one for one in each if method(one) != "forEach"), None),
        "for-of": next(
            (one for one in reading.of("for_in_statement") if one.word.endswith("of")), None
        ),
        "await": next(iter(reading.of("await_expression")), None),
        "precise-errors": next(handled, None),
        "default-values": next(defaults, None),
        "destructuring": next(patterns, None),
    }


def _lookup(reading: Reading) -> Iterator[Seen]:
    made = {
        name.text
        for one in reading.of("variable_declarator")
        if (name := one.get("name")) is not None
        and (value := one.get("value")) is not None
        and value.kind == "new_expression"
        and (maker := value.get("constructor")) is not None
        and maker.text in ("Set", "Map")
    }
    for call in reading.of("call_expression"):
        asks = method(call) in ("has", "get") and owner(call) in made
        if asks and next(loops_around(call), None) is not None:
            yield Seen(call.line, "quick-lookup", owner(call))
            return
