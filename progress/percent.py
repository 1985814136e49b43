"""The arithmetic of percentages."""


def percent_of(done: int, total: int) -> int | None:
    """Whole percent, rounded down: 100 only when everything is done. No lessons: no percentage."""
    return 100 * done // total if total else None
