"""Where allauth asks us."""

import logging
from types import SimpleNamespace
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.userkit import filter_users_by_email
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import AuthError, AuthProcess
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from requests import RequestException

from accounts import joining
from accounts.access import may_work_as_staff
from accounts.emails import InvalidEmail, canonical_email
from accounts.failed_sign_ins import note_failure, whose
from accounts.mail import SECURITY, deliver_on_commit, letter_of_words
from accounts.models import User
from accounts.names import InvalidName, clean_name
from accounts.providers import BriefSession
from accounts.school import school

logger = logging.getLogger(__name__)

START_AGAIN = gettext_lazy("Sign-in failed, start again.")
UNAVAILABLE = gettext_lazy("Sign-in service unavailable.")
CONNECT_IT = gettext_lazy("An account already exists; sign in and connect it.")
ADDRESS_GIVEN = gettext_lazy("You get this because this address was given for an account here.")
RESET_ASKED = gettext_lazy(
    "You get this because somebody asked for a new password with this address."
)
# Why a mail comes that is not about what happened to an account.
REASONS = {
    "account/email/email_confirmation": ADDRESS_GIVEN,
    "account/email/email_confirmation_signup": ADDRESS_GIVEN,
    "account/email/account_already_exists": ADDRESS_GIVEN,
    "account/email/login_code": gettext_lazy(
        "You get this because somebody asked to sign in by a code."
    ),
    "account/email/password_reset_code": RESET_ASKED,
    "account/email/password_reset_key": RESET_ASKED,
    "account/email/unknown_account": RESET_ASKED,
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Our rules about addresses, names, mail and where one is sent next."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy("That email and password do not match."),
        "account_inactive": gettext_lazy("Account inactive."),
    }

    def clean_email(self, email: str) -> str:
        try:
            return canonical_email(email)
        except InvalidEmail as error:
            raise ValidationError(str(error), code="invalid") from error

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether the school lets this browser in; Google and GitHub ask here as well."""
        return joining.may_join(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead admins to the studio, or to what is still to be set up; all others to class.

        Without a second factor the studio would send them away again.
        """
        user = request.user
        if isinstance(user, User) and user.is_staff and school().is_being_set_up:
            return reverse("setup:checklist")
        if isinstance(user, User) and may_work_as_staff(user):
            return reverse("studio:home")
        url: str = super().get_login_redirect_url(request)
        return url

    def save_user(
        self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True
    ) -> User:
        user.name = form.cleaned_data["name"]
        user.timezone = form.cleaned_data["timezone"]
        user.language = get_language() or ""
        saved: User = super().save_user(request, user, form, commit=commit)
        return saved

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        messages.error(request, self.error_messages["account_inactive"])
        response: HttpResponse = super().respond_user_inactive(request, user)
        return response

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Too many wrong passwords are noted once, not each of them."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            note_failure("SIGN_IN_LOCKED", whose(credentials))
            raise

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        """Verify the address, unless an account that never verified it sits on it."""
        try:
            with transaction.atomic():
                return bool(super().confirm_email(request, email_address))
        except IntegrityError:
            messages.error(
                request, _("%(email)s belongs to another account.") % {"email": email_address.email}
            )
            return False

    def is_safe_url(self, url: str | None) -> bool:
        """Only this very host, whatever else ALLOWED_HOSTS lists."""
        request = self.request
        return request is not None and url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the mail now, send it after the commit. Links carry the configured address."""
        context = {
            "request": self.request,
            "email": email,
            "current_site": SimpleNamespace(name=school().title, domain=settings.SITE_HOST),
            **context,
        }
        for name in ("signup_url", "password_reset_url"):
            if name in context:
                context[name] = at_our_address(self.request, context[name])
        subject = render_to_string(f"{template_prefix}_subject.txt", context)
        words = render_to_string(f"{template_prefix}_message.txt", context)
        reason = REASONS.get(template_prefix, SECURITY)
        name = context.get("name", "")
        deliver_on_commit(letter_of_words(email, subject, words, str(reason), name=name))

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Greet by name whoever is known to be there.

        The other mails go to addresses that anybody may have typed, with any name.
        """
        named = {**(context or {}), "name": user.name}
        super().send_notification_mail(template_prefix, user, named, email)


def at_our_address(request: HttpRequest, url: str) -> str:
    """Exchange the origin that the browser named for the one the site is configured with."""
    path = url.removeprefix(f"{request.scheme}://{request.get_host()}")
    return f"{settings.SITE_URL}{path}"


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Google and GitHub: never merged into an account by email, never trusted with a name."""

    def get_app(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        """Return the configured app; without one there are no such pages."""
        try:
            return super().get_app(request, provider, client_id)
        except SocialApp.DoesNotExist as error:
            raise Http404 from error

    def get_requests_session(self) -> BriefSession:
        return BriefSession()

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        parts = (data.get("first_name"), data.get("last_name"))
        named = data.get("name") or " ".join(part for part in parts if part)
        try:
            user.name = clean_name(str(named or data.get("username") or ""))
        except InvalidName:
            user.name = ""
        return user

    def get_signup_form_initial_data(self, sociallogin: Any) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_signup_form_initial_data(sociallogin)
        return {**initial, "name": sociallogin.user.name}

    def is_auto_signup_allowed(self, request: Any, sociallogin: Any) -> bool:
        """Ask nothing more if the provider vouches for an address and told a name that will do.

        Where the school has a least age, there is that to ask.
        """
        if school().minimum_age:
            return False
        addresses = sociallogin.email_addresses
        first = addresses[0] if addresses else None
        try:
            known = first is not None and first.verified and canonical_email(first.email)
        except InvalidEmail:
            known = False
        return bool(known and sociallogin.user.name and not joining.refusal_of(request, str(known)))

    @transaction.atomic
    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> User:
        user: User = super().save_user(request, sociallogin, form)
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Send the owner of an account with this address to sign in there first.

        The provider has just proved that the address is theirs, so this tells nobody a secret.
        """
        signing_in = sociallogin.state.get("process") != AuthProcess.CONNECT
        if sociallogin.is_existing or not signing_in:
            return
        for address in sociallogin.email_addresses:
            if address.verified and self._is_taken(address.email):
                messages.error(request, CONNECT_IT)
                raise ImmediateHttpResponse(redirect("account_login"))

    def _is_taken(self, email: str) -> bool:
        try:
            return bool(filter_users_by_email(canonical_email(email)))
        except InvalidEmail:
            return False

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        if error == AuthError.CANCELLED:
            return
        raise ImmediateHttpResponse(sign_in_failed(request, exception))


def sign_in_failed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say whether starting again helps or waiting does. The cause is for the log only."""
    away = isinstance(exception, RequestException)
    logger.warning("A sign-in by a provider failed: %r", exception)
    context = {
        "message": UNAVAILABLE if away else START_AGAIN,
        "login_url": reverse("account_login"),
    }
    return render(request, "people/sign_in_failed.html", context)
