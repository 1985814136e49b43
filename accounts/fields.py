"""Fields that several forms share, and what both ways of signing up ask."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from accounts.emails import InvalidEmail, canonical_email
from accounts.models import User
from accounts.names import MAX_NAME_LENGTH, InvalidName, clean_name
from accounts.zones import zone_names


class EmailField(forms.CharField):
    """An address in the one form in which it is stored; Django's own lets too much through."""

    widget = forms.EmailInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Email"))
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("autocomplete", "email")

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        try:
            return canonical_email(text) if text else text
        except InvalidEmail as error:
            raise ValidationError(str(error), code="invalid") from error


class NameField(forms.CharField):
    """A display name: one line, in NFC, nothing hidden in it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Your name"))
        super().__init__(**kwargs)
        # Not `max_length`: the name is measured after it was normalised.
        self.widget.attrs.update({"autocomplete": "name", "maxlength": str(MAX_NAME_LENGTH)})

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        try:
            return clean_name(text)
        except InvalidName as error:
            raise ValidationError(str(error), code="invalid") from error


class SignupDetails(forms.Form):
    """What sign-up asks beyond email and password; shared by the email and the social form.

    Lives apart from the forms: allauth imports it while it makes the base class of those.
    """

    name = NameField()
    # A script writes the browser's zone here. It is a guess, so a wrong one is no error.
    timezone = forms.CharField(
        required=False, widget=forms.HiddenInput(attrs={"data-timezone": ""})
    )

    def clean_timezone(self) -> str:
        zone: str = self.cleaned_data["timezone"]
        return zone if zone in zone_names() else "UTC"

    def signup(self, request: HttpRequest, user: User) -> None:
        """allauth's hook; the adapter has stored everything already."""
