"""The first account of a school: made once, by whoever holds the machine."""

from urllib.parse import urlencode

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse

from accounts import audit
from accounts.models import User
from accounts.school import locked_school

MINUTES = 30
SIGNER = signing.TimestampSigner(salt="accounts.owner")


class OwnerExists(Exception):
    """Somebody administers this school already: the link has done its work."""


def is_without_owner() -> bool:
    """Whether nobody administers this school, and nobody ever did."""
    return not User.objects.filter(role=User.Role.ADMIN).exists()


def setup_link() -> str:
    """An address that makes an owner for half an hour. Who knows it needs no password.

    Nothing is stored of it: it is proven by the secret key, and used up by there being an owner.
    """
    query = urlencode({"t": SIGNER.sign("owner")})
    return f"{settings.SITE_URL}{reverse('setup:checklist')}?{query}"


def is_setup_token(text: str) -> bool:
    try:
        return SIGNER.unsign(text, max_age=MINUTES * 60) == "owner"
    except signing.BadSignature:
        return False


@transaction.atomic
def create_owner(email: str, name: str, password: str, timezone: str) -> User:
    """Make the one owner, or raise `OwnerExists`. The address counts as verified.

    Mail may not work yet, and whoever runs commands here needs no proof of an address.
    """
    locked_school()
    if not is_without_owner():
        raise OwnerExists
    owner = User.objects.create_superuser(email, password, name=name, timezone=timezone)
    EmailAddress.objects.create(user=owner, email=owner.email, verified=True, primary=True)
    audit.note("OWNER_MADE", owner, by=owner)
    return owner
