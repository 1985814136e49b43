"""A JavaScript text as nodes that rules can ask. Nothing here recurses: nobody trusts the text."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import tree_sitter
import tree_sitter_javascript

from assessments.analyser.findings import Unreadable
from assessments.analyser.rules import MAX_DEPTH, Size

LANGUAGE = tree_sitter.Language(tree_sitter_javascript.language())
FUNCTIONS = frozenset(
    {"function_declaration", "function_expression", "arrow_function", "method_definition",
     "generator_function_declaration", "generator_function"}
)  # fmt: skip
LOOPS = frozenset({"for_statement", "for_in_statement", "while_statement", "do_statement"})
BLOCKS = LOOPS | {"if_statement", "try_statement", "switch_statement", "with_statement"}
LEAVING = frozenset(
    {"return_statement", "throw_statement", "break_statement", "continue_statement"}
)
BODIES = frozenset({"program", "statement_block", "switch_case", "switch_default"})
# Methods that call a function for each element: loops by another name.
EACH = frozenset(
    {"forEach", "map", "filter", "reduce", "reduceRight", "some", "every", "find", "findIndex",
     "findLast", "findLastIndex", "flatMap"}
)  # fmt: skip
STATEMENTS = ("_statement", "_declaration")


@dataclass(eq=False, slots=True)
class Node:
    """`word` is the operator or, of a declaration, let, const or var."""

    kind: str
    role: str
    line: int
    end_line: int
    content: bytes
    parent: "Node | None"
    word: str = ""
    level: int = 0
    children: list["Node"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")

    def get(self, role: str) -> "Node | None":
        return next((child for child in self.children if child.role == role), None)

    def above(self) -> Iterator["Node"]:
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def walk(self) -> Iterator["Node"]:
        """The node and all within it, in the order of the text."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed(node.children)

    @property
    def is_statement(self) -> bool:
        return self.kind.endswith(STATEMENTS)

    @property
    def is_elif(self) -> bool:
        above = self.parent
        return self.kind == "if_statement" and above is not None and above.kind == "else_clause"


class Reading:
    """All named nodes in the order of the text, without comments, which are kept aside."""

    def __init__(self, content: bytes, tree: tree_sitter.Tree) -> None:
        self.content, self.tree = content, tree
        self.lines: Sequence[str] = content.decode("utf-8", "replace").split("\n")
        self.nodes: list[Node] = []
        self.kinds: dict[str, list[Node]] = defaultdict(list)
        # The lines on which comments end.
        self.comments: set[int] = set()
        self._collect(content, tree.walk())
        self.root = self.nodes[0]

    def _collect(self, content: bytes, cursor: tree_sitter.TreeCursor) -> None:
        parent: Node | None = None
        depth = 1
        while True:
            node = self._take(content, cursor, parent)
            if node is not None and cursor.goto_first_child():
                parent, depth = node, depth + 1
                if depth > MAX_DEPTH:
                    raise Unreadable("The code nests too deeply to be judged.", node.line)
                continue
            while not cursor.goto_next_sibling():
                if not cursor.goto_parent() or parent is None:
                    return
                parent, depth = parent.parent, depth - 1

    def _take(
        self, content: bytes, cursor: tree_sitter.TreeCursor, parent: Node | None
    ) -> Node | None:
        """Keep a named node; of the others, operators and the words of declarations."""
        raw, role = cursor.node, cursor.field_name or ""
        if raw is None:
            return None
        piece = content[raw.start_byte : raw.end_byte]
        if not raw.is_named or raw.type == "comment":
            if raw.is_named:
                self.comments.add(raw.end_point.row + 1)
            elif parent is not None and role in ("operator", "kind") and not parent.word:
                parent.word = piece.decode()
            elif parent is not None and parent.kind == "for_in_statement" and role == "operator":
                parent.word += f" {piece.decode()}"
            return None
        node = Node(
            raw.type, role, raw.start_point.row + 1, raw.end_point.row + 1, piece, parent
        )  # fmt: skip
        if parent is not None:
            parent.children.append(node)
            node.level = 0 if node.kind in FUNCTIONS else parent.level
            node.level += node.kind in BLOCKS and not node.is_elif
        self.nodes.append(node)
        self.kinds[node.kind].append(node)
        return node

    def of(self, *kinds: str) -> list[Node]:
        if len(kinds) == 1:
            return self.kinds[kinds[0]]
        return [node for node in self.nodes if node.kind in kinds]

    @property
    def functions(self) -> list[Node]:
        return self.of(*FUNCTIONS)

    def bodies(self) -> Iterator[list[Node]]:
        """Every list of statements; of a case without the value that it stands for."""
        for node in self.of(*BODIES):
            body = [one for one in node.children if one.role != "value"]
            if body:
                yield body

    @property
    def size(self) -> Size:
        counted = [node for node in self.nodes if node.is_statement]
        empty = {"empty_statement", "import_statement", "function_declaration", "class_declaration"}
        working = [node for node in counted if node.kind not in empty]
        named = [node for node in counted if node.kind == "function_declaration"]
        lines = {number for node in counted for number in (node.line, node.end_line)}
        statements = len(working) + len(named) if working else 0
        return Size(len(lines), statements, len(self.functions))


