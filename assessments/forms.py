"""What a learner writes about a question, or asks about code."""

from django import forms

from assessments.replies import is_text

ASK = "Say in a few words where you are stuck."
WANTED = "Say in a few words what is wrong with it."


def whole_text(text: str) -> str:
    if not is_text(text, 1000):
        raise forms.ValidationError("This text holds characters that cannot be kept.")
    return text


class ReportForm(forms.Form):
    text = forms.CharField(
        label="What is wrong with it",
        max_length=1000,
        min_length=5,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        error_messages={"required": WANTED, "min_length": WANTED},
    )

    def clean_text(self) -> str:
        return whole_text(self.cleaned_data["text"])


class HelpForm(forms.Form):
    text = forms.CharField(
        label="Where are you stuck",
        help_text="Your code and the tests that fail go along.",
        max_length=1000,
        min_length=5,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        error_messages={"required": ASK, "min_length": ASK},
    )

    def clean_text(self) -> str:
        return whole_text(self.cleaned_data["text"])
