"""Asking for a course to be brought in: an upload, its plan, and the word to do it or not."""

import hashlib
import posixpath
from dataclasses import asdict, dataclass
from functools import partial
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.models import CourseImport
from studio import tasks
from studio.importing.names import one_line
from studio.uploads import delete_upload, keep_upload, read_upload

Status = CourseImport.Status
LONGEST_NAME = 200
# So long somebody waits for another press of a button; a worker takes longer.
PATIENCE = "1s"
SAID = (Status.APPLYING, Status.DONE)


class NotNow(Exception):
    """Something that cannot be done with an import now, in words for a person."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class Gone(NotNow):
    """The import was discarded."""


AT_WORK = _("This import is being worked on. Wait for what comes of it.")
NO_PLAN = _("There is no plan of this import to say yes to.")
OTHER_PLAN = _("The plan has changed since this page was opened. Look at it again.")
NOT_YOURS = _("Somebody else asked for this import, and decides about it.")
IS_OVER = _("This import is over.")
IS_GONE = _("This import was discarded.")


@dataclass(frozen=True, slots=True)
class Choices:
    """Take the folder's side in conflicts; publish; let marks rise by another key."""

    overwrite: bool = False
    publish: bool = False
    regrade: bool = False

    @classmethod
    def of(cls, row: CourseImport) -> "Choices":
        return cls(row.overwrite, row.publish, row.regrade)


@dataclass(frozen=True, slots=True)
class Options:
    """What is said of an upload. `slug` and `title` are for formats that have neither."""

    slug: str = ""
    title: str = ""
    choices: Choices = Choices()


def ask(by: User, data: bytes, name: str, options: Options | None = None) -> CourseImport:
    """Keep an upload and have its plan worked out. Raises ImportRefused where it cannot be read.

    While it is being worked out, the same upload again is the same import.
    """
    said = options or Options()
    name = name_of(name)
    read_upload(data, name, said.slug, said.title)
    digest = hashlib.sha256(data).hexdigest()
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        same = {"by": by, "sha256": digest, "slug": said.slug, "title": said.title}
        if row := CourseImport.objects.filter(**same, status=Status.PLANNING).first():
            return row
        chosen = asdict(said.choices)
        row = CourseImport.objects.create(**same, **chosen, name=name, size=len(data))
        keep_upload(row, data)
        tasks.plan_import.delay_on_commit(str(row.pk))
    return row


def name_of(name: str) -> str:
    """What an upload is called: one line that can be shown, its ending kept."""
    stem, ending = posixpath.splitext(posixpath.basename(name))
    ending = one_line(ending, 20)
    return (one_line(stem, LONGEST_NAME - len(ending)) or "course") + ending


@transaction.atomic
def choose(key: UUID, by: User, choices: Choices) -> None:
    """Have the plan worked out anew, with other choices or a course that has changed.

    Raises NotNow.
    """
    if _stands(key, by, status=Status.PLANNING, **asdict(choices)):
        return
    row = _open_to(key, by)
    if row.status == Status.PLANNING and Choices.of(row) == choices:
        return
    if row.status in SAID:
        raise NotNow(str(IS_OVER if row.status == Status.DONE else AT_WORK))
    for name, value in asdict(choices).items():
        setattr(row, name, value)
    _send(row, Status.PLANNING)
    tasks.plan_import.delay_on_commit(str(row.pk))


@transaction.atomic
def confirm(key: UUID, by: User, *, seen: str = "") -> None:
    """Have done what the plan says. Said twice it is done once.

    `seen` is the `version` of the plan that was looked at. Raises NotNow.
    """
    if _stands(key, by, status__in=SAID):
        return
    row = _open_to(key, by)
    if row.status in SAID:
        return
    if row.status != Status.READY:
        raise NotNow(str(NO_PLAN))
    if seen and seen != row.version:
        raise NotNow(str(OTHER_PLAN))
    _send(row, Status.APPLYING)
    tasks.apply_import.delay_on_commit(str(row.pk))


@transaction.atomic
def discard(key: UUID, by: User) -> CourseImport:
    """Forget an upload that was not brought in. Raises NotNow; Gone if it is forgotten already."""
    row = _open_to(key, by)
    if row.status in SAID:
        raise NotNow(str(IS_OVER if row.status == Status.DONE else AT_WORK))
    CourseImport.objects.filter(pk=row.pk).delete()
    transaction.on_commit(partial(delete_upload, row))
    return row


def _stands(key: UUID, by: User, **state: object) -> bool:
    """Whether the import is in this state already, whoever holds it."""
    return CourseImport.objects.filter(pk=key, by=by, **state).exists()


def _open_to(key: UUID, by: User) -> CourseImport:
    """The row, locked, for whoever asked for it. Raises Gone, NotNow."""
    rows = CourseImport.objects.select_for_update(no_key=True, of=("self",)).select_related("by")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
            row = rows.filter(pk=key).first()
    except OperationalError as error:
        raise NotNow(str(AT_WORK)) from error
    if row is None:
        raise Gone(str(IS_GONE))
    if row.by_id != by.pk:
        raise NotNow(str(NOT_YOURS))
    return row


def _send(row: CourseImport, status: str) -> None:
    row.status, row.is_changed, row.tries, row.fault = status, False, 0, ""
    row.changed_at = now()
    row.save()
