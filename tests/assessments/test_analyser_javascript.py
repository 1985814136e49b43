"""Small JavaScript programs, and what the rules are to see at which line."""

import pytest

from assessments.analyser import Unreadable, analyse
from assessments.analyser.javascript import CATALOGUE, review

SEEN = [
    ("var", 1, "var total = 1;\nconsole.log(total);"),
    ("undeclared", 2, "function f() {\n  total = 1;\n}"),
    ("loose-equality", 1, "console.log(a == 1);"),
    ("loose-equality", 1, "console.log(a != b);"),
    ("unused-variable", 2, "function f() {\n  const total = 1;\n}"),
    ("unused-variable", 1, "import fs from 'fs';\n"),
    ("unused-parameter", 1, "function f(a, b) {\n  return a;\n}"),
    ("let-never-changed", 1, "let total = 1;\nconsole.log(total);"),
    ("let-never-changed", 1, "for (let one of all) { use(one); }"),
    ("console-log", 2, "function f(a) {\n  console.log(a);\n  return a;\n}"),
    ("swallowed-error", 1, "try { f(); } catch (error) { }"),
    ("callback-pyramid", 3, "a(() => {\n b(() => {\n  c(() => {\n   d();\n  });\n });\n});"),
    ("for-in-array", 2, "const all = [1];\nfor (const one in all) { use(one); }"),
    ("range-len", 1, "for (let i = 0; i < xs.length; i++) {\n  use(xs[i]);\n}"),
    ("list-lookup", 3, "const seen = [];\nfor (const one of all) {\n  seen.includes(one);\n}"),
    ("front-of-list", 2, "while (all.length) {\n  use(all.shift());\n}"),
    ("copy-in-loop", 2, "for (const one of all) {\n  kept = [...kept, one];\n}"),
    ("copy-in-loop", 1, "all.reduce((kept, one) => [...kept, one], []);"),
    ("append-loop", 2, "const kept = [];\nfor (const one of all) {\n  if (one) kept.push(one);\n}"),
    ("append-loop", 2, "const kept = [];\nall.forEach((one) => { kept.push(one * 2); });"),
    ("concatenation", 1, "console.log('a' + one + 'b');"),
    ("boolean-comparison", 1, "if (done === true) { f(); }"),
    ("assignment-in-condition", 1, "let a1;\nif (a1 = 5) { f(); }".replace("\n", " ")),
    ("nan-comparison", 1, "if (price === NaN) { f(); }"),
    ("eval", 1, "eval('1');"),
    ("eval", 1, "new Function('return 1')();"),
    ("dead-code", 3, "function f() {\n  return 1;\n  g();\n}"),
    ("endless-loop", 1, "while (true) {\n  f();\n}"),
    ("endless-loop", 1, "for (;;) {\n  switch (f()) { case 1: break; }\n}"),
    ("nested-loops", 2, "for (const a1 of xs) {\n  for (const b1 of xs) { use(a1, b1); }\n}"),
    ("nested-loops", 1, "xs.map((one) => xs.filter((other) => other > one));"),
    ("triple-loop", 3,
     "for (const a1 of as) {\n for (const b1 of bs) {\n  for (const c1 of cs) { f(); }\n"
     " }\n}"),
    ("sort-in-loop", 2, "for (const one of all) {\n  use(xs.sort(), one);\n}"),
    ("slow-recursion", 1, "const fib = (n) => n < 2 ? n : fib(n - 1) + fib(n - 2);"),
    ("long-function", 1, "function f() {\n" + "  g();\n" * 40 + "}"),
    ("too-complex", 1, "function f(a) {\n" + "  if (a) g();\n" * 10 + "}"),
    ("deep-nesting", 4, "if (a)\n if (b)\n  if (c)\n   if (d)\n    f();"),
    ("many-parameters", 1, "const f = (a, b, c, d, e, f1, g) => a;"),
    ("long-line", 1, "f('" + "a" * 100 + "');"),
    ("short-name", 1, "const d = f();\nuse(d);"),
    ("repeated-block", 6, "function f() {\n  a();\n  b();\n  c();\n}\na();\nb();\nc();"),
    ("repeated-literal", 1, "f(365);\ng(365);\nh(365);"),
    ("unneeded-else", 2, "function f(a) { if (a) { return 1; }\nelse { return 2; } }"),
    ("boolean-return", 1, "function f(a) { if (a) { return true; } else { return false; } }"),
    ("no-effect", 2, "let a1 = 1;\na1 === 2;"),
]  # fmt: skip
# Rules of the shared catalogue that are seen in Python alone.
PYTHON_ONLY = {"missing-description"}
FINE = {
    "loose-equality": "if (price == null) { f(); }",
    "unused-parameter": "const f = (_, one) => one;\nconst g = (a, b) => b;",
    "unused-variable": "const total = (prices) => prices.length;\nfunction f() {}\n",
    "let-never-changed": "let total = 0;\ntotal += 1;\nf(total);",
    "console-log": "function show(one) {\n  console.log(one);\n}",
    "range-len": "for (let i = 0; i < xs.length; i++) { xs[i] = 1; }",
    "for-in-array": "const price = { a: 1 };\nfor (const key in price) { f(key); }",
    "nested-loops": "for (const row of grid) { for (const cell of row) { f(cell); } }",
    "list-lookup": "const few = ['a', 'b'];\nfor (const one of all) { f(few.includes(one)); }",
    "endless-loop": "while (true) { if (f()) break; }",
    "undeclared": "module.exports = { f };\nlet a1;\na1 = 2;\n[a1] = [3];",
    "dead-code": "function f() {\n  return g();\n  function g() { return 1; }\n}",
    "deep-nesting": "if (a) {} else if (b) {} else if (c) {} else if (d) {} else if (e) {}",
    "short-name": "for (let i = 0; i < 3; i++) { f(i); }\nconst sum = (a, b) => a + b;",
    "sort-in-loop": "for (const row of grid) { const kept = [...row]; kept.sort(); f(kept); }",
}
GOOD = """\
const RATE = 0.19;

// What the customer pays.
function withTax(price, rate = RATE) {
  if (price < 0) {
    throw new RangeError("A price is never below zero.");
  }
  return price * (1 + rate);
}

const report = (prices) => prices.map((price) => `${withTax(price)} €`).join();

async function load(address) {
  const known = new Set();
  try {
    const { prices } = await fetch(address);
    for (const price of prices) {
      if (!known.has(price) && price !== 0) {
        known.add(price);
      }
    }
  } catch (error) {
    known.add(error.message);
  }
  return known;
}
export { report, load };
"""
MERITS = {
    "described": 4, "small-functions": 4, "early-return": 5, "named-constants": 1, "const": 1,
    "strict-equality": 18, "template": 11, "array-methods": 11, "for-of": 17, "await": 16,
    "precise-errors": 22, "default-values": 4, "destructuring": 16, "quick-lookup": 18,
}  # fmt: skip


