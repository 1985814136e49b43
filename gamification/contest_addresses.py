"""Addresses of seasons and challenges: each has its own, and none has that of a page."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from gamification.season_errors import AddressTaken

# The page that makes one has it.
RESERVED = "new"


@contextmanager
def own_address(slug: str) -> Iterator[None]:
    """Write a season or a challenge within it. Raises AddressTaken, also for who came second."""
    if slug == RESERVED:
        raise AddressTaken
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "_slug_key" in str(error):
            raise AddressTaken from error
        raise
