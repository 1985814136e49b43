"""What the desk of one review shows: the code, what is known of it, and what is said about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, cast
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.forms import BoundField
from django.forms.boundfield import BoundWidget
from django.utils.translation import gettext, ngettext

from accounts.models import User
from assessments.alike import count_alike
from assessments.authorship import is_same
from assessments.differences import lines_of
from assessments.models import (
    HelpRequest,
    ModelRun,
    Remark,
    Reply,
    Review,
    Snippet,
    Submission,
    SubmissionAnalysis,
)
from assessments.printed import legible
from assessments.reviewing.review_words import MOST_REMARKS
from assessments.showing import ShownResult, shown_results
from studio.pages.desk_attempts import attempts_like, open_questions
from studio.pages.desk_remarks import CodeLine, DeskRemark, is_accepting, key_of
from studio.pages.hands import Hands, Message
from studio.pages.seat import Seat
from studio.pages.snippets import snippets_in_order
from studio.pages.threads import Thread, threads_of
from studio.review_words import FIGURES, Typed, standing

MOST_SNIPPETS = 100


@dataclass(frozen=True)
class Desk(Seat):
    """One review of code."""

    analyses: Sequence[SubmissionAnalysis]
    typed: Typed
    results: Sequence[ShownResult]
    attempts: Sequence[Submission]
    snippets: Sequence[Snippet]
    alike: int

    @property
    def submission(self) -> Submission:
        assert self.review.submission is not None  # noqa: S101 - `desk_of` is given no attempts
        return self.review.submission

    @property
    def analysis(self) -> SubmissionAnalysis | None:
        """What a model or a person says of it."""
        return feedback_in(self.analyses)

    @property
    def rules(self) -> SubmissionAnalysis | None:
        return next((one for one in self.analyses if one.is_by_rules), None)

    @property
    def drafted(self) -> Mapping[str, Any]:
        return (self.analysis.drafted if self.analysis else None) or {}

    @property
    def why_no_draft(self) -> str:
        """What became of the draft that did not come, in words."""
        run: ModelRun | None = getattr(self.submission, "model_run", None)
        no_draft = self.review.reason == Review.Reason.NO_DRAFT
        if not (run and no_draft):
            return ""
        return gettext("it is asked for again") if run.is_open else run.get_outcome_display()

    @property
    def suggestion(self) -> str:
        """What the model would decide, in words."""
        words = {"accept": gettext("Accept"), "changes": gettext("Ask for changes")}
        return words.get(str(self.drafted.get("decision")), "")

    @property
    def said_message(self) -> Message:
        """The message as it is saved."""
        text = self.analysis.text if self.analysis else ""
        return Message(text, str(self.drafted.get("text") or ""))

    @property
    def message(self) -> Message:
        """The message as it stands in its field."""
        return replace(self.said_message, text=str(self.typed.form["text"].value() or ""))

    @property
    def models_fields(self) -> list[str]:
        """The fields of the form in which still stands what the model said, unsent."""
        if self.review.decision:
            return []
        drafted, form = self.drafted, self.typed.form
        said = {name: drafted.get(name) for name in ("text", *FIGURES)}
        return [
            name
            for name, value in said.items()
            if value not in (None, "") and is_same(str(form[name].value()), str(value))
        ]

    @property
    def text_choices(self) -> list[BoundWidget]:
        """What may become of the draft's message. What was held back is not accepted as it is."""
        if not self.drafted.get("text"):
            return []
        is_held = bool(self.drafted.get("held"))
        return [
            one for one in self.typed.form["text_verdict"] if not (is_held and is_accepting(one))
        ]

    @property
    def drafted_figures(self) -> dict[str, int]:
        """The figures that a model gave."""
        given = {name: self.drafted.get(name) for name in FIGURES}
        return {name: value for name, value in given.items() if value is not None}

    @property
    def undecided(self) -> list[str]:
        """The parts of the draft that nobody has decided about and that stop sending, in words."""
        form, models = self.typed.form, self.models_fields
        is_returned = form["decision"].value() == Review.Decision.RETURNED
        count = 0 if is_returned else sum(one.is_undecided for one in self.said)
        is_taken = {
            name: form[f"{name}_verdict"].value() == Remark.Verdict.ACCEPTED
            for name in ("text", "figures")
        }
        parts = {
            gettext("the message"): "text" in models and not is_taken["text"],
            gettext("the figures"): not is_taken["figures"] and {*FIGURES} & {*models},
            ngettext("%(count)s remark", "%(count)s remarks", count) % {"count": count}: count,
        }
        return [part for part, is_open in parts.items() if is_open]

    @property
    def first_undecided(self) -> int:
        """The number of the first of them; 0: there is none."""
        found = (one.number for one in self.said if one.is_undecided)
        return next(found, 0)

    @property
    def figures(self) -> list[BoundField]:
        return [self.typed.form[name] for name in FIGURES]

    @property
    def suggested_figures(self) -> list[tuple[BoundField, int | None]]:
        """Each field with the figure that a model gave."""
        return [(one, self.drafted.get(one.name)) for one in self.figures]

    @property
    def shows_figures(self) -> bool:
        """What a model filled in is not sent unseen, and what is wrong is not hidden."""
        return any(one.errors or one.name in self.models_fields for one in self.figures)

    @property
    def question(self) -> HelpRequest | None:
        return getattr(self.submission, "help_request", None)

    @property
    def open_elsewhere(self) -> list[Submission]:
        """Other attempts about which the same learner has asked, and nobody has answered."""
        return open_questions(self.attempts, self.submission)

    @property
    def answers_older(self) -> bool:
        """Whether a message here answers what was asked about an earlier attempt as well."""
        number = self.submission.number or 0
        return any((one.number or 0) < number for one in self.open_elsewhere)

    @cached_property
    def remarks(self) -> list[DeskRemark]:
        """Those that are there, then the one to be filled in."""
        known, found = rows_in(self.analyses), list[DeskRemark]()
        for place, form in enumerate(self.typed.remarks):
            row = known.get(key_of(form))
            by = self.hands.by(row) if row and not row.drafted else ""
            found.append(DeskRemark(place, form, row, by))
        return found

    @cached_property
    def hands(self) -> Hands:
        rows = list(rows_in(self.analyses).values())
        return Hands(self.review, self.looker, self.analysis, rows)

    @property
    def said(self) -> list[DeskRemark]:
        """Those that are saved."""
        return [one for one in self.remarks if one.row]

    @property
    def fresh(self) -> DeskRemark | None:
        """The one to be filled in, unless what was filled in is told to be wrong."""
        last = self.remarks[-1] if self.remarks else None
        is_fresh = last is not None and last.row is None and not last.form.errors
        return last if is_fresh and self.has_room else None

    @property
    def listed(self) -> list[DeskRemark]:
        """All but that one. What was typed and is not saved is among them."""
        return self.remarks[:-1] if self.fresh else self.with_words

    @property
    def with_words(self) -> list[DeskRemark]:
        return [one for one in self.remarks if one.row or one.form["text"].value()]

    @property
    def offered(self) -> Sequence[Snippet]:
        """As many snippets as a list can hold; the looker's own first."""
        return self.snippets[:MOST_SNIPPETS]

    @property
    def has_room(self) -> bool:
        return len(self.said) < MOST_REMARKS

    @property
    def lines(self) -> list[CodeLine]:
        at: dict[int, list[DeskRemark]] = {}
        for one in self.said:
            if one.row and one.row.line:
                at.setdefault(one.row.line, []).append(one)
        texts = enumerate(lines_of(self.submission), 1)
        return [CodeLine(number, legible(text), at.get(number, [])) for number, text in texts]

    @property
    def threads(self) -> list[Thread]:
        return [one for analysis in self.analyses for one in threads_of(analysis, self.submission)]

    @property
    def passing(self) -> int:
        return sum(one.passed for one in self.results)

    @property
    def failing(self) -> int:
        return len(self.results) - self.passing

    @property
    def version(self) -> Any:
        """What the next saving is written upon."""
        return self.typed.form["version"].value()

    @property
    def with_unsent_words(self) -> list[Submission]:
        """Earlier attempts about which somebody wrote what was not sent, the latest first."""
        number, rows = self.submission.number or 0, cast("Sequence[Any]", self.attempts)
        return [one for one in rows if one.has_unsent_words and one.number < number]

    @property
    def newest(self) -> Submission | None:
        """A newer one of the same learner, unless it broke: `sending` asks the same."""
        number = self.submission.number or 0
        later = (one for one in self.attempts if one.stands and (one.number or 0) > number)
        return next(later, None)


