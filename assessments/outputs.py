"""What is kept of what a program printed: enough to see what went wrong, as a row can hold it."""

import math

KEPT_OF_PASSED, KEPT = 2_000, 16_000


def storable(text: str, most: int) -> str:
    """A text of a program, cut, as the database can hold it."""
    clean = text[:most].replace("\x00", "\ufffd")
    return clean.encode("utf-8", "replace").decode("utf-8")


def seconds_of(seconds: float | None) -> float | None:
    return seconds if seconds is not None and math.isfinite(seconds) else None
