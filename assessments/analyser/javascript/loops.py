"""Rules about work that grows faster than the data: all by the shape of loops, nothing measured."""

from collections.abc import Iterator

from assessments.analyser.javascript.reading import (
    LOOPS,
    Node,
    Reading,
    bare,
    inside,
    is_each,
    loops_around,
    method,
    name_of,
    owner,
)
from assessments.analyser.javascript.scopes import Scopes
from assessments.analyser.rules import Seen

ARRAY_ONLY = frozenset({"push", "pop", "shift", "unshift", "splice", "sort", "map", "forEach"})
SEARCHES = frozenset({"includes", "indexOf", "lastIndexOf"})
FEW = 10


def nested_loops(reading: Reading, scopes: Scopes) -> Iterator[Seen]:
    for loop in reading.nodes:
        if loop.kind not in LOOPS and not (loop.kind == "call_expression" and is_each(loop)):
            continue
        around = list(loops_around(loop))
        name = data_of(loop)
        if name and any(data_of(outer) == name for outer in around):
            yield Seen(loop.line, "nested-loops", name)
        elif len(around) == 2:
            yield Seen(loop.line, "triple-loop")


def data_of(loop: Node) -> str:
    """The plain name of the array that is gone through, or ""."""
    if loop.kind == "call_expression":
        return owner(loop)
    if loop.kind == "for_in_statement":
        over = loop.get("right")
        return over.text if over is not None and over.kind == "identifier" else ""
    test = bare(loop.get("condition")) if loop.kind == "for_statement" else None
    end = test.get("right") if test is not None and test.kind == "binary_expression" else None
    if end is not None and end.kind == "binary_expression":
        end = end.get("left")
    return _whose_length(end)


def _whose_length(node: Node | None) -> str:
    if node is None or node.kind != "member_expression":
        return ""
    whose, what = node.get("object"), node.get("property")
    is_length = what is not None and what.text == "length"
    return whose.text if is_length and whose is not None and whose.kind == "identifier" else ""


def counting(reading: Reading, scopes: Scopes) -> Iterator[Seen]:
    """`for (let i = 0; i < x.length; i++)` where i is used for x[i] alone."""
    for loop in reading.of("for_statement"):
        data, body = data_of(loop), loop.get("body")
        begin = loop.get("initializer")
        declared = begin.children[0].get("name") if begin and begin.children else None
        if data and body is not None and declared is not None and _is_whole(loop):
            uses = [one for one in body.walk() if one.kind == "identifier"]
            places = [one for one in uses if one.text == declared.text]
            if places and all(_is_element(one, data) for one in places):
                yield Seen(loop.line, "range-len", data)


def _is_whole(loop: Node) -> bool:
    """From the first to the last, one by one."""
    begin, test, step = (loop.get(role) for role in ("initializer", "condition", "increment"))
    value = begin.children[0].get("value") if begin and begin.children else None
    goes = step is not None and step.kind == "update_expression" and step.word == "++"
    end = test.get("right") if test is not None else None
    plain = test is not None and test.word == "<" and end is not None
    return goes and plain and value is not None and value.text == "0" and bool(_whose_length(end))


def _is_element(node: Node, data: str) -> bool:
    above = node.parent
    if above is None or above.kind != "subscript_expression" or node.role != "index":
        return False
    whose, user = above.get("object"), above.parent
    writes = user is not None and above.role == "left" and "assignment" in user.kind
    changes = user is not None and user.kind == "update_expression"
    return whose is not None and whose.text == data and not writes and not changes


def for_in(reading: Reading, scopes: Scopes) -> Iterator[Seen]:
    arrays = _arrays(reading)
    for loop in reading.of("for_in_statement"):
        over = loop.get("right")
        if over is None or not loop.word.endswith("in"):
            continue
        if over.kind == "array":
            yield Seen(loop.line, "for-in-array", "the array")
        elif over.kind == "identifier" and over.text in arrays:
            yield Seen(loop.line, "for-in-array", over.text)


def _arrays(reading: Reading) -> set[str]:
    """Names that are arrays for sure: they begin as one, or are used as only arrays are."""
    found = {owner(call) for call in reading.of("call_expression") if method(call) in ARRAY_ONLY}
    for one in reading.of("variable_declarator"):
        name, value = one.get("name"), one.get("value")
        if name is not None and value is not None and value.kind == "array":
            found.add(name.text)
    return found - {""}


def costly_calls(reading: Reading, scopes: Scopes) -> Iterator[Seen]:
    arrays, short = _arrays(reading), _short_arrays(reading)
    for call in reading.of("call_expression"):
        name, whose = method(call), owner(call)
        loop = next(loops_around(call), None)
        if loop is None or not whose:
            continue
        if name in SEARCHES and whose in arrays and whose not in short:
            yield Seen(call.line, "list-lookup", whose)
        elif name in ("shift", "unshift"):
            yield Seen(call.line, "front-of-list", whose)
        elif name in ("sort", "toSorted") and _is_from_outside(scopes, call, loop):
            yield Seen(call.line, "sort-in-loop", whose)


def _short_arrays(reading: Reading) -> set[str]:
    """Fixed arrays of a few entries: searching them costs nothing."""
    return {
        name.text
        for one in reading.of("variable_declarator")
        if (name := one.get("name")) is not None
        and (value := one.get("value")) is not None
        and value.kind == "array"
        and 0 < len(value.children) <= FEW
    }


def _is_from_outside(scopes: Scopes, call: Node, loop: Node) -> bool:
    """Whether what is sorted was there before the loop: what belongs to a round is sorted once."""
    called = call.get("function")
    whose = called.get("object") if called is not None else None
    binding = scopes.binding(whose) if whose is not None else None
    return binding is None or loop not in (binding.scope, *binding.scope.above())


def copies(reading: Reading, scopes: Scopes) -> Iterator[Seen]:
    """`all = [...all, one]` in a loop, and the same in reduce()."""
    for spread in reading.of("spread_element"):
        inner, whole = spread.children[0], spread.parent
        if inner.kind != "identifier" or whole is None or whole.kind not in ("array", "object"):
            continue
        user = whole.parent
        target = user.get("left") if user is not None else None
        same = target is not None and target.text == inner.text
        grows = same and next(loops_around(whole), None) is not None
        if grows or _is_first_of_reduce(spread, inner.text):
            yield Seen(spread.line, "copy-in-loop", inner.text)


def _is_first_of_reduce(spread: Node, name: str) -> bool:
    for loop in loops_around(spread):
        given = loop.get("arguments")
        if method(loop) == "reduce" and given is not None:
            taken = given.children[0].get("parameters")
            return taken is not None and bool(taken.children) and taken.children[0].text == name
    return False


def slow_recursion(reading: Reading, scopes: Scopes) -> Iterator[Seen]:
    for function in reading.functions:
        name, found = name_of(function), set()
        for call in inside(function) if name else ():
            given = call.get("arguments") if call.kind == "call_expression" else None
            target = call.get("function")
            if given is None or target is None or target.text != name or len(given.children) != 1:
                continue
            less, above = given.children[0], call.parent
            right = less.get("right") if less.word == "-" else None
            is_summed = above is not None and above.kind == "binary_expression"
            if is_summed and right is not None and right.kind == "number":
                found.add(less.text)
        if len(found) > 1:
            yield Seen(function.line, "slow-recursion", name)


RULES = (nested_loops, counting, for_in, costly_calls, copies, slow_recursion)
