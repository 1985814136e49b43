"""A gateway for text messages that keeps what it was given, and fails as providers do."""

from collections.abc import Callable

SENT: list[tuple[str, str]] = []
FAULTS: list[Callable[[], Exception]] = []


class Gateway:
    """Raises the newest of FAULTS, if there is one."""

    def send(self, to: str, text: str) -> str:
        if FAULTS:
            raise FAULTS[-1]()
        SENT.append((to, text))
        return f"name-{len(SENT)}"


class Mute:
    """No gateway: it cannot send."""


class Closed:
    """One that wants settings which are not there."""

    def __init__(self) -> None:
        raise RuntimeError("Set the key of the provider.")
