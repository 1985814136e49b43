"""The certificate as an Open Badges 3.0 credential, signed as a JSON Web Token.

It names the holder and nobody's email: whoever reads it compares the name, or asks the check page
that it refers to. Accounts and scores stay out of it.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import jwt
from django.conf import settings
from django.urls import reverse

from certificates import keys
from certificates.errors import NotGenuine
from certificates.models import Certificate, SigningKey

ALGORITHM = "EdDSA"
CONTEXT = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
]
CLAIMS = ("iss", "jti", "nbf", "sub")


def name_of(certificate: Certificate) -> str:
    """What the credential is called: not by its code, which opens the check page."""
    return f"urn:uuid:{certificate.pk}"


def whole_second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def in_zulu(moment: datetime) -> str:
    return whole_second(moment).isoformat().replace("+00:00", "Z")


def achievement_of(certificate: Certificate) -> dict[str, Any]:
    """What was achieved, from the snapshot alone."""
    said = certificate.snapshot
    return {
        "id": f"urn:uuid:{certificate.course_id}",
        "type": ["Achievement"],
        "achievementType": "Course",
        "name": said["title"],
        "description": said["summary"] or said["title"],
        "criteria": {"narrative": criteria_of(said)},
        **({"tag": [said["language"]]} if said["language"] else {}),
    }


def criteria_of(said: dict[str, Any]) -> str:
    """Say in a sentence what had to be done, as far as the snapshot knows."""
    if said.get("by_hand"):
        return "The school issued it by hand."
    lessons = said["lessons"]
    if not lessons:
        return "All that the course asked for on the day."
    parts = [f"All {lessons} required lessons" if lessons != 1 else "The one required lesson"]
    passed = [
        f"{said[kind]} {one if said[kind] == 1 else many}"
        for kind, one, many in (
            ("quizzes", "quiz", "quizzes"),
            ("assignments", "assignment", "assignments"),
        )
        if said[kind]
    ]
    if passed:
        parts.append(f"of which {' and '.join(passed)} had to be passed")
    return ", ".join(parts) + "."


def issuer_of(certificate: Certificate) -> dict[str, Any]:
    """The school, as it was called on the day."""
    said = certificate.snapshot
    address = f"{said['address']}/"
    return {"id": address, "type": ["Profile"], "name": said["school"], "url": address}


def credential_of(certificate: Certificate) -> dict[str, Any]:
    """The credential as it is signed, but for the claims of the token."""
    said, name = certificate.snapshot, name_of(certificate)
    return {
        "@context": CONTEXT,
        "id": name,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": said["title"],
        "issuer": issuer_of(certificate),
        "validFrom": in_zulu(certificate.issued_at),
        "awardedDate": f"{said['completed_on']}T00:00:00Z",
        "credentialSubject": {
            "id": f"{name}#holder",
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityHash": certificate.holder,
                    "identityType": "name",
                }
            ],
            "achievement": achievement_of(certificate),
        },
        "credentialStatus": {
            "id": said["address"] + reverse("classroom:revoked_certificates"),
            "type": "1EdTechRevocationList",
        },
        "evidence": [
            {
                "id": certificate.printed_address,
                "type": ["Evidence"],
                "name": "Check page of the school",
            }
        ],
    }


def signed(certificate: Certificate) -> str:
    """The credential as a compact JWS; signed now if it was not yet. Empty without a name."""
    if certificate.credential or not certificate.holder:
        return certificate.credential
    key, private = keys.signer()
    credential = credential_of(certificate)
    payload = {
        **credential,
        "iss": credential["issuer"]["id"],
        "jti": credential["id"],
        "nbf": int(certificate.issued_at.timestamp()),
        "sub": credential["credentialSubject"]["id"],
    }
    token = jwt.encode(payload, private, algorithm=ALGORITHM, headers={"kid": keys.address_of(key)})
    rows = Certificate.objects.unsigned().filter(pk=certificate.pk)
    rows.update(credential=token, key=key)
    certificate.refresh_from_db(fields=["credential", "key", "holder"])
    return certificate.credential


def sign_unsigned(limit: int = 500) -> int:
    """Sign what nobody has asked for yet; return how many."""
    return sum(bool(signed(one)) for one in Certificate.objects.unsigned()[:limit])


def verify(token: str) -> dict[str, Any]:
    """Return what a genuine credential of this school says. Raises NotGenuine.

    Only the algorithm of our own keys counts, whatever the header asks for.
    """
    try:
        key = SigningKey.objects.get(pk=key_named(jwt.get_unverified_header(token)))
        payload: dict[str, Any] = jwt.decode(
            token,
            keys.public_half(key),
            algorithms=[ALGORITHM],
            options={"require": list(CLAIMS), "verify_aud": False},
        )
    except (jwt.InvalidTokenError, SigningKey.DoesNotExist, ValueError):
        raise NotGenuine from None
    iss, jti, nbf, sub = (payload.pop(claim) for claim in CLAIMS)
    begins = datetime.fromtimestamp(nbf, UTC)
    told = (payload["issuer"]["id"], payload["id"], payload["credentialSubject"]["id"])
    if told != (iss, jti, sub) or payload["validFrom"] != in_zulu(begins):
        raise NotGenuine
    return payload


def certificate_of(said: dict[str, Any]) -> Certificate:
    """The certificate that a genuine credential is of: no row ever vanishes."""
    return Certificate.objects.defer("credential").get(pk=UUID(said["id"]))


def key_named(header: dict[str, Any]) -> UUID:
    """The key that a header names by the end of its address. Raises ValueError."""
    name = str(header.get("kid", "")).rpartition("/")[2]
    return UUID(name.removesuffix(".json"))


def revocation_list() -> dict[str, Any]:
    """What was revoked or replaced, for programs that check credentials by themselves."""
    gone = Certificate.objects.exclude(revoked_at=None, superseded_by=None)
    address = settings.SITE_URL
    return {
        "id": address + reverse("classroom:revoked_certificates"),
        "issuer": f"{address}/",
        "revokedCredential": [
            {"id": name_of(one), "revoked": True, "revocationReason": str(one.status.label)}
            for one in gone.only("id", "revoked_at", "superseded_by").order_by("id")
        ],
    }
