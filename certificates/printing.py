"""The certificate as a PDF, where the extra `certificates` is installed.

The template is a file of ours. Names and titles come to it as data and are set as plain text:
nothing in them is read as markup, and nothing is fetched from anywhere.
"""

import json
import re
from functools import lru_cache
from importlib.util import find_spec
from math import ceil
from pathlib import Path
from threading import Lock
from typing import Any

from django.utils.translation import ngettext

from certificates.drawing import code_of, code_svg, edge_svg
from certificates.models import Certificate

SHEET = Path(__file__).parent / "sheet"
PAPERS = {"a4": "a4", "letter": "us-letter"}
# Tagged, so that it can be read aloud. A sign that no font has is an error, not an empty box.
STANDARD = "ua-1"
# So much of a word fits on a line even in wide letters.
LONG_WORD = re.compile(r"\S{24}")
# The compiler is one for the whole process and serves one thread at a time.
TURN = Lock()


def can_print() -> bool:
    """Whether PDFs can be made here."""
    return find_spec("typst") is not None


@lru_cache(maxsize=1)
def compiler() -> Any:
    """The compiler with its fonts: looking for those takes longer than all the rest."""
    import typst  # noqa: PLC0415 (an extra)

    return typst.Compiler(SHEET / "certificate.typ", root=SHEET, font_paths=[SHEET])


def pdf_of(certificate: Certificate, paper: str = "a4") -> bytes | None:
    """Make the PDF; None if a sign of the name is in no font that this machine has."""
    import typst  # noqa: PLC0415 (an extra)

    data = json.dumps(data_of(certificate, paper))
    try:
        with TURN:
            made = compiler().compile(
                format="pdf",
                sys_inputs={"data": data},
                pdf_standards=STANDARD,
                timestamp=int(certificate.issued_at.timestamp()),
            )
    except typst.TypstError:
        return None
    return bytes(made)


def data_of(certificate: Certificate, paper: str) -> dict[str, Any]:
    """What the template is given: texts, numbers, two drawings."""
    said, day = certificate.snapshot, certificate.completed_on
    address = certificate.printed_address
    return {
        **said,
        "paper": PAPERS[paper],
        "holder": breakable(certificate.shown_holder),
        "title": breakable(said["title"]),
        "day": f"{day.day} {day:%B %Y}",
        "facts": facts_of(said),
        "place": said["address"].partition("://")[2],
        "check": address.partition("://")[2],
        "edge": edge_svg(said["lessons"]),
        "code": code_svg(code_of(address)),
    }


def breakable(text: str) -> str:
    """Let a word that is longer than a line be broken: the template breaks between words only."""
    return LONG_WORD.sub("\\g<0>\u200b", text)


def facts_of(said: dict[str, Any]) -> list[str]:
    """The size of the course and what was passed, each in a word or two."""
    return [*size_of(said), *passed_of(said)]


def size_of(said: dict[str, Any]) -> list[str]:
    """Lessons, and hours to the half."""
    hours, lessons = round(said["minutes"] / 30) / 2, said["lessons"]
    found = [ngettext("%(number)s lesson", "%(number)s lessons", lessons) % {"number": lessons}]
    about = ngettext("about %(hours)s hour", "about %(hours)s hours", ceil(hours))
    return found[: bool(lessons)] + [about % {"hours": f"{hours:g}"}][: bool(hours)]


def passed_of(said: dict[str, Any]) -> list[str]:
    """What was assessed."""
    quizzes, tasks = said["quizzes"], said["assignments"]
    found = [
        (quizzes, ngettext("%(number)s quiz passed", "%(number)s quizzes passed", quizzes)),
        (tasks, ngettext("%(number)s assignment passed", "%(number)s assignments passed", tasks)),
    ]
    return [words % {"number": number} for number, words in found if number]
