"""Which link and which picture of a text is meant: problems with a name and a line."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from urllib.parse import unquote

from django.utils.translation import gettext as _

from courses.checks import (
    ELSEWHERE,
    IMAGE_ELSEWHERE,
    IMAGE_NOWHERE,
    IMAGE_WITHOUT_TEXT,
    LINK_NOWHERE,
    NO_WORDS,
    QUIZ_NOWHERE,
    Problem,
)
from courses.links import Links
from courses.markdown import render
from courses.markup import quiz_file

NAMED = {ELSEWHERE, IMAGE_NOWHERE, LINK_NOWHERE, NO_WORDS, QUIZ_NOWHERE}
TAG = re.compile(r'<(?P<name>a|img)(?: [a-z-]+="[^"]*")*>')
TARGET = re.compile(r' (?:href|src)="([^"]*)"')
# Stands before an address that means nothing, while a text is searched for such.
LOST = "/nowhere/"
LONGEST = 80
Place = tuple[str, str, int]


def named(problems: list[Problem], text: str, source: str, links: Links) -> list[Problem]:
    """The same problems; one of a link or a picture once for each, with its name and line."""
    if not any(one.message in NAMED for one in problems):
        return problems
    places = list(dict.fromkeys(places_in(text, source, links)))
    found = list[Problem]()
    for one in problems:
        own = [place for place in places if place[0] == one.message]
        found += [replace(one, message=told(*place)) for place in own] or [one]
    return found


def told(message: str, name: str, line: int) -> str:
    """ "A link leads nowhere: “gone.md”, line 3." """
    where = _(", line %(line)s") % {"line": line} if line else ""
    shown = name if len(name) <= LONGEST else f"{name[:LONGEST]}…"
    if message == ELSEWHERE:
        return _("%(message)s It is “%(shown)s”%(where)s.") % {
            "message": message,
            "shown": shown,
            "where": where,
        }
    return f"{message.removesuffix('.')}: “{shown}”{where}."


def places_in(text: str, source: str, links: Links) -> Iterator[Place]:
    """What is wrong in a text, with its name and the line on which it first stands."""
    lines = text.split("\n")
    quizzes = {file: number for number, one in enumerate(lines, 1) if (file := quiz_file(one))}

    def resolve(url: str) -> str | None:
        address = links.address(source, url)
        if address is None and url in quizzes:
            lost.append(url)
            return None
        # What stands in the text is its name, whatever address it has.
        return f"{LOST if address is None else '/there/'}{url}"

    lost = list[str]()
    html = render(text, resolve=resolve)
    for hit in TAG.finditer(html):
        target = TARGET.search(hit[0])
        url = unescape(target[1]) if target else ""
        name = url.removeprefix(LOST).removeprefix("/there/")
        for message in faults_of(hit["name"], hit[0], url):
            yield message, unquote(name), line_of(name, lines)
    for file in lost:
        yield QUIZ_NOWHERE, file.removesuffix(".quiz.yaml"), quizzes[file]


def faults_of(kind: str, tag: str, url: str) -> Iterator[str]:
    """What is wrong with a link or a picture, in the words of the checks."""
    if url.startswith(LOST):
        yield LINK_NOWHERE if kind == "a" else IMAGE_NOWHERE
    if IMAGE_WITHOUT_TEXT.match(tag):
        yield NO_WORDS
    if IMAGE_ELSEWHERE.match(tag):
        yield ELSEWHERE


def line_of(name: str, lines: list[str]) -> int:
    """The first line with this address; 0 where it is written otherwise."""
    return next((number for number, one in enumerate(lines, 1) if name and name in one), 0)
