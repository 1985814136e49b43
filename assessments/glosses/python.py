"""What Python says while a program runs, in plain words."""

from django.utils.translation import gettext, gettext_lazy

from assessments.glosses import python_syntax
from assessments.glosses.errors import Error
from assessments.glosses.names import is_assigned_in, is_declared_in, nearest, written
from assessments.glosses.python_words import RUNTIME
from assessments.glosses.words import look_up, quoted

BUILT_IN = [
    "abs",
    "all",
    "any",
    "bool",
    "chr",
    "dict",
    "divmod",
    "enumerate",
    "filter",
    "float",
    "format",
    "input",
    "int",
    "isinstance",
    "len",
    "list",
    "map",
    "max",
    "min",
    "next",
    "None",
    "open",
    "ord",
    "pow",
    "print",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "sorted",
    "str",
    "sum",
    "tuple",
    "type",
    "zip",
    "True",
    "False",
    "return",
    "while",
    "import",
    "elif",
    "else",
    "for",
    "def",
    "class",
    "and",
    "not",
    "ValueError",
    "TypeError",
    "KeyError",
    "IndexError",
    "Exception",
]
MODULES = [
    "math",
    "random",
    "sys",
    "os",
    "re",
    "json",
    "time",
    "datetime",
    "collections",
    "itertools",
    "functools",
    "string",
    "statistics",
    "decimal",
    "fractions",
    "heapq",
    "bisect",
    "copy",
    "typing",
    "operator",
]
OF_ANOTHER_LANGUAGE = {"true": "True", "false": "False", "null": "None", "nil": "None"}
OF_ANOTHER_KIND = {
    ("list", "push"): "append", ("list", "add"): "append", ("set", "append"): "add",
    ("set", "push"): "add", ("str", "trim"): "strip", ("str", "toUpperCase"): "upper",
    ("str", "toLowerCase"): "lower",
}  # fmt: skip


def explain(error: Error, source: str) -> str:
    """The gloss of an error; "" if there is none."""
    if error.kind in ("SyntaxError", "IndentationError", "TabError"):
        return python_syntax.explain(error)
    if error.kind == "missing":
        return missing_function(error.message, source)
    if error.kind in OF_NAMES:
        before, _, rest = error.message.partition("'")
        name, _, rest = rest.partition("'")
        if text := OF_NAMES[error.kind](before, name, rest, source):
            return text
    return look_up(RUNTIME, error)


def missing_function(name: str, source: str) -> str:
    return (
        gettext("The tests call a function %(name)s, and your program has none of that name.")
        % {"name": quoted(name)}
    ) + (did_you_mean(nearest(name, written(source)), gettext("Is it the one called {}?")))


def did_you_mean(name: str, question: str = "") -> str:
    """A question with a space before it; nothing where no name is near."""
    if not name:
        return ""
    return " " + (question or gettext("Did you mean {}?")).format(quoted(name))


def unknown_name(before: str, name: str, rest: str, source: str) -> str:
    if before != "name " or not rest.startswith(" is not defined"):
        return ""
    text = gettext("Python cannot find a name %(name)s.") % {"name": quoted(name)}
    if name in MODULES:
        return " ".join(
            [text, gettext("Is a line `import %(name)s` missing at the top?") % {"name": name}]
        )
    meant = OF_ANOTHER_LANGUAGE.get(name) or nearest(name, [*written(source), *BUILT_IN])
    if meant:
        return text + did_you_mean(meant)
    if is_declared_in(name, source) or is_assigned_in(name, source):
        return " ".join(
            [text, gettext("It is made elsewhere: further down, or inside a function.")]
        )
    return " ".join(
        [text, gettext("A name has to be given a value first; text needs quotes around it.")]
    )


def unknown_attribute(before: str, kind: str, rest: str, source: str) -> str:
    parts = rest.split("'")
    if len(parts) < 2 or "has no attribute" not in rest:
        return ""
    name = parts[1]
    if kind == "NoneType":
        return gettext(
            "The value before %(name)s is `None`. Did a function give nothing back, "
            "because it has no `return`?"
        ) % {"name": quoted("." + name)}
    if before.startswith("module"):
        return gettext("The module %(module)s has nothing called %(name)s. Check the spelling.") % {
            "module": quoted(kind),
            "name": quoted(name),
        }
    if name == "length":
        return gettext("There is no `.length` in Python. Use `len(…)`.")
    if kind in PLAIN:
        plain, methods = PLAIN[kind]
        meant = OF_ANOTHER_KIND.get((kind, name)) or nearest(name, methods)
        return (
            gettext("%(kind)s has no %(name)s.") % {"kind": plain, "name": quoted("." + name)}
        ) + did_you_mean(meant)
    said = (
        gettext("The class %(kind)s has no %(name)s.")
        if before.startswith("type object")
        else gettext("An object of class %(kind)s has no %(name)s.")
    ) % {"kind": quoted(kind), "name": quoted("." + name)}
    ending = did_you_mean(nearest(name, written(source)))
    return said + (ending or " " + gettext("Check the spelling in the class."))


def unknown_module(before: str, name: str, rest: str, source: str) -> str:
    if not before.startswith("No module named"):
        return ""
    meant = nearest(name, MODULES)
    said = gettext("There is no module %(name)s.") % {"name": quoted(name)}
    ending = gettext("Here, programs use only what comes with Python.")
    return said + (did_you_mean(meant) or " " + ending)


PLAIN = {
    "str": ("A text", dir(str)),
    "list": ("A list", dir(list)),
    "set": ("A set", dir(set)),
    "dict": ("A dictionary", dir(dict)),
    "tuple": ("A tuple", dir(tuple)),
    "int": (gettext_lazy("A whole number"), dir(int)),
    "float": (gettext_lazy("A decimal number"), dir(float)),
    "function": ("A function", []),
    "range": ("A range", dir(range)),
}
OF_NAMES = {
    "NameError": unknown_name,
    "AttributeError": unknown_attribute,
    "ModuleNotFoundError": unknown_module,
}
