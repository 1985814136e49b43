"""Where a Python program can go wrong by one step, by its syntax tree and its tokens."""

import ast
import io
import tokenize
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from assessments.mutants.edits import Edit, Kind

OPERATORS = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==",
    "in": "not in", "not in": "in", "is": "is not", "is not": "is",
}  # fmt: skip
ARITHMETIC = {
    "+": "-", "-": "+", "*": "+", "/": "//", "//": "/", "%": "//", "**": "*",
    "+=": "-=", "-=": "+=", "*=": "+=", "/=": "//=", "//=": "/=", "%=": "//=",
}  # fmt: skip
LOGIC = {"and": "or", "or": "and"}
# Their operands are no numbers, so another operator fails at once and shows nothing.
NOT_A_NUMBER = (ast.JoinedStr, ast.List, ast.ListComp, ast.Tuple, ast.Dict, ast.Set)
SIMPLE = (ast.Name, ast.Call, ast.Attribute, ast.Subscript)
NOT_RUN = {"annotation", "returns", "decorator_list", "type_params", "type_comment"}
LONGEST_NUMBER, LARGEST = 15, 1e15


@dataclass(frozen=True, slots=True)
class Place:
    """What a node stands in: a `while`, and something whose texts nobody tests."""

    in_while: bool = False
    is_silent: bool = False


def parses(source: str) -> bool:
    return _tree(source) is not None


def edits(source: str) -> list[Edit]:
    """Every single change that is worth trying; none if the source does not parse."""
    tree = _tree(source)
    if tree is None:
        return []
    try:
        program = _Program(source)
    except (tokenize.TokenError, SyntaxError):
        return []
    return list(program.edits(tree))


