"""One form for texts that differ in names, comments and spaces; another for all others."""

import time

import pytest

from assessments.analyser import Unreadable, analyse
from assessments.analyser.forms import LEAST_TOKENS, MOST_LINES, Token, form_of, line_across

PYTHON = '''\
from math import floor

def total(prices, tax=0):
    """Sum them up."""
    result = 0
    for price in prices:
        result += price * (1 + tax)
    return floor(result)
'''
SAME_PYTHON = {
    "names": PYTHON.replace("total", "summe").replace("result", "r").replace("tax", "rate"),
    "one name for another": PYTHON.replace("prices", "tax2").replace("price ", "prices "),
    "names of other letters": PYTHON.replace("prices", "größen").replace("result", "итог"),
    "wide letters": PYTHON.replace("result = 0", "ｒｅｓｕｌｔ = 0"),
    "comments": PYTHON.replace("= 0\n", "= 0  # none yet\n").replace("    for", "# x\n    for"),
    "no description": PYTHON.replace('    """Sum them up."""\n', ""),
    "another description": PYTHON.replace("Sum them up", "Something\n    longer"),
    "spaces": PYTHON.replace(" * ", "*").replace("    ", "  "),
    "empty lines": PYTHON.replace("\n", "\n\n"),
    "a broken line": PYTHON.replace("price * (1 + tax)", "price * (\n1\n+ tax)"),
    "line ends": PYTHON.replace("\n", "\r\n"),
}  # fmt: skip
OTHER_PYTHON = {
    "an operator": PYTHON.replace("1 +", "1 -"),
    "a number": PYTHON.replace("result = 0", "result = 1"),
    "a built-in": PYTHON.replace("floor(result)", "round(result)"),
    "what is imported": PYTHON.replace("floor", "ceil"),
    "which name is read": PYTHON.replace("floor(result)", "floor(price)"),
    "an attribute": PYTHON.replace("floor(result)", "result.real"),
    "indentation": PYTHON.replace("    return", "        return"),
    "a keyword": PYTHON.replace("return ", "yield "),
    "what a call names": PYTHON.replace("floor(result)", "sorted(result, key=tax)"),
}
JAVASCRIPT = """\
function total(prices, { tax }) {
  let result = 0;
  for (let i = 0; i < prices.length; i++) {
    result += prices[i] * tax;
  }
  return `sum: ${result}`;
}
"""
SAME_JAVASCRIPT = {
    "names": JAVASCRIPT.replace("total", "$t").replace("result", "r").replace("prices", "größen"),
    "comments": JAVASCRIPT.replace("let r", "/* none\n yet */ let r").replace("tax;", "tax; //"),
    "spaces": JAVASCRIPT.replace("\n", "\n\n").replace(" * ", "*").replace("  ", "\t"),
    "semicolons": JAVASCRIPT.replace("= 0;\n", "= 0\n").replace("tax;", "tax").replace("`;", "`"),
    "one line": JAVASCRIPT.replace("\n", " "),
}  # fmt: skip
OTHER_JAVASCRIPT = {
    "an operator": JAVASCRIPT.replace("* tax", "+ tax"),
    "a property": JAVASCRIPT.replace("length", "size"),
    "a property taken out": JAVASCRIPT.replace("tax", "rate"),
    "a declaration": JAVASCRIPT.replace("let result", "var result"),
    "words in a text": JAVASCRIPT.replace("sum: ", "sum:  "),
    "which name is read": JAVASCRIPT.replace("${result}", "${prices}"),
}


