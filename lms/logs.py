"""Log lines carry the id of the request that caused them, in the worker too."""

import logging
import re
from contextvars import ContextVar
from typing import Any

from celery import Task, current_task
from celery.signals import before_task_publish, task_postrun, task_prerun

NO_REQUEST = "-"
NOT_SHOWN = "(not shown)"
# Addresses with a secret in them, which no other site may learn, and no log.
SECRET_ADDRESSES = (
    "/accounts/password/reset/key/",
    "/billing/seats/",
    "/join/",
    "/notifications/unsubscribe/",
    "/setup/",
)
# What stands there, blanks too, since Django writes addresses decoded; and the query of any
# address: codes of sign-ins, and what people look for.
SECRET = re.compile(rf"({'|'.join(SECRET_ADDRESSES)}).+|(\?)\S+")
# Libraries attach more to a line than they say: a request as a whole, what a task was given.
SAID = {"request_id", "task_name", "task_id", "status_code", *vars(logging.makeLogRecord({}))}
request_id: ContextVar[str] = ContextVar("request_id", default=NO_REQUEST)


def current_id() -> str:
    """Of the request being answered, or the one whose message is worked on.

    What no request caused goes by its first task: beat's sweep, and all that it publishes.
    """
    given = request_id.get()
    if given != NO_REQUEST or not current_task:
        return given
    message = current_task.request
    return message.get("request_id") or message.root_id or given


def put_into_message(headers: dict[str, Any], **kwargs: Any) -> None:
    """Let a task know the request that publishes it, and what logs say in place of its arguments.

    A worker writes these down with each task, and some are words of people.
    """
    if (given := current_id()) != NO_REQUEST:
        headers["request_id"] = given
    headers["argsrepr"] = headers["kwargsrepr"] = NOT_SHOWN


def begin_task(task: Task, **kwargs: Any) -> None:
    """Keep the id where threads find it that the task starts in a copy of its context."""
    task.request.id_before = request_id.set(current_id())


def end_task(task: Task, **kwargs: Any) -> None:
    request_id.reset(task.request.id_before)


# Called, because Celery's decorators have no types.
before_task_publish.connect(put_into_message)
task_prerun.connect(begin_task)
task_postrun.connect(end_task)


class RequestIdFilter(logging.Filter):
    """Adds `request_id` to every record, `-` outside a request; in a worker the task as well.

    What strangers can cause at will (a forged host, a thousand fields) is a line, not a trace.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_id()
        if current_task:
            record.task_name, record.task_id = current_task.name, current_task.request.id
        if record.name.startswith("django.security"):
            record.levelno, record.levelname = logging.WARNING, "WARNING"
            record.exc_info = record.exc_text = None
        return True


class Console(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes what a line says, and of a request only how and by which view it was answered.

    A copy is changed: Sentry's handler looks at the request of the same record.
    """

    def format(self, record: logging.LogRecord) -> str:
        told = {name: value for name, value in vars(record).items() if name in SAID}
        if request := getattr(record, "request", None):
            match = getattr(request, "resolver_match", None)
            told["method"] = getattr(request, "method", "")
            told["view"] = match.view_name if match else ""
        told |= {"msg": SECRET.sub(rf"\1\2{NOT_SHOWN}", record.getMessage()), "args": ()}
        return super().format(logging.makeLogRecord(told))
