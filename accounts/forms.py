"""Forms of signing up and in: allauth's, with our fields and our transaction around them."""

import re
import time
from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.signup import complete_signup
from allauth.account.utils import get_next_redirect_url
from allauth.core import context
from allauth.mfa.adapter import get_adapter as mfa_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.socialaccount import forms as social
from allauth.socialaccount.internal.flows.signup import complete_social_signup
from django import forms
from django.contrib import messages
from django.contrib.auth.password_validation import UserAttributeSimilarityValidator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import consents, joining
from accounts.failed_sign_ins import note_failure
from accounts.fields import EmailField
from accounts.models import User
from accounts.own_data import Consent
from accounts.school import school

Outcome = tuple[User | None, HttpResponse | None]
# Six digits of the app or eight of a recovery code, exactly as they were shown.
CODE = re.compile("[0-9]{6}|[0-9]{8}")
HONEYPOT = "website"
NO_EMAIL = {"required": gettext_lazy("Enter your email.")}
NO_NAME = {"required": gettext_lazy("Enter your name.")}


class Trap(forms.TextInput):
    """A field that only a program fills in. allauth hides it by a style: our CSP forbids it."""

    is_hidden = True

    def __init__(self) -> None:
        super().__init__({"hidden": True, "tabindex": "-1", "autocomplete": "off"})


class KeepsToWhoMayJoin:
    """An address with which one may join; said of every address alike, taken or not."""

    def clean_email(self) -> str:
        email: str = super().clean_email()  # type: ignore[misc]
        if refusal := joining.refusal_of(context.request, email):
            raise ValidationError(refusal, code="not_ours")
        return email


class AsksForAge:
    """Where the school has a least age: that one is as old, or that a parent agrees. Logged."""

    fields: dict[str, Any]

    def ask_for_age(self) -> None:
        if age := school().minimum_age:
            words = consents.words_of_age(age)
            missing = {"required": _("Tick this to go on. Not yet? Ask a parent first.")}
            self.fields["of_age"] = forms.BooleanField(label=words, error_messages=missing)

    def log_age(self, user: User | None) -> None:
        if user and (asked := self.fields.get("of_age")):
            consents.note(user, Consent.Kind.AGE, is_given=True, text=str(asked.label))


