"""Adding one file to a course, by the rules of the files that come in with a folder."""

import posixpath
import re
from hashlib import sha256
from typing import Any

from django.db import transaction

from courses.models import Asset, Course
from studio.importing.assets import AssetImport
from studio.importing.files import MAX_FILE
from studio.importing.refusal import ImportRefused
from studio.importing.report import Report
from studio.importing.served import SERVED, is_served

MEGABYTES = MAX_FILE // 1024**2
UNWANTED = re.compile(r"[^\w.-]+")
LONGEST_NAME = 120


class FileRefused(Exception):
    """A file that cannot be added, with the reason in words."""


def add_file(course: Course, sent: Any) -> Asset:
    """Keep the file under its own name; one of that name that is other gets a number.

    Raises FileRefused.
    """
    if not sent:
        raise FileRefused("Choose a file first.")
    if sent.size > MAX_FILE:
        raise FileRefused(f"A file has at most {MEGABYTES} MB; this one has more.")
    path = clean_name(sent.name)
    if not is_served(path):
        kinds = ", ".join(sorted(SERVED))
        raise FileRefused(f"Files of this kind are not shown in courses. Use one of: {kinds}.")
    return keep(course, path, sent.read())


def clean_name(name: str) -> str:
    """A name that can be typed into a link: small, without spaces."""
    stem, ending = posixpath.splitext(posixpath.basename(name.replace("\\", "/")))
    stem = UNWANTED.sub("-", stem).strip("-.")[:LONGEST_NAME] or "file"
    return f"{stem}{ending.lower()}"


def keep(course: Course, path: str, data: bytes) -> Asset:
    """Store the bytes as an import would and give the course its row. The same twice is one."""
    asset = Asset(course=course, path=path, sha256=sha256(data).hexdigest())
    storing = AssetImport(course, Report(course.slug, dry_run=False))
    try:
        # A large picture takes its time: it is drawn before anybody has to wait.
        storing._fill(asset, data)
        return put(asset)
    except ImportRefused as refusal:
        raise FileRefused(refusal.findings[0].message) from refusal
    except BaseException:
        storing.undo()
        raise


@transaction.atomic
def put(asset: Asset) -> Asset:
    """Save the row under a name that no other file of the course has."""
    Course.objects.select_for_update(no_key=True).get(pk=asset.course_id)
    rows = {one.path.casefold(): one for one in Asset.objects.filter(course=asset.course_id)}
    (stem, ending), number = posixpath.splitext(asset.path), 1
    while row := rows.get(asset.path.casefold()):
        if row.sha256 == asset.sha256:
            return row
        number += 1
        asset.path = f"{stem}-{number}{ending}"
    asset.save(force_insert=True)
    return asset
