"""What a model drafted is a suggestion: its message, its figures and each of its remarks.

A person takes it by accepting it or by changing its words, and nothing else of it is sent.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from assessments.authorship import is_same
from assessments.errors import Undecided
from assessments.models import Analysis, Remark, Review, SubmissionAnalysis
from assessments.reviewing.review_words import FIGURES, Words, verdict_of


def is_text_open(analysis: Analysis) -> bool:
    """Whether the message is still the model's, and nobody has accepted it."""
    suggested = str((analysis.drafted or {}).get("text") or "")
    is_models = bool(suggested.strip()) and is_same(analysis.text, suggested)
    return is_models and not analysis.text_accepted


def open_figures(analysis: SubmissionAnalysis) -> list[str]:
    """The figures that are still the model's, and that nobody has accepted."""
    if analysis.figures_accepted:
        return []
    told = {name: getattr(analysis, name) for name in FIGURES}
    return [name for name in FIGURES if is_models_figure(analysis.drafted, name, told[name])]


def is_models_figure(drafted: Mapping[str, Any] | None, name: str, value: Any) -> bool:
    return value is not None and (drafted or {}).get(name) == value


def check_decided(
    analysis: SubmissionAnalysis, decision: Review.Decision, remarks: Iterable[Remark]
) -> None:
    """Refuse to send while something of a draft is undecided.

    Who returns the work without grade says so in a message: remarks are left out then.
    """
    matter = decision != Review.Decision.RETURNED
    count = sum(one.is_undecided for one in remarks) if matter else 0
    is_open, figures = is_text_open(analysis), bool(open_figures(analysis))
    if is_open or figures or count:
        raise Undecided(text=is_open, figures=figures, remarks=count)


def without_undecided(
    words: Words, analysis: SubmissionAnalysis | None, rows: Sequence[Remark]
) -> Words:
    """The same words, with what is undecided of a draft's remarks and figures discarded."""
    known: dict[UUID | None, Remark] = {row.pk: row for row in rows if row.drafted}
    remarks = [
        replace(one, verdict=Remark.Verdict.DISCARDED)
        if one.pk in known and verdict_of(known[one.pk], one) == Remark.Verdict.UNDECIDED
        else one
        for one in words.remarks
    ]
    drafted = analysis.drafted if analysis and not words.accepts_figures else None
    told = {name: getattr(words, name) for name in FIGURES}
    gone: dict[str, Any] = {
        name: None for name, value in told.items() if is_models_figure(drafted, name, value)
    }
    return replace(words, remarks=remarks, **gone)
