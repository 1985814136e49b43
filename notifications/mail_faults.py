"""What a mail server's refusal means: certainly not taken, or nobody knows."""

from collections.abc import Iterator
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from notifications.outbox import NotTaken, Refused

FOR_NOW = range(400, 500)
FOR_GOOD = range(500, 600)
TOO_MANY_REQUESTS = 429


def certainty(fault: Exception) -> Exception:
    """NotTaken or Refused, if the answer was plain; otherwise the fault as it is."""
    if isinstance(fault, ValueError):
        # Django's backend looks at the address before it says a word.
        return Refused(str(fault))
    if isinstance(fault, SMTPException):
        return of_smtp(fault)
    status = getattr(fault, "status_code", None)
    if isinstance(status, int):
        return of_provider(status)
    if type(fault).__name__ == "AnymailRecipientsRefused":
        return Refused("The provider refuses the address.")
    if any(isinstance(one, NewConnectionError | ConnectTimeoutError) for one in causes(fault)):
        return NotTaken("The provider cannot be reached.")
    return fault


def causes(fault: BaseException) -> Iterator[BaseException]:
    """The fault, and what it came of, as packages wrap it."""
    found: BaseException | None = fault
    while found is not None:
        yield found
        found = getattr(found, "reason", None) or found.__cause__ or found.__context__


def of_smtp(fault: SMTPException) -> Exception:
    code, said = answer(fault)
    if code in FOR_NOW:
        return NotTaken(f"{code} {said}")
    if code in FOR_GOOD:
        return Refused(f"{code} {said}")
    return fault


def answer(fault: SMTPException) -> tuple[int, str]:
    """The server's number and words; 0 if there was no answer."""
    said: bytes | str
    if isinstance(fault, SMTPRecipientsRefused):
        code, said = next(iter(fault.recipients.values()))
    elif isinstance(fault, SMTPResponseException):
        code, said = fault.smtp_code, fault.smtp_error
    else:
        return 0, ""
    return code, said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


def of_provider(status: int) -> Exception:
    """A provider asked over HTTP. What went wrong on its side may have gone right as well."""
    if status == TOO_MANY_REQUESTS:
        return NotTaken("The provider takes no more for now.")
    if status in FOR_NOW:
        return Refused(f"The provider answered {status}.")
    return RuntimeError(f"The provider answered {status}.")
