"""Adding one file to a course, by the rules of the files that come in with a folder."""

import posixpath
import re
import unicodedata
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from accounts.numerals import grouped
from courses.models import Asset, Course
from studio.importing.assets import AssetImport
from studio.importing.files import MAX_ENTRIES, MAX_FILE, MAX_TOTAL
from studio.importing.refusal import ImportRefused
from studio.importing.report import Report
from studio.importing.served import SERVED, is_served
from studio.stored_files import hold_files

MIB = 1024**2
UNWANTED = re.compile(r"[^\w.-]+")
LONGEST_NAME = 120


class FileRefused(Exception):
    """A file that cannot be added, with the reason in words."""


def add_file(course: Course, sent: Any) -> Asset:
    """Keep the file under its own name; one of that name that is other gets a number.

    Raises FileRefused.
    """
    if not sent:
        raise FileRefused(_("Choose a file first."))
    if sent.size > MAX_FILE:
        raise FileRefused(
            _("A file has at most %(value)s MiB; this one has more.") % {"value": MAX_FILE // MIB}
        )
    path = clean_name(sent.name)
    if not is_served(path):
        kinds = ", ".join(sorted(SERVED))
        raise FileRefused(
            _("Files of this kind are not shown in courses. Use one of: %(kinds)s.")
            % {"kinds": kinds}
        )
    return keep(course, path, sent.read())


def clean_name(name: str) -> str:
    """A name that can be typed into a link: small, without spaces."""
    plain = unicodedata.normalize("NFC", name).replace("\\", "/")
    stem, ending = posixpath.splitext(posixpath.basename(plain))
    stem = UNWANTED.sub("-", stem).strip("-.")[:LONGEST_NAME] or "file"
    return f"{stem}{ending.lower()}"


def keep(course: Course, path: str, data: bytes) -> Asset:
    """Store the bytes as an import would and give the course its row. The same twice is one."""
    asset = Asset(course=course, path=path, sha256=sha256(data).hexdigest())
    storing = AssetImport(course, Report(course.slug, dry_run=False))
    try:
        with transaction.atomic():
            hold_files()
            # A large picture takes its time: it is drawn before anybody has to wait.
            storing.fill(asset, data)
            return put(asset)
    except ImportRefused as refusal:
        raise FileRefused(refusal.findings[0].message) from refusal


@transaction.atomic
def put(asset: Asset) -> Asset:
    """Save the row under a name that no other file of the course has. Raises FileRefused."""
    Course.objects.select_for_update(no_key=True).get(pk=asset.course_id)
    rows = {one.path.casefold(): one for one in Asset.objects.filter(course=asset.course_id)}
    (stem, ending), number = posixpath.splitext(asset.path), 1
    while row := rows.get(asset.path.casefold()):
        if row.sha256 == asset.sha256:
            return row
        number += 1
        asset.path = f"{stem}-{number}{ending}"
    refuse_too_much(asset)
    asset.save(force_insert=True)
    return asset


def refuse_too_much(asset: Asset) -> None:
    """A course has no more files than an import would bring. Raises FileRefused."""
    rows = Asset.objects.filter(course=asset.course_id)
    standing = rows.aggregate(files=Count("pk"), size=Sum("size", default=0))
    if standing["files"] >= MAX_ENTRIES:
        raise FileRefused(
            _("A course has at most %(max_entries)s files; this one is full.")
            % {"max_entries": grouped(MAX_ENTRIES)}
        )
    if standing["size"] + asset.size > MAX_TOTAL:
        words = _("The files of a course have at most %(value)s MiB together") % {
            "value": MAX_TOTAL // MIB
        }
        raise FileRefused(_("%(words)s; with this one they would have more.") % {"words": words})
