"""Rules about names and declarations, and about literals that have no name."""

from collections import defaultdict
from collections.abc import Iterator

from assessments.analyser.javascript.reading import FUNCTIONS, LOOPS, Node, Reading
from assessments.analyser.javascript.scopes import PATTERNS, Binding, Scopes
from assessments.analyser.rules import Seen
from assessments.analyser.shared import EVERYDAY_NUMBERS, NUMBER_TIMES, STRING_TIMES

VARIABLES = ("let", "const", "var")
SHORT_FUNCTION = 5
MAY_BE_SHORT = frozenset("_$xyzn")


def declarations(reading: Reading, scopes: Scopes) -> Iterator[Seen]:
    for binding in scopes.bindings:
        line, name = binding.node.line, binding.name
        if binding.how == "var":
            yield Seen(line, "var", name)
        if name.startswith("_") or binding.reads or _is_offered(binding):
            continue
        if binding.how in (*VARIABLES, "import"):
            yield Seen(line, "unused-variable", name)
    for node in scopes.undeclared:
        # module.exports and the like are members, not names.
        yield Seen(node.line, "undeclared", node.text)


def _is_offered(binding: Binding) -> bool:
    """What others may call: an exported name, or a function or class at the top."""
    around = list(binding.node.above())
    if any(node.kind == "export_statement" for node in around):
        return True
    value = around[0].get("value") if around[0].kind == "variable_declarator" else None
    callable_ = value is not None and (value.kind in FUNCTIONS or value.kind == "class")
    return binding.scope.kind == "program" and callable_


def unused_parameters(reading: Reading, scopes: Scopes) -> Iterator[Seen]:
    """A parameter before one that is used holds its place."""
    given: dict[Node, list[Binding]] = defaultdict(list)
    for binding in scopes.of("parameter"):
        given[binding.scope].append(binding)
    for function, bindings in given.items():
        if function.kind == "method_definition":
            continue
        for binding in reversed(bindings):
            if binding.reads or binding.name.startswith("_"):
                break
            above = binding.node.parent
            if above is None or above.kind not in PATTERNS:
                yield Seen(binding.node.line, "unused-parameter", binding.name)


def never_changed(reading: Reading, scopes: Scopes) -> Iterator[Seen]:
    for binding in scopes.of("let"):
        declarator = next(
            one
            for one in binding.node.above()
            if one.kind in ("variable_declarator", "for_in_statement")
        )
        begins = declarator.get("value") is not None or declarator.kind == "for_in_statement"
        plain = binding.node.parent is declarator
        if begins and plain and binding.reads and not binding.writes:
            yield Seen(binding.node.line, "let-never-changed", binding.name)


def short_names(reading: Reading, scopes: Scopes) -> Iterator[Seen]:
    for binding in scopes.bindings:
        if len(binding.name) == 1 and not _may_be_short(binding):
            yield Seen(binding.node.line, "short-name", binding.name)


def _may_be_short(binding: Binding) -> bool:
    scope, above = binding.scope, binding.node.parent
    if binding.how in ("catch", "import") or binding.name in "_$":
        return True
    if binding.how == "parameter":
        small = scope.end_line - scope.line < SHORT_FUNCTION
        return small or binding.name in MAY_BE_SHORT
    return scope.kind in LOOPS or (above is not None and above.kind in PATTERNS)


def repeated_literals(reading: Reading, scopes: Scopes) -> Iterator[Seen]:
    places: dict[str, list[int]] = defaultdict(list)
    for node in reading.of("number", "string"):
        above = node.parent.kind if node.parent is not None else ""
        if above in ("array", "pair", "subscript_expression", "import_statement", "switch_case"):
            continue
        if node.kind == "number" and node.text not in EVERYDAY_NUMBERS:
            places[node.text].append(node.line)
        elif node.kind == "string" and len(node.text) > 5 and above != "expression_statement":
            places[f"“{node.text[1:-1]}”"].append(node.line)
    for shown, lines in places.items():
        times = STRING_TIMES if shown.startswith("“") else NUMBER_TIMES
        if len(lines) >= times:
            yield Seen(min(lines), "repeated-literal", shown)


RULES = (declarations, unused_parameters, never_changed, short_names, repeated_literals)
