"""What is special about descriptions of JetBrains Academy: hints, shortcuts, links into the IDE."""

import re
from urllib.parse import quote

from studio.importing.prose import in_prose

DIV = re.compile(r"<div(?=[\s>])(?P<attributes>[^<>]{0,300})>|</div\s{0,9}>", re.IGNORECASE)
HINT = re.compile(r"\bclass\s*=\s*[\"']?[^\"'>]*\bhint\b", re.IGNORECASE)
SHORTCUT = re.compile(r"&(?:amp;)?shortcut:(\w{1,60});")
HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
COURSE = re.compile(r"\bcourse://([^\"'<>\n()]*(?:\([^\"'<>\n()]*\)[^\"'<>\n()]*)*)")
IDE = re.compile(
    r"\[([^\[\]]*)\]\((?:psi_element|tool_window|settings|file|action|featureId)://"
    r"[^()\n]*+(?:\([^()\n]*+\)[^()\n]*+)*+\)"
)
PRODUCT = "%IDE_NAME%"
OPENED, CLOSED = "\n\n<details><summary>Hint</summary>\n\n", "\n\n</details>\n\n"


def description_of(text: str) -> str:
    """The Markdown of a description in our dialect."""
    return _Hints().unfolded(text).strip("\n")


class _Hints:
    """Divs of the class hint become details. A div inside a hint stays a div."""

    def __init__(self) -> None:
        self.open: list[bool] = []

    def unfolded(self, text: str) -> str:
        text = in_prose(text, self._prose)
        # What was left open is closed, so that the page does not end inside a hint.
        return text + CLOSED * sum(self.open)

    def _prose(self, text: str) -> str:
        text = DIV.sub(self._div, text)
        text = IDE.sub(r"\1", text)
        text = COURSE.sub(lambda hit: quote(hit[1].strip()), text)
        text = SHORTCUT.sub(lambda hit: f"“{HUMP.sub(' ', hit[1])}”", text)
        return text.replace(PRODUCT, "the IDE")

    def _div(self, hit: re.Match[str]) -> str:
        if hit["attributes"] is not None:
            self.open.append(bool(HINT.search(hit["attributes"])))
            return OPENED if self.open[-1] else hit[0]
        was_hint = self.open.pop() if self.open else False
        return CLOSED if was_hint else hit[0]


def without_answers(text: str, placeholders: list[tuple[int, int, str]]) -> str:
    """The text as learners get it: what they are to write replaced by what stands for it.

    `placeholders` are offsets and lengths, counted in units of UTF-16, and the words to show.
    """
    units, done, at = text.encode("utf-16-le"), list[bytes](), 0
    for offset, length, shown in sorted(placeholders):
        start, end = 2 * offset, 2 * (offset + length)
        if start < at or end > len(units):
            continue
        done += [units[at:start], shown.encode("utf-16-le", "replace")]
        at = end
    return b"".join([*done, units[at:]]).decode("utf-16-le", "replace")
