"""Which formats a course can be had in."""

from collections.abc import Callable
from dataclasses import dataclass

from courses.models import Course
from studio.exporting.cartridge import write_cartridge
from studio.exporting.folder import write_folder
from studio.exporting.gift import write_gift
from studio.exporting.tree_of import tree_of
from studio.exporting.written import Written, zip_of
from studio.importing.archive import LARGEST, MAX_ARCHIVE
from studio.importing.refusal import Finding
from studio.importing.tree import CourseNode

ZIP = "application/zip"
TOO_LARGE = f"The archive is larger than the {LARGEST} that an import takes: export a folder."


@dataclass(frozen=True, slots=True)
class Writer:
    """A format to be downloaded. `has_top` says whether a folder stands around its files."""

    name: str
    label: str
    ending: str
    content_type: str
    write: Callable[[CourseNode], Written]
    has_top: bool = False


@dataclass(frozen=True, slots=True)
class Archive:
    """One file with everything in it. `lost` tells what it does not hold."""

    name: str
    data: bytes
    files: int
    lost: list[Finding]


WRITERS: dict[str, Writer] = {
    one.name: one
    for one in (
        Writer("zip", "Folder of Markdown and YAML", ".zip", ZIP, write_folder, True),
        Writer("gift", "Quizzes as GIFT", ".gift.zip", ZIP, write_gift),
        Writer("cartridge", "Common Cartridge", ".imscc", ZIP, write_cartridge),
    )
}


def export(course: Course, writer: Writer) -> Archive:
    """The course as an archive to be sent. Raises ImportRefused if a file of it is missing."""
    return archive_of(tree_of(course), writer)


def archive_of(tree: CourseNode, writer: Writer) -> Archive:
    written = writer.write(tree)
    data = zip_of(written.files, tree.slug if writer.has_top else "")
    lost = [*tree.warnings, *written.lost]
    if len(data) > MAX_ARCHIVE:
        lost.append(Finding(TOO_LARGE, code="size"))
    return Archive(f"{tree.slug}{writer.ending}", data, len(written.files), lost)
