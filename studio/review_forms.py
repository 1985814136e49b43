"""What reviewers choose and write: the filter of the queue, the words at the desk."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.forms import TypedField
from assessments.models import Assignment, Remark, Review
from courses.models import Course

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

FOR_HELP = Q(submission__help_request__isnull=False) | Q(attempt__help_request__isnull=False)
AGES = [
    ("24", gettext_lazy("A day or more")),
    ("48", gettext_lazy("Two days or more")),
    ("168", gettext_lazy("A week or more")),
]
Reason, Verdict = Review.Reason, Remark.Verdict
NO_DECISION = gettext_lazy("Choose what you decide.")
NOT_WHOLE = gettext_lazy("It is not said what this answers. Answer again at the desk.")
DECISIONS = [
    (Review.Decision.ACCEPTED, gettext_lazy("Accept")),
    (Review.Decision.CHANGES, gettext_lazy("Ask for changes")),
    (Review.Decision.RETURNED, gettext_lazy("Return without grade")),
]
VERDICTS = [
    (Verdict.ACCEPTED, gettext_lazy("Accept")),
    (Verdict.EDITED, gettext_lazy("Edit")),
    (Verdict.DISCARDED, gettext_lazy("Discard")),
]

OF_SUGGESTIONS = [
    (Verdict.ACCEPTED, gettext_lazy("Accept")),
    (Verdict.DISCARDED, gettext_lazy("Discard")),
]


class QueueFilter(forms.Form):
    """What of the queue is shown. What cannot be read counts as not chosen."""

    course = forms.ModelChoiceField(
        Course.objects.exclude(status=Course.Status.DRAFT)
        .order_by("title")
        .only("title", "slug", "deleted_at"),
        required=False,
        empty_label=gettext_lazy("All courses"),
    )
    language = forms.ChoiceField(
        choices=[("", gettext_lazy("All languages")), *Assignment.Language.choices], required=False
    )
    reason = forms.ChoiceField(
        choices=[("", gettext_lazy("Any reason")), *Reason.choices], required=False
    )
    age = forms.ChoiceField(
        label=gettext_lazy("Waiting for"),
        choices=[("", gettext_lazy("Any time")), *AGES],
        required=False,
    )
    help = forms.BooleanField(label=gettext_lazy("Asks for help"), required=False)
    again = forms.BooleanField(label=gettext_lazy("Handed in again"), required=False)
    show = forms.ChoiceField(
        choices=[("", gettext_lazy("Waiting")), ("sent", gettext_lazy("Sent"))], required=False
    )

    def __init__(self, asked: Mapping[str, str]) -> None:
        super().__init__({name: asked.get(name, "") for name in self.base_fields})
        field: Any = self.fields["course"]
        field.choices = self.course_choices
        self.is_valid()
        found = self.cleaned_data
        course = found.get("course")
        self.chosen: dict[str, str] = {
            "course": str(course.pk) if course else "",
            "help": "on" if found.get("help") else "",
            "again": "on" if found.get("again") else "",
            **{name: found.get(name, "") for name in ("language", "reason", "age", "show")},
        }

    @cached_property
    def courses(self) -> list[Course]:
        """Those there are to choose from. One query, where they are shown."""
        field: Any = self.fields["course"]
        return list(field.queryset)

    def course_choices(self) -> list[tuple[str, Any]]:
        field: Any = self.fields["course"]
        return [("", field.empty_label), *((str(one.pk), one.title) for one in self.courses)]


def words(label: "str | _StrPromise", rows: int, **options: Any) -> TypedField:
    """A longer text, which may be left out."""
    area = forms.Textarea(attrs={"rows": rows, "autocomplete": "off"})
    return TypedField(label=label, required=False, widget=area, **options)


def figure(label: "str | _StrPromise", most: int) -> forms.IntegerField:
    """A figure that may be left out."""
    told = format_lazy(gettext_lazy("Enter a number from 0 to {most}, or nothing."), most=most)
    return forms.IntegerField(
        label=format_lazy(gettext_lazy("{label}, of {most}"), label=label, most=most),
        min_value=0,
        max_value=most,
        required=False,
        error_messages={"invalid": told, "min_value": told, "max_value": told},
    )


def suggestion(label: "str | _StrPromise") -> forms.ChoiceField:
    """What becomes of what a model suggests."""
    return forms.ChoiceField(
        label=label, choices=OF_SUGGESTIONS, required=False, widget=forms.RadioSelect
    )


class DecisionSelect(forms.RadioSelect):
    """Radios of which some are chosen by a key."""

    keys = {Review.Decision.ACCEPTED: "a", Review.Decision.CHANGES: "c"}

    def create_option(self, name: str, value: Any, *args: Any, **options: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **options)
        if value in self.keys:
            option["attrs"]["data-key"] = self.keys[value]
        return option


class WordsForm(forms.Form):
    """All at the desk but the remarks. A decision is asked for when it is sent."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    text = words(gettext_lazy("Message to the learner"), 5)
    text_verdict = suggestion(gettext_lazy("The draft's message"))
    figures_verdict = suggestion(gettext_lazy("The draft's figures"))
    note = words(gettext_lazy("Private note"), 2, help_text=gettext_lazy("For reviewers only."))
    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=DECISIONS,
        required=False,
        error_messages={"invalid_choice": NO_DECISION},
        widget=DecisionSelect,
    )
    overall = figure(gettext_lazy("Overall"), 100)
    readability = figure(gettext_lazy("Readability"), 10)
    efficiency = figure(gettext_lazy("Efficiency"), 10)
    best_practices = figure(gettext_lazy("Good practice"), 10)


class RemarkForm(forms.Form):
    """One remark. Of a model's words `verdict` says what becomes of them."""

    pk = forms.UUIDField(required=False, widget=forms.HiddenInput)
    section = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=Remark.Section.choices,
        initial=Remark.Section.SUGGESTION,
        required=False,
    )
    line = forms.IntegerField(
        label=gettext_lazy("Line"),
        min_value=1,
        required=False,
        error_messages=dict.fromkeys(
            ("invalid", "min_value"), gettext_lazy("Enter the number of a line.")
        ),
    )
    text = words(gettext_lazy("Words"), 3)
    verdict = forms.ChoiceField(
        label=gettext_lazy("What becomes of it"),
        choices=VERDICTS,
        required=False,
        widget=forms.RadioSelect,
    )
    for_alike = forms.BooleanField(required=False)

    def __init__(self, *args: Any, lines: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.lines = lines
        self.fields["line"].widget.attrs |= {"min": 1, "max": lines, "inputmode": "numeric"}

    def clean_line(self) -> int | None:
        line: int | None = self.cleaned_data["line"]
        if line is not None and line > self.lines:
            raise forms.ValidationError(_("The code has %(lines)s lines.") % {"lines": self.lines})
        return line

    @property
    def is_blank(self) -> bool:
        return not self.cleaned_data.get("text", "").strip()


class AnswerReplyForm(forms.Form):
    """What a reviewer answers to a learner's reply, and where it belongs."""

    analysis = forms.UUIDField(error_messages=dict.fromkeys(("required", "invalid"), NOT_WHOLE))
    remark = forms.UUIDField(required=False, error_messages={"invalid": NOT_WHOLE})
    text = words(gettext_lazy("Your answer"), 3)

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if not text.strip():
            raise forms.ValidationError(_("Write an answer."))
        return text


class QuizWordsForm(forms.Form):
    """Words about an attempt at a quiz."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    text = words(gettext_lazy("Message to the learner"), 8)
    accepts = forms.BooleanField(label=gettext_lazy("Accept the draft's message"), required=False)