def _tree(source: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


class _Program:
    """A source with its tokens, at offsets in bytes as the syntax tree counts them."""

    def __init__(self, source: str) -> None:
        lines = source.split("\n")
        self.content = source.encode()
        self.starts = [0]
        for line in lines:
            self.starts.append(self.starts[-1] + len(line.encode()) + 1)
        self.tokens: list[tuple[int, int, str]] = []
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type in (tokenize.OP, tokenize.NAME):
                row, column = token.start
                start = self.starts[row - 1] + len(lines[row - 1][:column].encode())
                self.tokens.append((start, start + len(token.string.encode()), token.string))
        self.at = {start: number for number, (start, _, _) in enumerate(self.tokens)}
        self.order = [start for start, _, _ in self.tokens]

    def edits(self, tree: ast.AST) -> Iterator[Edit]:
        waiting = [(tree, Place())]
        while waiting:
            node, place = waiting.pop()
            yield from self.changes(node, place)
            for name, child in ast.iter_fields(node):
                if name in NOT_RUN:
                    continue
                inner = _inside(node, name, place)
                children = child if isinstance(child, list) else [child]
                waiting.extend((one, inner) for one in children if isinstance(one, ast.AST))

    def changes(self, node: ast.AST, place: Place) -> Iterator[Edit]:
        if isinstance(node, ast.stmt):
            yield from self.statements(node, place.in_while)
        match node:
            case ast.Compare():
                yield from self.comparisons(node)
            case ast.BoolOp():
                for left, right in pairwise(node.values):
                    yield from self.swap(Kind.LOGIC, LOGIC, left, right, place.in_while)
            case ast.BinOp():
                if not (_is_no_number(node.left) or _is_no_number(node.right)):
                    yield from self.swap(
                        Kind.ARITHMETIC, ARITHMETIC, node.left, node.right, place.in_while
                    )
            case ast.UnaryOp(op=ast.Not()):
                yield from self.without_not(node)
            case ast.Constant():
                yield from self.values(node, place)
            case ast.Slice() | ast.Call():
                yield from self.bounds(node)

    def statements(self, node: ast.stmt, in_while: bool) -> Iterator[Edit]:
        match node:
            case ast.AugAssign():
                if not _is_no_number(node.value):
                    yield from self.swap(
                        Kind.ARITHMETIC, ARITHMETIC, node.target, node.value, in_while
                    )
                yield self.replaced(Kind.REMOVAL, node, "pass", in_while)
            case ast.Expr(value=ast.Call(func=ast.Attribute())):
                yield self.replaced(Kind.REMOVAL, node, "pass", in_while)
            case ast.Return(value=ast.expr() as value) if not _is_none(value):
                yield self.replaced(Kind.RESULT, value, "None")
            case ast.Break():
                yield self.replaced(Kind.JUMP, node, "continue", in_while)
            case ast.Continue():
                yield self.replaced(Kind.JUMP, node, "break")

    def comparisons(self, node: ast.Compare) -> Iterator[Edit]:
        operands = [node.left, *node.comparators]
        if any(isinstance(one, ast.Name) and one.id == "__name__" for one in operands):
            return
        for left, right in pairwise(operands):
            yield from self.swap(Kind.COMPARISON, OPERATORS, left, right)

    def swap(
        self, kind: Kind, others: dict[str, str], left: ast.expr, right: ast.expr,
        risky: bool = False,
    ) -> Iterator[Edit]:  # fmt: skip
        """Change the operator between two operands; brackets may stand there, too."""
        start, end = self.span(left)[1], self.span(right)[0]
        between = [token for token in self.between(start, end) if token[2] not in ("(", ")")]
        text = " ".join(word for _, _, word in between)
        if text in others:
            yield self.edit(kind, between[0][0], between[-1][1], others[text], risky)

    def without_not(self, node: ast.UnaryOp) -> Iterator[Edit]:
        start = self.span(node)[0]
        number = self.at.get(start)
        if number is None:
            return
        end = start + len("not")
        while self.content[end : end + 1] == b" ":
            end += 1
        yield self.edit(Kind.NEGATION, start, end, "")

    def values(self, node: ast.Constant, place: Place) -> Iterator[Edit]:
        start, end = self.span(node)
        written = self.content[start:end]
        match node.value:
            case bool():
                yield self.replaced(Kind.TRUTH, node, str(not node.value))
            case int() | float() if len(written) <= LONGEST_NUMBER and node.value < LARGEST:
                yield self.replaced(Kind.NUMBER, node, str(node.value + 1))
                if node.value >= 2:
                    yield self.replaced(Kind.NUMBER, node, str(node.value - 1), place.in_while)
            case str() if node.value and not place.is_silent:
                yield from self.emptied(node)

    def emptied(self, node: ast.Constant) -> Iterator[Edit]:
        """Keep the quotes as they are; a text in several pieces is left alone."""
        start, end = self.span(node)
        written = self.content[start:end].decode()
        quotes = written.lstrip("rRuU")
        mark = quotes[:3] if quotes[:3] in ('"""', "'''") else quotes[:1]
        inside = quotes[len(mark) : -len(mark)] if mark else ""
        if mark[:1] in ("'", '"') and inside and mark[0] not in inside:
            prefix = written[: len(written) - len(quotes)]
            yield self.replaced(Kind.TEXT, node, f"{prefix}{mark}{mark}")

    def bounds(self, node: ast.Slice | ast.Call) -> Iterator[Edit]:
        """Where a slice begins or ends, and how far a range counts: off by one."""
        lower: ast.expr | None = None
        upper: ast.expr | None = None
        if isinstance(node, ast.Slice):
            lower, upper = node.lower, node.upper
        elif isinstance(node.func, ast.Name) and node.func.id == "range" and node.args:
            upper = node.args[0] if len(node.args) == 1 else node.args[1]
        for bound, sign in ((lower, "+"), (upper, "-")):
            if isinstance(bound, SIMPLE):
                start, end = self.span(bound)
                was = self.content[start:end].decode()
                yield self.replaced(Kind.BOUND, bound, f"{was} {sign} 1")

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        last, column = node.end_lineno or node.lineno, node.end_col_offset or 0
        return (
            self.starts[node.lineno - 1] + node.col_offset,
            self.starts[last - 1] + column,
        )

    def between(self, start: int, end: int) -> list[tuple[int, int, str]]:
        return self.tokens[bisect_left(self.order, start) : bisect_left(self.order, end)]

    def replaced(
        self, kind: Kind, node: ast.expr | ast.stmt, now: str, risky: bool = False
    ) -> Edit:
        start, end = self.span(node)
        # `return"a"` needs no space, `returnNone` does.
        glued = now[:1].isalnum() and self.content[start - 1 : start].isalnum() and start
        return self.edit(kind, start, end, f" {now}" if glued else now, risky)

    def edit(self, kind: Kind, start: int, end: int, now: str, risky: bool = False) -> Edit:
        return Edit(kind, start, end, now, bisect_right(self.starts, start), risky)


def _inside(node: ast.AST, name: str, place: Place) -> Place:
    in_while = place.in_while or (isinstance(node, ast.While) and name != "orelse")
    if isinstance(node, ast.FunctionDef | ast.Lambda):
        in_while = False
    silent = place.is_silent or isinstance(node, ast.Raise | ast.JoinedStr | ast.Assert)
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        silent = True  # a docstring
    return Place(in_while, silent)


def _is_no_number(node: ast.expr) -> bool:
    text = isinstance(node, ast.Constant) and not isinstance(node.value, int | float)
    return text or isinstance(node, NOT_A_NUMBER)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
