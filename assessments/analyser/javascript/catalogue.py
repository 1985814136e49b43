"""The words of the rules and merits for JavaScript."""

from collections.abc import Mapping

from assessments.analyser import shared
from assessments.analyser.rules import Catalogue, Merit, Rule
from assessments.analyser.rules import gettext_noop as _

OWN: Mapping[str, Rule] = {
    "var": Rule(
        _("var"),
        _(
            "“{name}” is declared with var, so it is visible in the whole function, also before "
            "this line."
        ),
        _("Use const for “{name}”, or let if it gets another value later."),
        practices=1.5,
    ),
    "undeclared": Rule(
        _("a name that is not declared"),
        _("“{name}” gets a value without being declared: it becomes global, or the line fails."),
        _("Declare “{name}” with const or let where it gets its first value."),
        practices=2.5,
    ),
    "loose-equality": Rule(
        _("a comparison that converts"),
        _(
            "{name} converts both sides before it compares them, so 0, “” and “0” may count as "
            "equal."
        ),
        _("Write === or !==, and convert a value yourself where that is meant."),
        practices=1.5,
    ),
    "unused-parameter": Rule(
        _("a parameter that is never used"),
        _("“{name}” is asked for and never used, so callers wonder what it changes."),
        _("Delete the parameter “{name}”, or use it."),
        readability=0.25,
        practices=0.75,
    ),
    "let-never-changed": Rule(
        _("let where const fits"),
        "",
        _("“{name}” keeps its first value: const says so, and a mistake shows at once."),
        readability=0.25,
        practices=0.5,
    ),
    "console-log": Rule(
        _("console.log in a function that returns"),
        _("The function gives its result back and prints besides, which every caller will see."),
        _("Delete console.log once you know what you looked for."),
        practices=1,
    ),
    "swallowed-error": Rule(
        _("an empty catch"),
        _("The error is caught and nothing happens, so nobody learns that something went wrong."),
        _("Say in the catch block what to do instead, or let the error go on."),
        practices=1.5,
    ),
    "callback-pyramid": Rule(
        _("callbacks inside callbacks"),
        _(
            "Functions lie three deep in one another, and the order of what happens is hard to "
            "follow."
        ),
        _("Name the inner functions, or wait for promises one after the other with await."),
        readability=1.5,
        practices=1,
    ),
    "for-in-array": Rule(
        _("for-in over an array"),
        _("for-in gives the positions of “{name}” as texts, and other keys as well."),
        _("Use “for (const element of {name})”."),
        practices=2,
    ),
    "range-len": Rule(
        _("counting through positions"),
        _("The loop counts through positions although it wants the elements of “{name}”."),
        _("Use “for (const element of {name})”; {name}.entries() gives the positions too."),
        readability=0.75,
        practices=0.25,
    ),
    "list-lookup": Rule(
        _("searching an array in a loop"),
        _("The array “{name}” is searched from its start, and here in every round."),
        _("Make a Set of “{name}” before the loop: has() takes one step."),
        efficiency=2,
    ),
    "front-of-list": Rule(
        _("taking from the front of an array"),
        _("Every step may move all the other elements of “{name}” by one place."),
        _("Go through “{name}” by position, or work from its end with push() and pop()."),
        efficiency=1,
    ),
    "copy-in-loop": Rule(
        _("copying in every round"),
        _("All that was collected in “{name}” so far is copied in every round."),
        _("Use push() or set the one new entry, and copy at most once at the end."),
        efficiency=2,
    ),
    "append-loop": Rule(
        _("a loop that only pushes"),
        "",
        _("This loop only fills “{name}”; map() or filter() says the same in one line."),
        readability=0.25,
    ),
    "concatenation": Rule(
        _("texts joined by +"),
        "",
        _("Use a template: `…${{value}}…` shows the values where they stand."),
        readability=0.5,
    ),
    "boolean-comparison": Rule(
        _("comparing with true or false"),
        _("The value is true or false already; comparing it again adds words and no meaning."),
        _("Use the value as the condition, or ! before it."),
        readability=0.5,
        practices=0.25,
    ),
    "assignment-in-condition": Rule(
        _("= in a condition"),
        _("A single = puts a value into the name, and the condition is that value."),
        _("Write === to compare."),
        practices=2.5,
    ),
    "nan-comparison": Rule(
        _("comparing with NaN"),
        _("NaN equals nothing, not even itself, so this comparison never tells anything."),
        _("Use Number.isNaN()."),
        practices=2.5,
    ),
}

MERITS: Mapping[str, Merit] = {
    "const": Merit("const", _("const says which names keep their value.")),
    "strict-equality": Merit(
        "strict comparisons", _("Values are compared with ===, without hidden conversions.")
    ),
    "array-methods": Merit(
        "array methods", _("{name}() says what happens to the array, without a loop by hand.")
    ),
    "template": Merit("templates", _("Template texts put values where they are shown.")),
    "destructuring": Merit("destructuring", _("Destructuring names the parts of a value at once.")),
    "for-of": Merit("for-of loops", _("for-of gives each element itself, without counting.")),
    "await": Merit("await", _("await lets what takes time be read from top to bottom.")),
    "quick-lookup": Merit(
        "quick lookups", _("“{name}” is a Set or Map, so looking something up takes one step.")
    ),
}

CATALOGUE = Catalogue({**shared.RULES, **OWN}, {**shared.MERITS, **MERITS})
