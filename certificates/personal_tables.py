"""What this room keeps of people."""

import json
from collections.abc import Iterator
from functools import partial

from accounts.models import User
from accounts.personal import BLANK, File, declare, kept
from certificates.credentials import credential_of, signed
from certificates.models import Certificate
from certificates.printing import can_print, pdf_of


def files_of(user: User) -> Iterator[File]:
    """Each certificate: what it says, the same signed, and as it is printed."""
    rows = Certificate.objects.current().filter(user=user).exclude(holder="")
    for one in rows.select_related("user", "course"):
        yield File(f"certificates/{one.code}.json", partial(readable, one))
        yield File(f"certificates/{one.code}.jwt", partial(token, one))
        if can_print():
            yield File(f"certificates/{one.code}.pdf", partial(pdf_of, one))


def readable(certificate: Certificate) -> bytes:
    return json.dumps(credential_of(certificate), indent=2, ensure_ascii=False).encode()


def token(certificate: Certificate) -> bytes:
    return signed(certificate).encode()


declare(
    "certificates",
    kept(
        Certificate, "user", acts=("issued_by", "revoked_by"),
        clears={"holder": "", "credential": "", "key": None, "reason": BLANK},
        keeps=("code", "snapshot"), hides=("credential", "key"),
        why="That a course was finished stays so, without a name.",
    ),
    files=files_of,
)  # fmt: skip
