"""What people do with their accounts, noted in the audit log."""

from typing import Any
from uuid import UUID

from allauth.account.signals import (
    email_changed,
    password_changed,
    password_reset,
    password_set,
    user_logged_in,
)
from allauth.mfa.signals import (
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from allauth.socialaccount.signals import social_account_added, social_account_removed
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from accounts import audit
from accounts.failed_sign_ins import note_failure, whose
from accounts.impersonation import KEY
from accounts.models import User


@receiver(user_logged_in)
def note_sign_in(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    used = request.session.get("account_authentication_methods", [])
    audit.note("SIGNED_IN", user, by=user, methods=[str(one.get("method", "")) for one in used])


@receiver(user_logged_out)
def note_end_of_look(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """A session of staff that runs out takes along whom they looked as."""
    if held := request.session.get(KEY):
        audit.note("LOOK_ENDED", by=user, person=UUID(held["person"]), how="signed out")


@receiver(user_login_failed)
def note_wrong_password(
    sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
) -> None:
    if request is not None:
        note_failure("SIGN_IN_FAILED", whose(credentials), means="password")


@receiver(password_changed)
def note_password(sender: Any, user: User, **kwargs: Any) -> None:
    audit.note("PASSWORD_CHANGED", user)


@receiver(password_set)
def note_first_password(sender: Any, user: User, **kwargs: Any) -> None:
    audit.note("PASSWORD_SET", user)


@receiver(password_reset)
def note_reset(sender: Any, user: User, **kwargs: Any) -> None:
    audit.note("PASSWORD_RESET", user, by=user)


@receiver(email_changed)
def note_email(sender: Any, user: User, from_email_address: Any = None, **kwargs: Any) -> None:
    """Changed, not verified for the first time. The addresses stay out of it."""
    if from_email_address is not None:
        audit.note("EMAIL_CHANGED", user, by=user)


@receiver(authenticator_added)
def note_second_factor(sender: Any, user: User, authenticator: Any, **kwargs: Any) -> None:
    audit.note("SECOND_FACTOR_ADDED", user, type=str(authenticator.type))


@receiver(authenticator_removed)
def note_no_second_factor(sender: Any, user: User, authenticator: Any, **kwargs: Any) -> None:
    audit.note("SECOND_FACTOR_REMOVED", user, type=str(authenticator.type))


@receiver(authenticator_reset)
def note_new_codes(sender: Any, user: User, **kwargs: Any) -> None:
    audit.note("RECOVERY_CODES_MADE", user)


@receiver(social_account_added)
def note_connected(sender: Any, sociallogin: Any, **kwargs: Any) -> None:
    account = sociallogin.account
    audit.note("PROVIDER_CONNECTED", account.user, provider=str(account.provider))


@receiver(social_account_removed)
def note_disconnected(sender: Any, socialaccount: Any, **kwargs: Any) -> None:
    audit.note("PROVIDER_DISCONNECTED", socialaccount.user, provider=str(socialaccount.provider))
