"""Writes a push message for one browser alone, as RFC 8291 has it: who carries it reads nothing.

Pure. The browser gave its public key (`p256dh`) and a secret (`auth`), both as base64url.
"""

import base64
import binascii
import os

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils.translation import gettext as _

# One record holds it all; a push service has to take so much, and need not take more.
RECORD = 4096
LAST_RECORD = b"\x02"
# What is left of a record without its header, the sign of its end, and the proof of AES-GCM.
MOST = RECORD - 86 - len(LAST_RECORD) - 16
CURVE = ec.SECP256R1()


class BadKeys(ValueError):
    """No message can be written for a browser that gave these."""


def encrypt(
    plain: bytes,
    p256dh: str,
    auth: str,
    *,
    salt: bytes = b"",
    key: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """The body of a request in the coding aes128gcm. Salt and key are new for every message."""
    if len(plain) > MOST:
        raise ValueError(f"A push message holds {MOST} bytes at most.")
    theirs, secret = read_keys(p256dh, auth)
    salt, key = salt or os.urandom(16), key or ec.generate_private_key(CURVE)
    ours = point(key.public_key())
    info = b"WebPush: info\x00" + point(theirs) + ours
    shared = derive(key.exchange(ec.ECDH(), theirs), secret, info, 32)
    content_key = derive(shared, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = derive(shared, salt, b"Content-Encoding: nonce\x00", 12)
    sealed = AESGCM(content_key).encrypt(nonce, plain + LAST_RECORD, None)
    return salt + RECORD.to_bytes(4) + bytes([len(ours)]) + ours + sealed


def read_keys(p256dh: str, auth: str) -> tuple[ec.EllipticCurvePublicKey, bytes]:
    """What a browser gave, checked: a point of the curve, and sixteen bytes. Raises BadKeys."""
    try:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, decode(p256dh))
        secret = decode(auth)
    except ValueError as fault:
        raise BadKeys(_("The browser's keys cannot be read.")) from fault
    if len(secret) != 16:
        raise BadKeys(_("The browser's secret has not sixteen bytes."))
    return theirs, secret


def derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Base64url, with or without its padding. Raises ValueError."""
    try:
        kept = text.rstrip("=").encode("ascii")
        return base64.b64decode(kept + b"=" * (-len(kept) % 4), b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error) as fault:
        raise ValueError("This is not base64url.") from fault
