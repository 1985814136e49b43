"""Moodle's GIFT, parsed by Moodle's own rules: text in, questions with their lines out.

Nothing here knows a course. A question that cannot be read says why; the others are read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

# Escaped characters are put away as halves of characters, which no text in UTF-8 can hold.
AWAY = 0xDC00
ESCAPED = re.compile(r"\\([~=#{}:n\\])")
BACK = {AWAY + ord(char): char for char in "~=#{}:\n\\"}
HALVES = re.compile("[\ud800-\udfff]")
FORMATS = ("html", "markdown", "plain", "moodle")
FORMAT = re.compile(rf"\[({'|'.join(FORMATS)})\]")
WEIGHT = re.compile(r"%(-*)(\d{1,5}(?:\.\d{0,20})?)%")
MARK = r"((?:\\\]|[^\]\x00-\x1f\x7f]){1,255})\]"
ID, TAG, TOLERANCE = (re.compile(rf"\[{name}:{MARK}") for name in ("id", "tag", "tolerance"))
TITLE = re.compile(r"//\s*title:\s*(\S.*)", re.IGNORECASE)
CATEGORY = "$CATEGORY:"
EMBEDDED = re.compile(r"\d*:[A-Z_]{2,30}:")
SPACES = " \t\r\0\x0b\x0c"
BLANK = "_____"
# Between the model answer and the explanation of an essay, where both are its feedback.
EXPLAINED = "<!-- explanation -->"
TRUE, FALSE = ("T", "TRUE"), ("F", "FALSE")
OPEN = (
    'The "{{" in line {} is not closed: an empty line ends a question. Write "}}" behind the '
    "answers, or \\{{ where it is text."
)
STRAY = 'The "}}" in line {} closes nothing. Write \\{{ and \\}} where braces are text.'
ANOTHER = (
    'Line {} has another "{{". Write \\{{ where it is text, and an empty line between questions.'
)
# Lines with their numbers in the file.
type Lines = list[tuple[int, str]]


class Kind(StrEnum):
    TRUE_FALSE = "true or false"
    CHOICE = "choice"
    MULTI = "multiple answers"
    SHORT = "short answer"
    NUMERIC = "number"
    MATCHING = "matching"
    ESSAY = "essay"
    DESCRIPTION = "description"
    ORDERING = "ordering"
    EMBEDDED = "embedded answers"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Text:
    """A text and the format it is written in."""

    text: str = ""
    format: str = "moodle"


@dataclass(frozen=True, slots=True)
class Answer:
    """`weight` is None where none is written. Of true and false, the right one stands first."""

    text: Text
    feedback: Text = Text()
    is_marked: bool = False
    weight: Decimal | None = None


@dataclass(slots=True)
class GiftQuestion:
    """`original` is its source, `error` says why it cannot be read, `doubts` what may be meant."""

    line: int
    original: str
    kind: Kind = Kind.BROKEN
    id: str = ""
    name: str = ""
    tags: list[str] = field(default_factory=list)
    category: str = ""
    tolerance: str = ""
    stem: Text = Text()
    answers: list[Answer] = field(default_factory=list)
    general: Text = Text()
    has_blank: bool = False
    error: str = ""
    doubts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class GiftFile:
    """What a file holds. `title` is what a comment says it is called."""

    questions: list[GiftQuestion] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    title: str = ""


def parse(text: str) -> GiftFile:
    """Read a file. Questions are what stands between empty lines."""
    file, category = GiftFile(), ""
    for number, lines in _blocks(HALVES.sub("\ufffd", text)):
        comments = [line for line in lines if line.lstrip(SPACES).startswith("//")]
        if not file.title:
            file.title = next((hit[1].strip() for one in comments if (hit := _title(one))), "")
        written = [
            (at, line)
            for at, line in enumerate(lines, start=number)
            if not line.lstrip(SPACES).startswith("//")
        ]
        doubts = []
        if written and written[0][1].lstrip(SPACES).startswith(CATEGORY):
            category = shown(hidden(written[0][1].strip(SPACES)[len(CATEGORY) :])).strip()
            file.categories.append(category)
            doubts = ["There is no empty line between the category and this."]
            del written[0]
        if not written:
            continue
        one = GiftQuestion(written[0][0], "\n".join(lines), category=category, doubts=doubts)
        _read_comments(one, "\n".join(comments))
        _read(one, written)
        file.questions.append(one)
    return file


def hidden(text: str) -> str:
    """The text with its escaped characters put away."""
    return ESCAPED.sub(lambda hit: chr(AWAY + ord("\n" if hit[1] == "n" else hit[1])), text)


def shown(text: str) -> str:
    return text.translate(BACK)


def _title(comment: str) -> re.Match[str] | None:
    return TITLE.match(comment.strip(SPACES))


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """What stands between empty lines, each with the number of its first line."""
    block: list[str] = []
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        if line.strip(SPACES):
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _read_comments(one: GiftQuestion, comments: str) -> None:
    def found(mark: re.Pattern[str]) -> list[str]:
        return [hit[1].replace("\\]", "]").strip() for hit in mark.finditer(comments)]

    one.id = next(iter(found(ID)), "")
    one.tags = found(TAG)
    one.tolerance = next(iter(found(TOLERANCE)), "")


def _read(one: GiftQuestion, written: Lines) -> None:
    lines = [line for _, line in written]
    # Moodle takes the spaces off every line. Markdown has its code indented by them.
    if not any("[markdown]" in line for line in lines):
        lines = [line.strip(SPACES) for line in lines]
    whole = hidden("\n".join(lines)).rstrip()
    text = _take_name(one, whole.lstrip())
    above = whole.count("\n") - text.count("\n")

    def line_of(place: int) -> int:
        return written[above + text.count("\n", 0, place)][0]

    start, end = text.find("{"), text.find("}")
    before, inside, after = text[:start], text[start + 1 : end], text[end + 1 :]
    if start < 0 and end < 0:
        before, inside, after = text, "", ""
        one.kind = Kind.DESCRIPTION
    elif end < 0:
        one.error = OPEN.format(line_of(start))
    elif start < 0 or end < start:
        one.error = STRAY.format(line_of(end))
    elif (place := _closes_more(after)) >= 0:
        one.error = STRAY.format(line_of(end + 1 + place))
    if one.error:
        return
    if "{" in inside + after:
        one.doubts.append(ANOTHER.format(line_of(text.index("{", start + 1))))
    one.has_blank = bool(after.strip())
    one.stem = _text(f"{before}{BLANK}{after}" if one.has_blank else before, "moodle")
    if one.kind == Kind.DESCRIPTION:
        if not one.name:
            one.doubts.append("There are no answers and no name: stray text?")
        return
    _read_answers(one, inside.strip())


def _take_name(one: GiftQuestion, text: str) -> str:
    if not text.startswith("::"):
        return text
    name, end, rest = text[2:].partition("::")
    if not end:
        one.doubts.append('The name has no "::" at its end.')
        return name
    one.name = " ".join(shown(name).split())
    return rest.strip()


def _closes_more(text: str) -> int:
    """Where a brace is closed that was not opened; -1 if there is none."""
    depth = 0
    for hit in re.finditer("[{}]", text):
        depth += 1 if hit[0] == "{" else -1
        if depth < 0:
            return hit.start()
    return -1


def _read_answers(one: GiftQuestion, inside: str) -> None:
    usual = one.stem.format
    if "####" in inside:
        inside, _, general = inside.rpartition("####")
        one.general = _text(general, usual)
    inside = inside.strip()
    one.kind = _kind(inside)
    if one.kind == Kind.TRUE_FALSE:
        one.answers = _true_false(inside, usual)
    elif one.kind in (Kind.CHOICE, Kind.MULTI):
        one.answers = _answers(one, inside.replace("=", "~=").split("~"))
    elif one.kind == Kind.SHORT:
        one.answers = _answers(one, inside.split("="))
        if inside.upper() in (*TRUE, *FALSE):
            one.doubts.append("It is a short answer. TRUE and FALSE have capital letters.")
    elif one.kind == Kind.NUMERIC:
        numbers, tilde, otherwise = inside[1:].partition("~")
        one.answers = _answers(one, numbers.split("="))
        if tilde:
            feedback = _answer(otherwise, usual).feedback
            one.answers.append(Answer(Text("*"), feedback, weight=Decimal(0)))


def _answers(one: GiftQuestion, parts: list[str]) -> list[Answer]:
    """The answers, without empty ones. What stands before the first sign is one, if anything is."""
    kept = [part.strip() for part in parts if part.strip(" \t\n=")]
    if len(kept) < len(parts) - (not parts[0].strip()):
        one.doubts.append("An empty answer is left out.")
    return [_answer(part, one.stem.format) for part in kept]


def _kind(inside: str) -> Kind:
    """Moodle's order: whatever is asked first decides."""
    # An arrow inside a weighted answer is code: pairs have no weights.
    is_pairs = "=" in inside and "->" in inside and not inside.startswith("=%")
    asked = (
        (inside.startswith(">"), Kind.ORDERING),
        (EMBEDDED.match(inside), Kind.EMBEDDED),
        (not inside, Kind.ESSAY),
        (inside.startswith("#"), Kind.NUMERIC),
        ("~" in inside and "=" in inside, Kind.CHOICE),
        ("~" in inside, Kind.MULTI),
        (is_pairs, Kind.MATCHING),
        (inside.partition("#")[0].strip() in (*TRUE, *FALSE), Kind.TRUE_FALSE),
    )
    return next((kind for holds, kind in asked if holds), Kind.SHORT)


def _true_false(inside: str, usual: str) -> list[Answer]:
    """The right answer and the wrong one. The feedback for the wrong one is written first."""
    word, wrong, right = (*inside.split("#", 2), "", "")[:3]
    is_true = word.strip() in TRUE
    return [
        Answer(Text(str(is_true)), _text(right, usual), weight=Decimal(100)),
        Answer(Text(str(not is_true)), _text(wrong, usual), weight=Decimal(0)),
    ]


def _answer(part: str, usual: str) -> Answer:
    is_marked = part.startswith("=")
    part = part[is_marked:].strip()
    weight = None
    if hit := WEIGHT.match(part):
        weight = Decimal(f"{hit[1][:1]}{hit[2]}")
        part = part[hit.end() :]
    text, _, feedback = part.partition("#")
    return Answer(_text(text, usual), _text(feedback, usual), is_marked, weight)


def _text(text: str, usual: str) -> Text:
    text = text.strip()
    hit = FORMAT.match(text)
    return Text(shown(text[hit.end() :] if hit else text).strip(), hit[1] if hit else usual)
