"""Rules about single constructs: what is written, and what Python offers instead."""

import ast
import itertools
from collections.abc import Iterator

from assessments.analyser.python.reading import (
    Reading,
    called,
    is_text,
    method,
    owner,
)
from assessments.analyser.rules import Seen

EQUALITY = (ast.Eq, ast.NotEq)
MUTABLE = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
RUNNING = frozenset({"eval", "exec"})
TESTS = (ast.If, ast.While, ast.IfExp, ast.Assert)
IDLE = (ast.Compare, ast.Name, ast.Attribute, ast.BinOp, ast.UnaryOp, ast.Subscript)
# What takes any iterable, so that a list made for it is made in vain.
TAKES_ANY = frozenset({"list", "sorted", "set", "tuple", "sum", "max", "min", "any", "all"})


def handlers(reading: Reading) -> Iterator[Seen]:
    for handler in reading.of(ast.ExceptHandler):
        idle = all(isinstance(one, ast.Pass) or is_text(one) for one in handler.body)
        if handler.type is None:
            yield Seen(handler.lineno, "bare-except")
        elif idle:
            yield Seen(handler.lineno, "swallowed-error")


def mutable_defaults(reading: Reading) -> Iterator[Seen]:
    for function in reading.functions:
        given = function.args
        plain = [*given.posonlyargs, *given.args]
        pairs = [
            *zip(reversed(plain), reversed(given.defaults), strict=False),
            *zip(given.kwonlyargs, given.kw_defaults, strict=True),
        ]
        for parameter, default in pairs:
            if isinstance(default, MUTABLE) or called(default) in ("list", "dict", "set"):
                yield Seen(parameter.lineno, "mutable-default", parameter.arg)


def comparisons(reading: Reading) -> Iterator[Seen]:
    for node in reading.of(ast.Compare):
        operator, left, right = node.ops[0], node.left, node.comparators[0]
        if isinstance(operator, EQUALITY):
            literals = [one.value for one in (left, right) if isinstance(one, ast.Constant)]
            if any(value is None for value in literals):
                yield Seen(node.lineno, "none-comparison")
            elif any(isinstance(value, bool) for value in literals):
                yield Seen(node.lineno, "boolean-comparison")
            elif called(left) == "type" or called(right) == "type":
                yield Seen(node.lineno, "type-comparison")
        if name := _length_test(reading, node):
            yield Seen(node.lineno, "length-test", name)


def _length_test(reading: Reading, node: ast.Compare) -> str:
    """The collection whose length is held against nothing, where only yes or no is asked."""
    above = reading.parents[node]
    asked = isinstance(above, ast.BoolOp) or getattr(above, "test", None) is node
    right = node.comparators[0]
    length = node.left
    if not asked or called(length) != "len" or len(node.ops) > 1:
        return ""
    zero = isinstance(right, ast.Constant) and right.value == 0 and type(right.value) is int
    if zero and isinstance(node.ops[0], (*EQUALITY, ast.Gt)) and isinstance(length, ast.Call):
        argument = length.args[0] if length.args else None
        return argument.id if isinstance(argument, ast.Name) else ""
    return ""


def not_in(reading: Reading) -> Iterator[Seen]:
    for node in reading.of(ast.UnaryOp):
        inner = node.operand
        operators = inner.ops if isinstance(inner, ast.Compare) else []
        if (
            isinstance(node.op, ast.Not)
            and len(operators) == 1
            and isinstance(operators[0], ast.In)
        ):
            yield Seen(node.lineno, "not-in")


def always_true(reading: Reading) -> Iterator[Seen]:
    """`if answer == "y" or "yes":` asks whether a text is a text."""
    for node in reading.of(ast.BoolOp):
        above = reading.parents[node]
        is_test = isinstance(above, TESTS) and above.test is node and isinstance(node.op, ast.Or)
        if is_test and any(isinstance(one, ast.Constant) and one.value for one in node.values):
            yield Seen(node.lineno, "always-true")


def calls(reading: Reading) -> Iterator[Seen]:
    for node in reading.of(ast.Call):
        name, inner = called(node), node.args[0] if node.args else None
        if name in RUNNING:
            yield Seen(node.lineno, "eval", f"{name}()")
        elif name == "open" and _stays_open(reading, node):
            yield Seen(node.lineno, "open-without-with")
        elif name in TAKES_ANY and len(node.args) == 1:
            if isinstance(inner, ast.ListComp):
                yield Seen(node.lineno, "needless-list", "the list in brackets")
            elif called(inner) == "list" or (name == "list" and called(inner) == "sorted"):
                yield Seen(node.lineno, "needless-list", "list()")


