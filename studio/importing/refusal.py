"""What an import says about a source: refusals that stop it, warnings that do not."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

# No database and no page takes them: NUL, and halves of characters.
UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


def keepable(text: str) -> str:
    """The text with a sign in the place of what can be neither stored nor shown."""
    return UNKEEPABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def quoted(text: str, longest: int = 60) -> str:
    """What somebody wrote, to be shown in a sentence: all but ASCII is spelt out."""
    return text[:longest].encode("unicode_escape").decode()


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about one place in the source."""

    message: str
    path: str = ""
    line: int = 0
    code: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "message", keepable(self.message))
        object.__setattr__(self, "path", keepable(self.path))

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.message}" if place else self.message

    def to_json(self) -> dict[str, str | int]:
        return {"path": self.path, "line": self.line, "code": self.code, "message": self.message}


class ImportRefused(Exception):
    """The source cannot be imported; nothing was changed. One finding per reason."""

    def __init__(self, findings: Sequence[Finding] | str) -> None:
        self.findings = (Finding(findings),) if isinstance(findings, str) else tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


def refuse(message: str, path: str = "", line: int = 0) -> ImportRefused:
    return ImportRefused([Finding(message, path, line)])
