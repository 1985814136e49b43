"""A Python text as a tree that rules can ask. Nothing here recurses: nobody trusts the text."""

import ast
import warnings
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence

from assessments.analyser.findings import Unreadable
from assessments.analyser.rules import MAX_DEPTH, Size

Function = ast.FunctionDef | ast.AsyncFunctionDef
Loop = ast.For | ast.AsyncFor | ast.While
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
LOOPS = (ast.For, ast.AsyncFor, ast.While)
SCOPES = (*FUNCTIONS, ast.Lambda, ast.ClassDef, ast.Module)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
BLOCKS = (*LOOPS, ast.If, ast.Try, ast.TryStar, ast.With, ast.AsyncWith, ast.Match)
MARKS = (ast.expr_context, ast.operator, ast.boolop, ast.cmpop, ast.unaryop)
LEAVING = (ast.Return, ast.Raise, ast.Break, ast.Continue)
TOO_DEEP = "The code nests too deeply to be judged."


class Reading:
    """All nodes in the order of the text, each with its parent and how many blocks it lies in."""

    def __init__(self, source: str, tree: ast.Module) -> None:
        # The line ends that Python counts; there are more in Unicode.
        self.lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.tree = tree
        self.nodes: list[ast.AST] = []
        self.parents: dict[ast.AST, ast.AST] = {}
        self.levels: dict[ast.AST, int] = {}
        self.kinds: dict[type[ast.AST], list[ast.AST]] = defaultdict(list)
        self._collect()
        self.values = self._values()
        self.stored = self._stored()

    def _collect(self) -> None:
        waiting: list[tuple[ast.AST, int]] = [(self.tree, 1)]
        while waiting:
            node, depth = waiting.pop()
            if depth > MAX_DEPTH:
                raise Unreadable(TOO_DEEP, line_of(node))
            self.nodes.append(node)
            self.kinds[type(node)].append(node)
            self.levels[node] = self._level(node)
            inner = [one for one in ast.iter_child_nodes(node) if not isinstance(one, MARKS)]
            for child in inner:
                self.parents[child] = node
            waiting += [(child, depth + 1) for child in reversed(inner)]

    def _level(self, node: ast.AST) -> int:
        """An elif lies as deep as its if."""
        above = self.parents.get(node)
        if above is None or isinstance(node, SCOPES):
            return 0
        return self.levels[above] + (isinstance(node, BLOCKS) and not self.is_elif(node))

    def _values(self) -> dict[tuple[ast.AST, str], list[ast.expr]]:
        """What is assigned to each plain name, by scope."""
        found = defaultdict(list)
        for node in self.of(ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found[self.scope(node), target.id].append(node.value)
        for one in self.of(ast.AnnAssign):
            if isinstance(one.target, ast.Name) and one.value is not None:
                found[self.scope(one), one.target.id].append(one.value)
        return found

    def _stored(self) -> defaultdict[ast.AST, set[str]]:
        """The names that get a value within each loop."""
        found: defaultdict[ast.AST, set[str]] = defaultdict(set)
        for name in self.of(ast.Name):
            if isinstance(name.ctx, ast.Store):
                for loop in self.loops_around(name):
                    found[loop].add(name.id)
                above = self.parents[name]
                if isinstance(above, (ast.For, ast.AsyncFor)):
                    found[above].add(name.id)
        return found

    def of[N: ast.AST](self, *kinds: type[N]) -> list[N]:
        """Nodes of these exact kinds, in the order of the text."""
        if len(kinds) == 1:
            return self.kinds[kinds[0]]  # type: ignore[return-value]
        return [node for node in self.nodes if type(node) in kinds]  # type: ignore[misc]

    @property
    def functions(self) -> list[Function]:
        return self.of(*FUNCTIONS)

    @property
    def loops(self) -> list[Loop]:
        return self.of(*LOOPS)

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around a node, from the inside out."""
        while (parent := self.parents.get(node)) is not None:
            yield parent
            node = parent

    def scope(self, node: ast.AST) -> ast.AST:
        return next((one for one in self.above(node) if isinstance(one, SCOPES)), self.tree)

    def loops_around(self, node: ast.AST) -> Iterator[Loop]:
        """Loops of the same function that run the node again in each round, from the inside out."""
        inner = node
        for outer in self.above(node):
            if isinstance(outer, SCOPES):
                return
            once = isinstance(outer, (ast.For, ast.AsyncFor)) and inner is outer.iter
            if isinstance(outer, LOOPS) and not once and inner not in outer.orelse:
                yield outer
            inner = outer

    def is_repeated(self, node: ast.AST) -> bool:
        """Whether a loop or the condition or element of a comprehension holds it."""
        if next(self.loops_around(node), None) is not None:
            return True
        for outer in self.above(node):
            if isinstance(outer, (*SCOPES, ast.stmt)):
                return False
            if isinstance(outer, ast.comprehension):
                return node is not outer.iter
            if isinstance(outer, COMPREHENSIONS):
                return True
        return False

    def is_elif(self, node: ast.AST) -> bool:
        above = self.parents.get(node)
        return isinstance(node, ast.If) and isinstance(above, ast.If) and above.orelse == [node]

    def bodies(self) -> Iterator[Sequence[ast.stmt]]:
        """Every list of statements."""
        for node in self.nodes:
            for field in ("body", "orelse", "finalbody"):
                inner = getattr(node, field, None)
                if isinstance(inner, list) and inner:
                    yield inner

    @property
    def size(self) -> Size:
        empty = (ast.Pass, ast.Import, ast.ImportFrom)
        counted = [one for one in self.nodes if isinstance(one, ast.stmt)]
        working = [one for one in counted if not isinstance(one, empty) and not is_text(one)]
        lines = {number for one in counted for number in (one.lineno, one.end_lineno or one.lineno)}
        only_names = all(isinstance(one, (*FUNCTIONS, ast.ClassDef)) for one in working)
        return Size(len(lines), 0 if only_names else len(working), len(self.functions))


def read(source: str) -> Reading:
    """Parse. Raises Unreadable."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except SyntaxError as error:
        where = f"line {error.lineno}" if error.lineno else "the text"
        reason = error.msg.rstrip(".?")
        raise Unreadable(f"Python cannot read {where}: {reason}.", error.lineno) from error
    except (RecursionError, MemoryError) as error:
        raise Unreadable(TOO_DEEP) from error
    except ValueError as error:
        raise Unreadable("The text holds characters that Python cannot read.") from error
    return Reading(source, tree)


def line_of(node: ast.AST) -> int:
    return getattr(node, "lineno", 1)


def is_text(node: ast.AST) -> bool:
    """A string or an ellipsis that stands for itself: a docstring, a placeholder."""
    return isinstance(node, ast.Expr) and (
        isinstance(node.value, ast.Constant) and isinstance(node.value.value, (str, type(...)))
    )


def called(node: ast.AST | None) -> str:
    """The plain name of the function that is called here, or ""."""
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def method(node: ast.AST | None) -> str:
    """The name of the method that is called here, or ""."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr
    return ""


def owner(node: ast.Call) -> str:
    """The plain name whose method is called, or ""."""
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
        return node.func.value.id
    return ""


def inside(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes within the same function: not those of a function that is defined inside."""
    waiting = deque(ast.iter_child_nodes(node))
    while waiting:
        one = waiting.popleft()
        yield one
        if not isinstance(one, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            waiting += ast.iter_child_nodes(one)


def parameters(function: Function | ast.Lambda) -> list[ast.arg]:
    given = function.args
    return [*given.posonlyargs, *given.args, *given.kwonlyargs]
