"""A Python text as tokens that tell what it does: no comments, no spaces, no docstrings."""

import ast
import builtins
import io
import keyword
import tokenize
from collections.abc import Iterator, Sequence
from unicodedata import normalize

from assessments.analyser.forms import Token
from assessments.analyser.python.reading import Reading, parameters

# Python says these at its prompt alone; programs use some of them all the same.
AT_THE_PROMPT = {"_", "copyright", "credits", "exit", "help", "license", "quit"}
WORDS = {*keyword.kwlist, *keyword.softkwlist, *dir(builtins), *AT_THE_PROMPT}
# Where a name is bound, and which field of the node it is.
BINDING: dict[type[ast.AST], str] = {
    **dict.fromkeys([ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef], "name"),
    **dict.fromkeys([ast.ExceptHandler, ast.MatchAs, ast.MatchStar], "name"),
    **dict.fromkeys([ast.TypeVar, ast.ParamSpec, ast.TypeVarTuple], "name"),
    ast.MatchMapping: "rest",
    ast.arg: "arg",
}
UNSEEN = {tokenize.COMMENT, tokenize.NL, tokenize.ENCODING, tokenize.ENDMARKER}
SHAPES = {tokenize.NEWLINE: "newline", tokenize.INDENT: "indent", tokenize.DEDENT: "dedent"}


def tokens(reading: Reading) -> Sequence[Token]:
    """Nothing, where the tokeniser does not follow the parser."""
    names = own_names(reading)
    # Which lines there are has been decided; StringIO would find more.
    text = io.StringIO("\n".join(reading.lines))
    try:
        return [
            one
            for statement in _statements(tokenize.generate_tokens(text.readline))
            for one in _told(statement, names)
        ]
    except (tokenize.TokenError, SyntaxError, ValueError):
        return []


def own_names(reading: Reading) -> set[str]:
    """Names that the text binds and could have chosen otherwise."""
    found: set[str | None] = {
        name.id for name in reading.of(ast.Name) if not isinstance(name.ctx, ast.Load)
    }
    for kind, field in BINDING.items():
        found.update(getattr(one, field) for one in reading.of(kind))
    taken: set[str | None] = set(WORDS)
    for one in reading.of(ast.alias):
        found.add(one.asname)
        taken.update(one.name.split("."))
    # What a call names belongs to the called function, which may be somebody else's.
    own = {each.arg for function in reading.functions for each in parameters(function)}
    taken.update({one.arg for one in reading.of(ast.keyword)} - own)
    return {name for name in found - taken if name is not None}


def _statements(
    found: Iterator[tokenize.TokenInfo],
) -> Iterator[list[tokenize.TokenInfo]]:
    statement: list[tokenize.TokenInfo] = []
    for one in found:
        if one.type not in UNSEEN:
            statement.append(one)
        if one.type == tokenize.NEWLINE:
            yield statement
            statement = []
    yield statement


def _told(statement: Sequence[tokenize.TokenInfo], names: set[str]) -> Iterator[Token]:
    """A string that stands for itself is a comment."""
    is_text = all(one.type in SHAPES or one.type == tokenize.STRING for one in statement)
    after_dot = False
    for one in statement:
        line = one.start[0]
        if one.type in (tokenize.INDENT, tokenize.DEDENT) or not is_text:
            if one.type == tokenize.NAME:
                name = normalize("NFKC", one.string)
                yield Token(line, name, name in names and not after_dot)
            else:
                yield Token(line, SHAPES.get(one.type, one.string))
        after_dot = one.string == "."
