"""Doors to the background: planning imports, applying them, and finding what was left."""

from uuid import UUID

from celery import shared_task

from courses.models import Course, CourseImport
from studio import course_importing, looking, stored_files, uploads
from studio.insights import counting
from studio.setting_up import machine


@shared_task
def plan_import(key: str) -> None:
    """Work out what an import would change."""
    course_importing.plan(UUID(key))


@shared_task
def apply_import(key: str) -> None:
    """Do what the plan of an import says."""
    course_importing.apply(UUID(key))


@shared_task
def mark_import_anew(key: str) -> None:
    """Mark the attempts that an import has left."""
    course_importing.mark_anew(UUID(key))


# What each state waits for. One that is done may still owe marks.
TASKS = {
    CourseImport.Status.PLANNING: plan_import,
    CourseImport.Status.APPLYING: apply_import,
    CourseImport.Status.DONE: mark_import_anew,
}


@shared_task
def take_up_forgotten_imports() -> int:
    """Send again what nobody took up, or whose worker is gone."""
    rows = course_importing.forgotten()
    for row in rows:
        TASKS[CourseImport.Status(row.status)].delay(str(row.pk))
    return len(rows)


@shared_task
def note_background() -> None:
    """Leave word that beat and a worker are at work."""
    machine.note_background()


@shared_task
def forget_uploads() -> int:
    """Delete uploaded courses that nobody needs any more."""
    return uploads.forget_uploads()


@shared_task
def forget_files() -> int:
    """Delete files of courses that no row refers to."""
    return stored_files.forget_files()


@shared_task
def count_insights(key: str) -> bool:
    """Count how one course goes, unless that was done a minute ago."""
    return counting.count_if_old(Course.objects.get(pk=key))


@shared_task
def count_all_insights() -> int:
    """Every night: count how each course goes, and the school."""
    return counting.count_all()


@shared_task
def look() -> None:
    """Look over the whole site, if that is due and nobody is at it."""
    looking.look()


@shared_task
def look_every_night() -> None:
    """Every night: have the whole site looked over."""
    looking.want()
    look.delay()


@shared_task
def take_up_looks() -> None:
    """Send again what nobody took up, or whose worker is gone."""
    if looking.is_forgotten():
        # The next round sends another: while a worker is busy, none is to be done twice.
        look.apply_async(expires=60)
