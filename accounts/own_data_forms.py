"""The form by which somebody erases their own account."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class ErasureForm(forms.Form):
    """Their address, typed once more: nobody does that by a slip of the finger."""

    email = forms.CharField(
        label=_("Type your email to erase your account"),
        max_length=254,
        error_messages={"required": _("Type your email.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
        ),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self) -> str:
        typed: str = self.cleaned_data["email"].strip()
        if typed.lower() != self.user.email.lower():
            raise ValidationError(_("This is not the email of your account."))
        return typed