def _stays_open(reading: Reading, call: ast.Call) -> bool:
    above = reading.parents[call]
    return not isinstance(above, (ast.withitem, ast.Return)) and not (
        isinstance(above, ast.Call) and method(above) == "enter_context"
    )


def idle_lines(reading: Reading) -> Iterator[Seen]:
    for node in reading.of(ast.Expr):
        constant = isinstance(node.value, ast.Constant) and not is_text(node)
        if constant or isinstance(node.value, IDLE):
            yield Seen(node.lineno, "no-effect")


def globals_changed(reading: Reading) -> Iterator[Seen]:
    for node in reading.of(ast.Global):
        yield Seen(node.lineno, "global-statement", node.names[0])


def counting_loops(reading: Reading) -> Iterator[Seen]:
    """`for i in range(len(x))` where only x[i] or i itself is wanted, not its neighbours."""
    for loop in reading.of(ast.For):
        bound = loop.iter
        if called(bound) != "range" or not isinstance(bound, ast.Call) or len(bound.args) != 1:
            continue
        end = bound.args[0]
        if not (isinstance(end, ast.Call) and called(end) == "len" and len(end.args) == 1):
            continue
        data, index = end.args[0], loop.target
        if not (isinstance(data, ast.Name) and isinstance(index, ast.Name)):
            continue
        if _wants_elements(reading, loop, index.id, data.id):
            yield Seen(loop.lineno, "range-len", data.id)


def _wants_elements(reading: Reading, loop: ast.For, index: str, data: str) -> bool:
    wanted = False
    for statement in loop.body:
        for node in ast.walk(statement):
            if not (isinstance(node, ast.Name) and node.id == index):
                continue
            above = reading.parents[node]
            if isinstance(above, ast.BinOp):
                return False
            if isinstance(above, ast.Subscript) and above.slice is node:
                if not isinstance(above.ctx, ast.Load):
                    return False
                wanted |= isinstance(above.value, ast.Name) and above.value.id == data
    return wanted


def counting_whiles(reading: Reading) -> Iterator[Seen]:
    """`while i < n:` that ends in `i += 1` and changes i nowhere else."""
    for loop in reading.of(ast.While):
        test, last = loop.test, loop.body[-1]
        if not (isinstance(test, ast.Compare) and isinstance(test.left, ast.Name)):
            continue
        name, ends = test.left.id, len(test.ops) == 1 and isinstance(test.ops[0], (ast.Lt, ast.LtE))
        raised = [
            node
            for statement in loop.body
            for node in ast.walk(statement)
            if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
        ]
        counts = isinstance(last, ast.AugAssign) and isinstance(last.op, ast.Add)
        if ends and counts and raised == [getattr(last, "target", None)]:
            yield Seen(loop.lineno, "counting-while", name)


def append_loops(reading: Reading) -> Iterator[Seen]:
    """A new list, and right after it a loop that does nothing but append to it."""
    for body in reading.bodies():
        for before, loop in itertools.pairwise(body):
            if isinstance(loop, ast.For) and isinstance(before, ast.Assign):
                target, value = before.targets[0], before.value
                fresh = isinstance(value, ast.List) and not value.elts
                if fresh and isinstance(target, ast.Name) and target.id == _filled(loop):
                    yield Seen(loop.lineno, "append-loop", target.id)


def _filled(loop: ast.For) -> str:
    """The list that a loop appends to if it does nothing else, or ""."""
    inner = loop.body
    if len(inner) == 1 and isinstance(inner[0], ast.If) and not inner[0].orelse:
        inner = inner[0].body
    call = inner[0].value if isinstance(inner[0], ast.Expr) else None
    appends = len(inner) == 1 and method(call) == "append" and not loop.orelse
    return owner(call) if appends and isinstance(call, ast.Call) else ""


def concatenations(reading: Reading) -> Iterator[Seen]:
    """Texts joined to str(…) by +; a long sum is told once."""
    told = 0
    for node in reading.of(ast.BinOp):
        if not isinstance(node.op, ast.Add) or node.lineno <= told:
            continue
        sides = (node.left, node.right)
        converts = any(called(one) == "str" for one in sides)
        is_part = isinstance(reading.parents[node], ast.BinOp)
        if converts and (is_part or any(map(_has_text, sides))):
            told = node.end_lineno or node.lineno
            yield Seen(node.lineno, "concatenation")


def _has_text(node: ast.expr) -> bool:
    """Whether a text stands at the right end of a sum, or is all of it."""
    end = node.right if isinstance(node, ast.BinOp) else node
    return isinstance(end, ast.Constant) and isinstance(end.value, str)


RULES = (
    handlers, mutable_defaults, comparisons, not_in, always_true, calls, idle_lines,
    globals_changed, counting_loops, counting_whiles, append_loops, concatenations,
)  # fmt: skip
