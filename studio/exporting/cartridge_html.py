"""Markdown as HTML for other systems: without our anchors, and code by its language, uncoloured."""

import re
from html import escape
from itertools import chain

from courses.markdown import Resolve, render
from courses.markup import TITLE, parser
from studio.importing.names import UNWANTED

ANCHOR = re.compile(r'<a class="anchor"[^>]*>#</a>')
CODE = re.compile(r'<figure class="code">.*?</figure>', re.DOTALL)
PARAGRAPH = re.compile(r"<p>((?:(?!<p>).)*)</p>\n?", re.DOTALL)


def html_of(text: str, resolve: Resolve) -> str:
    text = UNWANTED.sub("", text)
    html = ANCHOR.sub("", render(text, resolve=resolve))
    blocks = [one for one in parser.parse(text) if one.type in {"fence", "code_block"}]
    if len(CODE.findall(html)) != len(blocks):
        return html
    plain = (_code(one.content, one.info) for one in blocks)
    others = CODE.split(html)
    return "".join(chain.from_iterable(zip(others, [*plain, ""], strict=True)))


def line_of(html: str) -> str:
    """A single paragraph without its tag: what stands beside a box to tick."""
    single = PARAGRAPH.fullmatch(html)
    return single[1] if single else html.strip()


def _code(content: str, info: str) -> str:
    language = info.split(maxsplit=1)[0] if info.split() else ""
    title = TITLE.search(info)
    head = f"<p><em>{escape(title[1])}</em></p>\n" if title else ""
    mark = f' class="language-{escape(language)}"' if language else ""
    return f"{head}<pre><code{mark}>{escape(content, quote=False)}</code></pre>"
