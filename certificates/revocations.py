"""The list of what is gone, as it is kept between two that ask for it.

Each kept list belongs to an edition, which is read before the rows are. Whatever is revoked or
replaced begins a new one, so a list that was made from older rows meanwhile is asked for no more.
"""

import secrets
from typing import Any, cast

from django.core.cache import cache

from certificates.credentials import revocation_list

EDITION = "certificates:revoked:edition"
FIVE_MINUTES = 300


def revocations() -> dict[str, Any]:
    """The list as of the last change. One query, or none."""
    edition = cache.get_or_set(EDITION, new_edition, None)
    key = f"certificates:revoked:{edition}"
    return cast("dict[str, Any]", cache.get_or_set(key, revocation_list, FIVE_MINUTES))


def begin_edition() -> None:
    """After a commit: the next that asks is told what stands now."""
    cache.set(EDITION, new_edition(), None)


def new_edition() -> str:
    return secrets.token_hex(8)
