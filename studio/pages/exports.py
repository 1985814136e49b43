"""What the page says of a course's formats before one of them is downloaded."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from courses.models import Course
from studio.exporting.formats import WRITERS, Writer
from studio.exporting.tree_of import tree_of
from studio.importing.archive import MAX_ARCHIVE
from studio.importing.files import SourceFile
from studio.importing.refusal import Finding

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Offer:
    """A format, and what it does not hold of the course."""

    writer: Writer
    name: str
    files: int
    lost: Sequence[Finding]

    @property
    def shown(self) -> Sequence[Finding]:
        return self.lost[:MOST_SHOWN]

    @property
    def more(self) -> int:
        return len(self.lost) - len(self.shown)


@dataclass(frozen=True, slots=True)
class ExportPage:
    """The formats, and how many bytes the pictures and other files of the course have."""

    offers: Sequence[Offer]
    size: int
    # What an import takes.
    most = MAX_ARCHIVE

    @property
    def is_heavy(self) -> bool:
        """Whether an archive with these files may be larger than an import takes."""
        return self.size > self.most


def export_page(course: Course) -> ExportPage:
    """Each format is written to see what it loses. At most eight queries; no file is read."""
    tree = tree_of(course)
    tree.assets = {path: _unread(file) for path, file in tree.assets.items()}
    offers = []
    for writer in WRITERS.values():
        written = writer.write(tree)
        lost = [*tree.warnings, *written.lost]
        offers.append(Offer(writer, f"{tree.slug}{writer.ending}", len(written.files), lost))
    return ExportPage(offers, sum(file.size for file in tree.assets.values()))


def _unread(file: SourceFile) -> SourceFile:
    """The file as a writer may ask for it: none of them looks at what is in it."""
    return replace(file, read=bytes)
