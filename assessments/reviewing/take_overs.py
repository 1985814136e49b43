"""One reviewer goes on with what another began: whose words stand, and what stood before."""

from collections.abc import Sequence
from typing import Any

from assessments.authorship import is_same
from assessments.clock import read_clock
from assessments.models import Analysis, Remark, Review

FIGURES = ("overall", "readability", "efficiency", "best_practices")
# More than anybody hands around; the oldest goes first.
MOST = 20


def put_by(review: Review, analysis: Analysis, remarks: Sequence[Remark] = ()) -> None:
    """Before somebody changes a review that is locked: keep what another wrote, if it stands.

    From then on the words are those of whoever has claimed it.
    """
    if review.writer_id not in (None, review.reviewer_id):
        before = review.earlier or []
        words = without_known(words_in(review, analysis, remarks), before)
        if words:
            by, at = str(review.writer_id), read_clock().isoformat()
            review.earlier = [*before, {"by": by, "at": at, **words}][-MOST:]
    review.writer = review.reviewer


def words_in(
    review: Review, analysis: Analysis | None, remarks: Sequence[Remark] = ()
) -> dict[str, Any]:
    """What a person has written of what stands. What a model said as it said it is not among it."""
    drafted = (analysis.drafted if analysis else None) or {}
    text = analysis.text if analysis else ""
    told = {name: getattr(analysis, name, None) for name in FIGURES}
    words = {
        "text": "" if is_same(text, drafted.get("text")) else text.strip(),
        "note": review.note.strip(),
        "figures": {
            name: value
            for name, value in told.items()
            if value is not None and drafted.get(name) != value
        },
        "remarks": [remark_in(one) for one in remarks if is_persons(one)],
    }
    return {name: value for name, value in words.items() if value}


def is_persons(remark: Remark) -> bool:
    return not remark.drafted or remark.verdict == Remark.Verdict.EDITED


def remark_in(remark: Remark) -> dict[str, Any]:
    return {
        "key": str(remark.pk), "section": remark.section, "line": remark.line, "text": remark.text,
    }  # fmt: skip


def without_known(words: dict[str, Any], before: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The same without what was put by already: it is of whoever wrote it first."""
    known = {(one["key"], one["text"]) for them in before for one in them.get("remarks", [])}
    fresh = {
        name: value
        for name, value in words.items()
        if name == "remarks" or all(them.get(name) != value for them in before)
    }
    remarks = [one for one in words.get("remarks", []) if (one["key"], one["text"]) not in known]
    return {name: value for name, value in {**fresh, "remarks": remarks}.items() if value}


def writer_of(review: Review, remark: Remark) -> str:
    """The key of whoever wrote a remark as it stands; "": of before this was noted."""
    said = str(remark.pk), remark.text
    for them in review.earlier or []:
        if said in {(one["key"], one["text"]) for one in them.get("remarks", [])}:
            return str(them["by"])
    return str(review.writer_id or "")
