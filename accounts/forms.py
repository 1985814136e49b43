"""Forms about people."""

from typing import Any

from django import forms
from django.http import HttpRequest

from accounts.models import User


class SignupDetails(forms.Form):
    """What sign-up asks beyond email and password; shared by the email and the social form."""

    name = forms.CharField(max_length=80, label="Your name")

    def signup(self, request: HttpRequest, user: User) -> None:
        """allauth's hook; the adapter has stored everything already."""


