"""What a learner writes about a question, or asks about code."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from accounts.numerals import grouped_lazy
from assessments.models.feedback import MAX_WORDS
from assessments.replies import BROKEN

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

ASK = gettext_lazy("Say in a few words what you would like to know.")
WANTED = gettext_lazy("Say in a few words what is wrong with it.")
NO_TEXT = gettext_lazy("This text holds characters that cannot be kept.")


class TypedField(forms.CharField):
    """Words as they were typed: a line end counts as one character, as a browser counts it."""

    def __init__(
        self,
        *,
        most: int = MAX_WORDS,
        errors: "dict[str, str | _StrPromise] | None" = None,
        **options: Any,
    ) -> None:
        too_long = {
            "max_length": format_lazy(
                gettext_lazy("This text is longer than {most} characters."), most=grouped_lazy(most)
            )
        }
        told = {**too_long, **(errors or {})}
        super().__init__(max_length=most, error_messages=told, **options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """The browser lets too much be typed: what is cut off unsaid is lost."""
        return {}

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")

    def validate(self, value: str) -> None:
        super().validate(value)
        if BROKEN.search(value):
            raise forms.ValidationError(NO_TEXT)


class ReportForm(forms.Form):
    text = TypedField(
        label=gettext_lazy("What is wrong with it"),
        most=1000,
        min_length=5,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        errors={"required": WANTED, "min_length": WANTED},
    )


class HelpForm(forms.Form):
    text = TypedField(
        label=gettext_lazy("What would you like to know"),
        help_text=gettext_lazy("Your code and its tests go along."),
        most=1000,
        min_length=5,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        errors={"required": ASK, "min_length": ASK},
    )
