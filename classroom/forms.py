"""What learners write on pages of the classroom."""

from uuid import UUID

from django import forms
from django.http import QueryDict

from assessments.replies import is_text

LONGEST = 2_000
SAY = "Write what you want to say."


class ReplyForm(forms.Form):
    """An answer to feedback. `key` names the remark, or the whole, that it stands under."""

    text = forms.CharField(
        label="Your reply",
        help_text="A person reads it.",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"required": SAY},
    )

    def __init__(self, given: QueryDict, key: UUID) -> None:
        super().__init__(given, auto_id=f"reply-{key}-%s")
        self.key = key

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if not is_text(text, LONGEST):
            raise forms.ValidationError("This text holds characters that cannot be kept.")
        return text
