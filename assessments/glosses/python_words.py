"""Sentences for errors of running Python programs; the patterns are those of 3.11 to 3.14."""

from django.utils.translation import gettext_noop as _

from assessments.glosses.words import table

NAME = r"(?P<name>[^']{0,200})"
KIND = r"(?P<kind>[\w.]{1,100})"
OTHER = r"(?P<kind2>[\w.]{1,100})"
CALLED = r"(?P<name>[\w.<>]{1,200})\(\)"
ANY = r".*"

NO_VALUE = "Did a function give nothing back, because it has no `return`?"

RUNTIME = table({
    "NameError": [
        (f"cannot access free variable '{NAME}'{ANY}",
         _("{name} has no value yet when it is used here. Give it one before the call.")),
    ],
    "UnboundLocalError": [
        (f"cannot access local variable '{NAME}'{ANY}",
         _("{name} has no value yet. A name that a function gives a value to is its own, "
           "from the function's first line on: give it one there, or take it as a parameter.")),
    ],
    "TypeError": [
        (rf'can only concatenate str \(not "{KIND}"\) to str',
         _("`+` joins text with text, and here one side is {kind}. Turn it into text with "
           "`str(…)`, or the text into a number.")),
        (rf'can only concatenate (?P<kind>list|tuple) \(not "{OTHER}"\) to {ANY}',
         _("`+` cannot join {kind} and {kind2}. Both sides have to be of the same kind.")),
        (r"unsupported operand type\(s\) for (?P<sign>\S{1,8}(?: or pow\(\))?): "
         r"'NoneType' and '[\w.]+'",
         _("The left side of {sign} is `None`, which nothing can be done with. Did a "
           "function give nothing back, because it has no `return`?")),
        (r"unsupported operand type\(s\) for (?P<sign>\S{1,8}(?: or pow\(\))?): "
         r"'[\w.]+' and 'NoneType'",
         _("The right side of {sign} is `None`, which nothing can be done with. Did a "
           "function give nothing back, because it has no `return`?")),
        (r"unsupported operand type\(s\) for (?P<sign>\S{1,8}(?: or pow\(\))?): "
         rf"'(?:str' and '{KIND}|{OTHER}' and 'str)'",
         _("{sign} cannot work with text and something else. Turn the text into a number "
           "with `int(…)` or `float(…)`, or the number into text with `str(…)`.")),
        (rf"unsupported operand type\(s\) for (?P<sign>\S{{1,8}}(?: or pow\(\))?): "
         rf"'{KIND}' and '{OTHER}'",
         _("{sign} cannot work with {kind} on the left and {kind2} on the right.")),
        (rf"bad operand type for unary (?P<sign>\S): '{KIND}'",
         _("{sign} in front of a value needs a number, and this is {kind}.")),
        (rf"bad operand type for abs\(\): '{KIND}'",
         _("`abs(…)` needs a number, and this is {kind}.")),
        (rf"can't multiply sequence by non-int of type '{KIND}'",
         _("Text or a list can be repeated a whole number of times, and here `*` meets "
           "{kind}. To reckon with a text, turn it into a number with `int(…)` first.")),
        (rf"'(?P<sign>[<>]=?)' not supported between instances of '{KIND}' and '{OTHER}'",
         _("{sign} cannot compare {kind} with {kind2}. Both sides have to be of the same "
           "kind.")),
        ("'NoneType' object is not callable",
         _("What is called here is `None`, not a function. Is there one pair of `()` too "
           "many?")),
        ("'(?:list|dict|tuple)' object is not callable",
         _("Round brackets call a function. To take an item out, use square ones: "
           "`items[0]`. Or is a name such as `list` used for something else?")),
        ("'module' object is not callable",
         _("A module cannot be called. Name the function inside it: `module.function(…)`.")),
        (f"'{KIND}' object is not callable",
         _("This is {kind}, and only functions can be called with `()`. Is an operator "
           "missing before the bracket, or does a variable have the name of a function?")),
        (f"{CALLED} missing (?P<number>\\d+) required (?:positional|keyword-only) arguments?: "
         rf"'(?P<other>[^']{{1,200}})'{ANY}",
         _("{name} needs more values than it is given here. Missing: {other}.")),
        (r"(?P<name>[\w<>]{1,200})\(\) takes (?P<number>\d+) positional arguments? but "
         r"(?P<number2>\d+) (?:was|were) given",
         _("Too many values in the brackets: {name} takes {number}, and here are {number2}.")),
        (f"{CALLED} takes (?P<number>\\d+) positional arguments? but (?P<number2>\\d+) "
         "(?:was|were) given",
         _("{name} takes {number} and is given {number2}. The object itself counts as the "
           "first: a method begins with `self`.")),
        (f"{CALLED} takes from {ANY} positional arguments but (?P<number>\\d+) were given",
         _("{name} is given {number} values, which is more than it takes.")),
        (f"{CALLED} takes no arguments{ANY}",
         _("{name} takes nothing in its brackets, and is given something. A class that "
           "takes values needs `def __init__(self, …)`, with two underscores on each side.")),
        (f"{CALLED} takes (?:exactly one|no|at most|at least|exactly) ?{ANY}",
         _("{name} is given too many values, or too few.")),
        (rf"(?P<name>[\w.]{{1,200}}?)(?:\(\))? (?:expected|takes) (?:at most|at least|exactly) "
         rf"{ANY}",
         _("{name} is given too many values, or too few.")),
        (rf"{CALLED} got an unexpected keyword argument '(?P<other>[^']{{0,200}})'{ANY}",
         _("{name} has no parameter called {other}. Check the spelling.")),
        (rf"{CALLED} got multiple values for argument '(?P<other>[^']{{0,200}})'",
         _("{name} is given {other} twice: once by its place and once by its name.")),
        ("'NoneType' object is not subscriptable",
         _("The value before the square brackets is `None`. Did a function give nothing "
           "back, because it has no `return`? Methods such as `.sort()` give nothing back "
           "either.")),
        ("'(?:function|method|builtin_function_or_method)' object is not subscriptable",
         _("A function stands before square brackets. Call it with round ones.")),
        (f"'{KIND}' object is not subscriptable",
         _("Only texts, lists and dictionaries have items to take out with `[]`. This is "
           "{kind}.")),
        (f"(?:cannot unpack non-iterable NoneType object|'NoneType' object is not iterable|"
         f"argument of type 'NoneType' is not {ANY})",
         _("There is nothing to go through: the value is `None`. Did a function give "
           "nothing back, because it has no `return`?")),
        ("(?:'int' object is not iterable|argument of type 'int' is not .*)",
         _("A number cannot be gone through. To count up to it, use `range(…)`.")),
        (f"(?:'{KIND}' object is not iterable|argument of type '{OTHER}' is not {ANY})",
         _("This value cannot be gone through item by item. A list, a text or a range can.")),
        (f"cannot unpack non-iterable {KIND} object",
         _("Several names stand left of the `=`, and right of it one single value: {kind}.")),
        (f"(?:cannot use '{OTHER}' as a {ANY})?\\(?unhashable type: '{KIND}'\\)?",
         _("A key of a dictionary or an item of a set cannot be {kind}, because that can "
           "change. Use a tuple, a text or a number.")),
        (f"(?:list|tuple|string|range) indices must be integers{ANY}",
         _("A position in square brackets has to be a whole number. For text from "
           "`input()`, use `int(…)`; to look things up by name, a dictionary.")),
        (f"'str' object does(?:n't| not) support item {ANY}",
         _("A text cannot be changed in place. Build a new one: `text[:1] + 'x' + text[2:]`.")),
        (f"'tuple' object does(?:n't| not) support item {ANY}",
         _("A tuple cannot be changed. Use a list, with square brackets.")),
        ("object of type 'NoneType' has no len\\(\\)",
         _("`len(…)` is given `None`. Did a function give nothing back, because it has no "
           "`return`?")),
        (f"object of type '{KIND}' has no len\\(\\)",
         _("`len(…)` counts the items of a text, a list or a dictionary, and this is {kind}.")),
        ("'str' object cannot be interpreted as an integer",
         _("A whole number is needed here, and this is text. Turn it into one with `int(…)`.")),
        ("'float' object cannot be interpreted as an integer",
         _("A whole number is needed here, and this is a decimal one. `/` always gives a "
           "decimal number; `//` gives a whole one.")),
        (f"'{KIND}' object cannot be interpreted as an integer",
         _("A whole number is needed here, and this is {kind}.")),
        (f"(?P<name>int|float)\\(\\) argument must be {ANY} not '{KIND}'",
         _("{name} can read text or a number, and this is {kind}.")),
        (f"sequence item (?P<number>\\d+): expected str instance, {KIND} found",
         _("`join` joins texts, and one of the items is {kind}. Turn each into text with "
           "`str(…)`.")),
        (f"'in <string>' requires string as left operand, not {KIND}",
         _("Only a text can be looked for in a text, and this is {kind}. Turn it with "
           "`str(…)`.")),
        ("not all arguments converted during string formatting|not enough arguments for format "
         "string",
         _("The text has not as many places to fill as there are values after `%`. If `%` "
           "is meant as a remainder, the left side has to be a number.")),
        (f"'{KIND}' object does not support item assignment",
         _("Nothing can be put into {kind} with `[]`. A list or a dictionary takes items.")),
        ("exceptions must derive from BaseException",
         _("`raise` needs an exception such as `ValueError('…')`.")),
        ("can only join an iterable", _("`join` needs a list of texts in its brackets.")),
    ],
    "IndexError": [
        ("list assignment index out of range",
         _("The list has no item at that position yet. `append` adds one at the end.")),
        ("pop from (?:an )?empty .*", _("The list is empty: there is nothing left to take out.")),
        ("Cannot choose from an empty sequence", _("There is nothing to choose "
                                                   "from: it is empty.")),
        (r"(?P<what>list|string|tuple|range object|pop) index out of range",
         _("There is no item at that position. Positions begin at 0, so the last one is one "
           "less than the length.")),
    ],
    "KeyError": [
        ("'popitem\\(\\): dictionary is empty'",
         _("The dictionary is empty: nothing is left in it.")),
        ("(?P<name>.+)",
         _("There is no key {name}. Check how it is written, or ask with `in` or `.get(…)` "
           "first.")),
    ],
    "ValueError": [
        (r"invalid literal for int\(\) with base \d+: (?:''|\"\")",
         _("`int(…)` is given an empty text, and there is no number in it to read.")),
        (r"invalid literal for int\(\) with base \d+: (?P<name>'[-+]?\d+\.\d*')",
         _("`int(…)` reads whole numbers, and {name} has a decimal point. Use `float(…)`.")),
        (r"invalid literal for int\(\) with base \d+: (?P<name>.*)",
         _("`int(…)` cannot read {name} as a whole number. For several numbers on a line, "
           "use `.split()` first.")),
        ("could not convert string to float: (?P<name>.*)",
         _("`float(…)` cannot read {name} as a number.")),
        (r"too many values to unpack \(expected (?P<number>\d+)(?:, got \d+)?\)",
         _("There are {number} names left of the `=`, and more values than that right of it.")),
        (r"not enough values to unpack \(expected (?:at least )?(?P<number>\d+), got "
         r"(?P<number2>\d+)\)",
         _("There are {number} names left of the `=`, and only {number2} on the right.")),
        (r"(?:list\.(?:index|remove)\(x\): x not in list|.{1,200} is not in list)",
         _("The list does not hold this value. "
           "Ask with `in` first.")),
        ("substring not found",
         _("The text does not hold what is looked for. Ask with `in` first.")),
        (r"(?P<name>max|min)\(\) .*empty.*",
         _("{name} is given nothing to choose from: it is empty.")),
        ("math domain error|expected a (?:nonnegative|positive) input.*",
         _("There is no such number, like the square root of a number below 0. Check what "
           "goes in.")),
        (r"range\(\) arg 3 must not be zero|slice step cannot be zero",
         _("A step of 0 would never arrive. Use another one.")),
        ("empty separator",
         _("`.split('')` has nothing to split at. `list(text)` gives the letters.")),
        (r"chr\(\) arg not in range.*", _("There is no character with this number.")),
        (r"Unknown format code '(?P<name>.)' for object of type '(?P<kind>\w+)'",
         _("The format {name} in the braces does not fit {kind}.")),
        ("Exceeds the limit .*", _("The number has too many digits to be shown as text.")),
        ("cannot convert float NaN to integer",
         _("This is not a number any more, so `int` cannot use it.")),
        ("day is out of range for month|month must be in .*", _("There is no such date.")),
    ],
    "ZeroDivisionError": [
        (ANY, "A number is divided by 0, which has no result. Check for 0 before you divide."),
    ],
    "RecursionError": [
        (ANY, "A function calls itself again and again and never stops. It needs a case in which "
              "it gives an answer without calling itself, and each call has to come nearer to it."),
    ],
    "ImportError": [
        (f"cannot import name '{NAME}' from '(?P<other>[^']{{1,200}})'{ANY}",
         _("The module {other} has nothing called {name}. Check the spelling.")),
        ("attempted relative import.*", _("There are no other files here to import from.")),
    ],
    "EOFError": [
        (ANY,
         "The program asks for more input than there is. Read as many lines as the task says."),
    ],
    "StopIteration": [("", _("`next(…)` is asked for one more item, and there are none left."))],
    "AssertionError": [
        ("", _("An `assert` in your program does not hold.")),
        ("(?P<name>.+)", _("An `assert` in your program does not hold: {name}.")),
    ],
    "MemoryError": [
        (ANY,
         "The program needs more memory than it may use. Does a list or a text grow without end?"),
    ],
    "UnicodeDecodeError": [
        (ANY, "These bytes are not text in the encoding that they are read with."),
    ],
    "UnicodeEncodeError": [
        (ANY, "The text has characters that this encoding cannot write. Use `utf-8`."),
    ],
    "OverflowError": [
        ("cannot fit 'int' into an index-sized integer",
         _("The number is too large to be a length or a position.")),
        ("cannot convert float infinity to integer", _("Infinity cannot become a whole number.")),
        (ANY, "The result is too large for a decimal number."),
    ],
    "TimeoutError": [(ANY, "The program waited for something that did not come in time.")],
    "FileNotFoundError": [
        (rf"{ANY}: '(?P<name>[^']{{1,200}})'",
         _("There is no file {name} here. Input comes from `input()`, unless the task says "
           "otherwise.")),
    ],
    "IsADirectoryError": [(ANY, "This is a folder, and only a file can be read.")],
    "NotImplementedError": [
        (ANY,
         "This part is not written yet: it raises `NotImplementedError`. Put your code there."),
    ],
    "RuntimeError": [
        ("(?:dictionary|Set) changed (?:size|keys) during iteration",
         _("The loop changes what it goes through. Go through a copy: `for x in "
           "list(things)`.")),
    ],
    "JSONDecodeError": [(ANY, "The text is not valid JSON, so it cannot be read.")],
    "StatisticsError": [
        (f"{ANY} at least {ANY}", _("There are too few numbers for this. Is the list empty?")),
    ],
    "InvalidOperation": [(ANY, "`Decimal(…)` cannot reckon with this value.")],
    "KeyboardInterrupt": [("", _("The program was interrupted."))],
})  # fmt: skip
