"""Small Python programs, and what the rules are to see at which line."""

import pytest

from assessments.analyser import Unreadable, analyse
from assessments.analyser.python import CATALOGUE, review

SEEN = [
    ("unused-import", 1, "import math\nprint(1)\n"),
    ("unused-variable", 2, "def f():\n    total = 1\n    return 2\n"),
    ("undefined-name", 2, "price = 1\nprint(pric)\n"),
    ("star-import", 1, "from math import *\nprint(sin(1))\n"),
    ("redefined", 3, "def f():\n    return 1\ndef f():\n    return 2\n"),
    ("wrong-format", 1, "print('%s %s' % (1,))\n"),
    ("empty-f-string", 1, "print(f'hello')\n"),
    ("repeated-key", 1, "prices = {'a': 1, 'a': 2}\n"),
    ("identity-comparison", 2, "name = input()\nprint(name is 'Ada')\n"),
    ("always-true", 2, "name = input()\nif name == 'a' or 'b':\n    print(name)\n"),
    ("bare-except", 3, "try:\n    print(1)\nexcept:\n    print(2)\n"),
    ("swallowed-error", 3, "try:\n    print(1)\nexcept ValueError:\n    pass\n"),
    ("mutable-default", 1, "def add(item, items=[]):\n    items.append(item)\n"),
    ("mutable-default", 1, "def add(item, *, items=dict()):\n    items[item] = 1\n"),
    ("changed-while-looping", 3, "xs = [1]\nfor one in xs:\n    xs.remove(one)\n"),
    ("shadowed-builtin", 1, "list = [1]\nprint(list)\n"),
    ("shadowed-builtin", 1, "def f(sum):\n    return sum\n"),
    ("global-statement", 3, "count = 0\ndef f():\n    global count\n    count += 1\n"),
    ("none-comparison", 2, "name = None\nprint(name == None)\n"),
    ("boolean-comparison", 2, "done = True\nif done == True:\n    print(1)\n"),
    ("type-comparison", 1, "print(type(1) == int)\n"),
    ("open-without-with", 1, "file = open('a')\nprint(file.read())\n"),
    ("eval", 1, "print(eval(input()))\n"),
    ("no-effect", 2, "total = 1\ntotal == 2\n"),
    ("dead-code", 3, "def f():\n    return 1\n    print(2)\n"),
    ("endless-loop", 1, "while True:\n    print(1)\n"),
    ("endless-loop", 1, "while True:\n    for one in 'ab':\n        break\n"),
    ("unneeded-else", 4, "def f(a):\n    if a:\n        return 1\n    else:\n        return 2\n"),
    ("boolean-return", 2,
     "def f(a):\n    if a:\n        return True\n    else:\n        return False\n"),
    ("long-function", 1, "def f():\n" + "    print(1)\n" * 41),
    ("too-complex", 1, "def f(a):\n" + "    if a:\n        print(1)\n" * 10),
    ("many-parameters", 1, "def f(aa, bb, cc, dd, ee, ff, gg):\n    return aa\n"),
    ("deep-nesting", 4,
     "for n0 in 'ab':\n    for n1 in 'ab':\n        for n2 in 'ab':\n"
     "            for n3 in 'ab':\n                print(1)\n"),
    ("missing-description", 1, "def f():\n" + "".join(f"    print({n})\n" for n in range(8))),
    ("repeated-block", 7,
     "if 1:\n    a1 = 1\n    b1 = 2\n    c1 = 3\n\nelse:\n    a1 = 1\n    b1 = 2\n"
     "    c1 = 3\n"),
    ("repeated-literal", 1, "a1 = 365\nb1 = 2 * 365\nc1 = 365 + 1\n"),
    ("long-line", 2, "a1 = 1\nb1 = '" + "b" * 100 + "'\n"),
    ("short-name", 1, "l = input()\nprint(l)\n"),
    ("camel-case", 1, "firstName = input()\nprint(firstName)\n"),
    ("nested-loops", 3,
     "xs = [1]\nfor one in xs:\n    for other in xs:\n        print(one, other)\n"),
    ("nested-loops", 3,
     "xs = [1]\nfor i in range(len(xs)):\n    for j in range(i + 1, len(xs)):\n"
     "        print(i, j)\n"),
    ("triple-loop", 3, "for a1 in 'ab':\n for b1 in 'cd':\n  for c1 in 'ef':\n   print(a1)\n"),
    ("string-building", 3, "text = ''\nfor one in [1]:\n    text += chr(one)\n"),
    ("list-lookup", 3,
     "seen = []\nfor one in [1]:\n    if one in seen:\n        seen.append(one)\n"),
    ("list-lookup", 2,
     "def f(xs, known: list[int]):\n    return [one for one in xs if one in known]\n"),
    ("search-in-loop", 3, "xs = [1]\nfor one in xs:\n    print(xs.count(one))\n"),
    ("sort-in-loop", 3, "xs = [1]\nfor one in 'ab':\n    print(sorted(xs))\n"),
    ("front-of-list", 3, "xs = [1]\nwhile xs:\n    print(xs.pop(0))\n"),
    ("slow-recursion", 1, "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\n"),
    ("range-len", 2, "xs = [1]\nfor i in range(len(xs)):\n    print(xs[i])\n"),
    ("counting-while", 2, "i = 0\nwhile i < 5:\n    print(i)\n    i += 1\n"),
    ("length-test", 2, "xs = [1]\nif len(xs) == 0:\n    print(1)\n"),
    ("not-in", 2, "xs = [1]\nif not 1 in xs:\n    print(1)\n"),
    ("needless-list", 1, "print(list(sorted('ab')))\n"),
    ("append-loop", 2, "found = []\nfor one in 'ab':\n    found.append(one)\n"),
    ("concatenation", 1, "print('a' + str(1) + 'b')\n"),
]  # fmt: skip
FINE = {
    "range-len": "xs = [1, 2]\nfor i in range(len(xs)):\n    print(xs[i] - xs[i - 1])\n",
    "endless-loop": "while True:\n    if input() == 'q':\n        break\n",
    "nested-loops": "for row in range(n):\n    for column in range(n):\n        print(row)\n",
    "triple-loop": "grid = [[1]]\nfor row in grid:\n    for cell in row:\n        print(cell)\n",
    "string-building": "text = ''\nfor one in 'ab':\n    text += one\n    if one: text = ''\n",
    "list-lookup": "known = ['a', 'b']\nfor one in 'ab':\n    print(one in known)\n",
    "short-name": "for i in range(3):\n    print(i)\nwith open('a') as f:\n    print(f)\n",
    "shadowed-builtin": "class Row:\n    def sum(self):\n        return 1\n",
    "sort-in-loop": "for row in [[2, 1]]:\n    print(sorted(row))\n",
    "length-test": "def is_empty(xs):\n    return len(xs) == 0\n",
    "unneeded-else": "def f(a):\n    if a:\n        print(1)\n    else:\n        return 2\n",
    "slow-recursion": "def size(tree):\n    return size(tree.left) + size(tree.right)\n",
    "deep-nesting": "if a1:\n  f()\nelif b1:\n  f()\nelif c1:\n  f()\nelif d1:\n  f()\n",
    "repeated-literal": "DAYS = 365\nprint(DAYS, DAYS, DAYS)\n",
    "open-without-with": "with open('a') as file:\n    print(file.read())\n",
}
GOOD = '''\
"""Prices of a shop."""

RATE = 0.19


def with_tax(price: float) -> float:
    """What the customer pays."""
    if price < 0:
        raise ValueError("A price is never below zero.")
    return price * (1 + RATE)


def report(prices: list[float]) -> str:
    """One line for each price."""
    lines = [f"{number}: {with_tax(price):.2f}" for number, price in enumerate(prices, 1)]
    return "\\n".join(lines)


def load(path: str) -> list[float]:
    """The prices in a file, without those that are none."""
    wanted = {"a", "b"}
    with open(path) as file:
        try:
            return [float(line) for line in file if line not in wanted]
        except ValueError as error:
            print(f"Not a price: {error}")
            return []
'''
MERITS = {
    "described": 6, "small-functions": 6, "early-return": 8, "clear-names": 6, "named-constants": 3,
    "precise-errors": 25, "comprehension": 15, "context-manager": 22, "f-string": 15,
    "direct-loop": 15, "quick-lookup": 24, "type-hints": 6,
}  # fmt: skip


