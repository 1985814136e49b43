"""What learners let others see of what they finish."""

from django import forms
from django.utils.translation import gettext_lazy as _

from activity.models import Sharing
from activity.words import LINES, SHARED


class SharingForm(forms.Form):
    """Off by default; each kind can be kept back for itself."""

    is_on = forms.BooleanField(
        required=False, label=_("Show what I finish to others in my courses")
    )
    shown = forms.MultipleChoiceField(
        choices=[(str(kind), LINES[kind].plural) for kind in SHARED],
        required=False,
        label=_("What they see"),
        help_text=_("What has no tick is hidden from others."),
        widget=forms.CheckboxSelectMultiple,
    )


def form_of(sharing: Sharing) -> SharingForm:
    """The form, filled with what was chosen."""
    shown = [str(kind) for kind in SHARED if kind not in sharing.hidden]
    return SharingForm(initial={"is_on": sharing.is_on, "shown": shown})
