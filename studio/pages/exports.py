"""What the page says of a course's formats before one of them is downloaded."""

from collections.abc import Sequence
from dataclasses import dataclass

from courses.models import Course
from studio.exporting.formats import WRITERS, Archive, Writer, archive_of
from studio.exporting.tree_of import tree_of
from studio.importing.refusal import Finding, ImportRefused

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Offer:
    """A format, and the course in it; without, `refused` says why it cannot be had."""

    writer: Writer
    archive: Archive | None
    refused: Sequence[Finding] = ()

    @property
    def lost(self) -> Sequence[Finding]:
        return self.archive.lost if self.archive else ()

    @property
    def shown(self) -> Sequence[Finding]:
        return self.lost[:MOST_SHOWN]

    @property
    def more(self) -> int:
        return len(self.lost) - len(self.shown)

    @property
    def size(self) -> int:
        return len(self.archive.data) if self.archive else 0


def export_page(course: Course) -> list[Offer]:
    """Each format is written to see what it loses."""
    return [_offer(course, writer) for writer in WRITERS.values()]


def _offer(course: Course, writer: Writer) -> Offer:
    try:
        return Offer(writer, archive_of(tree_of(course), writer))
    except ImportRefused as refusal:
        return Offer(writer, None, refusal.findings)
