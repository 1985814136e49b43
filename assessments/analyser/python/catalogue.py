"""The words of the rules and merits for Python."""

from collections.abc import Mapping

from assessments.analyser import shared
from assessments.analyser.rules import Catalogue, Merit, Rule

OWN: Mapping[str, Rule] = {
    "undefined-name": Rule(
        "a name that does not exist",
        "“{name}” has no value here, so this line ends in a NameError when it runs.",
        "Check the spelling of “{name}”, or give it a value or an import before this line.",
        practices=3,
    ),
    "unused-import": Rule(
        "an import that is never used",
        "“{name}” is imported and never used.",
        "Delete the import of “{name}”.",
        readability=0.25,
        practices=0.75,
    ),
    "star-import": Rule(
        "an import of everything",
        "With import * nobody can tell where a name comes from.",
        "Import the names that you use, one by one.",
        readability=0.5,
        practices=1.5,
    ),
    "redefined": Rule(
        "a name defined twice",
        "“{name}” is defined again before its first meaning was used.",
        "Keep one definition of “{name}”, or give the second a name of its own.",
        readability=0.5,
        practices=1,
    ),
    "wrong-format": Rule(
        "values and placeholders that do not match",
        "The placeholders of this text and the values for it do not match.",
        "Use an f-string: each value stands where it is shown.",
        practices=2,
    ),
    "empty-f-string": Rule(
        "an f-string without a value",
        "",
        "Nothing in this f-string is filled in: leave out the f, or put the value in braces.",
        readability=0.25,
    ),
    "repeated-key": Rule(
        "a key that stands twice",
        "The same key stands twice in this dictionary, and only the last value is kept.",
        "Keep one of the entries, or give one of them another key.",
        practices=2,
    ),
    "always-true": Rule(
        "a condition that is always true",
        "This condition is always true: a text that is not empty counts as true by itself.",
        "Write the comparison out on both sides of or, or use “in” with all allowed values.",
        practices=2.5,
    ),
    "identity-comparison": Rule(
        "is with a literal",
        "“is” asks for the same object, and whether two equal numbers or texts are one is luck.",
        "Compare values with ==.",
        practices=2,
    ),
    "bare-except": Rule(
        "a bare except",
        "A bare except catches everything, Ctrl-C too, and hides what went wrong.",
        "Name the error that you expect, as in “except ValueError:”.",
        practices=2,
    ),
    "swallowed-error": Rule(
        "an error that vanishes",
        "The error is caught and nothing happens, so nobody learns that something went wrong.",
        "Say what to do instead of pass: a default value, a message, or let the error go on.",
        practices=1.5,
    ),
    "mutable-default": Rule(
        "a default value that changes",
        "The default of “{name}” is made once and shared: a call finds what the last one left.",
        "Use None as the default of “{name}” and make the new value inside the function.",
        practices=2,
    ),
    "changed-while-looping": Rule(
        "a list changed while it is looped over",
        "“{name}” is changed while the loop goes over it, so it skips elements or breaks off.",
        "Build a new list of what stays, or loop over a copy of “{name}”.",
        practices=2.5,
    ),
    "shadowed-builtin": Rule(
        "a built-in that is covered",
        "“{name}” is also a function of Python, which cannot be called under that name any more.",
        "Choose another name than “{name}”, one that says what is in it.",
        readability=0.5,
        practices=1,
    ),
    "global-statement": Rule(
        "global",
        "With global a call changes what lies outside, so its result depends on what ran before.",
        "Pass “{name}” in as a parameter and return the new value.",
        practices=1.5,
    ),
    "none-comparison": Rule(
        "== with None",
        "== asks the value what it equals, and an object may answer anything.",
        "Write “is None” or “is not None”.",
        readability=0.25,
        practices=0.75,
    ),
    "boolean-comparison": Rule(
        "== with True or False",
        "The value is true or false already; comparing it again adds words and no meaning.",
        "Use the value as the condition, or “not” before it.",
        readability=0.5,
        practices=0.5,
    ),
    "type-comparison": Rule(
        "comparing types",
        "type() with == refuses values of a subclass that would work as well.",
        "Use isinstance().",
        practices=0.75,
    ),
    "open-without-with": Rule(
        "a file that may stay open",
        "If something goes wrong before close(), the file stays open.",
        "Open it in a “with” block, which closes it in every case.",
        practices=1.5,
    ),
    "string-building": Rule(
        "a text that grows by +=",
        "“{name}” is copied into a new text in every round, so long inputs take much longer.",
        "Collect the parts in a list and join them once after the loop.",
        efficiency=1.5,
    ),
    "list-lookup": Rule(
        "searching a list in a loop",
        "“in” reads the list “{name}” from its start, and here it does so in every round.",
        "Make a set of “{name}” before the loop: looking something up there takes one step.",
        efficiency=2,
    ),
    "search-in-loop": Rule(
        "counting or searching again in every round",
        "“{name}” is read from its start again in every round.",
        "Go over “{name}” once before the loop and keep counts or positions in a dictionary.",
        efficiency=2,
    ),
    "front-of-list": Rule(
        "taking from the front of a list",
        "Every step moves all the other elements of “{name}” by one place.",
        "Use collections.deque with popleft() or appendleft().",
        efficiency=1.5,
    ),
    "range-len": Rule(
        "counting through positions",
        "The loop counts through positions although it wants the elements of “{name}”.",
        "Loop over “{name}” itself; where the position is needed too, use enumerate({name}).",
        readability=1,
        practices=0.5,
    ),
    "counting-while": Rule(
        "a while loop that counts",
        "“{name}” is set, compared and raised by hand in three places, and each can be forgotten.",
        "Use “for {name} in range(…)”.",
        readability=0.75,
    ),
    "length-test": Rule(
        "asking for the length",
        "",
        "An empty collection counts as false: write “if {name}” or “if not {name}”.",
        readability=0.25,
        practices=0.25,
    ),
    "not-in": Rule(
        "not before in", "", "Write “a not in b”: it reads as it is meant.", readability=0.25
    ),
    "needless-list": Rule(
        "a list that is not needed",
        "",
        "The inner value is enough here: {name} makes one more copy of it.",
        readability=0.25,
        efficiency=0.25,
    ),
    "append-loop": Rule(
        "a loop that only appends",
        "",
        "This loop only fills “{name}”; a list comprehension says the same in one line.",
        readability=0.25,
    ),
    "concatenation": Rule(
        "texts joined by + and str()",
        "",
        "Use an f-string: the values stand in the text where they are shown, without str().",
        readability=0.5,
    ),
    "camel-case": Rule(
        "names in camelCase",
        "",
        "Python names are written with underscores: “{name}” in small letters.",
        readability=0.5,
    ),
}  # fmt: skip

MERITS: Mapping[str, Merit] = {
    "comprehension": Merit(
        "comprehensions", "A comprehension builds its result in one line that reads as it is meant."
    ),
    "context-manager": Merit(
        "with blocks", "A “with” block closes what it opens, also when something goes wrong."
    ),
    "f-string": Merit("f-strings", "f-strings put values where they are shown."),
    "direct-loop": Merit(
        "direct loops", "enumerate() or zip() gives each round what it needs, without counting."
    ),
    "quick-lookup": Merit(
        "quick lookups", "“{name}” is a set or dictionary, so looking something up takes one step."
    ),
    "type-hints": Merit("type hints", "Type hints say what goes in and what comes out."),
}

CATALOGUE = Catalogue({**shared.RULES, **OWN}, {**shared.MERITS, **MERITS})
