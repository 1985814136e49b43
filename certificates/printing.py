"""The certificate as a PDF, where the extra `certificates` is installed.

The template is a file of ours. Names and titles come to it as data and are set as plain text:
nothing in them is read as markup, and nothing is fetched from anywhere.
"""

import json
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from certificates.drawing import code_of, code_svg, edge_svg
from certificates.models import Certificate

SHEET = Path(__file__).parent / "sheet"
PAPERS = {"a4": "a4", "letter": "us-letter"}
# Tagged, so that it can be read aloud. A sign that no font has is an error, not an empty box.
STANDARD = "ua-1"


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
    address = said["address"] + certificate.get_absolute_url()
    return {
        **said,
        "paper": PAPERS[paper],
        "holder": certificate.shown_holder,
        "day": f"{day.day} {day:%B %Y}",
        "facts": facts_of(said),
        "place": said["address"].partition("://")[2],
        "check": address.partition("://")[2],
        "edge": edge_svg(said["lessons"]),
        "code": code_svg(code_of(address)),
    }


def facts_of(said: dict[str, Any]) -> list[str]:
    """The size of the course and what was passed, each in a word or two."""
    counts = [
        (said["lessons"], "lesson", "lessons"),
        (said["quizzes"], "quiz passed", "quizzes passed"),
        (said["assignments"], "assignment passed", "assignments passed"),
    ]
    return [f"{number} {one if number == 1 else many}" for number, one, many in counts if number]
