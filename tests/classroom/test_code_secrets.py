"""Hidden tests stay hidden: every byte of every answer is searched for what went in and came out.

Row CS24, and CS06 as far as pages go: code that prints, raises or breaks on what it was given.
"""

import pytest

from assessments import analysing
from assessments.models import Outcome, Submission, TestResult
from tests.assessments.code_builders import add_case, make_assignment, make_program
from tests.classroom.code_pages import HTMX, judged

# Words that stand in the input, the expectation or the error of hidden tests, and nowhere else.
SECRETS = (b"quokka", b"ocelot", b"wombat", b"MarmotError")


@pytest.fixture
def program(lessons):
    program = make_program(lessons[0].module)
    add_case(
        program, "hidden", name="copes with words", hint="Any word will do.",
        stdin="quokka\nwombat\n", expected_stdout="ocelot\n",
    )  # fmt: skip
    return program


@pytest.fixture
def function(lessons):
    assignment = make_assignment(lessons[0].module)
    add_case(
        assignment, "hidden", name="copes with words", hint="Any word will do.",
        args=["quokka", "wombat"], expected="ocelot",
    )  # fmt: skip
    return assignment


PROGRAMS = {
    "prints": "print(input())\nprint(input())",
    "raises": "a = input()\nclass MarmotError(Exception): pass\n"
              "if a != 'hello': raise type('Mar' + 'motError', (Exception,), {})(a + input())\n"
              "print(a)",
    "breaks": "a = input()\nif a != 'hello': exec('= ' + a)\nprint(a)",
    "hangs": "a = input()\nprint(a, flush=True)\nif a != 'hello':\n    while True: pass",
    "floods": "a = input()\nprint(a if a == 'hello' else a * 10**5)",
    "fills": "a = input()\nprint(a)\nif a != 'hello': x = [a] * 10**9",
}  # fmt: skip
FUNCTIONS = {
    "returns": "def add(a, b):\n    return a",
    "prints": "def add(a, b):\n    print(a, b)\n    return a + b",
    "raises": "def add(a, b):\n    if a == str(a): raise ValueError(a + b)\n    return a + b",
    "breaks": "def add(a, b):\n    if isinstance(a, str): exec('= ' + a)\n    return a + b",
    "hangs": "def add(a, b):\n    print(a)\n    while isinstance(a, str): pass\n    return a + b",
}


def everything_about(browser, submission):
    """Whole answers, headers too, of each page and part on which a submission can stand."""
    own, assignment = submission.get_absolute_url(), submission.assignment
    asked = [
        (own, {}), (own, HTMX), (f"{own}?part=whole", HTMX), (f"{own}?part=analysis", HTMX),
        (f"{own}changes/", {}), (assignment.get_absolute_url(), {}),
        (assignment.lesson.get_absolute_url(), {}), ("/classroom/", {}), ("/progress/history/", {}),
    ]  # fmt: skip
    for address, headers in asked:
        answer = browser.get(address, headers=headers)
        assert answer.status_code == 200, address
        told = "\n".join(f"{name}: {value}" for name, value in answer.items())
        yield address, told.encode() + answer.content


def search(browser, submission):
    analysing.analyse(submission.pk)
    for address, content in everything_about(browser, submission):
        # The learner's own code is theirs to see.
        found = content.replace(b"&#x27;Mar&#x27; + &#x27;motError&#x27;", b"")
        found = found.replace(b"class MarmotError(Exception)", b"")
        assert [word for word in SECRETS if word in found] == [], address


def hidden_outcome(submission):
    return TestResult.objects.get(submission=submission, case__key="hidden").outcome


@pytest.mark.parametrize("name", PROGRAMS)
def test_cs24_a_program_that_tells_what_it_read_tells_nobody(ada, as_, program, name):
    submission = judged(ada, program, PROGRAMS[name])
    assert hidden_outcome(submission) != Outcome.PASSED
    search(as_(ada), submission)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_cs24_a_function_that_tells_its_arguments_tells_nobody(ada, as_, function, name):
    submission = judged(ada, function, FUNCTIONS[name])
    assert hidden_outcome(submission) != Outcome.PASSED
    search(as_(ada), submission)


def test_of_a_hidden_test_there_is_its_name_its_state_and_its_hint(ada, as_, program):
    submission = judged(ada, program, "print('hello')")
    page = as_(ada).get(submission.get_absolute_url()).content.decode()
    row = page.partition("copes with words")[2].partition("</li>")[0]
    assert "Any word will do." in row
    assert "hidden" in row
    for word in ("Expected", "Got", "It read", "It printed", "<pre"):
        assert word not in row
    assert "Fails: copes with words" in page


def test_the_words_would_be_found(ada, as_, program):
    """The search can fail: what is shown of visible tests is found."""
    program.cases.filter(key="hidden").update(is_visible=True)
    submission = judged(ada, program, PROGRAMS["prints"])
    with pytest.raises(AssertionError):
        search(as_(ada), submission)


def test_a_test_that_was_visible_and_is_hidden_now_is_hidden(ada, as_, program):
    program.cases.filter(key="hidden").update(is_visible=True)
    submission = judged(ada, program, PROGRAMS["prints"])
    program.cases.filter(key="hidden").update(is_visible=False)
    search(as_(ada), Submission.objects.get(pk=submission.pk))