@pytest.mark.parametrize(("rule", "line", "source"), SEEN)
def test_a_rule_sees_its_line(rule: str, line: int, source: str) -> None:
    assert line in [one.line for one in review(source).faults if one.key == rule]


@pytest.mark.parametrize(("rule", "source"), FINE.items())
def test_a_rule_leaves_alone_what_only_looks_alike(rule: str, source: str) -> None:
    assert rule not in {one.key for one in review(source).faults}


def test_every_rule_has_its_program() -> None:
    assert {rule for rule, *_ in SEEN} == set(CATALOGUE.rules) - PYTHON_ONLY


def test_a_good_program_is_praised_for_what_is_there_and_blamed_for_nothing() -> None:
    found = review(GOOD)
    assert found.faults == []
    seen = {one.key: one.line for one in found.merits}
    assert seen.pop("clear-names") in range(1, 30)
    assert seen == MERITS
    findings = analyse("javascript", GOOD)
    scores = (findings.readability, findings.efficiency, findings.best_practices)
    assert scores == (10, 10, 10)


@pytest.mark.parametrize(("source", "line"), [("f(;", 1), ("f();\nlet = = 1;\n", 2), ("}", 1)])
def test_what_does_not_parse_is_unreadable_at_its_line(source: str, line: int) -> None:
    with pytest.raises(Unreadable) as refused:
        analyse("javascript", source)
    assert refused.value.line == line
