"""What Python says of a program that it cannot read, in plain words."""

import re

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from assessments.glosses.errors import Error
from assessments.glosses.words import LEFT_OPEN, Rule, leaves_open, look_at_code, look_up, table

ANYTHING_ELSE = _(
    _(
        "Python cannot read this line. Look for something missing or too much, here or "
        "at the end of the line above."
    )
)

RULES = table({
    "SyntaxError": [
        (r"'(?P<name>[(\[{])' was never closed",
         _("The bracket {name} is opened here and never closed.")),
        (r"unmatched '(?P<name>[)\]}])'",
         _("The bracket {name} closes nothing. It is too much, or its partner is missing.")),
        (r"closing parenthesis '(?P<name>.)' does not match opening parenthesis '(?P<other>.)'.*",
         _("The bracket {other} is closed by {name}. Each kind of bracket needs its own "
           "partner.")),
        (r"unterminated triple-quoted (?:f-|t-)?string literal.*",
         _("A text in three quotes is opened and never closed.")),
        (r"unterminated (?:f-|t-)?string literal.*|EOL while scanning string literal",
         _("A text is opened with a quote and not closed on the same line.")),
        (r"(?:f-string|t-string): single '}' is not allowed",
         _("In an f-string, each `}}` needs a `{{` before it.")),
        (r"(?:f-string|t-string): (?:valid expression required|empty expression).*",
         _("In an f-string, the braces need a value between them.")),
        (r"(?:f-string|t-string): .*",
         _("Python cannot read what stands in the braces of this f-string.")),
        (r"invalid syntax\. Maybe you meant '==' or ':=' instead of '='\?|"
         r"cannot assign to (?:attribute|subscript|comparison|name) here\..*",
         _("One `=` gives a value to a name. To compare, write two: `==`.")),
        (r"cannot assign to (?P<what>True|False|None)",
         _("{what} is a word of Python and cannot be given another value.")),
        (r"cannot assign to (?:literal|function call|expression|operator|.*)(?: here)?\..*|"
         r"cannot assign to .*|cannot delete .*",
         _("Left of one `=` stands the name that gets the value, and it has to be a name. "
           "To compare, write `==`.")),
        (r"Missing parentheses in call to '(?P<name>print|exec)'.*",
         _("{name} needs round brackets around what it is given: `print(…)`.")),
        (r"invalid syntax\. Perhaps you forgot a comma\?",
         _("Two values stand side by side. Is a comma, a colon or an operator missing "
           "between them?")),
        (r"'(?P<name>return|yield|yield from)' outside function",
         _("{name} belongs inside a function. Is the line indented far enough?")),
        (r"'(?P<name>break)' outside loop|'(?P<other>continue)' not properly in loop",
         _("`break` and `continue` belong inside a loop. Is the line indented far enough?")),
        (r"'(?P<name>await|async with|async for)' outside (?:async )?function",
         _("{name} belongs inside a function that begins with `async def`.")),
        (r"invalid character '(?P<name>[“”‘’„‚«»])' .*",
         _("{name} is a typographic quote, often from a copied text. Write a straight one.")),
        (r"invalid character '(?P<name>[–—−])' .*",
         _("{name} is a long dash, often from a copied text. Write a minus: `-`.")),
        (r"invalid character '(?P<name>.)' .*", _("Python does not know the "
                                                  "character {name} here.")),
        (r"invalid non-printable character .*",
         _("The line holds a character that cannot be seen, often from a copied text. Type "
           "the line again.")),
        (r"unexpected character after line continuation character",
         _("After a backslash `\\` the line has to end. Is a `/` meant, or are quotes "
           "missing?")),
        (r"leading zeros in decimal integer literals.*",
         _("A number cannot begin with 0. Leave the zero away, or put quotes around it.")),
        (r"invalid (?:decimal|hexadecimal|binary|octal|imaginary) literal",
         _("A name cannot begin with a digit, and a number cannot hold letters. Is a space "
           "or an operator missing?")),
        (r"positional argument follows keyword argument.*",
         _("In a call, values without a name come before those with one, such as `key=…`.")),
        (r"keyword argument repeated: (?P<name>.*)",
         _("The value {name} is given twice in this call.")),
        (r"non-default argument follows .*|parameter without a default follows .*",
         _("Parameters with a value of their own, such as `x=1`, come after those without.")),
        (r"duplicate (?:argument|parameter) '(?P<name>[^']{1,200})' in function definition",
         _("The function has two parameters called {name}. Give them different names.")),
        (r"expected ':'", _("A colon `:` is missing on this line, before what belongs to it.")),
        (r"expected '\('", _("Round brackets are missing after the name: `def name():`.")),
        (r"expected 'except' or 'finally' block", _("A `try` needs an `except` after its lines.")),
        (r"expected 'else' after 'if' expression",
         _("A value with `if` in the middle needs an `else` as well: `a if condition else "
           "b`.")),
        (r"name '(?P<name>[^']{1,200})' is (?:assigned to|used prior to|used) .*",
         _("`global` has to come first, before {name} is used in the function.")),
        (r"no binding for nonlocal '(?P<name>[^']{1,200})' found",
         _("No function around this one has a {name}.")),
        (r"\(unicode error\).*",
         _("A backslash in a text means something special. Write it twice, or `r` before "
           "the quote.")),
        (r"multiple exception types must be parenthesized",
         _("Several exceptions after `except` need round brackets: `except (A, B):`.")),
        (r"expression expected after dictionary key and ':'",
         _("A value is missing after the colon in this dictionary.")),
        (r"Did you mean to use 'from \.\.\. import \.\.\.' instead\?",
         _("It is the other way round: `from module import name`.")),
    ],
    "TabError": [
        (r".*",
         _("This block is indented with tabs on one line and spaces on another. Use spaces "
           "alone.")),
    ],
    "IndentationError": [
        (r"expected an indented block after (?P<what>.{1,60}) on line (?P<number>\d{1,6})",
         _("What belongs to line {number} has to stand further right, by four spaces.")),
        (r"expected an indented block.*",
         _("A line has to stand further right here, by four spaces.")),
        (r"unexpected indent",
         _("This line stands further right than the one above, and nothing above calls for "
           "it.")),
        (r"unindent does not match any outer indentation level",
         _("This line stands under no line above. Move it so that it begins exactly below "
           "one.")),
    ],
})  # fmt: skip


