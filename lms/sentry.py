"""Errors in the log go to Sentry as well: where it happened, and nothing that anybody wrote.

What an error says may hold an address, a token, a learner's code. So an event is put together from
what is known to hold none: kinds of errors, places in our sources, the id of the request. The log
has the rest under that id.
"""

import logging
from typing import Any

import sentry_sdk
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.logging import EventHandler

KEPT = ("event_id", "timestamp", "level", "platform", "release", "environment", "logger", "sdk")
KEPT_OF_ERROR = ("type", "module", "stacktrace")


def handler(dsn: str) -> logging.Handler:
    """What logging hands errors to. SENTRY_RELEASE and SENTRY_ENVIRONMENT name the site.

    Nothing of Django, Celery or the standard library is instrumented: whatever nobody caught is an
    error in the log.
    """
    sentry_sdk.init(
        dsn,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[AtexitIntegration(callback=lambda *_: None)],
        auto_session_tracking=False,
        send_client_reports=False,
        include_local_variables=False,
        max_breadcrumbs=0,
        before_send=without_words,
    )
    made: logging.Handler = EventHandler(level=logging.ERROR)
    return made


def without_words(event: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any]:
    """The event with nothing in it but what is listed here."""
    record: logging.LogRecord = hint["log_record"]
    errors = event.get("exception", {}).get("values", [])
    sent = {name: event[name] for name in KEPT if name in event}
    sent["tags"] = tags_of(record)
    sent["exception"] = {
        "values": [{name: one[name] for name in KEPT_OF_ERROR if name in one} for one in errors]
    }
    # With gaps it is a text of the sources; without, its gaps may be filled already.
    sent["logentry"] = {"message": str(record.msg) if record.args else record.name}
    return sent


def tags_of(record: logging.LogRecord) -> dict[str, str]:
    """By which request it was caused, in which task or on which page, and what was answered."""
    match = getattr(getattr(record, "request", None), "resolver_match", None)
    found = {
        "request_id": getattr(record, "request_id", ""),
        "task": getattr(record, "task_name", ""),
        "view": match.view_name if match else "",
        "status": str(getattr(record, "status_code", "")),
    }
    return {name: value for name, value in found.items() if value}
