"""The words of the rules and merits for Python."""

from collections.abc import Mapping

from assessments.analyser import shared
from assessments.analyser.rules import Catalogue, Merit, Rule
from assessments.analyser.rules import gettext_noop as _

OWN: Mapping[str, Rule] = {
    "undefined-name": Rule(
        _("a name that does not exist"),
        _("“{name}” has no value here, so this line ends in a NameError when it runs."),
        _("Check the spelling of “{name}”, or give it a value or an import before this line."),
        practices=3,
    ),
    "unused-import": Rule(
        _("an import that is never used"),
        _("“{name}” is imported and never used."),
        _("Delete the import of “{name}”."),
        readability=0.25,
        practices=0.75,
    ),
    "star-import": Rule(
        _("an import of everything"),
        _("With import * nobody can tell where a name comes from."),
        _("Import the names that you use, one by one."),
        readability=0.5,
        practices=1.5,
    ),
    "redefined": Rule(
        _("a name defined twice"),
        _("“{name}” is defined again before its first meaning was used."),
        _("Keep one definition of “{name}”, or give the second a name of its own."),
        readability=0.5,
        practices=1,
    ),
    "wrong-format": Rule(
        _("values and placeholders that do not match"),
        _("The placeholders of this text and the values for it do not match."),
        _("Use an f-string: each value stands where it is shown."),
        practices=2,
    ),
    "empty-f-string": Rule(
        _("an f-string without a value"),
        "",
        _("Nothing in this f-string is filled in: leave out the f, or put the value in braces."),
        readability=0.25,
    ),
    "repeated-key": Rule(
        _("a key that stands twice"),
        _("The same key stands twice in this dictionary, and only the last value is kept."),
        _("Keep one of the entries, or give one of them another key."),
        practices=2,
    ),
    "always-true": Rule(
        _("a condition that is always true"),
        _("This condition is always true: a text that is not empty counts as true by itself."),
        _("Write the comparison out on both sides of or, or use “in” with all allowed values."),
        practices=2.5,
    ),
    "identity-comparison": Rule(
        _("is with a literal"),
        _("“is” asks for the same object, and whether two equal numbers or texts are one is luck."),
        _("Compare values with ==."),
        practices=2,
    ),
    "bare-except": Rule(
        _("a bare except"),
        _("A bare except catches everything, Ctrl-C too, and hides what went wrong."),
        _("Name the error that you expect, as in “except ValueError:”."),
        practices=2,
    ),
    "swallowed-error": Rule(
        _("an error that vanishes"),
        _("The error is caught and nothing happens, so nobody learns that something went wrong."),
        _("Say what to do instead of pass: a default value, a message, or let the error go on."),
        practices=1.5,
    ),
    "mutable-default": Rule(
        _("a default value that changes"),
        _("The default of “{name}” is made once and shared: a call finds what the last one left."),
        _("Use None as the default of “{name}” and make the new value inside the function."),
        practices=2,
    ),
    "changed-while-looping": Rule(
        _("a list changed while it is looped over"),
        _("“{name}” is changed while the loop goes over it, so it skips elements or breaks off."),
        _("Build a new list of what stays, or loop over a copy of “{name}”."),
        practices=2.5,
    ),
    "shadowed-builtin": Rule(
        _("a built-in that is covered"),
        _(
            "“{name}” is also a function of Python, which cannot be called under that name any "
            "more."
        ),
        _("Choose another name than “{name}”, one that says what is in it."),
        readability=0.5,
        practices=1,
    ),
    "global-statement": Rule(
        _("global"),
        _(
            "With global a call changes what lies outside, so its result depends on what ran "
            "before."
        ),
        _("Pass “{name}” in as a parameter and return the new value."),
        practices=1.5,
    ),
    "none-comparison": Rule(
        _("== with None"),
        _("== asks the value what it equals, and an object may answer anything."),
        _("Write “is None” or “is not None”."),
        readability=0.25,
        practices=0.75,
    ),
    "boolean-comparison": Rule(
        _("== with True or False"),
        _("The value is true or false already; comparing it again adds words and no meaning."),
        _("Use the value as the condition, or “not” before it."),
        readability=0.5,
        practices=0.5,
    ),
    "type-comparison": Rule(
        _("comparing types"),
        _("type() with == refuses values of a subclass that would work as well."),
        _("Use isinstance()."),
        practices=0.75,
    ),
    "open-without-with": Rule(
        _("a file that may stay open"),
        _("If something goes wrong before close(), the file stays open."),
        _("Open it in a “with” block, which closes it in every case."),
        practices=1.5,
    ),
    "string-building": Rule(
        _("a text that grows by +="),
        _("“{name}” is copied into a new text in every round, so long inputs take much longer."),
        _("Collect the parts in a list and join them once after the loop."),
        efficiency=1.5,
    ),
    "list-lookup": Rule(
        _("searching a list in a loop"),
        _("“in” reads the list “{name}” from its start, and here it does so in every round."),
        _("Make a set of “{name}” before the loop: looking something up there takes one step."),
        efficiency=2,
    ),
    "search-in-loop": Rule(
        _("counting or searching again in every round"),
        _("“{name}” is read from its start again in every round."),
        _("Go over “{name}” once before the loop and keep counts or positions in a dictionary."),
        efficiency=2,
    ),
    "front-of-list": Rule(
        _("taking from the front of a list"),
        _("Every step moves all the other elements of “{name}” by one place."),
        _("Use collections.deque with popleft() or appendleft()."),
        efficiency=1.5,
    ),
    "range-len": Rule(
        _("counting through positions"),
        _("The loop counts through positions although it wants the elements of “{name}”."),
        _("Loop over “{name}” itself; where the position is needed too, use enumerate({name})."),
        readability=1,
        practices=0.5,
    ),
    "counting-while": Rule(
        _("a while loop that counts"),
        _(
            "“{name}” is set, compared and raised by hand in three places, and each can be "
            "forgotten."
        ),
        _("Use “for {name} in range(…)”."),
        readability=0.75,
    ),
    "length-test": Rule(
        _("asking for the length"),
        "",
        _("An empty collection counts as false: write “if {name}” or “if not {name}”."),
        readability=0.25,
        practices=0.25,
    ),
    "not-in": Rule(
        _("not before in"), "", _("Write “a not in b”: it reads as it is meant."), readability=0.25
    ),
    "needless-list": Rule(
        _("a list that is not needed"),
        "",
        _("The inner value is enough here: {name} makes one more copy of it."),
        readability=0.25,
        efficiency=0.25,
    ),
    "append-loop": Rule(
        _("a loop that only appends"),
        "",
        _("This loop only fills “{name}”; a list comprehension says the same in one line."),
        readability=0.25,
    ),
    "concatenation": Rule(
        _("texts joined by + and str()"),
        "",
        _("Use an f-string: the values stand in the text where they are shown, without str()."),
        readability=0.5,
    ),
    "camel-case": Rule(
        _("names in camelCase"),
        "",
        _("Python names are written with underscores: “{name}” in small letters."),
        readability=0.5,
    ),
}

MERITS: Mapping[str, Merit] = {
    "comprehension": Merit(
        "comprehensions",
        _("A comprehension builds its result in one line that reads as it is meant."),
    ),
    "context-manager": Merit(
        "with blocks", _("A “with” block closes what it opens, also when something goes wrong.")
    ),
    "f-string": Merit("f-strings", _("f-strings put values where they are shown.")),
    "direct-loop": Merit(
        "direct loops",
        _("enumerate() or zip() gives each round what it needs, without counting."),
    ),
    "quick-lookup": Merit(
        "quick lookups",
        _("“{name}” is a set or dictionary, so looking something up takes one step."),
    ),
    "type-hints": Merit("type hints", _("Type hints say what goes in and what comes out.")),
}

CATALOGUE = Catalogue({**shared.RULES, **OWN}, {**shared.MERITS, **MERITS})
