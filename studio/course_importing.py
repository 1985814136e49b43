"""Bringing courses in, in the background: the plan first, then what it says, and nothing else.

Whoever works on an import holds its row locked, so two never do it twice and a worker that is
killed sets it free. What a lost message leaves undone is found by `forgotten`.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.timezone import now

from accounts.alone import alone
from courses.models import Course, CourseImport
from studio.importing.apply import import_course
from studio.importing.marks import Marks
from studio.importing.refusal import ImportRefused
from studio.importing.report import Report
from studio.importing.tree import CourseNode
from studio.uploads import GONE, FileGone, delete_upload, tree_of

logger = logging.getLogger(__name__)
Status = CourseImport.Status

MOST_TRIES = 3
# A message that was not answered for so long is taken for lost.
PATIENCE = timedelta(seconds=60)
LONGEST_FAULT = 300
KILLED = "It was broken off each time it was tried. Nothing was changed."
BROKEN = "It broke off through a fault of ours, and nothing was changed: "


class PlanChanged(Exception):
    """What was done is other than what was shown. Undoes it."""


@dataclass(slots=True)
class Owed:
    """What an import leaves to be done after its transaction: marking attempts anew."""

    report: Report | None = None
    marking: list[Callable[[], object]] = field(default_factory=list)


def plan(key: UUID) -> CourseImport | None:
    """Work out what an import would change; None if it is not due, or another is at it."""
    return _carry_out(key, Status.PLANNING, _plan)


def apply(key: UUID) -> CourseImport | None:
    """Do what the plan says. If that is something else by now, it is shown anew and not done."""
    owed = Owed()
    row = _carry_out(key, Status.APPLYING, lambda held: _apply(held, owed))
    if row is not None and row.status == Status.DONE:
        delete_upload(row)
        _settle_marks(row, owed)
    return row


def mark_anew(key: UUID) -> None:
    """Mark the attempts that an import has left, because whoever did it was gone."""
    row = CourseImport.objects.filter(pk=key, marks_due=True).first()
    course = Course.objects.filter(slug=row.report["course"]).first() if row else None
    if row and course:
        report = Report(course.slug, dry_run=False)
        _settle_marks(row, Owed(report, [Marks(course, report, regrade=True).mark_anew]))


@transaction.atomic
def forgotten(limit: int = 100) -> list[CourseImport]:
    """Imports whose message was lost, or whose worker is gone. Each is told once a minute.

    What was broken off too often is given up.
    """
    due = Q(status__in=CourseImport.OPEN) | Q(marks_due=True)
    rows = CourseImport.objects.filter(due, changed_at__lt=Now() - PATIENCE).order_by("changed_at")
    locked = rows.select_for_update(skip_locked=True, no_key=True)
    found = list(locked.only("pk", "status", "tries")[:limit])
    CourseImport.objects.filter(pk__in=[row.pk for row in found]).update(changed_at=Now())
    given_up = [row.pk for row in found if row.tries >= MOST_TRIES]
    CourseImport.objects.filter(pk__in=given_up).update(status=Status.FAILED, fault=KILLED)
    return [row for row in found if row.pk not in given_up]


def held(key: UUID) -> CourseImport | None:
    """The row, locked up to the end of the transaction; None while somebody else holds it."""
    rows = CourseImport.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
    return rows.select_related("by").filter(pk=key).first()


def _carry_out(
    key: UUID, status: str, act: Callable[[CourseImport], object]
) -> CourseImport | None:
    """Act on a row that is in this state, and keep what becomes of it, in one transaction."""
    if not _take_up(key, status):
        return None
    try:
        with transaction.atomic():
            row = held(key)
            if row is None or row.status != status:
                return None
            act(row)
            row.tries, row.fault, row.changed_at = 0, "", now()
            row.save()
            return row
    except FileGone:
        return _fail(key, status, str(GONE))
    except Exception as error:
        logger.exception("Import %s broke", key)
        return _fail(key, status, f"{BROKEN}{type(error).__name__}: {error}")


@transaction.atomic
def _take_up(key: UUID, status: str) -> bool:
    """Count the try before it is made: a worker that is killed by it writes nothing."""
    row = held(key)
    if row is None or row.status != status or row.tries >= MOST_TRIES:
        return False
    return bool(CourseImport.objects.filter(pk=key).update(tries=F("tries") + 1, changed_at=Now()))


def _fail(key: UUID, status: str, fault: str) -> CourseImport | None:
    rows = CourseImport.objects.filter(pk=key, status=status)
    # PostgreSQL keeps no NUL, and an error may quote one.
    told = fault.replace("\0", "?")[:LONGEST_FAULT]
    if not rows.update(status=Status.FAILED, fault=told, changed_at=Now()):
        return None
    return CourseImport.objects.get(pk=key)


def _plan(row: CourseImport) -> None:
    """A dry run, with the row's choices as they are."""
    try:
        # Read anew each time: applying a tree may change it.
        tree = tree_of(row)
        row.plan = told(_bring(row, tree, dry_run=True), tree)
        row.status = Status.READY
    except ImportRefused as refusal:
        row.plan = {"errors": [finding.to_json() for finding in refusal.findings]}
        row.status = Status.REFUSED


def _apply(row: CourseImport, owed: Owed) -> None:
    shown = row.plan
    _plan(row)
    if essence(row.plan) == essence(shown):
        try:
            tree = tree_of(row)
            # By itself, because what differs after all is taken back whole.
            with transaction.atomic():
                owed.report = _bring(row, tree, dry_run=False, later=owed.marking.append)
                row.report = told(owed.report, tree)
                if essence(row.report) != essence(shown):
                    raise PlanChanged
            row.status, row.is_changed, row.marks_due = Status.DONE, False, row.regrade
            return
        except (ImportRefused, PlanChanged):
            row.report = {}
            _plan(row)
    row.is_changed = True


def _bring(row: CourseImport, tree: CourseNode, **how: Any) -> Report:
    return import_course(
        tree, overwrite=row.overwrite, publish=row.publish, regrade=row.regrade, by=row.by, **how
    )


def told(report: Report, tree: CourseNode) -> dict[str, Any]:
    """The report with the outline of the source, by which a page arranges it."""
    modules = [
        {
            "key": module.key,
            "title": module.title,
            "lessons": {
                lesson.key: {"title": lesson.title, "source": lesson.source}
                for lesson in module.lessons
            },
        }
        for module in tree.modules
    ]
    return {**report.to_json(), "title": tree.values["title"], "modules": modules}


def essence(plan: dict[str, Any]) -> tuple[Any, ...]:
    """What two plans must have in common to be the same: how many learners it touches may move."""
    names = ("action", "kind", "key", "detail")
    nodes = [[node.get(name) for name in names] for node in plan.get("nodes", ())]
    findings = [*plan.get("errors", ()), *plan.get("warnings", ())]
    published = plan.get("published", False)
    return nodes, published, sorted([one["code"], one["path"], one["line"]] for one in findings)


def _settle_marks(row: CourseImport, owed: Owed) -> None:
    """Mark what is owed, note how many rose, and that nothing is owed any more."""
    with alone(f"marks of import {row.pk}") as is_alone:
        if not is_alone:
            return
        for mark in owed.marking:
            mark()
        raised = owed.report.raised if owed.report else None
        row.report["attempts_raised"] = raised or 0
        rows = CourseImport.objects.filter(pk=row.pk)
        rows.update(report=row.report, marks_due=False, changed_at=Now())
