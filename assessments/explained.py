"""How much of a program is told in words: its comments and docstrings, without the starter's."""

import re
import tokenize
from collections.abc import Iterator
from io import StringIO

from assessments.models import Assignment

WORD = re.compile(r"[^\W\d_][^\W_]+")
# A string hides what looks like a comment within it. Of what is never closed nothing is counted;
# it is taken whole, or each sign of it would be tried as a beginning.
C_LIKE = re.compile(
    r"""
    "(?:\\.|[^"\\\n])*"? | '(?:\\.|[^'\\\n])*'? | `(?:\\.|[^`\\])*`?
    | //(?P<line>[^\n]*) | /\*(?P<block>.*?)\*/ | /\*.*
    """,
    re.VERBOSE | re.DOTALL,
)
BETWEEN = {tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING}
STOPS = (tokenize.TokenError, SyntaxError, ValueError)


def words_of_own(assignment: Assignment, source: str) -> int:
    """Count the words that explain the code, as far as they do not stand in the starter."""
    given = set(explanations(assignment.language, assignment.starter))
    lines = (line for line in explanations(assignment.language, source) if line not in given)
    return sum(len(WORD.findall(line)) for line in lines)


def explanations(language: str, source: str) -> Iterator[str]:
    """The lines of comments and docstrings, without the space around them."""
    told = in_python(source) if language == Assignment.Language.PYTHON else in_c_like(source)
    return (line.strip() for text in told for line in text.splitlines())


def in_python(source: str) -> Iterator[str]:
    """Comments, and strings that are a statement of their own; up to where it cannot be read."""
    begins, held = True, ""
    try:
        for one in tokenize.generate_tokens(StringIO(source).readline):
            if one.type == tokenize.COMMENT:
                yield one.string.lstrip("#")
            elif one.type == tokenize.NEWLINE:
                if held:
                    yield held
                begins, held = True, ""
            elif one.type not in BETWEEN:
                held = one.string.strip("\"'") if begins and one.type == tokenize.STRING else ""
                begins = False
    except STOPS:
        return


def in_c_like(source: str) -> Iterator[str]:
    for found in C_LIKE.finditer(source):
        yield found["line"] or found["block"] or ""
