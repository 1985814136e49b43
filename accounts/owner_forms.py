"""The form that makes the owner."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.fields import EmailField, SignupDetails
from accounts.models import User

TAKEN = _("This address has an account here. Take another one.")


class OwnerForm(SignupDetails):
    """Email, name, password: by the rules of signing up."""

    email = EmailField(error_messages={"required": _("Enter your email.")})
    password1 = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 8 characters; not your name, not a common password."),
        error_messages={"required": _("Enter a password.")},
    )
    field_order = ("email", "name", "password1", "timezone")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if User.objects.filter(email=email).exists():
            raise ValidationError(TAKEN)
        return email

    def clean(self) -> dict[str, Any]:
        """Hold the password against the rules once address and name are known."""
        data: dict[str, Any] = super().clean() or {}
        if password := data.get("password1"):
            try:
                person = User(email=data.get("email", ""), name=data.get("name", ""))
                validate_password(password, person)
            except ValidationError as error:
                self.add_error("password1", error)
        return data
