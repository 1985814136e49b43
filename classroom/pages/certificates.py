"""The check page that everybody may open, and the holder's own page."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.utils.crypto import constant_time_compare
from django.utils.safestring import SafeString
from django.utils.timezone import now

from accounts.models import User
from billing.access import covered
from certificates.credentials import certificate_of as named_in
from certificates.credentials import verify
from certificates.drawing import code_of, code_svg, edge_svg
from certificates.errors import NotGenuine
from certificates.models import Certificate
from certificates.printing import can_print, facts_of, passed_of, size_of
from classroom.pages.learning import CourseCard, cards_of, my_places
from courses.models import Course

CODE = re.compile("[A-Za-z0-9_-]{22}")
# Asked for in the place of what cannot be a code: the work is the same.
NO_CODE = "-" * 32
LINKED_IN = "https://www.linkedin.com/profile/add"


@dataclass(frozen=True)
class Sheet:
    """A certificate as it is drawn. Everything comes from the copy that was made on the day."""

    certificate: Certificate

    @property
    def said(self) -> dict[str, Any]:
        return dict(self.certificate.snapshot)

    @property
    def facts(self) -> list[str]:
        return facts_of(self.said)

    @property
    def length(self) -> str:
        return ", ".join(size_of(self.said))

    @property
    def assessed(self) -> str:
        return ", ".join(passed_of(self.said))

    @property
    def place(self) -> str:
        return str(self.said["address"]).partition("://")[2]

    @property
    def address_in_print(self) -> str:
        return self.certificate.printed_address.partition("://")[2]

    @property
    def size(self) -> str:
        """How large the name may be: a long one is set smaller."""
        length = len(self.certificate.shown_holder)
        return "longest" if length > 48 else "long" if length > 26 else ""

    @property
    def edge(self) -> SafeString:
        return SafeString(edge_svg(self.said["lessons"]))

    @property
    def code(self) -> SafeString:
        return SafeString(code_svg(code_of(self.certificate.printed_address)))


@dataclass(frozen=True)
class CheckPage:
    """What anybody learns from a code: first of all whether it is good."""

    status: str
    certificate: Certificate | None
    checked_at: datetime
    can_print: bool
    is_mine: bool = False

    @property
    def sheet(self) -> Sheet | None:
        return Sheet(self.certificate) if self.certificate else None

    @property
    def is_valid(self) -> bool:
        return self.status == Certificate.Status.VALID

    @property
    def holder(self) -> str:
        """The name; none on a replaced one, whose name may be what was wrong."""
        if self.certificate is None or self.status == Certificate.Status.REPLACED:
            return ""
        return self.certificate.shown_holder

    @property
    def opens_by_code(self) -> bool:
        """Whether its other addresses answer this reader: none of them asks for a name."""
        found = self.certificate
        return found is not None and (self.is_mine or not wants_name(found))

    @property
    def has_files(self) -> bool:
        """Whether there is a certificate to print and a credential to download."""
        return self.is_valid and bool(self.holder) and self.opens_by_code


def certificate_with(code: str) -> Certificate | None:
    """One query, whether the text can be a code or not."""
    wanted = code if CODE.fullmatch(code) else NO_CODE
    return (
        Certificate.objects.select_related("user", "superseded_by")
        .defer("credential")
        .filter(code=wanted)
        .first()
    )


def check_page(code: str, reader: User | None, name: str = "") -> CheckPage:
    """Look a code up. A private one shows itself to its holder and to who knows the name."""
    found = certificate_with(code)
    is_mine = bool(found and reader and found.user_id == reader.pk)
    status = str(found.status) if found else "not_found"
    if found and wants_name(found) and not is_mine and not is_name_of(name, found):
        found, status = None, "private"
    return CheckPage(status, found, now(), can_print(), is_mine)


def wants_name(certificate: Certificate) -> bool:
    """Whether the code is not enough. A name that is gone cannot be asked for."""
    return certificate.is_private and bool(certificate.shown_holder)


def is_name_of(name: str, certificate: Certificate) -> bool:
    """Whether somebody knows the name, however they space and capitalise it."""
    holder = certificate.shown_holder
    return bool(holder) and constant_time_compare(plain(name), plain(holder))


def plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


@dataclass(frozen=True)
class Proof:
    """What becomes of a credential that somebody handed in. `said` is what it says itself."""

    status: str
    said: dict[str, Any]

    @property
    def holder(self) -> str:
        return str(self.said["credentialSubject"]["identifier"][0]["identityHash"])

    @property
    def course(self) -> str:
        return str(self.said["name"])


def proof_of(token: str) -> Proof:
    """Whether this school signed it, and whether its certificate still stands."""
    try:
        said = verify(token.strip())
    except NotGenuine:
        return Proof("not_genuine", {})
    return Proof(str(named_in(said).status), said)


def as_json(page: CheckPage) -> dict[str, Any]:
    """The same for programs: no email, no id of a person, no score."""
    answer: dict[str, Any] = {"status": page.status, "checked_at": page.checked_at.isoformat()}
    if page.certificate is None:
        return answer
    said, newer = page.certificate.snapshot, page.certificate.superseded_by
    revoked_at = page.certificate.revoked_at
    return answer | {
        "code": page.certificate.code,
        "holder": page.holder or None,
        "course": said["title"],
        "completed_on": said["completed_on"],
        "lessons": said["lessons"],
        "minutes": said["minutes"],
        "assessed": {"quizzes": said["quizzes"], "assignments": said["assignments"]},
        "school": {"name": said["school"], "address": said["address"]},
        "revoked_on": revoked_at.date().isoformat() if revoked_at else None,
        "replaced_by": newer.link if newer else None,
    }


@dataclass(frozen=True)
class MyCertificate:
    """One of mine, and what I can do with it. `is_corrected`: my one change of its name is made."""

    certificate: Certificate
    can_print: bool
    is_corrected: bool

    @property
    def sheet(self) -> Sheet:
        return Sheet(self.certificate)

    @property
    def is_valid(self) -> bool:
        return self.certificate.status == Certificate.Status.VALID

    @property
    def linked_in(self) -> str:
        """A plain link that fills in LinkedIn's form: nothing is sent before it is followed."""
        said, day = self.sheet.said, self.certificate.completed_on
        fields = {
            "startTask": "CERTIFICATION_NAME",
            "name": said["title"],
            "organizationName": said["school"],
            "issueYear": day.year,
            "issueMonth": day.month,
            "certUrl": self.certificate.link,
            "certId": self.certificate.code,
        }
        return f"{LINKED_IN}?{urlencode(fields)}"


