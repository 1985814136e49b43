"""From what a model said to the rows of an analysis, each text looked at by the guard."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from assessments.differences import lines_of
from assessments.model_drafts.draft_schema import (
    CodeDraft,
    QuizDraft,
    read_code_draft,
    read_quiz_draft,
)
from assessments.model_drafts.guarding import guard_for, guard_for_attempt
from assessments.models import Attempt, AttemptAnalysis, Remark, Submission, SubmissionAnalysis

Section = Remark.Section
SECTIONS = {
    "strength": Section.STRENGTH,
    "weakness": Section.WEAKNESS,
    "suggestion": Section.SUGGESTION,
}
FIGURES = ("overall", "readability", "efficiency", "best_practices")


@dataclass(frozen=True, slots=True)
class Words:
    """A draft ready to be kept: fields of an analysis, and its remarks."""

    fields: dict[str, Any]
    remarks: Sequence[Remark] = ()

    @property
    def are_held(self) -> bool:
        return bool(self.fields["drafted"]["held"]) or any(one.held for one in self.remarks)


def read(subject: Submission | Attempt, answer: str) -> Words:
    """Raises NotADraft."""
    if isinstance(subject, Attempt):
        return words_for_attempt(subject, read_quiz_draft(answer))
    return words_for_code(subject, read_code_draft(answer, len(lines_of(subject))))


def words_for_code(submission: Submission, draft: CodeDraft) -> Words:
    guard = guard_for(submission)
    remarks = [
        Remark(
            section=SECTIONS[one.section],
            text=one.text,
            drafted=one.text,
            line=one.line,
            position=place,
            held=guard.find(one.text),
        )
        for place, one in enumerate(draft.remarks, 1)
    ]
    figures = {name: getattr(draft, name) for name in FIGURES}
    held = guard.find(draft.text)
    if not held and not any(one.held for one in remarks):
        # What is told in pieces is told as well.
        held = guard.find("\n".join([draft.text, *(one.text for one in draft.remarks)]))
    drafted = {
        **figures,
        "text": draft.text,
        "decision": draft.decision,
        "held": [held] if held else [],
    }
    return Words({**figures, **fields_of(draft.text, drafted)}, remarks)


def words_for_attempt(attempt: Attempt, draft: QuizDraft) -> Words:
    """The hints stand below the text, a line each: whoever corrects a draft has one text."""
    text = "\n".join([draft.text, *(f"- {hint}" for hint in draft.study)])
    held = guard_for_attempt(attempt).find(text)
    drafted = {"text": text, "study": draft.study, "held": [held] if held else []}
    return Words(fields_of(text, drafted))


def fields_of(text: str, drafted: dict[str, Any]) -> dict[str, Any]:
    """Fields that both kinds of analysis have."""
    kind = SubmissionAnalysis.Kind.AI
    return {"kind": kind, "text": text, "engine": settings.AI_MODEL, "drafted": drafted}


def keep(subject: Submission | Attempt, words: Words, published_at: Any) -> bool:
    """Write the analysis, unless there is one of a person; whether it was written."""
    empty_desks(subject).delete()
    fields = {**words.fields, "published_at": published_at}
    if isinstance(subject, Attempt):
        return AttemptAnalysis.objects.get_or_create(attempt=subject, defaults=fields)[1]
    rows = SubmissionAnalysis.objects.feedback()
    analysis, is_new = rows.get_or_create(submission=subject, defaults=fields)
    if is_new:
        for remark in words.remarks:
            remark.analysis = analysis
        Remark.objects.bulk_create(words.remarks)
    return is_new


def has_feedback(subject: Submission | Attempt) -> bool:
    """Whether a person, or an earlier draft, has said something already."""
    rows: QuerySet[Any] = (
        AttemptAnalysis.objects.filter(attempt=subject)
        if isinstance(subject, Attempt)
        else SubmissionAnalysis.objects.feedback().filter(submission=subject)
    )
    return rows.exclude(pk__in=empty_desks(subject).values("pk")).exists()


def empty_desks(subject: Submission | Attempt) -> QuerySet[Any]:
    """What a desk has saved on which nobody wrote anything."""
    empty = {"kind": SubmissionAnalysis.Kind.MANUAL, "text__regex": r"^\s*$", "overall": None}
    if isinstance(subject, Attempt):
        return AttemptAnalysis.objects.filter(attempt=subject, **empty)
    figures = dict.fromkeys(FIGURES)
    return SubmissionAnalysis.objects.filter(
        submission=subject, remarks=None, **{**figures, **empty}
    )
