"""Files of a course: kept once under the hash of their bytes, pictures drawn anew."""

import hashlib
import posixpath
import re

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import Q

from courses.models import Asset, Course
from studio.importing.files import SourceFile
from studio.importing.pictures import drawn_anew, is_picture
from studio.importing.refusal import refuse
from studio.importing.report import Action, Report

# A picture opened by itself is a page: it must not bring a program along.
ACTIVE_SVG = re.compile(rb"<script|<!ENTITY|<foreignObject|\son\w+\s*=|javascript:", re.IGNORECASE)
FIELDS = ["sha256", "size", "file", "original"]


class AssetImport:
    """Brings the files of the source in; `undo` takes newly stored ones back after a failure.

    Files are named by their content, so that courses share them.
    """

    def __init__(self, course: Course, report: Report) -> None:
        self.course, self.report = course, report
        self.stored: list[str] = []

    def run(self, files: dict[str, SourceFile]) -> None:
        rows = {asset.path: asset for asset in self.course.assets.all()}
        created, updated = list[Asset](), list[Asset]()
        for path, file in files.items():
            data = file.read()
            digest = hashlib.sha256(data).hexdigest()
            row = rows.get(path)
            if row and row.sha256 == digest:
                self.report.add(Action.UNCHANGED, "file", path, path=path)
                continue
            asset = row or Asset(course=self.course, path=path)
            asset.sha256 = digest
            self._fill(asset, data)
            (updated if row else created).append(asset)
            self.report.add(Action.UPDATED if row else Action.CREATED, "file", path, path=path)
        gone = [row for path, row in rows.items() if path not in files]
        for row in gone:
            self.report.add(Action.ARCHIVED, "file", row.path, path=row.path)
        if created:
            Asset.objects.bulk_create(created)
        if updated:
            Asset.objects.bulk_update(updated, FIELDS)
        if gone:
            Asset.objects.filter(pk__in=[row.pk for row in gone]).delete()

    def _fill(self, asset: Asset, data: bytes) -> None:
        """Give the row what is served, and what was brought in if that is something else."""
        served = served_bytes(asset.path, data)
        ending = posixpath.splitext(asset.path)[1].lower()
        digest = asset.sha256 if served is data else hashlib.sha256(served).hexdigest()
        asset.size = len(served)
        asset.file.name = self._store(f"assets/{digest[:2]}/{digest}{ending}", served)
        name = f"originals/{asset.sha256[:2]}/{asset.sha256}{ending}"
        asset.original.name = "" if digest == asset.sha256 else self._store(name, data)

    def _store(self, name: str, data: bytes) -> str:
        """Return the name of the stored bytes. A dry run stores nothing."""
        if not self.report.dry_run and not default_storage.exists(name):
            name = default_storage.save(name, ContentFile(data))
            self.stored.append(name)
        return name

    def undo(self) -> None:
        """Delete what was stored here, unless another import has found it and refers to it."""
        rows = Asset.objects.filter(Q(file__in=self.stored) | Q(original__in=self.stored))
        shared = {name for pair in rows.values_list("file", "original") for name in pair}
        for name in self.stored:
            if name not in shared:
                default_storage.delete(name)


def served_bytes(path: str, data: bytes) -> bytes:
    """What of a file may be served: a picture drawn anew, anything else as it is.

    Raises ImportRefused for a picture that cannot be read or holds a program.
    """
    ending = posixpath.splitext(path)[1].lower()
    if ending == ".svg" and ACTIVE_SVG.search(data):
        raise refuse("A picture with a program inside is not allowed.", path)
    if not is_picture(ending):
        return data
    served = drawn_anew(data, ending, path)
    return data if served == data else served
