"""Sentences for errors of JavaScript: for each, the patterns of QuickJS and of Node."""

import re

from django.utils.translation import gettext_noop as _

from assessments.glosses.words import Rule, table

ANY = r".*"
PROPERTY = r"'(?P<name>[^']{0,200})'"
EMPTY = r"(?P<what>undefined|null)"

NO_VALUE = "Did a function give nothing back, or is an item, a property or a parameter missing?"
TO_GO_THROUGH = "Only lists, texts, maps and sets can be gone through item by item."
OPEN = _("The program ends before everything that was opened is closed: count `{{`, `(` and `[`.")

RULES = table({
    "ReferenceError": [
        (r"this is not initialized|Must call super constructor.*",
         _("A class that extends another calls `super(…)` before it uses `this`.")),
        (r"'?(?P<name>[^\s']{1,200})'? is not initialized|"
         rf"Cannot access {PROPERTY.replace('name', 'other')} before initialization",
         _("A name is used before the line with its `const` or `let`. Move that line up: "
           "{name}{other}.")),
        (rf"could not load module filename {PROPERTY}",
         _("`import` finds no module {name} here. `require` knows some of Node's own, such "
           "as `fs`.")),
    ],
    "TypeError": [
        (r"cannot (?:read|set) property 'Symbol\.iterator' of (?P<what>undefined|null)",
         _("There is nothing to go through: the value is {what}. Did a function give "
           "nothing back, or is an item, a property or a parameter missing?")),
        (rf"cannot read property {PROPERTY} of {EMPTY}",
         _("The value before {name} is {what}, and that has nothing inside. Did a function "
           "give nothing back, or is an item, a property or a parameter missing?")),
        (rf"Cannot read properties of {EMPTY} \(reading {PROPERTY}\)",
         _("The value before {name} is {what}, and that has nothing inside. Did a function "
           "give nothing back, or is an item, a property or a parameter missing?")),
        (rf"cannot set property {PROPERTY} of {EMPTY}",
         _("The value that should get {name} is {what}. Make it `{{}}` or `[]` first.")),
        (rf"Cannot set properties of {EMPTY} \(setting {PROPERTY}\)",
         _("The value that should get {name} is {what}. Make it `{{}}` or `[]` first.")),
        (r"Cannot destructure property '(?P<name>[^']{0,200})' of .*",
         _("The value that {name} is taken out of is `undefined` or `null`. Did a function "
           "give nothing back, or is an item, a property or a parameter missing?")),
        (r"Cannot convert undefined or null to object",
         _("An object is needed here, and the value is `undefined` or `null`. Did a "
           "function give nothing back, or is an item, a property or a parameter missing?")),
        (rf"{PROPERTY} is read-only",
         _("{name} cannot be given another value: it is made with `const`, or is frozen.")),
        (r"Assignment to constant variable\.",
         _("A name made with `const` cannot be given another value. Use `let` where it is "
           "made.")),
        (rf"Cannot assign to read only property {PROPERTY} of .*",
         _("{name} cannot be given another value: the object is frozen.")),
        (r"(?:Cannot add property .*)?object is not extensible",
         _("Nothing can be added to this object or list: it is frozen.")),
        (r"(?:no setter for property|Cannot set property .* which has only a getter)",
         _("This property can be read only: it has `get` and no `set`.")),
        (r"(?:Cannot delete property .*|could not delete property)",
         _("This property cannot be deleted: the object is frozen.")),
        (r"(?P<name>[\w$.]{1,200}) is not a constructor|not a constructor",
         _("`new` needs a class or a function made with `function` after it.")),
        (r"class constructors must be invoked with 'new'|Class constructor .* cannot be invoked .*",
         _("A class is called with `new` before its name.")),
        (r"value is not iterable|(?:number|boolean) .{1,200} is not iterable.*|Spread syntax .*",
         _("This value cannot be gone through. Only lists, texts, maps and sets can be gone "
           "through item by item. For an object, use `Object.keys(…)`.")),
        (r"(?P<name>undefined|null) is not iterable.*",
         _("There is nothing to go through: the value is {name}. Did a function give "
           "nothing back, or is an item, a property or a parameter missing?")),
        (r"(?P<name>.{1,200}) is not iterable.*",
         _("{name} cannot be gone through. Only lists, texts, maps and sets can be gone "
           "through item by item.")),
        (r"empty array|Reduce of empty array with no initial value",
         _("`reduce` has nothing to begin with: the list is empty. Give it a first value: "
           "`reduce(f, 0)`.")),
        (r"cannot convert BigInt to number|Cannot (?:mix|convert a) BigInt .*",
         _("A BigInt such as `1n` and an ordinary number do not mix. Turn one with "
           "`Number(…)` or `BigInt(…)`.")),
        (r"cannot convert symbol to string|Cannot convert a Symbol value to a (?:string|number)",
         _("A symbol does not become text by itself. Use `.toString()`.")),
        (r"circular reference|Converting circular structure to JSON.*",
         _("The object holds itself somewhere inside, so it cannot become JSON.")),
        (r"BigInt are forbidden in JSON\.stringify|Do not know how to serialize a BigInt",
         _("A BigInt cannot become JSON. Turn it into text with `String(…)`.")),
        (r"invalid 'in' operand|Cannot use 'in' operator .*",
         _("`in` asks whether an object has a key. For texts and lists, use `.includes(…)`.")),
        (r"invalid 'instanceof' right operand|Right-hand side of 'instanceof' .*",
         _("Right of `instanceof` stands a class.")),
        (r"private class field .* does not exist|Cannot (?:read|write) private member .*",
         _("This object is not of the class that has the private field.")),
        (r"not an object|.* called on non-object",
         _("An object is needed here, and the value is a text, a number or nothing.")),
        (r"Iterator value .* is not an entry object",
         _("`new Map(…)` takes pairs: `[[key, value]]`.")),
        (r"The comparison function must be .*", _("`sort` takes a function: `(a, b) => a - b`.")),
        (r"(?P<name>Promise resolver) .* is not a function", _("`new Promise(…)` "
                                                               "takes a function.")),
        (r"Cannot create property '(?P<name>[^']{0,200})' on .*",
         _("{name} cannot be put on a text or a number. Use an object: `{{}}`.")),
    ],
    "RangeError": [
        (r"Maximum call stack size exceeded",
         _("A function calls itself again and again and never stops. It needs a case in "
           "which it gives an answer without calling itself.")),
        (r"[Ii]nvalid array length|invalid array index|Invalid typed array length.*",
         _("A list cannot have this length: it has to be a whole number from 0.")),
        (r"invalid repeat count|Invalid count value.*", _("`repeat` needs a number from 0.")),
        (r"[Ii]nvalid string length", _("The text grows too long. Does a loop never end?")),
        (r"invalid number of digits|to(?:Fixed|Precision|Exponential)\(\) .*",
         _("The number of digits has to be between 0 and 100.")),
        (r"toString\(\) radix .*", _("The base in `toString(…)` has to be between 2 and 36.")),
        (r"(?:BigInt )?[Dd]ivision by zero", _("A BigInt cannot be "
                                               "divided by `0n`.")),
        (r"Date value is NaN|Invalid time value",
         _("This is no date. Check what it is made from.")),
        (r"cannot convert to BigInt.*|The number .* cannot be converted to a BigInt .*",
         _("Only a whole number can become a BigInt.")),
        (r"[Ii]nvalid code point.*", _("There is no character with this number.")),
    ],
    "SyntaxError": [
        (r"invalid redefinition .*|Identifier '(?P<name>[^']{1,200})' has already been declared",
         _("A name is made twice with `let` or `const`. The second time, leave that word "
           "away, or use another name.")),
        (r"Unexpected end of JSON input",
         _("The text for `JSON.parse` is empty, or ends too early.")),
        (r".* in JSON at position .*|.* is not valid JSON.*|unexpected token: .*",
         _("The text for `JSON.parse` is not JSON. Names need double quotes there, and "
           "after the last item stands no comma.")),
        (r"unexpected token in expression: ''|Unexpected end of input", OPEN),
        (r"missing \) after argument list", _("In this call, a `)` or a comma is missing.")),
        (r"unexpected end of string",
         _("A text is opened with a quote and never closed.")),
        (r"unexpected end of comment", _("A comment begins with `/*` and never ends with `*/`.")),
        (r"unexpected line terminator in regexp|Invalid regular expression: missing /.*",
         _("A pattern begins with `/` and is not closed on the same line.")),
        (r"Invalid regular expression.*",
         _("The pattern between the `/` cannot be read.")),
        (r"[Ii]nvalid (?:assignment )?left-hand side.*|invalid increment/decrement operand",
         _("Left of one `=` stands the name that gets the value. To compare, use `===`.")),
        (r"missing initializer for variable|Missing initializer in .*",
         _("`const` needs a value at once: `const name = value`. To give it later, use "
           "`let`.")),
        (r"return not in a function|Illegal return statement",
         _("`return` belongs inside a function. Is a `}}` too much above?")),
        (r"(?:break|continue) must be inside .*|Illegal (?:break|continue) statement.*",
         _("`break` and `continue` belong inside a loop. Is a `}}` too much above?")),
        (r"unexpected 'await' keyword|Unexpected reserved word|await is only valid .*",
         _("`await` belongs inside a function that begins with `async`.")),
        (r"[Oo]ctal literals are not allowed.*",
         _("A number cannot begin with 0. Leave the zero away.")),
        (r"invalid number literal",
         _("A name cannot begin with a digit, and a number cannot hold letters.")),
        (r"expecting catch or finally|Missing catch or finally after try",
         _("A `try` needs a `catch` after its braces.")),
        (r"[Ff]unction name expected|Function statements require a function name",
         _("A function needs a name here: `function name() {{ … }}`.")),
        (r"variable name expected|'(?P<name>\w{1,60})' is not a valid lexical identifier|"
         r"let is disallowed .*",
         _("This word belongs to JavaScript and cannot be the name of a variable.")),
        (r"Duplicate parameter name .*", _("Two parameters of this function have the same name.")),
        (r"super\(\) is only valid .*|'super' keyword unexpected here",
         _("`super` belongs inside a class that extends another.")),
        (r"undefined private field .*|Private field .* must be declared .*",
         _("A private field with `#` has to be listed at the top of its class.")),
        (r"property constructor appears more than once|A class may only have one constructor",
         _("A class can have one `constructor` only.")),
        (r"Rest parameter must be last formal parameter",
         _("`...` belongs to the last parameter.")),
        (r"expected 'of' or 'in' in for control expression",
         _("The three parts of a `for` are parted by semicolons: `for (let i = 0; i < n; "
           "i++)`.")),
        (r"invalid BigInt literal|Cannot convert .* to a BigInt",
         _("`BigInt(…)` cannot read this text as a whole number.")),
        (r"break/continue label not found|Undefined label .*",
         _("`break` or `continue` names a place that is not there.")),
        (r"unexpected character|invalid first character of private name",
         _("JavaScript does not know a character on this line. Was it copied from a page?")),
        (r"Invalid or unexpected token",
         _("JavaScript cannot read this line. Is a quote missing, or a character copied?")),
        (r"(?:Unexpected|unexpected) (?:token|token in expression:?) '(?P<name>.{1,20})'",
         _("JavaScript does not expect {name} here. Is something missing or too much before "
           "it?")),
        (r"Unexpected (?:identifier|strict mode reserved word)(?: '(?P<name>.{1,100})')?",
         _("Two words or values stand side by side. Is a comma, an operator or a bracket "
           "missing?")),
        (r"Unexpected (?:string|number|template string)",
         _("Two values stand side by side. Is a comma or an operator missing between them?")),
        (r"[Ee]xpecting '?(?P<name>[^']{1,20})'?",
         _("JavaScript expects {name} here. Is something missing or too much before it?")),
    ],
    "Error": [
        (rf"Cannot find (?:module|package) {PROPERTY}.*",
         _("There is no module {name} here. Programs use only what comes with JavaScript.")),
    ],
    "InternalError": [
        (r"out of memory",
         _("The program needs more memory than it may use. Does a list or a text grow "
           "without end?")),
        (r"stack overflow",
         _("A function calls itself again and again and never stops.")),
    ],
    "URIError": [(ANY, "The text has a `%` that is not part of an encoded address.")],
})  # fmt: skip