def read(source: str) -> Reading:
    """Parse. Raises Unreadable."""
    try:
        content = source.encode()
    except UnicodeEncodeError as error:
        raise Unreadable("The text holds characters that JavaScript cannot read.") from error
    tree = tree_sitter.Parser(LANGUAGE).parse(content)
    if tree.root_node.has_error:
        line = _first_error(tree.walk())
        raise Unreadable(f"The rules cannot read this as JavaScript: see line {line}.", line)
    return Reading(content, tree)


def _first_error(cursor: tree_sitter.TreeCursor) -> int:
    """Down into the first part that has an error, to its end."""
    line = 1
    while (node := cursor.node) is not None:
        if node.has_error or node.is_missing:
            line = node.start_point.row + 1
            if node.is_missing or node.is_error or not cursor.goto_first_child():
                return line
        elif not cursor.goto_next_sibling():
            return line
    return line


def name_of(function: Node) -> str:
    """What a function is called: by itself, by what it is assigned to, or nothing."""
    own = function.get("name")
    above = function.parent
    if own is None and above is not None and above.kind == "variable_declarator":
        own = above.get("name")
    return own.text if own is not None and len(own.content) < 200 else ""


def method(node: Node | None) -> str:
    """The name of the method that is called here, or ""."""
    called = node.get("function") if node is not None and node.kind == "call_expression" else None
    name = called.get("property") if called is not None else None
    return name.text if name is not None else ""


def owner(node: Node) -> str:
    """The plain name whose method is called, or ""."""
    called = node.get("function")
    whose = called.get("object") if called is not None else None
    return whose.text if whose is not None and whose.kind == "identifier" else ""


def is_each(node: Node) -> bool:
    """Whether a call hands a function to a method that calls it for each element."""
    given = node.get("arguments")
    first = given.children[0] if given is not None and given.children else None
    return first is not None and first.kind in FUNCTIONS and method(node) in EACH


def loops_around(node: Node) -> Iterator[Node]:
    """Loops that run the node in each round, from the inside out, forEach and map included."""
    inner = node
    for outer in node.above():
        loops = outer.kind in LOOPS and inner.role not in ("right", "initializer")
        if loops or (inner.role == "arguments" and is_each(outer)):
            yield outer
        elif outer.kind in FUNCTIONS and not _is_given_to_each(outer):
            return
        inner = outer


def _is_given_to_each(function: Node) -> bool:
    above = function.parent.parent if function.parent is not None else None
    return above is not None and above.kind == "call_expression" and is_each(above)


def inside(node: Node) -> Iterator[Node]:
    """All nodes within the same function."""
    waiting = list(reversed(node.children))
    while waiting:
        one = waiting.pop()
        yield one
        if one.kind not in FUNCTIONS:
            waiting += reversed(one.children)


def bare(node: Node | None) -> Node | None:
    """Without the parentheses around it."""
    while node is not None and node.kind == "parenthesized_expression" and node.children:
        node = node.children[0]
    return node
