"""Every refusal of the API, in one shape: {"error": {"code", "detail", "fields"}}."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import JsonResponse
from pydantic_core import ErrorDetails

from assessments import errors as assessments
from enrollments import errors as enrollments
from progress import errors as progress
from sandbox.job import TOO_LONG

type Fields = dict[str, list[str]]


class ApiError(Exception):
    """A refusal: what is answered, and what a person may read about it."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        fields: Fields | None = None,
        headers: dict[str, str] | None = None,
        more: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail
        self.fields = fields or {}
        self.headers = headers or {}
        self.more = more or {}

    def response(self) -> JsonResponse:
        error = {"code": self.code, "detail": self.detail, "fields": self.fields}
        body = {"error": error, **self.more}
        return JsonResponse(body, status=self.status, headers=self.headers)


def invalid_json() -> ApiError:
    return ApiError(400, "invalid_json", "The body is not one JSON object.")


def not_authenticated() -> ApiError:
    detail = "Sign in, or send a token in the Authorization header."
    return ApiError(401, "not_authenticated", detail, headers={"WWW-Authenticate": "Bearer"})


def csrf_failed() -> ApiError:
    return ApiError(403, "csrf_failed", "This request lacks the CSRF token of its session.")


def reads_only() -> ApiError:
    return ApiError(403, "token_reads_only", "This token is read-only.")


def other_origin() -> ApiError:
    return ApiError(403, "other_origin", "Only pages of this site report here.")


def not_yourself() -> ApiError:
    return ApiError(403, "not_yourself", "You can act for yourself only.")


def not_found() -> ApiError:
    # One sentence for everything: a hidden thing and a missing one look the same.
    return ApiError(404, "not_found", "There is no such thing here.")


def method_not_allowed(allowed: Iterable[str]) -> ApiError:
    names = ", ".join(sorted(allowed))
    detail = f"This address answers to {names}."
    return ApiError(405, "method_not_allowed", detail, headers={"Allow": names})


def too_large(limit: int) -> ApiError:
    return ApiError(413, "too_large", f"The body is larger than {limit // 1024} KB.")


def unsupported_media_type() -> ApiError:
    detail = "Send the body as application/json in UTF-8."
    return ApiError(415, "unsupported_media_type", detail)


def invalid_text(field: str) -> ApiError:
    detail = TOO_LONG if field == "source" else "Invalid text."
    return ApiError(422, "invalid_fields", detail, {field: [detail]} if field else {})


def rate_limited(seconds: int, detail: str = "") -> ApiError:
    detail = detail or f"Too many requests. Try again in {seconds} seconds."
    return ApiError(429, "rate_limited", detail, headers={"Retry-After": str(seconds)})


def stale_answer(stands: dict[str, Any]) -> ApiError:
    detail = "This answer was changed in another tab."
    return ApiError(409, "stale_answer", detail, more={"answer": stands})


# What the database says when it broke a deadlock or could not put two changes in a row.
LOST_RACES = {"40001", "40P01", "55P03"}
# It is foreseen, and noted by Django's `log_response`, which then calls it no error once more.
LOST_A_RACE = "%s %r lost a race"


def is_lost_race(error: Exception) -> bool:
    """Whether trying again is likely to succeed."""
    return getattr(error.__cause__, "sqlstate", None) in LOST_RACES


# It cannot be connected to, ends connections, has no room, or something under it broke.
AWAY = ("08", "53", "57P", "58")


def is_away(error: BaseException | None) -> bool:
    """Whether the database could not do its work, whatever it was asked."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(AWAY)


def busy() -> ApiError:
    detail = "Two changes got in each other's way. Try again."
    return ApiError(503, "busy", detail, headers={"Retry-After": "1"})


def unavailable() -> ApiError:
    detail = "The database cannot be reached just now. Nothing was changed. Try again."
    return ApiError(503, "unavailable", detail, headers={"Retry-After": "5"})


def no_room() -> ApiError:
    detail = "There is no room left for files just now. Nothing was saved."
    return ApiError(507, "no_room", detail)


def server_error() -> ApiError:
    return ApiError(500, "server_error", "Something broke on our side. Nothing was changed.")


# What the verbs below refuse, in the API's words.
REFUSALS: dict[type[Exception], tuple[int, str]] = {
    enrollments.PlanRequired: (403, "plan_required"),
    enrollments.NotEnrolled: (403, "not_enrolled"),
    enrollments.Paused: (403, "not_enrolled"),
    enrollments.PrerequisiteMissing: (409, "prerequisite_missing"),
    progress.NotPassed: (409, "not_passed"),
    assessments.NothingToAsk: (409, "nothing_to_ask"),
    assessments.NoAttemptsLeft: (409, "no_attempts_left"),
    assessments.TooSoon: (409, "too_soon"),
    assessments.NoPractice: (409, "no_practice"),
    assessments.AlreadySubmitted: (409, "already_submitted"),
    assessments.TimeOver: (409, "time_over"),
    assessments.NothingToRun: (409, "nothing_to_run"),
    assessments.AnswersHidden: (403, "answers_hidden"),
}


def from_refusal(refusal: Exception) -> ApiError:
    if isinstance(refusal, assessments.TooOften):
        return rate_limited(refusal.wait, str(refusal))
    status, code = REFUSALS.get(type(refusal), (409, "refused"))
    fields: Fields = {}
    if isinstance(refusal, assessments.TooSoon):
        fields = {"opens_at": [utc(refusal.opens_at)]}
    return ApiError(status, code, str(refusal), fields)


def utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


MESSAGES = {
    "missing": "This field is required.",
    "extra_forbidden": "This field is unknown.",
    "string_type": "This must be text.",
    "string_too_short": "This must not be empty.",
    "string_too_long": "This must have at most {max_length} characters.",
    "string_pattern_mismatch": "Invalid text.",
    "bool_type": "This must be true or false.",
    "list_type": "This must be a list.",
    "too_long": "This must have at most {max_length} entries.",
    "uuid_parsing": "This must be a UUID.",
    "int_type": "This must be an integer.",
    "int_parsing": "This must be an integer.",
    "literal_error": "This must be one of {expected}.",
    "greater_than_equal": "This must be at least {ge}.",
    "less_than_equal": "This must be at most {le}.",
}


def invalid_fields(errors: Iterable[ErrorDetails | dict[str, Any]]) -> ApiError:
    """Say of each field what is wrong with it; values are never repeated."""
    fields: Fields = {}
    for error in errors:
        message = MESSAGES.get(error["type"], "This is not valid.").format(**error.get("ctx", {}))
        # Of a list the field is told, not the place of what is wrong in it.
        name = next((str(x) for x in reversed(error["loc"]) if isinstance(x, str)), "")
        told = fields.setdefault(name, [])
        if message not in told:
            told.append(message)
    named = "; ".join(f"{name}: {messages[0]}" for name, messages in sorted(fields.items()))
    return ApiError(422, "invalid_fields", f"Some fields are not valid. {named}"[:400], fields)