@dataclass(frozen=True)
class CertificatesPage:
    """All of mine; without any, the course that is nearest to its end."""

    rows: list[MyCertificate]
    nearest: CourseCard | None

    @property
    def missing(self) -> int:
        return self.nearest.tally.total - self.nearest.tally.done if self.nearest else 0


def certificates_page(user: User) -> CertificatesPage:
    """One query; two more for somebody who has none, a third where courses need a plan."""
    mine = Certificate.objects.current().filter(user=user).defer("credential")
    rows = list(mine.with_corrections().select_related("user"))
    found = [my_row(one) for one in rows]
    return CertificatesPage(found, None if rows else nearest_course(user))


def my_row(certificate: Any) -> MyCertificate:
    return MyCertificate(certificate, can_print(), certificate.is_corrected)


def nearest_course(user: User) -> CourseCard | None:
    """The unfinished course with the fewest lessons left, of those that are open."""
    courses = covered(user, [place.course for place in my_places(user)[:100]])
    cards = [x for x in cards_of(user, courses, {}) if x.tally.total and not x.tally.is_complete]
    return min(cards, key=lambda card: card.tally.total - card.tally.done, default=None)


def my_certificate(user: User, code: str) -> Certificate | None:
    """A valid one of mine."""
    mine = Certificate.objects.current().filter(user=user, revoked_at=None)
    return mine.filter(code=code).with_corrections().select_related("user").first()


def was_revoked(user: User, course: Course) -> bool:
    """Whether what the person has of a course they finished was taken back. One query."""
    mine = Certificate.objects.current().filter(user=user, course=course)
    return mine.filter(revoked_at__isnull=False).exists()


def certificate_of(user: User, slug: str) -> Certificate | None:
    """The person's certificate of a course, whatever became of it."""
    return Certificate.objects.current().filter(user=user, course__slug=slug).first()
