"""What pyflakes sees: names without a use or a value, and what can never be right."""

import warnings
from collections.abc import Iterator, Mapping

from pyflakes import messages
from pyflakes.checker import Checker

from assessments.analyser.findings import Unreadable
from assessments.analyser.python.reading import TOO_DEEP, Reading
from assessments.analyser.rules import Seen

# The parser lets these pass, the compiler does not.
REFUSED: Mapping[type[messages.Message], str] = {
    messages.ReturnOutsideFunction: "“return” stands outside a function",
    messages.YieldOutsideFunction: "“yield” stands outside a function",
    messages.ContinueOutsideLoop: "“continue” stands outside a loop",
    messages.BreakOutsideLoop: "“break” stands outside a loop",
    messages.DefaultExceptNotLast: "a bare “except:” stands before another one",
    messages.DuplicateArgument: "two parameters have the same name",
    messages.TwoStarredExpressions: "an assignment has two starred names",
    messages.LateFutureImport: "an import from __future__ does not stand first",
    messages.FutureFeatureNotDefined: "__future__ has no such feature",
}
KEYS: Mapping[type[messages.Message], str] = {
    messages.UnusedImport: "unused-import",
    messages.ImportStarUsed: "star-import",
    messages.UnusedVariable: "unused-variable",
    messages.UnusedAnnotation: "unused-variable",
    messages.UndefinedName: "undefined-name",
    messages.UndefinedLocal: "undefined-name",
    messages.RedefinedWhileUnused: "redefined",
    messages.IsLiteral: "identity-comparison",
    messages.IfTuple: "always-true",
    messages.AssertTuple: "always-true",
    messages.MultiValueRepeatedKeyLiteral: "repeated-key",
    messages.FStringMissingPlaceholders: "empty-f-string",
}
FORMATS = ("PercentFormat", "StringDotFormat")


def faults(reading: Reading) -> Iterator[Seen]:
    """Raises Unreadable for a text that the compiler refuses."""
    for message in _messages(reading):
        kind = type(message)
        if kind in REFUSED:
            reason = f"Python cannot run this: {REFUSED[kind]}."
            raise Unreadable(reason, message.lineno)
        if kind in KEYS:
            name = str(message.message_args[0]) if message.message_args else ""
            yield Seen(message.lineno, KEYS[kind], name.partition(" as ")[0])
        elif kind.__name__.startswith(FORMATS):
            yield Seen(message.lineno, "wrong-format")


def _messages(reading: Reading) -> list[messages.Message]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = Checker(reading.tree, filename="", builtins=(), withDoctest=False).messages
    except (RecursionError, MemoryError) as error:
        raise Unreadable(TOO_DEEP) from error
    return sorted(found, key=lambda one: (one.lineno, one.col, type(one).__name__))