def desk_of(looker: User, review: Review, typed: Typed | None = None) -> Desk:
    """Seven queries, however much was said. `typed` is what was sent, with what is wrong in it."""
    submission = review.submission
    assert submission is not None  # noqa: S101 - attempts have a desk of their own
    analyses = list(analyses_of(submission))
    analysis = feedback_in(analyses)
    rows = list(analysis.remarks.all()) if analysis else []
    return Desk(
        review=review,
        looker=looker,
        analyses=analyses,
        typed=typed or standing(review, analysis, rows, line_count(submission)),
        results=shown_results(submission, staff=True),
        attempts=attempts_like(submission),
        snippets=list(snippets_in_order(looker)[: MOST_SNIPPETS + 1]),
        alike=count_alike(submission),
    )


def analyses_of(submission: Submission) -> QuerySet[SubmissionAnalysis]:
    """Three queries."""
    replies = Reply.objects.select_related("author").order_by("created_at", "pk")
    return submission.analyses.defer("form_places").prefetch_related(
        "remarks", Prefetch("replies", replies)
    )


def feedback_in(analyses: Sequence[SubmissionAnalysis]) -> SubmissionAnalysis | None:
    return next((one for one in analyses if not one.is_by_rules), None)


def rows_in(analyses: Sequence[SubmissionAnalysis]) -> dict[UUID, Remark]:
    analysis = feedback_in(analyses)
    return {row.pk: row for row in analysis.remarks.all()} if analysis else {}


def line_count(submission: Submission) -> int:
    return len(lines_of(submission))
