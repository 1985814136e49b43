"""What JavaScript says while a program runs or is read, in plain words."""

import re

from django.utils.translation import gettext as _

from assessments.glosses.errors import Error
from assessments.glosses.javascript_words import CODE, RULES
from assessments.glosses.names import is_declared_in, nearest, written
from assessments.glosses.words import LEFT_OPEN, leaves_open, look_at_code, look_up, quoted

BUILT_IN = [
    "console",
    "Math",
    "JSON",
    "Object",
    "Array",
    "String",
    "Number",
    "Boolean",
    "Map",
    "Set",
    "Date",
    "Promise",
    "parseInt",
    "parseFloat",
    "isNaN",
    "undefined",
    "null",
    "true",
    "false",
    "Infinity",
    "NaN",
    "require",
    "module",
    "exports",
    "process",
    "Error",
    "RegExp",
    "Symbol",
    "function",
    "return",
    "const",
    "while",
    "typeof",
]
MEMBERS = [
    "log",
    "error",
    "push",
    "pop",
    "shift",
    "unshift",
    "slice",
    "splice",
    "map",
    "filter",
    "reduce",
    "forEach",
    "join",
    "split",
    "includes",
    "indexOf",
    "find",
    "findIndex",
    "sort",
    "reverse",
    "concat",
    "keys",
    "values",
    "entries",
    "length",
    "toString",
    "toFixed",
    "trim",
    "toUpperCase",
    "toLowerCase",
    "replace",
    "replaceAll",
    "startsWith",
    "endsWith",
    "charAt",
    "repeat",
    "padStart",
    "floor",
    "ceil",
    "round",
    "random",
    "max",
    "min",
    "abs",
    "sqrt",
    "parse",
    "stringify",
    "has",
    "get",
    "set",
    "add",
    "some",
    "every",
    "flat",
    "test",
    "match",
]
TAKES_FUNCTION = frozenset(
    [
        "map",
        "filter",
        "forEach",
        "reduce",
        "find",
        "findIndex",
        "some",
        "every",
        "sort",
        "flatMap",
        "then",
        "Promise",
    ]
)
OF_BROWSERS = [
    "document",
    "window",
    "alert",
    "prompt",
    "confirm",
    "localStorage",
    "location",
    "fetch",
]
OF_PYTHON = {
    "True": "true", "False": "false", "None": "null", "print": "console.log",
    "len": ".length", "str": "String", "int": "parseInt", "float": "parseFloat",
}  # fmt: skip

NOT_DEFINED = re.compile(r"'?([^\s']{1,200})'? is not defined")
NOT_A_FUNCTION = re.compile(r"(?:(.{1,200}) is )?not a function")
CALLED = re.compile(r"([\w$]+(?:\.[\w$]+)*)\(")
NO_CALLS = frozenset(["if", "for", "while", "switch", "catch", "function", "return"])


def explain(error: Error, source: str) -> str:
    """The gloss of an error; "" if there is none."""
    if error.kind == "missing":
        return missing_function(error.message, source)
    if error.kind == "ReferenceError" and (found := NOT_DEFINED.fullmatch(error.message)):
        return unknown_name(found[1], source)
    if error.kind == "TypeError" and (found := NOT_A_FUNCTION.fullmatch(error.message)):
        return not_a_function(found[1] or "", error.code, source)
    if error.kind == "SyntaxError" and error.message.startswith(VAGUE):
        if text := look_at_code(CODE, error):
            return text
        if leaves_open(error.code) and not error.message.endswith(AT_THE_END):
            return _(LEFT_OPEN)
    return look_up(RULES, error)


def missing_function(name: str, source: str) -> str:
    text = _("The tests call a function %(name)s, and your program has none of that name.") % {
        "name": quoted(name)
    }
    meant = nearest(name, written(source))
    return (
        " ".join([text, _("Is it the one called %(name)s?") % {"name": quoted(meant)}])
        if meant
        else text
    )


def unknown_name(name: str, source: str) -> str:
    text = _("JavaScript cannot find a name %(name)s.") % {"name": quoted(name)}
    if name in OF_BROWSERS:
        return " ".join(
            [
                text,
                _("Programs run outside a browser here, so what belongs to a page is missing."),
            ]
        )
    meant = OF_PYTHON.get(name) or nearest(name, [*written(source), *BUILT_IN])
    if meant:
        return " ".join([text, _("Did you mean %(name)s?") % {"name": quoted(meant)}])
    if is_declared_in(name, source):
        return " ".join(
            [text, _("It is made elsewhere, inside other braces, and is known only there.")]
        )
    return " ".join([text, _("Make it with `const` or `let` first; text needs quotes around it.")])


def not_a_function(said: str, code: str, source: str) -> str:
    """QuickJS does not say what was called; where a line has one call, that is it."""
    called = said or only_call(code)
    if not called:
        return _("What is called here with `()` is not a function. Check its name.")
    if not said and called.rpartition(".")[2] in TAKES_FUNCTION:
        return _("Either %(name)s, or what is given to it, is not a function.") % {
            "name": quoted(called)
        }
    last = re.split(r"[^\w$]", called.rstrip(")]. "))[-1]
    text = _("%(name)s is not a function, so it cannot be called with `()`.") % {
        "name": quoted(called)
    }
    meant = nearest(last, MEMBERS if "." in called else written(source)) if last else ""
    return (
        " ".join([text, _("Did you mean %(name)s?") % {"name": quoted(meant)}])
        if meant
        else " ".join([text, _("Check its name.")])
    )


def only_call(code: str) -> str:
    calls = [name for name in CALLED.findall(code) if name not in NO_CALLS]
    return calls[0] if len(calls) == 1 and not re.search(r"[)\]]\(", code) else ""


AT_THE_END = ("''", "input")
VAGUE = (
    "Unexpected",
    "unexpected token",
    "expecting",
    "Invalid or unexpected",
    "invalid first character",
)
