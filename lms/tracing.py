"""Traces of requests, tasks and statements by OpenTelemetry, where somebody gathers them.

Three hooks of our own: what ready-made ones note of a request, its address and who sent it, may
hold secrets. A span holds the name of a view or task, a statement with gaps for its values, and
the id of the request.
"""

import os
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from celery import Task
from celery.signals import before_task_publish, task_postrun, task_prerun
from django.conf import settings
from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponse
from opentelemetry import context, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.re import parse_env_headers

from lms import logs

HEADER = "traceparent"
WORDS = TraceContextTextMapPropagator()
TRACER = trace.get_tracer("waymark")
# Of a statement. One that names a thousand keys is told by its beginning.
MOST_SIGNS = 2_000
# What an error says may be anybody's words.
SILENT: dict[str, Any] = {"record_exception": False, "set_status_on_exception": False}


def start() -> None:
    """Gather spans and send them off, as OpenTelemetry's own variables say."""
    os.environ.setdefault("OTEL_SERVICE_NAME", "waymark")
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(exporter()))
    trace.set_tracer_provider(provider)
    connection_created.connect(trace_statements)
    before_task_publish.connect(put_into_message)
    task_prerun.connect(begin_task)
    task_postrun.connect(end_task)


def exporter() -> OTLPSpanExporter:
    """Where to, and with which key, as settings say: they read files as well, and it does not."""
    endpoint = settings.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT
    headers = os.environ.get("OTEL_EXPORTER_OTLP_TRACES_HEADERS")
    given = parse_env_headers(headers or settings.OTEL_EXPORTER_OTLP_HEADERS, liberal=True)
    return OTLPSpanExporter(endpoint=endpoint, headers=given)


def trace_requests(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., Any]:
    """A span for each request. What a stranger says of a trace it belongs to is not believed."""

    def handle(request: HttpRequest) -> HttpResponse:
        with TRACER.start_as_current_span("request", kind=SpanKind.SERVER, **SILENT) as span:
            response = get_response(request)
            span.set_attribute("waymark.request_id", logs.current_id())
            span.set_attribute("http.response.status_code", response.status_code)
            if match := request.resolver_match:
                span.update_name(match.view_name)
                span.set_attribute("http.route", match.route)
            if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                span.set_status(StatusCode.ERROR)
            return response

    return handle


def trace_statements(connection: Any, **kwargs: Any) -> None:
    if traced not in connection.execute_wrappers:
        connection.execute_wrappers.append(traced)


def traced(execute: Callable[..., Any], sql: str, params: Any, many: bool, about: Any) -> Any:
    """A span for each statement of a request or a task, without its values."""
    if not trace.get_current_span().is_recording():
        return execute(sql, params, many, about)
    said = {"db.system.name": "postgresql", "db.query.text": sql[:MOST_SIGNS]}
    name = sql.split(maxsplit=1)[0]
    with TRACER.start_as_current_span(name, kind=SpanKind.CLIENT, attributes=said, **SILENT):
        return execute(sql, params, many, about)


def put_into_message(headers: dict[str, Any], **kwargs: Any) -> None:
    """Let a task know the trace of whoever publishes it."""
    WORDS.inject(headers)


def begin_task(task: Task, **kwargs: Any) -> None:
    sent = task.request.get(HEADER)
    caused_by = WORDS.extract({HEADER: sent}) if sent else None
    said = {"waymark.request_id": logs.current_id(), "messaging.message.id": task.request.id}
    span = TRACER.start_span(task.name, caused_by, kind=SpanKind.CONSUMER, attributes=said)
    task.request.span, task.request.left = span, context.attach(trace.set_span_in_context(span))


def end_task(task: Task, state: str | None = None, **kwargs: Any) -> None:
    if state == "FAILURE":
        task.request.span.set_status(StatusCode.ERROR)
    task.request.span.end()
    context.detach(task.request.left)