def _seen(pattern: str, text: str) -> Rule:
    return re.compile(pattern), text


# What the message leaves open, the line often tells. The first that fits is taken.
CODE = [
    _seen(r"def\s+\w+.*", _("A function begins with `function` in JavaScript, and has braces.")),
    _seen(r".*\belif\b.*", _("JavaScript writes `else if` instead of `elif`.")),
    _seen(r"#.*", _("A comment begins with `//` in JavaScript.")),
    _seen(
        r"[^'\"`]*[“”‘’].*",
        _("The line has typographic quotes, often from a copied text. Write straight ones."),
    ),
    _seen(r"[^'\"`]*\bnot\s+[\w$].*", _("JavaScript writes `!` instead of `not`.")),
    _seen(r"[^'\"`]*[\w)\]]\s+and\s+[\w(!].*", _("JavaScript writes `&&` instead of `and`.")),
    _seen(r"[^'\"`]*[\w)\]]\s+or\s+[\w(!].*", _("JavaScript writes `||` instead of `or`.")),
    _seen(r"[^'\"`]*[\w)]\s*->.*", _("The arrow of a function is written `=>`.")),
    _seen(
        r"(?:let|const|var)\s+(?P<name>class|new|function|return|if|for|while|delete|in|this|typeof)\b.*",
        _("{name} is a word of JavaScript and cannot be the name of a variable."),
    ),
    _seen(
        r"(?:const|let|var)\s+\w+\s*=\s*\{[^}]*:[^}]*;[^}]*\}.*",
        _("In an object, commas part the pairs, not `;`."),
    ),
    _seen(
        r"(?:if|while|for|switch)\b[^()]*\{?", _("The condition needs round brackets: `if (…)`.")
    ),
    _seen(
        r"for\s*\([^;()]*;[^;()]*\).*",
        _("A `for` has three parts, parted by semicolons: `for (let i = 0; i < n; i++)`."),
    ),
]
