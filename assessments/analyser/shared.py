"""Rules and merits that mean the same in every language, and the one that needs no parser."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from assessments.analyser.rules import Merit, Rule, Seen
from assessments.analyser.rules import gettext_noop as _

LONG_LINE, LONG_FUNCTION, DEEP, COMPLEX, PARAMETERS = 100, 40, 3, 10, 6
# A function of this many lines is small, and one of so many statements is worth a description.
SMALL_FUNCTION, MANY_STEPS = 20, 8
# How often a literal may stand in a text, and how many equal statements are a repeated block.
NUMBER_TIMES, STRING_TIMES, BLOCK = 3, 4, 3
EVERYDAY_NUMBERS = frozenset({"0", "1", "2", "10", "100", "1000"})
CLEAR_NAMES, CLEAR_NAME = 4, 3

RULES: Mapping[str, Rule] = {
    "unused-variable": Rule(
        _("a name that is never used"),
        _(
            "“{name}” gets a value that nothing reads, so a reader looks for a use that is not "
            "there."
        ),
        _("Use “{name}” where it was meant to be used, or delete it."),
        readability=0.5,
        practices=1,
    ),
    "dead-code": Rule(
        _("lines that never run"),
        _("This line never runs: the line before it always leaves the block."),
        _("Delete the unreachable lines, or move them above the line that leaves."),
        readability=0.5,
        practices=1.5,
    ),
    "endless-loop": Rule(
        _("a loop without a way out"),
        _("This loop has no condition that ends it, and nothing inside leaves it."),
        _("Give the loop a condition that becomes false, or leave it inside."),
        efficiency=1,
        practices=2,
    ),
    "nested-loops": Rule(
        _("a loop inside a loop over the same data"),
        _("Both loops go over “{name}”: twice the data takes four times the steps."),
        _("Ask whether one pass is enough: keep what was seen in a set or a map and look there."),
        efficiency=2.5,
    ),
    "triple-loop": Rule(
        _("loops three deep"),
        _("Three loops lie inside one another, so the steps multiply three times."),
        _(
            "Take the inner loops out: prepare a lookup before the loop, or name the inner work "
            "as a function."
        ),
        readability=0.5,
        efficiency=2,
    ),
    "sort-in-loop": Rule(
        _("sorting inside a loop"),
        _("The data is sorted again in every round, which is most of the work of the loop."),
        _("Sort once before the loop, or keep only the smallest or largest as you go."),
        efficiency=2,
    ),
    "slow-recursion": Rule(
        _("recursion that repeats its work"),
        _(
            "“{name}” calls itself twice with smaller numbers and computes the same values many "
            "times."
        ),
        _("Remember results that are known already, or compute upwards in a loop."),
        efficiency=3,
    ),
    "long-function": Rule(
        _("a long function"),
        _("“{name}” is longer than 40 lines: nobody keeps all of it in mind at once."),
        _("Find a step in “{name}” that can be named in a few words, and make it a function."),
        readability=2,
        practices=0.5,
    ),
    "too-complex": Rule(
        _("a function with many paths"),
        _("“{name}” has more than 10 paths through it, each of which needs a test."),
        _("Split “{name}” by case, or replace a row of conditions by a lookup."),
        readability=1.5,
        practices=1,
    ),
    "deep-nesting": Rule(
        _("deep nesting"),
        _("This is more than 3 blocks deep: a reader has to remember every condition above."),
        _(
            "Leave early where a condition fails, or move the inner part into a function of its "
            "own."
        ),
        readability=1.5,
        practices=0.5,
    ),
    "many-parameters": Rule(
        _("many parameters"),
        _("“{name}” takes more than 6 values, and callers will mix up their order."),
        _("Group what belongs together into one value, or split “{name}” by what it does."),
        readability=0.5,
        practices=1,
    ),
    "long-line": Rule(
        _("long lines"),
        _("The line is longer than 100 characters, so its end is out of sight."),
        _("Break the line inside its brackets, or give a part of it a name."),
        readability=0.75,
    ),
    "short-name": Rule(
        _("names of one letter"),
        _("“{name}” does not say what it holds."),
        _("Call “{name}” what it means, so that the line reads by itself."),
        readability=1,
    ),
    "repeated-block": Rule(
        _("repeated code"),
        _("These 3 or more lines stand on line {name} too: a change has to be made twice."),
        _("Move the repeated lines into a function and call it in both places."),
        readability=1,
        practices=1.5,
    ),
    "repeated-literal": Rule(
        _("a repeated literal"),
        _("{name} stands in several places without a name that says what it is."),
        _("Give {name} a name in one place, so that it can be changed there."),
        readability=0.5,
        practices=0.75,
    ),
    "missing-description": Rule(
        _("no description"),
        _("“{name}” takes several steps, and nothing says what it is for."),
        _("Begin “{name}” with one sentence: what goes in, and what comes out."),
        readability=0.75,
        practices=0.5,
    ),
    "unneeded-else": Rule(
        _("an else that is not needed"),
        "",
        _(
            "The part above always leaves, so the lines below work without else and one step "
            "further left."
        ),
        readability=0.25,
    ),
    "boolean-return": Rule(
        _("a condition spelt out"),
        "",
        _("The condition is already true or false: return it as it is."),
        readability=0.5,
    ),
    "no-effect": Rule(
        _("a line without effect"),
        _("This line computes something and throws it away."),
        _(
            "Store the value, return it or delete the line. If it names a function, call it with "
            "()."
        ),
        practices=1.5,
    ),
    "eval": Rule(
        _("running text as code"),
        _("{name} runs whatever the text says, also what somebody else has typed."),
        _(
            "Turn the text into a value with a function made for it, and look up what may be "
            "called."
        ),
        practices=3,
    ),
}

MERITS: Mapping[str, Merit] = {
    "described": Merit("descriptions", _("Functions say what they are for before they do it.")),
    "small-functions": Merit(
        "small functions",
        _("The work is split into small functions, each with one thing to do."),
    ),
    "early-return": Merit(
        "early returns", _("Special cases leave early, so the main path stays flat.")
    ),
    "clear-names": Merit("clear names", _("Names such as “{name}” say what they hold.")),
    "named-constants": Merit(
        "named constants", _("Fixed values have names: “{name}” can be changed in one place.")
    ),
    "default-values": Merit(
        "default values", _("A parameter has a sensible default, so callers may leave it out.")
    ),
    "precise-errors": Merit(
        "handled errors", _("An expected error is caught, and something is done about it.")
    ),
}


def long_lines(lines: Sequence[str]) -> Iterator[Seen]:
    for number, line in enumerate(lines, 1):
        if len(line.rstrip()) > LONG_LINE:
            yield Seen(number, "long-line")


def repeated_blocks(bodies: Iterable[Sequence[tuple[int, str]]]) -> Iterator[Seen]:
    """Runs of different statements that stand in two places, told once, at the later one.

    A body is its statements: the line of each, and what it is wherever it stands.
    """
    windows = sorted(
        (body[start][0], number, start, tuple(text for _, text in body[start : start + BLOCK]))
        for number, body in enumerate(bodies)
        for start in range(len(body) - BLOCK + 1)
    )
    first: dict[tuple[str, ...], tuple[int, int, int]] = {}
    free: dict[int, int] = defaultdict(int)
    for line, number, start, window in windows:
        if start < free[number] or len(set(window)) < BLOCK:
            continue
        at, other, begin = first.setdefault(window, (line, number, start))
        overlaps = other == number and start < begin + BLOCK
        if line > at and not overlaps:
            free[number] = start + BLOCK
            yield Seen(line, "repeated-block", str(at))
