"""What reviewers choose and write: the filter of the queue, the words at the desk."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q

from assessments.forms import TypedField
from assessments.models import Assignment, Remark, Review
from courses.models import Course

FOR_HELP = Q(submission__help_request__isnull=False) | Q(attempt__help_request__isnull=False)
AGES = [("24", "A day or more"), ("48", "Two days or more"), ("168", "A week or more")]
Reason, Verdict = Review.Reason, Remark.Verdict
NO_DECISION = "Choose what you decide."
NOT_WHOLE = "It is not said what this answers. Answer again at the desk."
DECISIONS = [
    (Review.Decision.ACCEPTED, "Accept"),
    (Review.Decision.CHANGES, "Ask for changes"),
    (Review.Decision.RETURNED, "Return without grade"),
]
VERDICTS = [
    (Verdict.ACCEPTED, "Accept"), (Verdict.EDITED, "Edit"), (Verdict.DISCARDED, "Discard"),
]  # fmt: skip

OF_SUGGESTIONS = [(Verdict.ACCEPTED, "Accept"), (Verdict.DISCARDED, "Discard")]


class QueueFilter(forms.Form):
    """What of the queue is shown. What cannot be read counts as not chosen."""

    course = forms.ModelChoiceField(
        Course.objects.order_by("title").only("title"), required=False, empty_label="All courses"
    )
    language = forms.ChoiceField(
        choices=[("", "All languages"), *Assignment.Language.choices], required=False
    )
    reason = forms.ChoiceField(choices=[("", "Any reason"), *Reason.choices], required=False)
    age = forms.ChoiceField(label="Waiting for", choices=[("", "Any time"), *AGES], required=False)
    help = forms.BooleanField(label="Asks for help", required=False)
    again = forms.BooleanField(label="Handed in again", required=False)
    show = forms.ChoiceField(choices=[("", "Waiting"), ("sent", "Sent")], required=False)

    def __init__(self, asked: Mapping[str, str]) -> None:
        super().__init__({name: asked.get(name, "") for name in self.base_fields})
        self.is_valid()
        found = self.cleaned_data
        course = found.get("course")
        self.chosen: dict[str, str] = {
            "course": str(course.pk) if course else "",
            "help": "on" if found.get("help") else "",
            "again": "on" if found.get("again") else "",
            **{name: found.get(name, "") for name in ("language", "reason", "age", "show")},
        }


def words(label: str, rows: int, **options: Any) -> TypedField:
    """A longer text, which may be left out."""
    area = forms.Textarea(attrs={"rows": rows, "autocomplete": "off"})
    return TypedField(label=label, required=False, widget=area, **options)


def figure(label: str, most: int) -> forms.IntegerField:
    """A figure that may be left out."""
    told = f"Enter a number from 0 to {most}, or nothing."
    return forms.IntegerField(
        label=f"{label}, of {most}",
        min_value=0,
        max_value=most,
        required=False,
        error_messages={"invalid": told, "min_value": told, "max_value": told},
    )


def suggestion(label: str) -> forms.ChoiceField:
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
    text = words("Message to the learner", 5)
    text_verdict = suggestion("The draft's message")
    figures_verdict = suggestion("The draft's figures")
    note = words("Private note", 2, help_text="For reviewers only.")
    decision = forms.ChoiceField(
        label="Decision",
        choices=DECISIONS,
        required=False,
        error_messages={"invalid_choice": NO_DECISION},
        widget=DecisionSelect,
    )
    overall = figure("Overall", 100)
    readability = figure("Readability", 10)
    efficiency = figure("Efficiency", 10)
    best_practices = figure("Good practice", 10)


class RemarkForm(forms.Form):
    """One remark. Of a model's words `verdict` says what becomes of them."""

    pk = forms.UUIDField(required=False, widget=forms.HiddenInput)
    section = forms.ChoiceField(
        label="Kind",
        choices=Remark.Section.choices,
        initial=Remark.Section.SUGGESTION,
        required=False,
    )
    line = forms.IntegerField(
        label="Line",
        min_value=1,
        required=False,
        error_messages=dict.fromkeys(("invalid", "min_value"), "Enter the number of a line."),
    )
    text = words("Words", 3)
    verdict = forms.ChoiceField(
        label="What becomes of it", choices=VERDICTS, required=False, widget=forms.RadioSelect
    )
    for_alike = forms.BooleanField(required=False)

    def __init__(self, *args: Any, lines: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.lines = lines
        self.fields["line"].widget.attrs |= {"min": 1, "max": lines, "inputmode": "numeric"}

    def clean_line(self) -> int | None:
        line: int | None = self.cleaned_data["line"]
        if line is not None and line > self.lines:
            raise forms.ValidationError(f"The code has {self.lines} lines.")
        return line

    @property
    def is_blank(self) -> bool:
        return not self.cleaned_data.get("text", "").strip()


class AnswerReplyForm(forms.Form):
    """What a reviewer answers to a learner's reply, and where it belongs."""

    analysis = forms.UUIDField(error_messages=dict.fromkeys(("required", "invalid"), NOT_WHOLE))
    remark = forms.UUIDField(required=False, error_messages={"invalid": NOT_WHOLE})
    text = words("Your answer", 3)

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if not text.strip():
            raise forms.ValidationError("Write an answer.")
        return text


class QuizWordsForm(forms.Form):
    """Words about an attempt at a quiz."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    text = words("Message to the learner", 8)
    accepts = forms.BooleanField(label="Accept the draft's message", required=False)
