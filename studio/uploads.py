"""Uploaded courses: read in memory, kept in the storage until they are brought in, never served."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from courses.models import CourseImport
from studio.importing.formats import read_source, source_in
from studio.importing.tree import CourseNode

Status = CourseImport.Status
AT_ONCE = timedelta(0)
FOLDER = "imports"
# So long a plan waits for its word.
KEPT = timedelta(days=7)
# An upload lies in the storage a moment before its row can be seen.
MOMENT = timedelta(hours=1)
GONE = _("The uploaded file is not there any more. Upload it again.")


class FileGone(Exception):
    """The upload is not in the storage any more."""


def read_upload(data: bytes, name: str, slug: str = "", title: str = "") -> CourseNode:
    """The course in an uploaded archive, or in a single file. Raises ImportRefused."""
    return read_source(source_in(data, name), slug, title)


def keep_upload(row: CourseImport, data: bytes) -> None:
    default_storage.save(row.file, ContentFile(data))


def tree_of(row: CourseImport) -> CourseNode:
    """The course in the upload. Raises FileGone, ImportRefused."""
    try:
        with default_storage.open(row.file) as stream:
            data = stream.read()
    except FileNotFoundError as error:
        raise FileGone from error
    return read_upload(data, row.name, row.slug, row.title)


def delete_upload(row: CourseImport) -> None:
    default_storage.delete(row.file)


def old_plans(patience: timedelta = AT_ONCE) -> QuerySet[CourseImport]:
    """Imports that nobody said yes to within a week, those that were given up too."""
    waiting = CourseImport.objects.filter(status__in=[Status.READY, Status.REFUSED, Status.FAILED])
    return waiting.filter(changed_at__lt=Now() - KEPT - patience)


def old_files(patience: timedelta = AT_ONCE) -> list[str]:
    """Uploads in the storage that no import needs any more."""
    rows = CourseImport.objects.exclude(status=Status.DONE).exclude(pk__in=old_plans(patience))
    needed, limit = {row.file for row in rows.only("name")}, now() - MOMENT - patience
    return [
        path for path in _stored()
        if path not in needed and default_storage.get_modified_time(path) < limit
    ]  # fmt: skip


def forget_uploads() -> int:
    """Delete what nobody needs any more; return how many files.

    A plan that nobody said yes to within a week is given up.
    """
    old_plans().exclude(status=Status.FAILED).update(status=Status.FAILED, fault=GONE)
    files = old_files()
    for path in files:
        default_storage.delete(path)
    return len(files)


def overdue(patience: timedelta) -> int:
    """How many uploads should be gone, and are not: the file, or the plan that waits for it."""
    plans = old_plans(patience).exclude(status=Status.FAILED)
    return len({row.file for row in plans.only("name")}.union(old_files(patience)))


def _stored() -> list[str]:
    try:
        return [f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1]]
    except FileNotFoundError:
        return []
