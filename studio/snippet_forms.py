"""The form of a reviewer's snippet."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Snippet
from assessments.models.feedback import MAX_WORDS
from assessments.replies import is_text
from courses.texts import validate_line
from studio.forms import NO_TEXT

LONGEST_TITLE = Snippet._meta.get_field("title").max_length or 0


class SnippetForm(forms.Form):
    """Words to use again, and who may use them."""

    title = forms.CharField(
        label=_("Title"),
        help_text=_("To find it by. Learners do not see it."),
        max_length=LONGEST_TITLE,
        validators=[validate_line],
        error_messages={"required": _("Enter a title.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    text = forms.CharField(
        label=_("Text"),
        help_text=_("Plain text. At the desk it is put into what you write, to be changed there."),
        max_length=MAX_WORDS,
        error_messages={"required": _("Enter the text.")},
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
    )
    shared = forms.BooleanField(
        label=_("For all reviewers"),
        help_text=_("Others can use it. You alone can change it."),
        required=False,
    )

    @classmethod
    def of(cls, snippet: Snippet, data: Any = None) -> "SnippetForm":
        said = {"title": snippet.title, "text": snippet.text, "shared": snippet.is_shared}
        return cls(data, initial=said)

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if not is_text(text, MAX_WORDS):
            raise forms.ValidationError(NO_TEXT)
        return text
