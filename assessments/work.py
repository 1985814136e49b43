"""Taking up work: claimed by one, kept by a heartbeat, given back or given up.

A claim is a conditional update, so two workers never hold one row; a result is written only by
whoever still holds the claim, so a late one never overwrites what stands.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from assessments.clock import read_clock
from assessments.models import ModelRun, Run, Submission, Work
from assessments.models.attempt import CLOCK
from assessments.running import RunnerAway, RunnerFailed

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=20)
BEAT = 5.0  # seconds
MOST_TRIES = 3
# How long what our side did not manage waits for the next try.
PAUSE = timedelta(seconds=5)
AWAY_PAUSE = timedelta(seconds=30)
# A message that was not answered for so long is taken for lost; so many are sent again at once.
PATIENCE, MOST_TOLD = timedelta(seconds=60), 500
# What waits for a slow endpoint is seldom lost, and more messages make it no faster.
PATIENCE_WITH_DRAFTS, MOST_DRAFTS_TOLD = timedelta(minutes=30), 20
LONGEST_FAULT = 2_000
NOT_CLAIMED: dict[str, Any] = {"claim": None, "leased_until": None}


def claim[Row: Work](model: type[Row], key: UUID) -> Row | None:
    """Take up a row that is due, or None: another has it, or it is done."""
    token = uuid4()
    rows: Any = model._default_manager
    took = (
        rows.due()
        .filter(pk=key)
        .update(
            status=Work.Status.RUNNING,
            claim=token,
            leased_until=CLOCK + LEASE,
            started_at=CLOCK,
            tries=F("tries") + 1,
        )
    )
    if not took:
        return None
    row: Row = rows.whole().get(pk=key)
    if row.tries <= MOST_TRIES:
        return row
    give_up(row, _("Whoever ran it was gone each time."))
    return None


@contextmanager
def kept(row: Work) -> Iterator[None]:
    """Renew the lease for as long as the block takes."""
    over = threading.Event()
    # In a copy of the context, so that what it logs carries the id of the request.
    thread = threading.Thread(target=copy_context().run, args=(_beat, row, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def carry_out[R](row: Work, act: Callable[[], R]) -> R | None:
    """Do what a row asks for while its lease is kept; None if our side failed, and gave it back."""
    try:
        with kept(row):
            return act()
    except (RunnerAway, RunnerFailed) as error:
        give_back(row, error)
    except Exception as error:
        logger.exception("%s %s broke", type(row).__name__, row.pk)
        give_back(row, RunnerFailed(f"{type(error).__name__}: {error}"))
    return None


def _beat(row: Work, over: threading.Event) -> None:
    while not over.wait(BEAT):
        try:
            held(row).update(leased_until=CLOCK + LEASE)
        except Exception:
            logger.exception("The lease of %s could not be renewed", row.pk)
        finally:
            connection.close()


def held[Row: Work](row: Row) -> Any:
    """The row, as long as it is still ours."""
    rows: Any = type(row)._default_manager
    return rows.filter(pk=row.pk, status=Work.Status.RUNNING, claim=row.claim)


def lock_held[Row: Work](row: Row) -> Row | None:
    """Lock the row to write its outcome; None if it is no longer ours, so the outcome is late."""
    locked: Row | None = held(row).select_for_update(of=("self",), no_key=True).first()
    return locked


def end(row: Work, status: str, at: datetime | None = None) -> list[str]:
    """Set an outcome on a row that is held, without saving; return the fields that were set."""
    row.status, row.claim, row.leased_until = status, None, None
    row.finished_at = at or read_clock()
    row.fault = ""
    return ["status", "claim", "leased_until", "finished_at", "fault"]


def give_back(row: Work, error: RunnerAway | RunnerFailed) -> None:
    """Our side failed. While there is no runner at all, it waits and no try is counted."""
    logger.error("%s %s could not be run: %s", type(row).__name__, row.pk, error)
    away = isinstance(error, RunnerAway)
    if not away and row.tries >= MOST_TRIES:
        give_up(row, str(error))
        return
    held(row).update(
        **NOT_CLAIMED,
        status=Work.Status.PENDING,
        due_at=CLOCK + (AWAY_PAUSE if away else PAUSE),
        tries=F("tries") - 1 if away else F("tries"),
        fault=str(error)[:LONGEST_FAULT],
    )


def give_up(row: Work, fault: str) -> None:
    """Three tries of ours failed: say so, and cost nobody anything."""
    logger.error("%s %s is given up: %s", type(row).__name__, row.pk, fault)
    held(row).update(
        **NOT_CLAIMED,
        status=Work.Status.ERROR,
        finished_at=CLOCK,
        fault=fault[:LONGEST_FAULT],
    )


def ahead_of(row: Submission | Run) -> int:
    """How many learners' rows were asked for earlier and are not done."""
    earlier = Q(created_at__lt=row.created_at)
    submissions = Submission.objects.open().filter(earlier).values("pk")
    return submissions.union(Run.objects.open().filter(earlier).values("pk"), all=True).count()


@transaction.atomic
def forgotten(model: type[Work], limit: int = MOST_TOLD) -> list[UUID]:
    """Rows whose message was lost, or whose worker is gone. Each is told once in a while."""
    rows: Any = model._default_manager
    patience, most = PATIENCE, limit
    if model is ModelRun:
        patience, most = PATIENCE_WITH_DRAFTS, min(limit, MOST_DRAFTS_TOLD)
    lost = rows.due().filter(Q(status=Work.Status.RUNNING) | Q(due_at__lt=CLOCK - patience))
    keys = list(
        lost.order_by("due_at")
        .select_for_update(skip_locked=True)
        .values_list("pk", flat=True)[:most]
    )
    rows.filter(pk__in=keys, status=Work.Status.PENDING).update(due_at=CLOCK)
    return keys
