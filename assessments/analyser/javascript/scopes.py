"""Which name is declared where, and whether it is ever read or written: a simple walk of scopes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assessments.analyser.javascript.reading import FUNCTIONS, LOOPS, Node, Reading

HOLDS_BLOCK = frozenset({"program", "statement_block", "switch_body", "catch_clause", "class_body"})
SCOPES = FUNCTIONS | LOOPS | HOLDS_BLOCK
NAMES = ("identifier", "shorthand_property_identifier_pattern", "shorthand_property_identifier")
PATTERNS = frozenset(
    {"object_pattern", "array_pattern", "rest_pattern", "pair_pattern", "assignment_pattern",
     "object_assignment_pattern"}
)  # fmt: skip
NAMED = frozenset(
    {"function_declaration", "generator_function_declaration", "class_declaration", "class",
     "function_expression"}
)  # fmt: skip
IMPORTS = frozenset({"import_clause", "import_specifier", "namespace_import", "named_imports"})
# Which part of a node is a name that it declares, and how.
DECLARES: Mapping[str, tuple[str, str]] = {
    "variable_declarator": ("name", ""),
    "for_in_statement": ("left", ""),
    "arrow_function": ("parameter", "parameter"),
    "catch_clause": ("parameter", "catch"),
    **dict.fromkeys(NAMED, ("name", "definition")),
}
WRITES = frozenset({"assignment_expression", "augmented_assignment_expression"})


@dataclass(eq=False, slots=True)
class Binding:
    """`how` is let, const, var, parameter, catch, import or definition."""

    name: str
    how: str
    node: Node
    scope: Node
    reads: int = 0
    writes: int = 0


class Scopes:
    """All bindings of a text, and the names that are written without being declared."""

    def __init__(self, reading: Reading) -> None:
        self.bindings: list[Binding] = []
        self.undeclared: list[Node] = []
        self._known: dict[tuple[Node, str], Binding] = {}
        names = reading.of(*NAMES)
        declared = {node: how for node in names if (how := _declares(node))}
        for node, how in declared.items():
            self._bind(node, how)
        for node in names:
            if node not in declared:
                self._refer(node)

    def _bind(self, node: Node, how: str) -> None:
        scope = _scope_of(node, how)
        binding = self._known.get((scope, node.text))
        if binding is None:
            binding = Binding(node.text, how, node, scope)
            self._known[scope, node.text] = binding
            self.bindings.append(binding)
        else:
            binding.writes += 1

    def _refer(self, node: Node) -> None:
        binding = self.binding(node)
        write = _writes(node)
        if binding is None:
            if write == "=":
                self.undeclared.append(node)
            return
        binding.writes += write != ""
        # A value that goes up by itself may be read in the same breath.
        binding.reads += write != "="

    def binding(self, node: Node) -> Binding | None:
        """What a name at this place means, if the text declares it."""
        name = node.text
        for outer in node.above():
            found = self._known.get((outer, name)) if outer.kind in SCOPES else None
            if found is not None:
                return found
        return None

    def of(self, *hows: str) -> Iterator[Binding]:
        return (one for one in self.bindings if one.how in hows)


def _declares(node: Node) -> str:
    """How a name is declared by this node, or "". Patterns may lie between the two."""
    inner = node
    for outer in node.above():
        if outer.kind not in PATTERNS:
            return _declared_by(outer, inner)
        # A default value and a key are no declarations.
        if inner.role in ("right", "key"):
            return ""
        inner = outer
    return ""


def _declared_by(outer: Node, inner: Node) -> str:
    if outer.kind == "formal_parameters":
        return "parameter"
    if outer.kind in IMPORTS:
        alias = outer.get("alias")
        return "import" if alias is None or inner is alias else ""
    role, how = DECLARES.get(outer.kind, ("", ""))
    if outer.kind == "variable_declarator":
        how = (outer.parent.word if outer.parent is not None else "") or "var"
    elif outer.kind == "for_in_statement":
        how = outer.word.partition(" ")[0]
        how = how if how in ("let", "const", "var") else ""
    return how if role and inner.role == role else ""


def _scope_of(node: Node, how: str) -> Node:
    """A var belongs to its function, a definition's name to what lies around it."""
    around = list(node.above())
    if how == "definition":
        around = around[1:]
    wanted = FUNCTIONS | {"program"} if how == "var" else SCOPES
    return next((one for one in around if one.kind in wanted), around[-1])


def _writes(node: Node) -> str:
    """ "=" for a value put in, another sign for one that is changed, "" for one that is read."""
    inner = node
    for outer in node.above():
        if outer.kind in WRITES and inner.role == "left":
            return "=" if outer.kind == "assignment_expression" else "+="
        if outer.kind == "update_expression":
            return "++"
        if outer.kind == "for_in_statement" and inner.role == "left":
            return "="
        if outer.kind not in PATTERNS or inner.role in ("right", "key"):
            return ""
        inner = outer
    return ""
