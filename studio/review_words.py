"""What stands at the desk as forms: from the rows, or as it was typed and sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext

from assessments.authorship import is_same
from assessments.models import Remark, Review, SubmissionAnalysis
from assessments.reviewing.review_words import MOST_REMARKS, RemarkWords, Words
from assessments.reviewing.suggestions import is_models_figure
from studio.review_forms import RemarkForm, WordsForm

FIGURES = ("overall", "readability", "efficiency", "best_practices")
Verdict = Remark.Verdict


@dataclass(slots=True)
class Typed:
    """The forms of one desk; the last remark is one to be filled in.

    `problems` are told above the forms, beside what is wrong with a field.
    """

    form: WordsForm
    remarks: list[RemarkForm]
    problems: list[str] = field(default_factory=list)

    def is_valid(self) -> bool:
        """Ask every form, so that everything wrong is told at once."""
        found = [one.is_valid() for one in (self.form, *self.remarks)]
        return all(found)

    @property
    def has_problems(self) -> bool:
        return bool(self.problems) or any(one.errors for one in (self.form, *self.remarks))

    def require(self, rows: Mapping[UUID, Remark]) -> None:
        """An edited remark of a draft has words; to leave it out is to discard it."""
        for one in self.remarks:
            if one.is_blank and is_edited(one, rows):
                one.add_error("text", gettext("Write the words, or discard the remark."))

    def make_room(self, lines: int) -> None:
        """One to be filled in below what is wrong: that may be the last one."""
        count = len(self.remarks)
        if count <= MOST_REMARKS and (not count or self.remarks[-1].errors):
            self.remarks.append(RemarkForm(prefix=f"r{count}", lines=lines))

    def words(self, rows: Mapping[UUID, Remark], drafted: Mapping[str, Any]) -> Words:
        """What these forms say. An own remark without words is taken out."""
        given = self.form.cleaned_data
        return Words(
            text=message_in(given, drafted),
            note=given["note"],
            remarks=[one for _, one in self.kept(rows)],
            accepts_text=given["text_verdict"] == Verdict.ACCEPTED,
            accepts_figures=given["figures_verdict"] == Verdict.ACCEPTED,
            decision=given["decision"],
            **figures_in(given, drafted),
        )

    def kept(self, rows: Mapping[UUID, Remark]) -> list[tuple[RemarkForm, RemarkWords]]:
        """Each remark that has words, beside its form: a field left empty may still say some."""
        pairs = [(one, said(one.cleaned_data, rows)) for one in self.remarks]
        return [(form, words) for form, words in pairs if words.text.strip()]


def message_in(given: dict[str, Any], drafted: Mapping[str, Any]) -> str:
    """The message. Words that were changed are kept, whatever was pressed."""
    text, suggested = str(given["text"]), str(drafted.get("text") or "")
    if given["text_verdict"] == Verdict.DISCARDED:
        return "" if is_same(text, suggested) else text
    is_accepted = given["text_verdict"] == Verdict.ACCEPTED and not text.strip()
    return suggested if is_accepted or is_same(text, suggested) else text


def figures_in(given: dict[str, Any], drafted: Mapping[str, Any]) -> dict[str, int | None]:
    """The figures. Discarding leaves out what the model said, accepting nothing else than it."""
    told = {name: given[name] for name in FIGURES}
    if given["figures_verdict"] == Verdict.DISCARDED:
        return {
            name: None if is_models_figure(drafted, name, value) else value
            for name, value in told.items()
        }
    is_accepted = given["figures_verdict"] == Verdict.ACCEPTED
    if is_accepted and not any(value is not None for value in told.values()):
        return {name: drafted.get(name) for name in FIGURES}
    return told


def is_edited(form: RemarkForm, rows: Mapping[UUID, Remark]) -> bool:
    given = form.cleaned_data
    row = rows.get(given.get("pk"))  # type: ignore[arg-type]
    return bool(row and row.drafted and given.get("verdict") == Verdict.EDITED)


def said(given: dict[str, Any], rows: Mapping[UUID, Remark]) -> RemarkWords:
    """One remark. Accepting says the model's words again, whatever stands in the hidden field."""
    row, verdict = rows.get(given["pk"]), given["verdict"] or Verdict.UNDECIDED
    text = given["text"]
    is_drafted = row is not None and bool(row.drafted)
    if row is not None and row.drafted:
        same = text == row.drafted.strip()
        if verdict != Verdict.EDITED or same:
            text = row.drafted
    return RemarkWords(
        pk=given["pk"],
        section=given["section"] or Remark.Section.SUGGESTION,
        text=text,
        line=given["line"],
        verdict=verdict if is_drafted else Verdict.UNDECIDED,
        for_alike=given["for_alike"],
    )


