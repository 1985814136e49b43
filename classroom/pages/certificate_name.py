"""Putting the name on a certificate right, and what it will look like."""

from dataclasses import dataclass

from accounts.models import User
from certificates.actions import may_correct
from certificates.models import Certificate
from classroom.pages.certificates import Sheet


@dataclass(frozen=True)
class NamePage:
    """Putting the name on a certificate right."""

    certificate: Certificate
    may_change: bool

    @property
    def sheet(self) -> Sheet:
        return Sheet(self.certificate)


def name_page(user: User, certificate: Certificate) -> NamePage:
    return NamePage(certificate, may_correct(certificate, user))


def preview_of(certificate: Certificate, name: str) -> Sheet:
    """The sheet with another name on it; nothing is written."""
    return Sheet(
        Certificate(
            user=certificate.user,
            course_id=certificate.course_id,
            holder=name,
            snapshot=certificate.snapshot,
        )
    )
