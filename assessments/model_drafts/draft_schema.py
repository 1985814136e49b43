"""What a model may answer: its schema, and the strict reader of it. No database.

What comes in is bounded and plain text when it goes out: no control or invisible characters, no
links, no line that the code does not have.
"""

import json
import math
import re
import unicodedata
from typing import Any, Literal, NoReturn

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from accounts.signs import is_seen

MOST_REMARKS, MOST_HINTS = 12, 5
LONGEST_REMARK, LONGEST_TEXT = 800, 3_000
# The hints stand below the text, in one field with it.
LONGEST_QUIZ_TEXT, LONGEST_HINT = 2_000, 300
MAX_DEPTH = 8
FENCED = re.compile(r"\A\s*```(?:json)?[ \t]*\n(.*?)\n?```\s*\Z", re.DOTALL | re.IGNORECASE)
# Some models think aloud first.
THOUGHT = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
BLANK_LINES = re.compile(r"\n\s*\n\s*\n")
SCHEME = r"(?:(?:https?|ftps?|file)\s*:\s*//|(?:javascript|vbscript|mailto)\s*:|data\s*:\w+/)"
HOST = r"//(?=[a-z][\w-]*\.)"
# What closes a sentence or a bracket around a link is no part of it.
LINK = re.compile(
    rf"<{SCHEME}[^\s<>]*>|(?:\b{SCHEME}|\bwww\.|(?<=[\"'(=\s]){HOST})\S*[^\s.,;:!?)\]}}>\"']",
    re.IGNORECASE,
)
# A link of Markdown is its text; what merely looks like one, as `rows[name](value)` does, stays.
MARKDOWN_LINK = re.compile(
    rf"!?\[([^\[\]\n]*)\]\(\s*<?(?:{SCHEME}|www\.|{HOST})"
    r"[^\s()]*(?:\([^\s()]*\)[^\s()]*)*(?:[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'))?(?:\s*\))?",
    re.IGNORECASE,
)
NO_LINK = "[link removed]"
KEPT_CONTROLS = "\n\t"


class NotJson(ValueError):
    """It is not one JSON value that could be trusted to mean one thing."""


class NotADraft(ValueError):
    """It is JSON, and not what was asked for."""


class DraftRemark(BaseModel):
    model_config = ConfigDict(strict=True)

    section: Literal["strength", "weakness", "suggestion"]
    line: int | None = None
    text: str


class CodeDraft(BaseModel):
    """What a model says of code."""

    model_config = ConfigDict(strict=True)

    text: str
    overall: int = Field(ge=0, le=100)
    readability: int = Field(ge=0, le=10)
    efficiency: int = Field(ge=0, le=10)
    best_practices: int = Field(ge=0, le=10)
    decision: Literal["accept", "changes"]
    remarks: list[DraftRemark]


class QuizDraft(BaseModel):
    """What a model says of an attempt at a quiz."""

    model_config = ConfigDict(strict=True)

    text: str
    study: list[str]


def schema_of(draft: type[BaseModel]) -> dict[str, Any]:
    """As endpoints ask for it: every property required, no other, and no bounds."""
    return _code() if draft is CodeDraft else _quiz()


def _code() -> dict[str, Any]:
    remark = _closed(
        section={"type": "string", "enum": ["strength", "weakness", "suggestion"]},
        line={"type": ["integer", "null"]},
        text={"type": "string"},
    )
    figure = {"type": "integer"}
    return _closed(
        text={"type": "string"},
        overall=figure,
        readability=figure,
        efficiency=figure,
        best_practices=figure,
        decision={"type": "string", "enum": ["accept", "changes"]},
        remarks={"type": "array", "items": remark},
    )


def _quiz() -> dict[str, Any]:
    hints = {"type": "array", "items": {"type": "string"}}
    return _closed(text={"type": "string"}, study=hints)


def _closed(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def read_code_draft(answer: str, lines: int) -> CodeDraft:
    """Read a draft for code of so many lines. Raises NotADraft."""
    draft = _validated(CodeDraft, answer)
    draft.text = clean(draft.text, LONGEST_TEXT)
    remarks = [
        DraftRemark(
            section=one.section,
            line=one.line if one.line and 0 < one.line <= lines else None,
            text=clean(one.text, LONGEST_REMARK),
        )
        for one in draft.remarks[:MOST_REMARKS]
    ]
    draft.remarks = [one for one in remarks if one.text]
    if not draft.text and not draft.remarks:
        raise NotADraft("The draft says nothing.")
    return draft


def read_quiz_draft(answer: str) -> QuizDraft:
    """Raises NotADraft."""
    draft = _validated(QuizDraft, answer)
    draft.text = clean(draft.text, LONGEST_QUIZ_TEXT)
    hints = [clean(one, LONGEST_HINT) for one in draft.study[:MOST_HINTS]]
    draft.study = [one for one in hints if one]
    if not draft.text:
        raise NotADraft("The draft says nothing.")
    return draft


def _validated[D: BaseModel](draft: type[D], answer: str) -> D:
    said = THOUGHT.sub("", answer)
    fenced = FENCED.match(said)
    try:
        return draft.model_validate(read_json(fenced[1] if fenced else said))
    except NotJson as error:
        raise NotADraft(f"No JSON: {error}"[:300]) from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(one) for one in first["loc"])
        raise NotADraft(f"Not the schema: {place}: {first['msg']}"[:300]) from None


def clean(text: str, longest: int) -> str:
    """Plain text without what cannot be seen or stored, and without links, cut to a length."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    seen = "".join(c for c in composed if c in KEPT_CONTROLS or is_seen(c))
    plain = BLANK_LINES.sub("\n\n", without_links(seen)).strip()
    return plain if len(plain) <= longest else f"{plain[: longest - 1].rstrip()}…"


def without_links(text: str) -> str:
    # A picture that is a link is a link within a link.
    for _ in range(2):
        text = MARKDOWN_LINK.sub(r"\1", text)
    return LINK.sub(NO_LINK, text)


def read_json(text: str) -> Any:
    """One JSON value. Raises NotJson: also for a key that stands twice, NaN, or a deep nesting."""
    try:
        value = json.loads(
            text,
            parse_constant=_refuse,
            parse_float=_finite,
            object_pairs_hook=_without_doubles,
        )
    except (ValueError, RecursionError) as error:
        raise NotJson(str(error)[:200]) from None
    level, depth = [value], 0
    while level := [one for one in level if isinstance(one, list | dict)]:
        depth += 1
        if depth > MAX_DEPTH:
            raise NotJson("This is nested too deep.")
        level = [x for y in level for x in (y.values() if isinstance(y, dict) else y)]
    return value


def _refuse(name: str) -> NoReturn:
    raise NotJson(f"{name} is not JSON.")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise NotJson("This number is too large.")
    return number


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotJson("A key stands twice in one object.")
    return found
