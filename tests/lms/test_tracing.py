"""Traces join a request and the work that it causes, and hold nothing that anybody wrote."""

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from lms import tracing
from tests.doubles import otlp_collector
from tests.faults.test_faults import process, wait_until
from tests.lms.test_sentry import HIDDEN, start

# Somebody completes a lesson: a worker looks at their badges.
LEARNING = """
import os
import django
django.setup()
from django.test import Client
from django.test.utils import override_settings
from accounts.models import User

browser = Client()
browser.force_login(User.objects.get(email="ada@example.org"))
with override_settings(ALLOWED_HOSTS=["*"]):
    answer = browser.post(os.environ["LESSON"] + "?token=planted-secret", {"done": "1"})
print(answer.status_code, answer["X-Request-ID"])
"""
WORKER = ["-m", "celery", "-A", "lms", "worker", "-c", "1", "--loglevel", "ERROR"]
TASK = "gamification.tasks.award_achievements"


def said(span):
    return {one.key: one.value.string_value for one in span.attributes}


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("faults")
def test_a_trace_leads_from_the_page_to_the_worker_and_into_the_database(
    ada, lessons, monkeypatch, tmp_path
):
    with otlp_collector.serving() as collector:
        given = {"ENDPOINT": collector.address, "HEADERS": "authorization=Bearer%20key-in-a-file"}
        for name, value in given.items():
            file = tmp_path / name
            file.write_text(value)
            monkeypatch.delenv(f"OTEL_EXPORTER_OTLP_{name}", raising=False)
            monkeypatch.setenv(f"OTEL_EXPORTER_OTLP_{name}_FILE", str(file))
        monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "100")
        page = f"/lessons/{lessons[0].pk}/completion/"
        status, request_id = start(LEARNING, LESSON=page).stdout.split()[-2:]
        assert status == "303"
        with process(*WORKER):
            wait_until(lambda: collector.named(TASK), 120)
    [of_page] = [span for span in collector.spans if span.kind == span.SPAN_KIND_SERVER]
    [of_task] = collector.named(TASK)
    assert said(of_page)["http.route"] == "lessons/<uuid:pk>/completion/"
    assert of_task.trace_id == of_page.trace_id
    assert of_task.parent_span_id == of_page.span_id
    assert {said(one)["waymark.request_id"] for one in (of_page, of_task)} == {request_id}
    for one in (of_page, of_task):
        asked = [span for span in collector.spans if span.parent_span_id == one.span_id]
        assert any("FROM" in said(span).get("db.query.text", "") for span in asked)
    assert collector.keys == {"Bearer key-in-a-file"}
    for word in (b"planted-secret", b"ada@example.org", str(lessons[0].pk).encode()):
        assert word not in collector.raw


def test_of_a_long_statement_the_beginning_is_told(monkeypatch):
    kept, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    monkeypatch.setattr(tracing, "TRACER", provider.get_tracer("waymark"))
    statement = f"SELECT {'%s, ' * 5000}1"
    with tracing.TRACER.start_as_current_span("request"):
        answer = tracing.traced(lambda sql, *rest: sql, statement, None, False, {})
    assert answer == statement
    told, _ = kept.get_finished_spans()
    assert told.attributes["db.query.text"] == statement[:2000]


STARTED = """
import django
django.setup()
from django.conf import settings
from opentelemetry import trace
from lms import tracing
print(type(trace.get_tracer_provider()).__name__, settings.MIDDLEWARE[1])
print(tracing.exporter()._endpoint)
"""


def test_the_address_of_traces_alone_starts_them(db):
    address = "http://127.0.0.1:1/all/traces"
    given = {"OTEL_EXPORTER_OTLP_ENDPOINT": "", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": address}
    told = start(STARTED, **given, OTEL_BSP_SCHEDULE_DELAY="100000").stdout.split()
    assert told == ["TracerProvider", "lms.tracing.trace_requests", address]


def test_without_the_package_the_start_ends_with_a_sentence(db):
    hidden = HIDDEN.replace("sentry_sdk", "opentelemetry")
    ended = start(hidden, OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:4318")
    assert ended.returncode == 1
    assert "install the extra `traces`" in ended.stderr.splitlines()[-1]
