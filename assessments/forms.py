"""What a learner writes about a question."""

from django import forms

from assessments.replies import is_text

WANTED = "Say in a few words what is wrong with it."


class ReportForm(forms.Form):
    text = forms.CharField(
        label="What is wrong with it",
        max_length=1000,
        min_length=5,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        error_messages={"required": WANTED, "min_length": WANTED},
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if not is_text(text, 1000):
            raise forms.ValidationError("This text holds characters that cannot be kept.")
        return text
