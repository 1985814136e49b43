"""What waits for the background, how long what was done lately took, and what failed.

Asked of the rows behind all messages, so it holds whatever Redis has lost and whichever process
answers. Three queries: each looks at a small index, or at the newest rows alone.
"""

# ruff: noqa: S608 - put together from the texts of this module alone

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection

from notifications.channels import available
from notifications.models import Channel

# How many of a table's newest rows are looked at for failures; push and text messages share one.
# Those of a week count.
NEWEST = 5_000
OPEN_WORK = "status = 'PENDING' OR status = 'RUNNING' AND leased_until < clock_timestamp()"
# What did not leave is due later after each try: it waits all the same, since it was due first.
NOT_LEFT = "coalesce(stuck_since, due_at)"
TO_LEAVE = f"state IN ('DUE', 'CLAIMED', 'HANDED') AND {NOT_LEFT} <= clock_timestamp()"
# Code waits for a runner that is away, however often it is put off. A draft is put off on purpose;
# since when it is due says nothing, because the sweep moves that time.
DUE_DRAFT = f"({OPEN_WORK}) AND due_at <= clock_timestamp()"
# Of whoever is not here any more none is made.
TO_EXPORT = """ready_at IS NULL AND failed_at IS NULL
    AND EXISTS (SELECT FROM accounts_user WHERE id = user_id AND is_active)"""
# What takes a way that not every site has: without it, it neither leaves nor fails.
WAYS = {"push": Channel.PUSH, "sms": Channel.SMS}
# Told batch by batch: it waits until whoever it is for was told.
TO_TELL = "send_at <= clock_timestamp() AND sent_at IS NULL AND withdrawn_at IS NULL"
# Each kind of work: its table, since when a row waits, and which do.
WAITING = {
    "submission": ("assessments_submission", "created_at", OPEN_WORK),
    "run": ("assessments_run", "created_at", OPEN_WORK),
    "trial": ("assessments_trial", "created_at", OPEN_WORK),
    "rejudging": ("assessments_rejudging", "created_at", OPEN_WORK),
    "runner_check": ("assessments_runnercheck", "created_at", OPEN_WORK),
    "draft": ("assessments_modelrun", "created_at", DUE_DRAFT),
    "mail": ("notifications_emaillog", NOT_LEFT, TO_LEAVE),
    "push": ("notifications_delivery", NOT_LEFT, f"channel = 'PUSH' AND {TO_LEAVE}"),
    "sms": ("notifications_delivery", NOT_LEFT, f"channel = 'SMS' AND {TO_LEAVE}"),
    "stripe": ("billing_webhookdelivery", "received_at", "state = 'DUE'"),
    "import": ("courses_courseimport", "changed_at", "status IN ('PLANNING', 'APPLYING')"),
    "export": ("accounts_personexport", "asked_at", TO_EXPORT),
    "enrolment": ("enrollments_dueenrollment", "created_at", "true"),
    "badges": ("gamification_achievementsdue", "since", "true"),
    "announcement": ("notifications_announcement", "send_at", TO_TELL),
}
LATELY = """
    SELECT kind, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds),
      percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds), max(seconds)
    FROM (
      SELECT 'submission' AS kind, extract(epoch FROM finished_at - created_at)::float AS seconds
      FROM assessments_submission
      WHERE finished_at > now() - interval '1 hour' AND status IN ('PASSED', 'FAILED')
      UNION ALL
      SELECT 'stripe', extract(epoch FROM done_at - received_at)::float
      FROM billing_webhookdelivery
      WHERE received_at > now() - interval '3 days' AND done_at > now() - interval '1 hour'
        AND state = 'DONE'
    ) done GROUP BY kind
"""
NOT_SENT = "state IN ('FAILED', 'UNCERTAIN')"
FAILED = {
    "submission": ("assessments_submission", "status = 'ERROR'"),
    "mail": ("notifications_emaillog", NOT_SENT),
    "push": ("notifications_delivery", f"channel = 'PUSH' AND {NOT_SENT}"),
    "sms": ("notifications_delivery", f"channel = 'SMS' AND {NOT_SENT}"),
}


WAITS = " UNION ALL ".join(
    f"""SELECT '{kind}', count(*),
      coalesce(extract(epoch FROM clock_timestamp() - min({since})), 0)::float
    FROM {table} WHERE {condition}"""
    for kind, (table, since, condition) in WAITING.items()
)
FAILURES = " UNION ALL ".join(
    f"""SELECT '{kind}', count(*)
    FROM (SELECT * FROM {table} ORDER BY id DESC LIMIT {NEWEST}) newest
    WHERE {condition} AND created_at > now() - interval '7 days'"""
    for kind, (table, condition) in FAILED.items()
)


@dataclass(frozen=True, slots=True)
class Took:
    """How many were done in the last hour, and how many seconds the quantiles of them took."""

    kind: str
    number: int
    median: float
    p95: float
    longest: float


def waiting() -> list[tuple[str, int, float]]:
    """Each kind of work: how many wait, and for how many seconds the oldest does."""
    return [row for row in asked(WAITS) if can_be_done(row[0])]


def waiting_longer(patience: timedelta, kinds: Iterable[str]) -> list[tuple[str, int]]:
    """Those of the kinds of which some wait for longer than that, and how many do."""
    tables = {kind: WAITING[kind] for kind in kinds}
    late = " UNION ALL ".join(
        f"""SELECT '{kind}', count(*) FROM {table}
        WHERE ({condition}) AND {since} < clock_timestamp() - %(patience)s HAVING count(*) > 0"""
        for kind, (table, since, condition) in tables.items()
    )
    return asked(late, patience=patience)


def lately() -> list[Took]:
    """What code and Stripe's messages took that were done in the last hour; nothing if none was."""
    return [Took(*row) for row in asked(LATELY)]


def failed() -> list[tuple[str, int]]:
    """Of each kind, how many of its table's newest rows failed on our side within a week."""
    return [row for row in asked(FAILURES) if can_be_done(row[0])]


def can_be_done(kind: str) -> bool:
    """Whether the site has the way that work of this kind would take."""
    return kind not in WAYS or WAYS[kind] in available()


def asked(statement: str, **values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall())
