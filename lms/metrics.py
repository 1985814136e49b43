"""What /metrics shows: what the processes of this server counted, and what the database knows.

Counted is what was answered. How work in the background goes is asked of its rows at that moment:
workers serve no page, and what they counted would be gone with them.
"""

import logging
import os
from collections.abc import Iterator
from datetime import datetime

from django.db import Error
from django.utils.timezone import now
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from accounts.upkeep import Upkeep, last_of_each
from studio import backlog
from studio.setting_up import machine

logger = logging.getLogger(__name__)
QUANTILES = (("0.5", "median"), ("0.95", "p95"), ("1", "longest"))


def text() -> bytes:
    """All of it in Prometheus' text format."""
    registry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    facts = CollectorRegistry()
    facts.register(Facts())
    return generate_latest(registry) + generate_latest(facts)


class Facts:
    """Numbers that are the same whichever process is asked. Four queries, a call of Redis."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield from heard_of()
        try:
            found = [*work(), *upkeep()]
        except Error as error:
            logger.warning("The database did not answer: %r", error)
            found = []
        yield gauge("waymark_database_up", "Whether the database answered.", float(bool(found)))
        yield from found


def work() -> Iterator[GaugeMetricFamily]:
    number = family("waymark_waiting", "Work of a kind that waits for a worker.")
    oldest = family("waymark_waiting_oldest_seconds", "How long the oldest of it has waited.")
    for kind, count, seconds in backlog.waiting():
        number.add_metric([kind], count)
        oldest.add_metric([kind], seconds)
    done = family("waymark_done_last_hour", "Work of a kind that was done in the last hour.")
    took = family("waymark_done_seconds", "What it took from its coming to its end.", "quantile")
    for one in backlog.lately():
        done.add_metric([one.kind], one.number)
        for quantile, name in QUANTILES:
            took.add_metric([one.kind, quantile], getattr(one, name))
    told = "Among its table's newest 5000 rows, those of a week that failed."
    failed = family("waymark_failed", told)
    for kind, count in backlog.failed():
        failed.add_metric([kind], count)
    yield from (number, oldest, done, took, failed)


def heard_of() -> Iterator[GaugeMetricFamily]:
    """What is kept in Redis alone: not shown where it is not known."""
    silence = machine.silence()
    if silence is not None:
        yield gauge("waymark_background_silence_seconds", "Since beat and a worker ran.", silence)


def upkeep() -> Iterator[GaugeMetricFamily]:
    """What was never done is not shown."""
    last = last_of_each()
    look = last.get(Upkeep.Kind.LOOK)
    if look and look.ended_at:
        yield gauge("waymark_doctor_off", "Checks that found something.", len(look.off))
        yield gauge("waymark_doctor_age_seconds", "Since doctor looked.", since(look.ended_at))
    if backup := last.get(Upkeep.Kind.BACKUP):
        age = since(backup.asked_at)
        yield gauge("waymark_backup_age_seconds", "Since the last backup.", age)


def since(moment: datetime) -> float:
    return (now() - moment).total_seconds()


def gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, what, value=value)


def family(name: str, what: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, what, labels=["kind", *labels])
