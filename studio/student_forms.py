"""Forms about students of a course: what is written to them, and how much more time they get."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.models import Accommodation
from assessments.replies import is_text
from studio.forms import NO_TEXT

LONGEST = 500
NONE = "none"  # as distinct from an answer that is missing
# What is sent besides own words; "": nothing.
TEMPLATES = {
    "how": _(
        "I have not seen you in this course for a while. That is fine, and your place is kept. "
        "Can we help with anything? You can ask for help beside every exercise, and a person "
        "answers."
    ),
    "start": _(
        "You have a place in this course and have not begun yet. The first lesson is short. "
        "Open it when you have ten minutes, and see whether you like it."
    ),
    "stuck": _(
        "You have been at it for a while, and it is a hard one. Press “Ask for help” beside the "
        "exercise and write where it stops: a person will look at your code."
    ),
    "well": _("You are doing well in this course. Go on like this."),
    "": _("Only what I write myself."),
}


class MessageForm(forms.Form):
    """A few words that fit, own words, or both."""

    template = forms.ChoiceField(
        label=_("What to say"), choices=list(TEMPLATES.items()), required=False,
        widget=forms.RadioSelect,
    )  # fmt: skip
    words = forms.CharField(
        label=_("In your own words"), required=False, max_length=LONGEST,
        help_text=_("Stands after what you chose. At most 500 characters."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"].strip()
        if words and not is_text(words, LONGEST):
            raise forms.ValidationError(NO_TEXT)
        return words

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors and not self.text:
            self.add_error("words", _("Choose something to say, or write it."))
        return found

    @property
    def text(self) -> str:
        """All that is sent."""
        chosen = self.cleaned_data.get("template", "")
        parts = (str(TEMPLATES[chosen]) if chosen else "", self.cleaned_data.get("words", ""))
        return "\n\n".join(part for part in parts if part)


class ExtraTimeForm(forms.Form):
    """As much in every quiz; none takes away what was given.

    Nothing is chosen beforehand, unless all of the people have the same.
    """

    extra_time = forms.TypedChoiceField(
        label=_("Extra time"), widget=forms.RadioSelect,
        coerce=lambda chosen: None if chosen == NONE else int(chosen),
        choices=[*Accommodation.ExtraTime.choices, (NONE, _("No extra time"))],
        error_messages={"required": _("Choose how much, or that it is none.")},
    )  # fmt: skip

    def __init__(self, data: Any, people: Sequence[User]) -> None:
        given = {extra_time_of(one) for one in people}
        super().__init__(data, initial={"extra_time": given.pop()} if len(given) == 1 else {})


def extra_time_of(person: User) -> str:
    """What the form calls that which they have."""
    return str(person.accommodation.extra_time) if hasattr(person, "accommodation") else NONE
