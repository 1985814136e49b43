"""Links in a Markdown text, changed where they stand. Code is left as it is."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import quote, unquote

FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
TICKS = re.compile("`+")
# [text](url), [text](<url> "title"), [name]: url, and the links of raw HTML.
LINKS = re.compile(
    r"(?P<inline>\]\(\s*)(?P<a><[^<>\n]*>|[^\s()<>]+(?:\([^\s()]*\)[^\s()]*)*)"
    r"|(?P<named>^ {0,3}\[[^\]\n]+\]:\s*)(?P<b><[^<>\n]*>|\S+)"
    r"|(?P<html>\b(?:src|href|poster)\s*=\s*[\"'])(?P<c>[^\"'\n]*)"
)
OUTWARDS = re.compile(r"[a-zA-Z][\w+.-]*:|//|#|/")
Place = Callable[[str], str | None]


def relinked(text: str, place: Place) -> str:
    """The text with every relative link that `place` knows led elsewhere.

    `place` gets the path of a link, decoded and without anchor or query, and returns the new one.
    """
    lines, fence = list[str](), ""
    for line in text.split("\n"):
        mark = FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence):
            fence = ""
        lines.append(line if mark or fence else _line(line, place))
    return "\n".join(lines)


def _line(line: str, place: Place) -> str:
    done, at = list[str](), 0
    for start, end in _spans_of_code(line):
        done += [LINKS.sub(lambda hit: _link(hit, place), line[at:start]), line[start:end]]
        at = end
    return "".join([*done, LINKS.sub(lambda hit: _link(hit, place), line[at:])])


def _spans_of_code(line: str) -> Iterator[tuple[int, int]]:
    """Where code begins and ends: between two runs of as many backticks."""
    runs = list(TICKS.finditer(line))
    partners, later = dict[int, re.Match[str]](), dict[int, re.Match[str]]()
    for run in reversed(runs):
        if len(run[0]) in later:
            partners[run.start()] = later[len(run[0])]
        later[len(run[0])] = run
    at = 0
    for run in runs:
        if run.start() >= at and run.start() in partners:
            at = partners[run.start()].end()
            yield run.start(), at


def _link(hit: re.Match[str], place: Place) -> str:
    before = hit["inline"] or hit["named"] or hit["html"]
    given = hit["a"] or hit["b"] or hit["c"] or ""
    url = given[1:-1] if given.startswith("<") else given
    if not url or OUTWARDS.match(url):
        return hit[0]
    path, mark, anchor = url.partition("#")
    found = place(unquote(path.partition("?")[0]))
    if found is None:
        return hit[0]
    return f"{before}{quote(found)}{mark}{anchor}"
