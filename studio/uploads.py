"""Uploaded courses: read in memory, kept in the storage until they are brought in, never served."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models.functions import Now
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from courses.models import CourseImport
from studio.importing.formats import read_source, source_in
from studio.importing.tree import CourseNode

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


def forget_uploads() -> int:
    """Delete what nobody needs any more; return how many files.

    A plan that nobody said yes to within a week is given up.
    """
    status = CourseImport.Status
    waiting = CourseImport.objects.filter(status__in=[status.READY, status.REFUSED, status.FAILED])
    old = waiting.filter(changed_at__lt=Now() - KEPT)
    given_up = set(old.values_list("pk", flat=True))
    old.exclude(status=status.FAILED).update(status=status.FAILED, fault=GONE)
    rows = CourseImport.objects.exclude(status=status.DONE).exclude(pk__in=given_up)
    needed = {row.file for row in rows.only("name")}
    deleted = 0
    for path in _stored():
        if path not in needed and default_storage.get_modified_time(path) < now() - MOMENT:
            default_storage.delete(path)
            deleted += 1
    return deleted


def _stored() -> list[str]:
    try:
        return [f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1]]
    except FileNotFoundError:
        return []