class SignupForm(AsksForAge, KeepsToWhoMayJoin, account.SignupForm):  # type: ignore[misc]
    """Email, name, password."""

    field_order = ("email", "name", "password1", "of_age", "timezone", HONEYPOT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rule = joining.who_joins(school())
        self.fields["email"] = EmailField(error_messages=NO_EMAIL, help_text=rule)
        self.fields["name"].error_messages |= NO_NAME
        self.fields["password1"].error_messages["required"] = _("Enter a password.")
        self.fields[HONEYPOT].widget = Trap()
        self.ask_for_age()
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """Compare the password with the name as well: allauth knows the email only."""
        data: dict[str, Any] = super().clean()
        password, name = data.get("password1"), data.get("name")
        if password and name and "password1" not in self.errors:
            try:
                UserAttributeSimilarityValidator(("name",)).validate(password, User(name=name))
            except ValidationError as error:
                self.add_error("password1", error)
        return data

    def try_save(self, request: HttpRequest) -> Outcome:
        """Make the account and all that follows from it, or nothing."""
        try:
            with transaction.atomic():
                return self._save(request)
        except IntegrityError:
            # Somebody was quicker with the same address; the code is on its way to them.
            if not User.objects.filter(email=self.cleaned_data["email"]).exists():
                raise
            return None, get_adapter().respond_email_verification_sent(request, None)

    def _save(self, request: HttpRequest) -> Outcome:
        if self.account_already_exists:
            # A new account hashes its password here: without this the answer would be quicker.
            User().set_password(self.cleaned_data["password1"])
        user, response = super().try_save(request)
        self.log_age(user)
        if response is None:
            url = get_next_redirect_url(request)
            response = complete_signup(request, user=user, redirect_url=url)
        return user, response


class SocialSignupForm(AsksForAge, KeepsToWhoMayJoin, social.SignupForm):  # type: ignore[misc]
    """What a provider could not tell us: shown only if its email or name will not do."""

    field_order = ("email", "name", "of_age", "timezone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = EmailField(error_messages=NO_EMAIL)
        self.fields["name"].error_messages |= NO_NAME
        self.ask_for_age()
        self.order_fields(self.field_order)

    @transaction.atomic
    def try_save(self, request: HttpRequest) -> Outcome:
        user, response = super().try_save(request)
        self.log_age(user)
        if response is None:
            response = complete_social_signup(request, self.sociallogin)
        return user, response


class LoginForm(account.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = EmailField()
        self.order_fields(("login", "password"))


class ResetPasswordForm(account.ResetPasswordForm):  # type: ignore[misc]
    email = EmailField(error_messages=NO_EMAIL)


class SaysWhichPassword:
    """What is missing, said as the other forms say it."""

    fields: dict[str, Any]
    MISSING: ClassVar = {
        "oldpassword": gettext_lazy("Enter your current password."),
        "password1": gettext_lazy("Enter a new password."),
        "password2": gettext_lazy("Enter the new password again."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name in self.MISSING:
                field.error_messages["required"] = self.MISSING[name]


class ChangePasswordForm(SaysWhichPassword, account.ChangePasswordForm):  # type: ignore[misc]
    pass


class SetPasswordForm(SaysWhichPassword, account.SetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordKeyForm(SaysWhichPassword, account.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class ResetLinkForm(account.UserTokenForm):  # type: ignore[misc]
    """The link of a mail. allauth's view shows no error of this form: it is said as a message."""

    def clean(self) -> dict[str, Any]:
        try:
            data: dict[str, Any] = super().clean()
        except ValidationError:
            messages.error(context.request, _("The link is invalid."))
            raise
        return data


class AddEmailForm(account.AddEmailForm):  # type: ignore[misc]
    email = EmailField(error_messages={"required": gettext_lazy("Enter an email.")})


class ExactCode:
    """A code counts as it was shown: no spaces, no other digits, and each of the app's once.

    allauth remembers used codes in the cache, which may be emptied; the row remembers for good.
    """

    user: User
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        if not CODE.fullmatch(self.cleaned_data["code"]):
            raise mfa_adapter().validation_error("incorrect_code")
        with transaction.atomic():
            # One at a time: the second of two equal codes waits here and finds the first.
            User.objects.select_for_update().get(pk=self.user.pk)
            code: str = super().clean_code()  # type: ignore[misc]
            self._use_up(getattr(self, "authenticator", None))
        return code

    def _use_up(self, authenticator: Authenticator | None) -> None:
        if authenticator is None or authenticator.type != Authenticator.Type.TOTP:
            return
        window = int(time.time()) // 30
        authenticator.refresh_from_db(fields=["data"])
        if authenticator.data.get("last_window") == window:
            raise mfa_adapter().validation_error("incorrect_code")
        authenticator.data["last_window"] = window
        authenticator.save(update_fields=["data"])


class ProvingCode(ExactCode):
    """A code that proves who somebody is: a wrong one is noted, after what it began is undone."""

    def clean_code(self) -> str:
        try:
            return super().clean_code()
        except ValidationError:
            note_failure("SIGN_IN_FAILED", self.user, means="code")
            raise


class AuthenticateForm(ProvingCode, mfa.AuthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].strip = False
        self.fields["code"].error_messages["required"] = _("Enter the code.")


class ReauthenticateForm(ProvingCode, mfa.ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].strip = False
        self.fields["code"].error_messages["required"] = _("Enter the code.")


class ActivateTOTPForm(ExactCode, totp.ActivateTOTPForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].strip = False
        self.fields["code"].error_messages["required"] = _("Enter the code.")
