"""Says to push services who sends, as RFC 8292 has it: a token, signed with the site's own key."""

from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from notifications.web_push import CURVE, decode, encode, point

# Services refuse what is good for more than a day; their clock may differ from ours.
GOOD_FOR = timedelta(hours=12)


@lru_cache(maxsize=4)
def read_key(text: str) -> ec.EllipticCurvePrivateKey:
    """The private key from its 32 bytes, as the environment has it."""
    return ec.derive_private_key(int.from_bytes(decode(text)), CURVE)


def new_key() -> str:
    """A private key, as the environment has it."""
    number = ec.generate_private_key(CURVE).private_numbers().private_value
    return encode(number.to_bytes(32))


def public_key(private: str = "") -> str:
    """What browsers are given, so that only this site can send them messages."""
    return encode(point(read_key(private or settings.PUSH_VAPID_PRIVATE_KEY).public_key()))


def authorization(endpoint: str, moment: datetime) -> str:
    """The header for a message to this endpoint: good for its service alone, and for a while."""
    place = urlsplit(endpoint)
    claims = {
        "aud": f"{place.scheme}://{place.netloc}",
        "exp": int((moment + GOOD_FOR).timestamp()),
        "sub": settings.PUSH_CONTACT,
    }
    key = read_key(settings.PUSH_VAPID_PRIVATE_KEY)
    return f"vapid t={jwt.encode(claims, key, algorithm='ES256')}, k={public_key()}"
