"""Refusals, in the words that people read."""

from django.utils.translation import gettext as _


class CertificateRefused(Exception):
    """Something about a certificate cannot be done; the text says why."""


class NotCurrent(CertificateRefused):
    """The certificate was revoked, or a newer one stands in for it."""

    def __init__(self) -> None:
        super().__init__(_("This certificate was revoked or replaced meanwhile."))


class NameUsedUp(CertificateRefused):
    """The holder has put the name right once."""

    def __init__(self) -> None:
        super().__init__(_("You have changed this name once. Ask the school to change it again."))


class NotGenuine(CertificateRefused):
    """A credential is not what this school signed."""

    def __init__(self) -> None:
        super().__init__(_("This credential was not signed by this school, or was changed since."))
