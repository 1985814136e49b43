"""The Carpentries' older Markdown: quotations and code whose kind is told on the line below."""

import re

from studio.importing.carpentries.divs import BOXES, DEEPEST, TEACHERS, Aside, boxed
from studio.importing.prose import FENCE

# {: .challenge} on a line of its own.
KIND = re.compile(r"[ \t]*\{:(?P<given>[^{}]*)\}[ \t]*\Z")
CLASS = re.compile(r"\.([A-Za-z][\w-]*)")
QUOTE = re.compile(r" {0,3}> ?")
# ![text](url "title"){alt="…"} and {: width="50%"} behind a link.
IMAGE = re.compile(
    r"!\[(?P<text>[^\[\]]*)\]\((?P<url>[^()\s]*(?:[ \t]\"[^\"\n]*\")?)\)\{:?(?P<given>[^{}\n]*)\}"
)
BEHIND = re.compile(r"(?<=\))\{:[^{}\n]*\}")
ALT = re.compile(r"\balt[ \t]?=[ \t]?(?:\"([^\"]*)\"|'([^']*)')")
SPECIAL = re.compile(r"([\\\[\]`*_<])")


def without_kinds(text: str, first_line: int, aside: Aside) -> str:
    """The text with quotations of a kind as boxes, and code with its language in front."""
    return "\n".join(_unfolded(text.split("\n"), first_line, aside, 0))


def with_texts_of_images(text: str) -> str:
    """Prose whose images say in their brackets what they show."""
    return BEHIND.sub("", IMAGE.sub(_image, text))


def _image(hit: re.Match[str]) -> str:
    given = ALT.search(hit["given"])
    words = (given[1] or given[2] or "") if given else ""
    words = re.sub(r"\\([^\w\s]|_)", r"\1", " ".join(words.split()))
    text = SPECIAL.sub(r"\\\1", words) if words else hit["text"]
    return f"![{text}]({hit['url']})"


def _unfolded(lines: list[str], number: int, aside: Aside, depth: int) -> list[str]:
    done, at, fence, opened = list[str](), 0, "", -1
    while at < len(lines):
        line = lines[at]
        hit = FENCE.match(line)
        if hit and ">" not in hit["before"] and (not fence or hit["mark"].startswith(fence)):
            opened, fence = (len(done), hit["mark"]) if not fence else (opened, "")
            done.append(line)
            at += 1
            if not fence:
                at = _tell_language(done, opened, lines, at)
        elif not fence and QUOTE.match(line):
            at = _quotation(done, lines, at, number, aside, depth)
        else:
            if fence or not KIND.match(line):
                done.append(line)
            at += 1
    return done


def _tell_language(done: list[str], opened: int, lines: list[str], at: int) -> int:
    """Put the kind that is told below a block of code in front of it."""
    hit = KIND.match(lines[at]) if at < len(lines) else None
    names = CLASS.findall(hit["given"]) if hit else []
    start = FENCE.match(done[opened])
    if names and start:
        language = names[0].removeprefix("language-")
        done[opened] = f"{start['before']}{start['mark']}{language}"
    return at + 1 if hit else at


def _quotation(
    done: list[str], lines: list[str], at: int, number: int, aside: Aside, depth: int
) -> int:
    """Take in a quotation and the line with its kind; return the place behind them."""
    end = at
    while end < len(lines) and QUOTE.match(lines[end]):
        end += 1
    quoted, inside = lines[at:end], [QUOTE.sub("", line, count=1) for line in lines[at:end]]
    hit = KIND.match(lines[end]) if end < len(lines) else None
    kind = next((name for name in CLASS.findall(hit["given"]) if name in BOXES), "") if hit else ""
    if depth < DEEPEST and any("{:" in line for line in inside):
        inside = _unfolded(inside, number + at, aside, depth + 1)
        quoted = [f"> {line}".rstrip() for line in inside]
    if kind in TEACHERS:
        aside(kind, "\n".join(inside), number + at)
    elif kind and depth < DEEPEST:
        done += boxed(kind, inside)
    else:
        done += quoted
    return end + 1 if hit else end
