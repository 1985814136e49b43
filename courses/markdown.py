"""Markdown to HTML: rendered, then sanitised, in bounded time, for any text whatever.

The order matters: nothing that is parsed after the sanitiser has seen it can be trusted, so it
comes last. Only formulas are put in behind it, each sanitised by itself against a list of MathML.
"""

# ruff: noqa: SIM905
# mypy: disable-error-code="import-untyped"

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
from typing import Any

import nh3
from markdown_it.token import Token
from pygments.token import STANDARD_TYPES

from courses.markup import MATH_MARK, Formula, is_written, parser

logger = logging.getLogger(__name__)

# Raised when the same text would give other HTML: `manage.py render_again` finds what is older.
RENDERING = 3
MAX_LENGTH = 200_000
MAX_DEPTH = 120
MAX_FORMULAS = 400

Resolve = Callable[[str], str | None]

EXTERNAL_REL = "noopener noreferrer nofollow ugc"
TAGS = set(
    "a abbr b blockquote br caption cite code dd del details div dl dt em figcaption figure "
    "h2 h3 h4 h5 h6 hr i img input ins kbd label li mark ol p pre q s samp section small span "
    "strong sub summary sup table tbody td tfoot th thead tr u ul var".split()
)
MATH_TAGS = set(
    "math mrow mi mo mn ms mtext mspace msup msub msubsup mfrac msqrt mroot mtable mtr mtd "
    "mover munder munderover mstyle mpadded mphantom mmultiscripts mprescripts".split()
)
MATH_ATTRIBUTES = set(
    "display accent accentunder columnalign columnspacing fence form linethickness lspace "
    "mathvariant maxsize minsize movablelimits rowspacing rspace separator stretchy symmetric "
    "width height depth largeop displaystyle scriptlevel".split()
)
ATTRIBUTES = {
    "a": {"href", "id", "aria-label"},
    "abbr": {"title"},
    "details": {"open"},
    "div": {"tabindex", "aria-label"},
    "img": {"src", "alt", "width", "height"},
    "input": {"checked"},
    "li": {"id"},
    "ol": {"start", "reversed"},
    "pre": {"tabindex", "aria-label"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
}
CLASSES = {
    "a": {"anchor", "footnote-backref"},
    "div": {"callout", "note", "tip", "warning", "try", "math", "table"},
    "figure": {"code"},
    "hr": {"footnotes-sep"},
    "input": {"task-list-item-checkbox"},
    "li": {"footnote-item", "task-list-item"},
    "ol": {"footnotes-list"},
    "p": {"callout-title", "quiz-link"},
    "pre": {"highlight"},
    "section": {"footnotes"},
    "span": {name for name in STANDARD_TYPES.values() if name},
    "sup": {"footnote-ref"},
    "td": {"center", "end"},
    "th": {"center", "end"},
}
OWN_ID = re.compile(r"(h-[\w-]+|fn(ref)?\d+(:\d+)?)\Z")
SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
# Reading backwards, or standing for a formula: no text needs these.
UNWANTED = re.compile(f"[\u202d\u202e{MATH_MARK}]")
# In sanitised HTML a "<" outside of tags is an entity, and so is a quote inside an attribute. Every
# tag is matched as a whole, so what looks like one inside an attribute is passed over.
CLEAN_TAG = re.compile(r'<([a-z][a-z0-9]*)((?: [a-z-]+="[^"]*")*)>')
LEAVES_THE_SITE = re.compile(r' href="(?:https?:)?//', re.IGNORECASE)
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
PICTURE = re.compile(r"<img", re.IGNORECASE)
WRITTEN_TAG = re.compile(r"<[a-zA-Z/!?]")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
NO_BREAK = re.compile(r"[^\n]")
VOID = {
    "br",
    "hr",
    "img",
    "input",
    "wbr",
    "col",
    "area",
    "base",
    "embed",
    "link",
    "meta",
    "p",
    "li",
}


def render(text: str, *, resolve: Resolve | None = None) -> str:
    """Return safe HTML. `resolve` turns a relative address into one of the site, or None.

    What is longer than MAX_LENGTH is cut: forms refuse it before. Never raises.
    """
    text = text[:MAX_LENGTH].encode("utf-8", "replace").decode()
    text = UNWANTED.sub("", text)
    try:
        return _render(text, resolve)
    except Exception:
        logger.exception("Markdown could not be rendered; showing its source")
        return f"<pre>{escape(text, quote=False)}</pre>"


def lines_with_pictures(text: str) -> list[int]:
    """The lines that show a picture, from 1 on, for texts that may have none. Never raises."""
    return _lines_of(text, PICTURE)


def lines_with_html(text: str) -> list[int]:
    """The lines with a tag of HTML, from 1 on, for texts that may have none. Never raises.

    A comment is none: it is written so as not to be seen.
    """
    return _lines_of(text, WRITTEN_TAG)


def _lines_of(text: str, wanted: re.Pattern[str]) -> list[int]:
    env: dict[str, Any] = {"formulas": [], "resolve": None}
    try:
        tokens = parser.parse(text[:MAX_LENGTH], env)
    except Exception:
        logger.exception("Markdown could not be read")
        return []
    notes = env.get("footnotes", {}).get("list", {})
    lines, found = text.split("\n"), list[int]()
    for token in tokens:
        # Notes that stand in a line have no place of their own: they come with that line.
        if token.map:
            source = "\n".join(lines[slice(*token.map)])
            places = _places_in(token, source, notes, wanted)
            found += [token.map[0] + 1 + source.count("\n", 0, at) for at in places]
    return found


def _places_in(
    token: Token, source: str, notes: Mapping[int, Any], wanted: re.Pattern[str]
) -> Iterator[int]:
    """Where in its source each begins. The parser does not say: it has joined lines by now."""
    if token.type == "html_block":
        shown = COMMENT.sub(lambda hit: NO_BREAK.sub(" ", hit[0]), source)
        yield from (hit.start() for hit in wanted.finditer(shown))
    at = 0
    for part in _parts_of(token.children or [], notes):
        if part.type == "code_inline":
            at = source.find(part.markup, source.find(part.markup, at) + 1) + len(part.markup)
        elif part.type == "image" and wanted is PICTURE:
            at = max(at, source.find(f"![{part.content.partition('\n')[0]}", at))
            yield at
            at += 1
        elif is_written(part) and wanted.search(COMMENT.sub("", part.content)):
            at = max(at, source.find(part.content.partition("\n")[0], at))
            yield at
            at += 1


def _parts_of(parts: Iterable[Token], notes: Mapping[int, Any]) -> Iterator[Token]:
    """With those of the notes that are written in between."""
    for part in parts:
        yield part
        if part.type == "footnote_ref":
            yield from _parts_of(notes.get(part.meta["id"], {}).get("tokens") or [], notes)


def _render(text: str, resolve: Resolve | None) -> str:
    formulas: list[Formula] = []
    raw = parser.render(text, {"formulas": formulas, "resolve": resolve})
    if _depth(raw) > MAX_DEPTH:
        return f"<pre>{escape(text, quote=False)}</pre>"
    clean = nh3.clean(
        raw,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_filter_for(resolve),
        allowed_classes=CLASSES,
        tag_attribute_values={"div": {"role": {"note", "group"}}, "pre": {"role": {"group"}}},
        clean_content_tags={"script", "style", "template", "title", "noscript", "math", "svg"},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    clean = CLEAN_TAG.sub(_finish, clean)
    return re.sub(f"{MATH_MARK}(\\d+){MATH_MARK}", lambda hit: _formula(formulas, hit), clean)


def _finish(hit: re.Match[str]) -> str:
    """Add what all tags of a kind carry, always in the same order. (The sanitiser's varies.)"""
    name, attributes = hit.groups()
    if name == "a" and LEAVES_THE_SITE.search(attributes):
        return f'<a{attributes} rel="{EXTERNAL_REL}">'
    if name == "img":
        alt = "" if ' alt="' in attributes else ' alt=""'
        return f'<img{attributes}{alt} loading="lazy" decoding="async">'
    if name == "input":
        return f'<input{attributes} type="checkbox" disabled="">'
    return hit[0]


def _filter_for(resolve: Resolve | None) -> Callable[[str, str, str], str | None]:
    def keep(tag: str, name: str, value: str) -> str | None:
        if MATH_MARK in value:
            return None
        if name == "id":
            return value if OWN_ID.match(value) else None
        if name == "tabindex":
            return "0"
        if name in {"href", "src"}:
            return _address(value.strip(), resolve)
        return value

    return keep


def _address(url: str, resolve: Resolve | None) -> str | None:
    """Own anchors get the prefix of headings; relative addresses become the site's."""
    if url.startswith("#"):
        return url if OWN_ID.match(url[1:]) else f"#h-{url[1:].lower()}"
    if resolve is None or not url or url.startswith(("/", "\\")) or SCHEME.match(url):
        return url
    return resolve(url)


def _formula(formulas: list[Formula], hit: re.Match[str]) -> str:
    number = int(hit[1])
    if number >= len(formulas):
        return ""
    formula = formulas[number]
    mathml = formula.to_mathml() if number < MAX_FORMULAS else None
    if mathml is None:
        return f"<code>{escape(formula.source, quote=False)}</code>"
    return nh3.clean(mathml, tags=MATH_TAGS, attributes={"*": MATH_ATTRIBUTES}, link_rel=None)


def _depth(html: str) -> int:
    """How deep tags stand inside each other, roughly: thousands take the sanitiser seconds."""
    depth = deepest = 0
    for closing, name in TAG.findall(html):
        if name.lower() not in VOID:
            depth = max(0, depth - 1) if closing else depth + 1
            deepest = max(deepest, depth)
    return deepest
