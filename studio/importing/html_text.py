"""HTML of other systems as Markdown in our dialect: bounded in size and depth, always the same.

What only looks like HTML stays text: a tag is what HTML, or a word processor, knows by that name.
"""

import re
from html import escape, unescape
from typing import Any

from bs4 import BeautifulSoup, CData, Tag
from bs4.element import PreformattedString

from studio.importing.html_converter import HtmlConverter, plain_line
from studio.importing.names import CUT

MAX_HTML = 400_000
MAX_TAGS = 20_000
MAX_DEPTH = 60
KNOWN = (
    "a abbr acronym address applet area article aside audio b base bdi bdo big blink "
    "blockquote body br button canvas caption center cite code col colgroup data datalist dd "
    "del details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer "
    "form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins "
    "kbd label legend li link main map mark marquee menu meta meter nav nobr noframes "
    "noscript object ol optgroup option output p param picture pre progress q rp rt ruby s "
    "samp script section select small source span strike strong style sub summary sup svg "
    "table tbody td template textarea tfoot th thead time title tr track tt u ul var video "
    "wbr math annotation semantics mrow mi mo mn ms mtext mspace msup msub msubsup mfrac "
    "msqrt mroot mtable mtr mtd mover munder munderover mstyle mpadded menclose mfenced "
    "merror"
)
NAME = rf"(?:(?:{'|'.join(KNOWN.split())})(?=[\s/>])|[ovwm]:\w)"
TAG = re.compile(rf"</?{NAME}[^<>]*>", re.IGNORECASE)
NO_TAG = re.compile(rf"<(?!/?{NAME}|!--|!\[CDATA\[|!doctype|\?xml)", re.IGNORECASE)
ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)
DATA_URL = re.compile(r"(?<=[\"'])data:[^\"']{200,}(?=[\"'])", re.IGNORECASE)
# Without these it is a line of plain text.
MEANT = re.compile(r"[<&\\]")
DROPPED = ["script", "style", "head", "title", "meta", "link", "template", "svg", "noframes"]
# What ends where the next one begins.
UNCLOSED = {
    "li": {"li"},
    "td": {"td", "th"},
    "th": {"td", "th"},
    "dt": {"dt", "dd"},
    "dd": {"dt", "dd"},
}


class _Soup(BeautifulSoup):
    """Items and cells may end without a tag that says so: then the next one ends them."""

    def handle_starttag(self, name: str, *given: Any, **named: Any) -> Tag | None:
        above = self.currentTag
        if above is not None and above.name in UNCLOSED.get(name, ()):
            self.handle_endtag(above.name)
        return super().handle_starttag(name, *given, **named)


def markdown_of(html: str) -> str:
    """The HTML as Markdown: cut where it is too long, its text alone where it has too many tags.

    What was cut ends with the sign CUT: a course that gets it tells of it, and takes it off.
    """
    if not MEANT.search(html):
        return plain_line(html)
    html = _plain_ends(DATA_URL.sub("", html))
    end = CUT if len(html) > MAX_HTML else ""
    html = NO_TAG.sub("&lt;", html[:MAX_HTML])
    if html.count("<") > MAX_TAGS:
        html = escape(unescape(TAG.sub(" ", html)), quote=False)
    # Inside a tag of its own it is never taken for an address or a file's name.
    soup = _Soup(f"<div>{html}</div>", "html.parser")
    _drop(soup)
    _flatten(soup)
    _mend_code(soup)
    _unfold_tables(soup)
    _mend_spans(soup)
    text = str(HtmlConverter().convert_soup(soup)).replace("\xa0", " ")
    return text.strip("\n").rstrip() + end


def markdown_of_text(text: str) -> str:
    """Plain text as Markdown that shows it as it is."""
    if "\n" not in text.strip() and "\\" not in text:
        return plain_line(text)
    paragraphs = re.split(r"\n[ \t]*\n", _plain_ends(text).strip())
    html = "".join(f"<p>{escape(one.strip(), quote=False)}</p>" for one in paragraphs)
    return markdown_of(html.replace("\n", "<br>"))


def looks_like_html(text: str) -> bool:
    """Whether the text has tags or entities of HTML, whatever its type is said to be."""
    return bool(TAG.search(text) or ENTITY.search(text))


def title_of(html: str) -> str:
    """The title of a page of HTML; "" if it has none."""
    hit = re.search(r"<title[^>]{0,200}>([^<]{0,1000})</title", html[:20_000], re.IGNORECASE)
    return " ".join(unescape(hit[1]).split()) if hit else ""


def _plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _drop(soup: BeautifulSoup) -> None:
    for one in soup.find_all(DROPPED):
        one.extract()
    for link in soup.find_all("a", class_="anchor"):
        link.extract()
    for text in soup.find_all(string=lambda text: isinstance(text, PreformattedString)):
        if isinstance(text, CData):
            text.replace_with(str(text))
        else:
            text.extract()


def _flatten(soup: BeautifulSoup) -> None:
    """What is nested deeper than anybody writes is left as its text."""
    waiting: list[tuple[Tag, int]] = [(soup, 0)]
    while waiting:
        tag, depth = waiting.pop()
        for one in [one for one in tag.children if isinstance(one, Tag)]:
            if depth < MAX_DEPTH:
                waiting.append((one, depth + 1))
            else:
                one.replace_with(one.get_text())


def _mend_code(soup: BeautifulSoup) -> None:
    """Code of several lines is a block, whatever it was marked by."""
    for code in soup.find_all("code"):
        if code.find("br") and not code.find_parent("pre"):
            code.name = "pre"


def _unfold_tables(soup: BeautifulSoup) -> None:
    """A table that only lays out what is inside (a column, a table, code) is no table."""
    for table in reversed(soup.find_all("table")):
        rows = table.find_all("tr")
        widest = max((len(row.find_all(["td", "th"])) for row in rows), default=0)
        if widest > 1 and not table.find(["table", "pre"]):
            continue
        for one in [table, *table.find_all(["tbody", "thead", "tfoot", "tr", "td", "th"])]:
            one.name = "div"


def _mend_spans(soup: BeautifulSoup) -> None:
    """Cells as wide as nobody draws them, or as wide as no number, are one column."""
    for cell in soup.find_all(["td", "th"], colspan=True):
        if not re.fullmatch("[0-9]{1,2}", str(cell["colspan"])):
            del cell["colspan"]
