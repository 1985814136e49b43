"""Files of a course: kept once under the hash of their bytes."""

import hashlib
import posixpath
import re

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from courses.models import Asset, Course
from studio.importing.files import SourceFile
from studio.importing.refusal import refuse
from studio.importing.report import Action, Report

# A picture opened by itself is a page: it must not bring a program along.
ACTIVE_SVG = re.compile(rb"<script|<!ENTITY|<foreignObject|\son\w+\s*=|javascript:", re.IGNORECASE)


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
                self.report.add(Action.UNCHANGED, "file", path)
                continue
            asset = row or Asset(course=self.course, path=path)
            asset.sha256, asset.size = digest, len(data)
            asset.file.name = self._store(path, digest, data)
            (updated if row else created).append(asset)
            self.report.add(Action.UPDATED if row else Action.CREATED, "file", path)
        gone = [row for path, row in rows.items() if path not in files]
        for row in gone:
            self.report.add(Action.ARCHIVED, "file", row.path)
        if created:
            Asset.objects.bulk_create(created)
        if updated:
            Asset.objects.bulk_update(updated, ["sha256", "size", "file"])
        if gone:
            Asset.objects.filter(pk__in=[row.pk for row in gone]).delete()

    def _store(self, path: str, digest: str, data: bytes) -> str:
        """Return the name of the stored bytes. A dry run stores nothing."""
        ending = posixpath.splitext(path)[1].lower()
        if ending == ".svg" and ACTIVE_SVG.search(data):
            raise refuse("A picture with a program inside is not allowed.", path)
        name = f"assets/{digest[:2]}/{digest}{ending}"
        if not self.report.dry_run and not default_storage.exists(name):
            name = default_storage.save(name, ContentFile(data))
            self.stored.append(name)
        return name

    def undo(self) -> None:
        """Delete what was stored here, unless another import has found it and refers to it."""
        shared = set(Asset.objects.filter(file__in=self.stored).values_list("file", flat=True))
        for name in self.stored:
            if name not in shared:
                default_storage.delete(name)
