"""The dialect of Markdown: captions of code, callouts, anchors, links to quizzes, formulas."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from latex2mathml import converter
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from courses.highlighting import highlighted

# Stands on both sides of a formula's number until the sanitiser is done. Texts cannot contain it.
MATH_MARK = "\ue000"
MAX_FORMULA = 600
# A paragraph with more of these is no text: looking for the ends of such links takes seconds.
MAX_BRACKETS = 400

CALLOUT = re.compile(r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION|TRY)\][ \t]*(?:\n|\Z)", re.IGNORECASE)
CALLOUTS = {
    "NOTE": ("note", "Note"),
    "IMPORTANT": ("note", "Important"),
    "TIP": ("tip", "Tip"),
    "WARNING": ("warning", "Warning"),
    "CAUTION": ("warning", "Caution"),
    "TRY": ("try", "Try this"),
}
TASK = re.compile(r"\[([ xX])\][ \t]+")
TITLE = re.compile(r'title="([^"]*)"')
QUIZ_LINK = re.compile(r"\{\{[ \t]*quiz:[ \t]*([^{}\s][^{}\n]{0,199}?)[ \t]*\}\}[ \t]*\Z")


@dataclass(frozen=True, slots=True)
class Formula:
    source: str
    display: str

    def to_mathml(self) -> str | None:
        """MathML as the converter gives it: unsafe, for it un-escapes. None if it is no formula."""
        if len(self.source) > MAX_FORMULA or self.source.count("{") > 200:
            return None
        try:
            return str(converter.convert(self.source, display=self.display))
        except Exception:
            # It answers a formula that is none with whatever went wrong inside, IndexError too.
            return None


def _keep_formula(display: str) -> Any:
    def rule(
        self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
    ) -> str:
        formulas = env.setdefault("formulas", [])
        formulas.append(Formula(tokens[at].content.strip(), display))
        mark = f"{MATH_MARK}{len(formulas) - 1}{MATH_MARK}"
        return mark if display == "inline" else f'<div class="math">{mark}</div>\n'

    return rule


def _code(
    self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    token = tokens[at]
    info = token.info.strip()
    language = info.split(maxsplit=1)[0] if info else ""
    code, name = highlighted(token.content, language)
    title = TITLE.search(info)
    caption = title[1].strip() if title else name
    head = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    label = escape(f"Code: {caption}" if caption else "Code")
    return (
        f'<figure class="code">{head}<pre class="highlight" tabindex="0" role="group" '
        f'aria-label="{label}"><code>{code}</code></pre></figure>\n'
    )


def _table_open(
    self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    return '<div class="table" tabindex="0" role="group" aria-label="Table"><table>\n'


def _table_close(
    self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    return "</table></div>\n"


def quiz_file(line: str) -> str | None:
    """The file that a line such as {{quiz: 03-check}} means; None if the line is none."""
    hit = QUIZ_LINK.match(line.strip())
    return f"{hit[1]}.quiz.yaml" if hit else None


def _find_quiz_link(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if state.is_code_block(start):
        return False
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    file = quiz_file(line)
    if file is None:
        return False
    if not silent:
        state.line = start + 1
        token = state.push("quiz_link", "p", 0)
        token.content, token.meta, token.map = line.strip(), {"file": file}, [start, start + 1]
    return True


def _quiz_link(
    self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    """A link to the quiz, or the line as it is written where there is no such quiz."""
    resolve = env.get("resolve")
    address = resolve(tokens[at].meta["file"]) if resolve else None
    if address is None:
        return f"<p>{escape(tokens[at].content, quote=False)}</p>\n"
    return f'<p class="quiz-link"><a href="{escape(address)}">Take the quiz</a></p>\n'


def _image(
    self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    token = tokens[at]
    alt = " ".join(_words(token.children or []).split())
    return f'<img src="{escape(str(token.attrGet("src") or ""))}" alt="{escape(alt)}">'


def _words(tokens: Sequence[Token]) -> str:
    """The text of inline tokens, with that of code and formulas."""
    return "".join(
        _words(token.children)
        if token.children
        else "\n"
        if token.type in {"softbreak", "hardbreak"}
        else ""
        if token.type in {"html_inline", "footnote_ref", "footnote_anchor"}
        else token.content
        for token in tokens
    )


def _limit_brackets(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline" and token.content.count("[") > MAX_BRACKETS:
            token.content = token.content.replace("[", "\\[")


def _make_callouts(state: StateCore) -> None:
    tokens, made = state.tokens, list[Token]()
    at = 0
    while at < len(tokens):
        made.append(tokens[at])
        at += 1
        if tokens[at - 1].type != "blockquote_open" or tokens[at].type != "paragraph_open":
            continue
        first = tokens[at + 1]
        hit = CALLOUT.match(first.content)
        if hit is None:
            continue
        kind, title = CALLOUTS[hit[1].upper()]
        quote = tokens[at - 1]
        quote.tag = _end_of(tokens, at - 1).tag = "div"
        quote.attrs = {"class": f"callout {kind}", "role": "note"}
        made.append(Token("html_block", "", 0, content=f'<p class="callout-title">{title}</p>\n'))
        first.content = first.content[hit.end() :]
        if not first.content.strip():
            at += 3
    state.tokens = made


def _end_of(tokens: Sequence[Token], start: int) -> Token:
    level = tokens[start].level
    return next(t for t in tokens[start + 1 :] if t.level == level and t.type == "blockquote_close")


def _own(html: str) -> Token:
    """A tag that the dialect adds, and nobody wrote."""
    return Token("html_inline", "", 0, content=html, meta={"is_own": True})


def is_written(token: Token) -> bool:
    """Whether it is a tag within a line that somebody wrote."""
    return token.type == "html_inline" and "is_own" not in token.meta


def _make_tasks(state: StateCore) -> None:
    """Items that begin with [ ] or [x]. (The plug-in for it takes quadratic time.)"""
    for item, paragraph, inline in zip(
        state.tokens, state.tokens[1:], state.tokens[2:], strict=False
    ):
        if item.type != "list_item_open" or paragraph.type != "paragraph_open":
            continue
        children = inline.children or []
        hit = TASK.match(children[0].content) if children else None
        if hit is None or children[0].type != "text":
            continue
        item.attrJoin("class", "task-list-item")
        children[0].content = children[0].content[hit.end() :]
        done = "" if hit[1] == " " else ' checked=""'
        box = f'<label><input class="task-list-item-checkbox" type="checkbox"{done}> '
        inline.children = [
            _own(box),
            *children,
            _own("</label>"),
        ]


def _anchor_headings(state: StateCore) -> None:
    """Give headings an id with a prefix of its own, and a link to itself. The page has the h1."""
    seen: Counter[str] = Counter()
    for at, token in enumerate(state.tokens):
        if token.type == "heading_close" and token.tag == "h1":
            token.tag = "h2"
        if token.type != "heading_open":
            continue
        token.tag = "h2" if token.tag == "h1" else token.tag
        inline = state.tokens[at + 1]
        words = " ".join(_words(inline.children or []).split())
        name = re.sub(r"[^\w-]+", "-", words.lower()).strip("-")[:80] or "section"
        seen[name] += 1
        anchor = f"h-{name}" if seen[name] == 1 else f"h-{name}-{seen[name]}"
        token.attrSet("id", anchor)
        label = escape(f"Link to: {words}")
        link = f'<a class="anchor" href="#{anchor}" aria-label="{label}">#</a>'
        inline.children = [*(inline.children or []), _own(link)]


def _align_by_class(state: StateCore) -> None:
    """Columns are aligned by a style attribute; the policy of the pages allows none."""
    classes = {"text-align:center": "center", "text-align:right": "end"}
    for token in state.tokens:
        if token.type in {"th_open", "td_open"}:
            style = str(token.attrs.pop("style", ""))
            if style in classes:
                token.attrSet("class", classes[style])


def _name_no_empty_headers(state: StateCore) -> None:
    """A cell that names nothing heads nothing: mostly it is the corner of a table."""
    for start, inline, end in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        if start.type == "th_open" and not inline.content.strip():
            start.tag = end.tag = "td"


def _make_parser() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": True, "maxNesting": 20})
    md.enable(["table", "strikethrough"])
    md.use(dollarmath_plugin, allow_space=False, allow_labels=False)
    md.use(footnote_plugin)
    stops = ["paragraph", "reference", "blockquote", "list"]
    md.block.ruler.before("blockquote", "quiz_link", _find_quiz_link, {"alt": stops})
    md.core.ruler.after("block", "callouts", _make_callouts)
    md.core.ruler.after("callouts", "limit_brackets", _limit_brackets)
    md.core.ruler.after("inline", "tasks", _make_tasks)
    md.core.ruler.after("inline", "anchors", _anchor_headings)
    md.core.ruler.after("inline", "alignment", _align_by_class)
    md.core.ruler.after("inline", "headers", _name_no_empty_headers)
    for name in ("fence", "code_block"):
        md.add_render_rule(name, _code)
    md.add_render_rule("image", _image)
    md.add_render_rule("quiz_link", _quiz_link)
    md.add_render_rule("table_open", _table_open)
    md.add_render_rule("table_close", _table_close)
    md.add_render_rule("math_inline", _keep_formula("inline"))
    md.add_render_rule("math_inline_double", _keep_formula("block"))
    md.add_render_rule("math_block", _keep_formula("block"))
    return md


parser = _make_parser()
