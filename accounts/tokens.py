"""Keys to the API: making, recognising, revoking them."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import ApiToken, User

MAX_TOKENS = 20
LAST_USE_EVERY = timedelta(minutes=1)


class TokenRefused(Exception):
    """This token cannot be made; the message says why."""


@transaction.atomic
def create_token(
    user: User, name: str, days: int = ApiToken.LIFETIME.days, *, reads_only: bool = False
) -> tuple[ApiToken, str]:
    """Store a new token; return it with its text, which nobody can show again.

    The text holds 256 random bits, so its plain SHA-256 is enough to keep (ASVS 11.4).
    """
    if not user.is_active:
        raise TokenRefused(_("This account is not active."))
    if not 1 <= days <= ApiToken.LIFETIME.days:
        raise TokenRefused(
            _("A token lives from 1 to %(days)s days.") % {"days": ApiToken.LIFETIME.days}
        )
    User.objects.select_for_update().get(pk=user.pk)
    if user.api_tokens.alive().count() >= MAX_TOKENS:
        raise TokenRefused(
            _("You have %(max_tokens)s tokens. Revoke one first.") % {"max_tokens": MAX_TOKENS}
        )
    text = ApiToken.PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=name,
        prefix=text[:9],
        digest=ApiToken.digest_of(text),
        expires_at=now() + timedelta(days=days),
        reads_only=reads_only,
    )
    audit.note("TOKEN_MADE", token, person=user, days=days)
    return token, text


def user_of_token(text: str) -> User | None:
    """Return the person whose live token this is."""
    token = token_of(text)
    return token.user if token else None


def token_of(text: str) -> ApiToken | None:
    """Return the live token whose text this is. One query, and once a minute a second one."""
    token = (
        ApiToken.objects.alive().matching(text).select_related("user", "user__profile").first()
        if text.isascii()
        else None
    )
    if token is None:
        return None
    moment = now()
    if token.last_used_at is None or moment - token.last_used_at >= LAST_USE_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=moment)
    return token


@transaction.atomic
def revoke_token(token: ApiToken) -> None:
    """Close the API to this token. A second call changes nothing."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now()):
        audit.note("TOKEN_REVOKED", token, person=token.user_id)


def revoke_all(user: User) -> int:
    """Revoke every token of the person; return how many were still open."""
    return ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=now())
