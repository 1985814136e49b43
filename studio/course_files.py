"""Adding one file to a course, by the rules of the files that come in with a folder."""

import posixpath
import re
from hashlib import sha256
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from courses.models import Asset, Course
from studio.importing.assets import ACTIVE_SVG
from studio.importing.files import MAX_FILE
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
    """Store the bytes under their hash and give the course its row. The same twice is one."""
    stem, ending = posixpath.splitext(path)
    if ending == ".svg" and ACTIVE_SVG.search(data):
        raise FileRefused("A picture with a program inside is not allowed.")
    digest = sha256(data).hexdigest()
    name = f"assets/{digest[:2]}/{digest}{ending}"
    if not default_storage.exists(name):
        name = default_storage.save(name, ContentFile(data))
    with transaction.atomic():
        Course.objects.select_for_update(no_key=True).get(pk=course.pk)
        rows = {asset.path.casefold(): asset for asset in Asset.objects.filter(course=course)}
        number = 1
        while (row := rows.get(path.casefold())) and row.sha256 != digest:
            number += 1
            path = f"{stem}-{number}{ending}"
        return row or Asset.objects.create(
            course=course, path=path, sha256=digest, size=len(data), file=name
        )
