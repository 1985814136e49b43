"""Files of a course: kept once under the hash of their bytes, pictures drawn anew."""

import hashlib
import posixpath
import re
from collections.abc import Mapping, Set

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from courses.models import Asset, Course
from studio.importing.agreement import mark_of_file
from studio.importing.compare import KEPT, Verdict
from studio.importing.files import SourceFile
from studio.importing.pictures import drawn_anew, is_picture
from studio.importing.refusal import Finding, refuse
from studio.importing.report import Action, Report
from studio.stored_files import hold_files

# A picture opened by itself is a page: it must not bring a program along.
ACTIVE_SVG = re.compile(rb"<script|<!ENTITY|<foreignObject|\son\w+\s*=|javascript:", re.IGNORECASE)
FIELDS = ["sha256", "size", "file", "original", "imported_hash"]
ADDED = "added on the site"
CHANGED = "changed on the site since the last import"


class AssetImport:
    """Brings the files of the source in. Those that were added on the site stay.

    `run` and `let_go` are called in this order.

    Files are named by their content, so that courses share them. What is stored for an import
    that fails is forgotten by `stored_files`.
    """

    def __init__(
        self, course: Course, report: Report, exported: Set[str] = frozenset(), *,
        overwrite: bool = False,
    ) -> None:  # fmt: skip
        self.course, self.report, self.overwrite = course, report, overwrite
        self.exported = exported

    def run(self, files: dict[str, SourceFile]) -> None:
        if not self.report.dry_run:
            hold_files()
        self.rows = {asset.path: asset for asset in self.course.assets.all()}
        self.created, self.updated = list[Asset](), list[Asset]()
        for path, file in files.items():
            self._bring(path, file.read())
        rows = [row for path, row in self.rows.items() if path not in files]
        self.gone = [row for row in rows if self._goes(row)]
        if self.created:
            Asset.objects.bulk_create(self.created)
        if self.updated:
            Asset.objects.bulk_update(self.updated, FIELDS)

    def let_go(self, shown: Mapping[str, str]) -> None:
        """Archive what is in the source no more. What is `shown` stays, and that is told.

        Called once it is known what the lessons are.
        """
        for row in self.gone:
            if what := shown.get(row.path):
                message = f"The file {row.path} vanished but {what} refers to it: it stays."
                self.report.warnings.append(Finding(message, row.path, code="kept"))
            else:
                del self.rows[row.path]
                self.report.add(Action.ARCHIVED, "file", row.path, path=row.path)
        keys = [row.pk for row in self.gone if row.path not in shown]
        if keys:
            Asset.objects.filter(pk__in=keys).delete()

    @property
    def paths(self) -> list[str]:
        """All files that the course has by now, those of the site among them."""
        return sorted(self.rows)

    def _bring(self, path: str, data: bytes) -> None:
        digest, row = hashlib.sha256(data).hexdigest(), self.rows.get(path)
        verdict = self._verdict(row, digest)
        self.report.add(verdict.action, "file", path, verdict.detail, path=path)
        if verdict.is_left or (row and row.imported_hash == row.sha256 == digest):
            return
        asset = self.rows[path] = row or Asset(course=self.course, path=path)
        asset.imported_hash = digest
        if verdict.is_written:
            asset.sha256 = digest
            self.fill(asset, data)
        (self.updated if row else self.created).append(asset)

    def _verdict(self, row: Asset | None, digest: str) -> Verdict:
        if row is None:
            return Verdict(Action.CREATED)
        if row.sha256 == digest:
            return Verdict(Action.UNCHANGED)
        is_changed_there = self._is_exported(row) and digest != row.imported_hash
        if self.overwrite or is_changed_there or row.imported_hash == row.sha256:
            return Verdict(Action.UPDATED)
        if mark_of_file(row.path, digest) in self.exported:
            return Verdict(Action.UNCHANGED, KEPT)
        return Verdict(Action.CONFLICT, CHANGED if row.imported_hash else ADDED)

    def _goes(self, row: Asset) -> bool:
        """Whether a file goes that is not in the source; it is told of those that were changed."""
        if self._is_exported(row):
            return True
        if not row.imported_hash:
            return False
        if row.imported_hash == row.sha256 or self.overwrite:
            return True
        message = f"The file {row.path} vanished but was changed on the site: it stays."
        self.report.warnings.append(Finding(message, row.path, code="conflict"))
        return False

    def _is_exported(self, row: Asset) -> bool:
        """Whether the file is what it was when the source was exported."""
        return mark_of_file(row.path, row.sha256) in self.exported

    def fill(self, asset: Asset, data: bytes) -> None:
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
        if self.report.dry_run or default_storage.exists(name):
            return name
        return str(default_storage.save(name, ContentFile(data)))


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
