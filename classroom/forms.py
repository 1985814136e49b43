"""What learners write on pages of the classroom."""

from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from assessments.forms import HelpForm, TypedField
from certificates.names import HolderField

LONGEST = 2_000
GOES_ALONG = _("Your score and its topics go along, not the questions and your answers.")
NO_KEY = _("Which answers are right is not told while you may not see them.")
SAY = _("Write what you want to say.")


class ReplyForm(forms.Form):
    """An answer to feedback. `key` names the remark, or the whole, that it stands under."""

    text = TypedField(
        label=_("Your reply"),
        most=LONGEST,
        help_text=_("A person reads it."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        errors={"required": SAY},
    )

    def __init__(self, given: QueryDict | None, key: UUID) -> None:
        super().__init__(given, auto_id=f"reply-{key}-%s")
        self.key = key


class CertificateNameForm(forms.Form):
    """The name as it shall stand on a certificate. `confirmed` is the one that was seen so."""

    name = HolderField()
    confirmed = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    @property
    def is_confirmed(self) -> bool:
        """Whether the person has seen this very name as it will be printed."""
        return bool(self.cleaned_data["confirmed"] == self.cleaned_data["name"])


class QuizHelpForm(HelpForm):
    """A question about an attempt. `may_tell`: its learner may see what was right."""

    def __init__(self, given: QueryDict | None = None, *, may_tell: bool) -> None:
        super().__init__(given)
        self.fields["text"].help_text = GOES_ALONG if may_tell else f"{GOES_ALONG} {NO_KEY}"
