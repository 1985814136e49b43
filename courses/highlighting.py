"""Code in colour, by classes: for a list of languages, and only what is short enough."""

# ruff: noqa: SIM905
# mypy: disable-error-code="import-untyped"

from functools import lru_cache
from html import escape

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name

# Some lexers take quadratic time on texts made for it. No example is longer than this.
MAX_CODE = 12_000
MAX_LINE = 1_000

LANGUAGES = set(
    "bash c c++ console cpp cs csharp css csv dart diff django dockerfile elixir erlang go "
    "graphql haskell html http ini java javascript jinja js json jsx kotlin lua makefile markdown "
    "md nginx perl php plpgsql postgres postgresql powershell ps1 pycon pytb py python r rb regex "
    "rs ruby rust scala scheme scss sh shell shell-session sql sqlite3 svg swift toml ts tsx "
    "typescript xml yaml yml zsh".split()
)
NAMES = {"text": "", "txt": "", "plain": "", "plaintext": "", "": ""}


@lru_cache(maxsize=128)
def _lexer(language: str) -> Lexer | None:
    if language not in LANGUAGES:
        return None
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ValueError:
        return None


def highlighted(code: str, language: str) -> tuple[str, str]:
    """Return the code as HTML and the language's name; escaped and "" for what is unknown."""
    lexer = _lexer(language.lower().removeprefix("{").removesuffix("}"))
    if lexer is None:
        return escape(code, quote=False), NAMES.get(language.lower(), "")
    name: str = lexer.name
    if len(code) > MAX_CODE or max(map(len, code.splitlines()), default=0) > MAX_LINE:
        return escape(code, quote=False), name
    return highlight(code, lexer, HtmlFormatter(nowrap=True)), name
