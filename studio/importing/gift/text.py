"""Texts of GIFT as Markdown: each of its formats means other signs by the same characters."""

import re
from itertools import pairwise

from studio.importing.gift.parser import BLANK, Text
from studio.importing.html_text import looks_like_html, markdown_of

# Moodle puts this in front of files that lie beside the questions.
BESIDE = "@@PLUGINFILE@@/"
DOLLARS = re.compile(r"\$\$([^$\n]{1,600})\$\$")
ESCAPED_BLANK = "\\_" * len(BLANK)
# What would mean something in Markdown in the middle of a line.
SPECIAL = re.compile(
    r"\\(?=[!-/:-@\[-`{-~]|\Z)|`|(?<!\s)\*|\*(?!\s)|(?<![^\W_])_|_(?![^\W_])"
    r"|<(?=[a-zA-Z/!?])|&(?=#?\w{1,32};)|~(?=~)|(?<=~)~|\{(?=\{)|\^(?=\[)"
)
LINK = re.compile(r"\][(:\[]|\[\^")
# And at the beginning of one: lists, quotations, headings, lines under headings and in tables.
AT_START = re.compile(r"(?=[-+*](?:\s|\Z)|>|#{1,6}(?:\s|\Z)|[-|:][-|: \t]*\Z)")
NUMBERED = re.compile(r"(\d{1,9})(?=[.)](?:\s|\Z))")
UNDERLINE = re.compile(r"(?==+[ \t]*\Z)")


def markdown(given: Text) -> str:
    """The text as Markdown that shows what the other system shows."""
    text = given.text.replace(BESIDE, "").strip()
    if given.format == "markdown":
        return text
    if given.format == "plain":
        return literal(text)
    text = DOLLARS.sub(r"\\(\1\\)", text)
    if not looks_like_html(text) and "\\(" not in text and "\\[" not in text:
        return literal(text if given.format == "moodle" else " ".join(text.split()))
    if given.format == "moodle":
        text = _with_breaks(text)
    return _with_blank(_hard_breaks(markdown_of(text)))


def literal(text: str) -> str:
    """Markdown that shows the text to the letter, with its line breaks."""
    has_links, has_formulas = bool(LINK.search(text)), text.count("$") > 1
    lines = list[str]()
    for number, line in enumerate(text.strip("\n").split("\n")):
        bare = SPECIAL.sub(r"\\\g<0>", line.strip())
        if has_links:
            bare = bare.replace("[", "\\[")
        if has_formulas:
            bare = bare.replace("$", "\\$")
        bare = NUMBERED.sub(r"\1\\", bare, count=1) if NUMBERED.match(bare) else bare
        bare = "\\" * bool(AT_START.match(bare) or (number and UNDERLINE.match(bare))) + bare
        indent = line[: len(line) - len(line.lstrip())].replace("\t", "    ") if number else ""
        lines.append("\u00a0" * len(indent) + bare if bare else "")
    return _with_blank(_joined(lines))


def _joined(lines: list[str]) -> str:
    """Lines of a paragraph stay apart; an empty line parts paragraphs by itself."""
    ends = ["\\\n" if one and after else "\n" for one, after in pairwise(lines)]
    return "".join(line + end for line, end in zip(lines, [*ends, ""], strict=True))


def _with_blank(text: str) -> str:
    """The gap to be filled in, legible in the source; alone on its line it would be a rule."""
    for line in text.split("\n"):
        if ESCAPED_BLANK in line:
            alone = line.strip(" \\") == ESCAPED_BLANK.strip("\\")
            return text if alone else text.replace(ESCAPED_BLANK, BLANK, 1)
    return text


def _with_breaks(text: str) -> str:
    """Line ends as tags, except beside a tag: so does Moodle with what is written into a box."""
    lines = text.split("\n")
    done = list[str]()
    for line, after in zip(lines, [*lines[1:], "<"], strict=True):
        beside = line.rstrip().endswith(">") or after.lstrip().startswith("<")
        done += [line, "\n" if beside else "<br>"]
    return "".join(done)


def _hard_breaks(text: str) -> str:
    """Breaks that can be seen in the source, in the place of spaces at a line's end."""
    lines, fenced, done = text.split("\n"), False, list[str]()
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        fenced ^= line.lstrip().startswith("```")
        bare = line.rstrip()
        ends = "\\" if bare and after.strip() else ""
        done.append(line if fenced or not line.endswith("  ") else bare + ends)
    return "\n".join(done)
