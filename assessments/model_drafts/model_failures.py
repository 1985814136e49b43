"""What can go wrong when a model is asked. The messages are for staff, and none says the key."""

from dataclasses import dataclass
from http import HTTPStatus

from assessments.models import ModelRun

Outcome = ModelRun.Outcome


@dataclass(frozen=True, slots=True)
class Usage:
    """What a request cost in tokens. None: the endpoint did not say."""

    tokens_in: int | None = None
    tokens_out: int | None = None


class NoAnswer(Exception):
    """There is no answer that could be used. The message is for staff."""

    outcome = Outcome.FAULT
    may_pass = True  # Asking again may help.

    def __init__(self, message: str, content: str = "", usage: Usage | None = None) -> None:
        super().__init__(message)
        self.content, self.usage = content, usage or Usage()


class Refused(NoAnswer):
    """The model, or a filter before it, will not answer this."""

    outcome = Outcome.REFUSED
    may_pass = False


class Unreadable(NoAnswer):
    """What came is not what the protocol or the schema says."""

    outcome = Outcome.UNREADABLE


class TooLong(NoAnswer):
    """The answer was cut off, or had no end."""

    outcome = Outcome.TOO_LONG


class TimedOut(NoAnswer):
    """The time was over before the answer was whole."""

    outcome = Outcome.TIMED_OUT


class Away(NoAnswer):
    """Nobody answers at the address."""

    outcome = Outcome.AWAY


class Busy(NoAnswer):
    """Too many requests. `wait` is what the endpoint asks for, in seconds."""

    outcome = Outcome.BUSY

    def __init__(self, message: str, wait: float | None) -> None:
        super().__init__(message)
        self.wait = wait


class Fault(NoAnswer):
    """The endpoint answered with an error. Its own fault may pass, what it forbids will not."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.may_pass = status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in (
            HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_EARLY,
        )  # fmt: skip


class NoSchemas(NoAnswer):
    """The endpoint knows nothing of schemas: the same is asked in words alone."""
