"""The site's own keys. One signs; the public halves of all prove what they signed.

The private half is encrypted with a key made of SECRET_KEY. If that changes, the half cannot be
read any more: its key is retired, and the next signature makes a new one.
"""

import base64
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.timezone import now

from certificates.models import SigningKey

PURPOSE = b"waymark.certificates.signing"
NONCE = 12


def locks() -> list[ChaCha20Poly1305]:
    """What private halves are encrypted with: today's SECRET_KEY first, then its predecessors."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [
        ChaCha20Poly1305(HKDF(hashes.SHA256(), 32, None, PURPOSE).derive(force_bytes(secret)))
        for secret in secrets
    ]


def make_key() -> SigningKey:
    """Make a key that is not stored yet."""
    pair = Ed25519PrivateKey.generate()
    public, nonce = pair.public_key().public_bytes_raw(), os.urandom(NONCE)
    sealed = locks()[0].encrypt(nonce, pair.private_bytes_raw(), public)
    return SigningKey(public=public, private=nonce + sealed)


def private_half(key: SigningKey) -> Ed25519PrivateKey | None:
    """Open the private half; None if SECRET_KEY is another one now."""
    private, public = bytes(key.private), bytes(key.public)
    for lock in locks():
        try:
            opened = lock.decrypt(private[:NONCE], private[NONCE:], public)
        except InvalidTag:
            continue
        return Ed25519PrivateKey.from_private_bytes(opened)
    return None


def public_half(key: SigningKey) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(bytes(key.public))


def signer() -> tuple[SigningKey, Ed25519PrivateKey]:
    """The key that signs now. It is made when it is first needed, once, however many ask."""
    while True:
        key = SigningKey.objects.filter(retired_at=None).first()
        if key is None:
            SigningKey.objects.bulk_create([make_key()], ignore_conflicts=True)
        elif private := private_half(key):
            return key, private
        else:
            retire(key)


def retire(key: SigningKey) -> None:
    """Sign no more with this key. What it signed stays proven."""
    SigningKey.objects.filter(pk=key.pk, retired_at=None).update(retired_at=now())


def rotate() -> SigningKey:
    """Retire the key in use and make the next one."""
    retire(signer()[0])
    return signer()[0]


def address_of(key: SigningKey) -> str:
    """Where everybody finds the public half."""
    return str(settings.SITE_URL) + reverse("classroom:certificate_key", args=[key.pk])


def jwk_of(key: SigningKey) -> dict[str, Any]:
    """The public half as a JSON Web Key."""
    x = base64.urlsafe_b64encode(bytes(key.public)).rstrip(b"=").decode()
    name = address_of(key)
    return {"kty": "OKP", "crv": "Ed25519", "x": x, "kid": name, "alg": "EdDSA", "use": "sig"}


def key_set() -> dict[str, Any]:
    """All public halves, the newest first, as a JSON Web Key Set."""
    return {"keys": [jwk_of(key) for key in SigningKey.objects.order_by("-created_at")]}
