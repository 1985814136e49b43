"""What counts as an email address here, and the one form in which it is stored."""

import re

import idna
from django.utils.translation import gettext_lazy as _

TOO_LONG = _("Email is longer than 254 characters.")
INVALID = _("Enter a valid email address.")
MAX_LENGTH = 254
MAX_LOCAL_LENGTH = 64

# RFC 5321's dot-atom. Quoted local parts are legal, unused, and a way round every other rule.
LOCAL_PART = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
HOST_NAME = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")


class InvalidEmail(ValueError):
    """The text is no address that can be stored; the message says why."""


def canonical_email(text: str) -> str:
    """Return the address in lower case with its domain as A-label, or raise `InvalidEmail`.

    The local part is checked for ASCII *before* it is lower-cased: the Kelvin sign becomes a plain
    k in lower case, and with it somebody else's address.
    """
    text = text.strip(" ")
    if len(text) > MAX_LENGTH:
        raise InvalidEmail(TOO_LONG)
    local, at, domain = text.rpartition("@")
    if not (at and local.isascii() and domain.isprintable()) or domain.startswith("["):
        raise InvalidEmail(INVALID)
    local, domain = local.lower(), ascii_domain(domain)
    email = f"{local}@{domain}"
    if len(email) > MAX_LENGTH:
        raise InvalidEmail(TOO_LONG)
    if len(local) > MAX_LOCAL_LENGTH or not LOCAL_PART.fullmatch(local):
        raise InvalidEmail(INVALID)
    return email


def ascii_domain(domain: str) -> str:
    """Return the domain as browsers and mail servers write it: IDNA 2008 after UTS 46."""
    try:
        name = idna.encode(domain, uts46=True, std3_rules=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError) as error:
        raise InvalidEmail(INVALID) from error
    if not HOST_NAME.fullmatch(name):
        raise InvalidEmail(INVALID)
    return name
