"""What counts as told in words: comments and docstrings of one's own, and nothing else."""

import time

import pytest

from assessments.explained import words_of_own
from assessments.models import Assignment

PYTHON = '''
"""Adds every price, and then rounds."""
# Prices come as cents.
def total(prices):
    """Sum them up."""
    note = """this string is a value"""
    "told in passing"
    return sum(prices)  # never negative
'''
JAVASCRIPT = """
// Prices come as cents.
const address = "http://example.com // no comment";
/* Sum them
   up. */
const text = `/* no */`;
"""


def words(source, language="python", starter=""):
    return words_of_own(Assignment(language=language, starter=starter), source)


def test_comments_and_docstrings_of_python_are_counted():
    assert words(PYTHON) == 6 + 4 + 3 + 3 + 2


@pytest.mark.parametrize("language", ["javascript", "java"])
def test_comments_of_the_others_are_counted_and_strings_are_not(language):
    assert words(JAVASCRIPT, language) == 4 + 3


def test_what_the_starter_said_is_not_ones_own():
    starter = "# Prices come as cents.\n"
    assert words(PYTHON, starter=starter) == words(PYTHON) - 4


@pytest.mark.parametrize("source", ["def f(:\n  # so far\n", "'''never closed", "\x00", "(" * 9999])
def test_code_that_cannot_be_read_is_no_trouble(source):
    assert words(source) <= 2


@pytest.mark.parametrize("language", ["python", "javascript"])
@pytest.mark.parametrize("piece", ['"', "/* a ", "`", "'a", "//", "# a b\n", "\\", "'''", '\\"'])
def test_a_long_text_takes_no_long_time(language, piece):
    began = time.process_time()
    words(piece * (60_000 // len(piece)), language)
    assert time.process_time() - began < 1
