"""By what a backup is told to belong to the keys of this site. The keys themselves stay out of it.

Whoever finds a backup reads the school; with SECRET_KEY beside it they could also sign certificates
in its name and walk in as anybody. So a backup holds a fingerprint, and a restore holds it against
the key that is set.
"""

import hashlib
import hmac

from django.conf import settings

PURPOSE = b"waymark.backups.key"


def fingerprint(secret: str) -> str:
    """What says that two keys are the same and nothing else of them; "" where there is none."""
    if not secret:
        return ""
    return hmac.new(secret.encode(), PURPOSE, hashlib.sha256).hexdigest()[:32]


def fingerprints() -> dict[str, str]:
    return {
        "SECRET_KEY": fingerprint(settings.SECRET_KEY),
        "PUSH_VAPID_PRIVATE_KEY": fingerprint(settings.PUSH_VAPID_PRIVATE_KEY),
    }


def differing(made_with: dict[str, str]) -> list[str]:
    """Which of the keys that the backup was made with are others now, or not set."""
    known = {
        "SECRET_KEY": [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS],
        "PUSH_VAPID_PRIVATE_KEY": [settings.PUSH_VAPID_PRIVATE_KEY],
    }
    return [
        name
        for name, secrets in known.items()
        if made_with.get(name) and made_with[name] not in map(fingerprint, secrets)
    ]