def form(language, source):
    return analyse(language, source).form


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        *(("python", PYTHON, other) for other in SAME_PYTHON.values()),
        *(("javascript", JAVASCRIPT, other) for other in SAME_JAVASCRIPT.values()),
    ],
    ids=[*SAME_PYTHON, *(f"{name} in JavaScript" for name in SAME_JAVASCRIPT)],
)
def test_names_comments_and_spaces_make_no_difference(language, one, other):
    assert one != other
    assert len(form(language, one)) == 64
    assert form(language, one) == form(language, other)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        *(("python", PYTHON, other) for other in OTHER_PYTHON.values()),
        *(("javascript", JAVASCRIPT, other) for other in OTHER_JAVASCRIPT.values()),
    ],
    ids=[*OTHER_PYTHON, *(f"{name} in JavaScript" for name in OTHER_JAVASCRIPT)],
)
def test_whatever_else_differs_makes_another_form(language, one, other):
    assert one != other
    assert form(language, other) not in ("", form(language, one))


def test_a_line_end_that_ends_a_statement_makes_another_form():
    text = JAVASCRIPT.replace("return `sum: ${result}`", "return result + prices")
    assert form("javascript", text) != form("javascript", text.replace("return ", "return\n"))


def test_what_reads_alike_in_two_languages_is_not_alike():
    words = [Token(1, "x")] * LEAST_TOKENS
    assert form_of("python", words) != form_of("javascript", words)


def test_a_name_is_not_taken_for_a_word_that_looks_like_its_number():
    name, word = Token(1, "total", is_name=True), Token(1, "name 0")
    rest = [Token(1, "x")] * LEAST_TOKENS
    assert form_of("python", [name, *rest]) != form_of("python", [word, *rest])
    two, one = [Token(1, "a"), Token(1, "b")], [Token(1, "a\n1 b")]
    assert form_of("python", two + rest).digest != form_of("python", one + rest).digest


def test_too_little_and_too_much_have_no_form():
    few = [Token(1, "x")] * (LEAST_TOKENS - 1)
    assert form_of("python", few).digest == ""
    assert form_of("python", [*few, Token(2, "x")]).digest != ""
    many = [Token(line, "x") for line in range(MOST_LINES + 1)]
    assert form_of("python", many).digest == ""
    assert form("python", "def add(a, b):\n    return a + b\n") == ""


@pytest.mark.parametrize("other", [SAME_PYTHON["comments"], SAME_PYTHON["empty lines"]])
def test_a_line_is_found_again_in_a_text_of_the_same_form(other):
    here, there = analyse("python", PYTHON), analyse("python", other)
    lines, others = PYTHON.split("\n"), other.split("\n")
    for word in ("def", "for price", "result +=", "return"):
        at = next(number for number, line in enumerate(lines, 1) if word in line)
        found = line_across(at, here.form_places, there.form_places)
        assert word in others[found - 1]


def test_a_line_without_a_token_is_about_what_comes_next():
    here, there = [(2, 0), (5, 4)], [(1, 0), (9, 4)]
    assert [line_across(line, here, there) for line in range(1, 8)] == [1, 1, 9, 9, 9, 9, 9]
    assert line_across(3, [], there) is None
    assert line_across(3, here, []) is None
    # Over there two lines are one.
    assert line_across(5, here, [(3, 0)]) == 3


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("python", "é=1;" * 13_000),
        ("python", "x = [\n" + "é,\n" * 12_000 + "]\n"),
        ("python", "f(" + "".join(f"a{number}=1," for number in range(6_000)) + ")\n"),
        ("python", "f'{x}é'\n" * 6_500),
        ("python", "'''\n" + "é\n" * 20_000 + "'''\n"),
        ("javascript", "é=1;" * 13_000),
        ("javascript", "f({" + "a," * 30_000 + "})"),
        ("javascript", "let x = `" + "${1}" * 15_000 + "`"),
    ],
    ids=[
        "one line",
        "one list",
        "one call",
        "texts",
        "one text",
        "js line",
        "js object",
        "js text",
    ],
)
def test_a_long_text_takes_as_long_as_its_length_asks(language, source):
    def seconds(text):
        began = time.process_time()
        try:
            analyse(language, text)
        except Unreadable:
            pytest.fail("The text is meant to be read.")
        return time.process_time() - began

    assert seconds(source) < 8