def standing(
    review: Review, analysis: SubmissionAnalysis | None, rows: Sequence[Remark], lines: int
) -> Typed:
    """What is saved."""
    texts = {name: getattr(analysis, name, None) for name in ("text", *FIGURES)}
    verdicts = {
        "text_verdict": verdict_of_text(analysis), "figures_verdict": verdict_of_figures(analysis),
    }  # fmt: skip
    kept = {"note": review.note, "decision": review.chosen, "version": review.version}
    values = {**texts, **verdicts, **kept}
    form = WordsForm(initial=values)
    forms = [
        RemarkForm(initial=values_of(row), prefix=f"r{place}", lines=lines)
        for place, row in enumerate(rows)
    ]
    fresh = RemarkForm(prefix=f"r{len(rows)}", lines=lines)
    return Typed(form, [*forms, fresh])


def verdict_of_text(analysis: SubmissionAnalysis | None) -> str:
    """What was made of a draft's message; of changed words nothing is to be said."""
    if analysis is None or not (analysis.drafted or {}).get("text"):
        return ""
    if analysis.text_accepted:
        return Verdict.ACCEPTED
    return "" if analysis.text.strip() else Verdict.DISCARDED


def verdict_of_figures(analysis: SubmissionAnalysis | None) -> str:
    """What was made of a draft's figures."""
    drafted = (analysis.drafted if analysis else None) or {}
    if analysis is None or all(drafted.get(name) is None for name in FIGURES):
        return ""
    if analysis.figures_accepted:
        return Verdict.ACCEPTED
    is_empty = all(getattr(analysis, name) is None for name in FIGURES)
    return Verdict.DISCARDED if is_empty else ""


def values_of(row: Remark) -> dict[str, Any]:
    names = ("pk", "section", "line", "text", "verdict", "for_alike")
    return {name: getattr(row, name) for name in names}


def sent(posted: Mapping[str, str], lines: int) -> Typed:
    """What was typed. A form that says of more remarks than there may be is cut."""
    forms = [
        RemarkForm(posted, prefix=f"r{place}", lines=lines) for place in range(count_in(posted))
    ]
    return Typed(WordsForm(posted), forms)


def count_in(posted: Mapping[str, str]) -> int:
    return min(number_in(posted.get("rows", "")) or 0, MOST_REMARKS + 1)


def number_in(said: str) -> int | None:
    """A number of a form, if it is one that could be meant."""
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 4 else None


def without(posted: QueryDict, place: str) -> QueryDict:
    """The same but for the remark at a place: those after it move up, with all that is theirs."""
    gone, count = number_in(place), count_in(posted)
    if gone is None or gone >= count:
        return posted
    values = posted.copy()
    for at in range(gone, count):
        for name in RemarkForm.base_fields:
            values.setlist(f"r{at}-{name}", posted.getlist(f"r{at + 1}-{name}"))
            if at + 1 == count or f"r{at + 1}-{name}" not in posted:
                del values[f"r{at}-{name}"]
    values["rows"] = str(count - 1)
    return values