def _seen(pattern: str, text: str) -> Rule:
    return re.compile(pattern), text


# What the message leaves open, the line often tells. The first that fits is taken.
CODE = [
    _seen(
        r"(?P<word>class|def|if|for|while|in|is|not|or|and|import|from|pass|return|with|as|del)\s*=.*",
        _("{word} is a word of Python and cannot be the name of a variable."),
    ),
    _seen(r"(?:\}\s*)?else\s*if\b.*", _("`else if` is one word in Python: `elif`.")),
    _seen(r"def\s+\w+\s*\(.*\)\s*=.*", _("A function begins with `def name():` and its lines.")),
    _seen(
        r"(?:if|while|elif)\b.*\bthen\b.*", _("Python has no `then`. A colon ends the condition.")
    ),
    _seen(r"for\s+\w+\s+(?!in\b)\w.*", _("Is the word `in` missing? `for item in items:`")),
    _seen(
        r"(?:if|elif|else|while|for|def|class|try|except|finally|with)\b[^:]*",
        _("A colon `:` is missing at the end of this line."),
    ),
    _seen(
        r"(?:else|elif|except|finally)\b.*",
        _("This has nothing above to belong to. Check the indent."),
    ),
    _seen(r"[^'\"]*(?:\+\+|--)\s*", _("Python has no `++` and `--`. Write `x += 1`.")),
    _seen(r"[^'\"]*&&.*", _("Python writes `and` instead of `&&`.")),
    _seen(r"[^'\"]*\|\|.*", _("Python writes `or` instead of `||`.")),
    _seen(r"[^'\"]*!(?!=).*", _("Python writes `not` instead of `!`.")),
    _seen(r"[^'\"]*(?:=<|=>).*", _("Python writes `<=` and `>=`, with the `=` at the end.")),
    _seen(
        r"[^'\"]*\blambda\b[^:]*:\s*return\b.*",
        _("A `lambda` gives its value back without `return`."),
    ),
    _seen(
        r"(?:let|const|var|int|float|str)\s+\w+\s*=.*",
        _("A variable is made by `name = value` alone."),
    ),
    _seen(r"(?:function|func|fn)\s+\w+.*", _("A function begins with `def` in Python.")),
]


def explain(error: Error) -> str:
    """The gloss of a program that Python cannot read."""
    if error.kind == "SyntaxError" and error.message.startswith(VAGUE):
        return look_at_code(CODE, error) or look_up(RULES, error) or left_open(error.code)
    if text := look_up(RULES, error):
        return text
    return gettext(ANYTHING_ELSE) if error.kind == "SyntaxError" else ""


def left_open(code: str) -> str:
    """What can be said of a line about which Python says nothing."""
    return gettext(LEFT_OPEN if leaves_open(code) else ANYTHING_ELSE)


# Messages that say too little.
VAGUE = ("invalid syntax", "expected ':'", "cannot assign to literal")