@pytest.mark.parametrize(("rule", "line", "source"), SEEN)
def test_a_rule_sees_its_line(rule: str, line: int, source: str) -> None:
    assert line in [one.line for one in review(source).faults if one.key == rule]


@pytest.mark.parametrize(("rule", "source"), FINE.items())
def test_a_rule_leaves_alone_what_only_looks_alike(rule: str, source: str) -> None:
    assert rule not in {one.key for one in review(source).faults}


def test_every_rule_has_its_program() -> None:
    assert {rule for rule, *_ in SEEN} == set(CATALOGUE.rules)


def test_a_good_program_is_praised_for_what_is_there_and_blamed_for_nothing() -> None:
    found = review(GOOD)
    assert found.faults == []
    seen = {one.key: one.line for one in found.merits}
    assert seen.pop("clear-names") in range(1, 30)
    assert seen == {key: line for key, line in MERITS.items() if key != "clear-names"}
    findings = analyse("python", GOOD)
    scores = (findings.readability, findings.efficiency, findings.best_practices)
    assert scores == (10, 10, 10)


def test_praise_does_not_contradict_a_fault() -> None:
    source = GOOD.replace("except ValueError as error:", "except:").replace("{error}", "{path}")
    assert "precise-errors" not in {one.key for one in review(source).merits}


@pytest.mark.parametrize(
    ("source", "line"),
    [("x = (1\n", 1), ("a = 1\nreturn a\n", 2), ("a = 1\n\n  b = 2\n", 3), ("break\n", 1)],
)
def test_what_python_refuses_is_unreadable_at_its_line(source: str, line: int) -> None:
    with pytest.raises(Unreadable) as refused:
        analyse("python", source)
    assert refused.value.line == line
    assert refused.value.message.endswith(".")
