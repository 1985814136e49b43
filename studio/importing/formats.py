"""Which formats are known, and how a source of each is told. Each reader gives the one tree."""

import posixpath
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from studio.importing.archive import MAX_ARCHIVE, looks_like_zip, open_archive
from studio.importing.carpentries.reader import is_episodes, read_episodes
from studio.importing.cartridge.reader import is_cartridge, read_cartridge
from studio.importing.exercism.reader import is_exercism, read_exercism
from studio.importing.files import (
    ODD_NAME,
    Source,
    SourceFile,
    checked,
    open_folder,
    refuse_unsafe,
)
from studio.importing.folder.course import CourseFolder
from studio.importing.gift.reader import ENDINGS as GIFT
from studio.importing.gift.reader import is_gift, read_gift
from studio.importing.jetbrains.reader import is_jetbrains, read_jetbrains
from studio.importing.mdbook.reader import is_mdbook, read_mdbook
from studio.importing.olx.reader import is_olx, read_olx
from studio.importing.qti.reader import is_qti, read_qti
from studio.importing.refusal import Finding, ImportRefused, refuse
from studio.importing.tree import CourseNode, Skipped


@dataclass(frozen=True, slots=True)
class Format:
    """`read` gets the source, and a slug and a title for what has none; "" where none is given."""

    name: str
    fits: Callable[[Source], bool]
    read: Callable[[Source, str, str], CourseNode]


# Zip archives by other names.
ENDINGS = (".zip", ".imscc")
TAR = (".tar", ".gz", ".tgz", ".bz2", ".xz")
# Files that may be given without a folder around them.
ALONE = GIFT
TAKEN = (
    "What can be read: a .zip of a course's folder, a .zip or .imscc of another system, and "
    f"questions in a file that ends in {' or '.join(GIFT)}."
)
UNKNOWN = (
    "Nothing in {} tells what kind of course it is: there is no course.yaml, and nothing that "
    "another system makes."
)
NOTHING = "Nothing was found in {} that could become a lesson, so there is nothing to import."
# As many things that were left out as a refusal lists.
MOST_REASONS = 20
# In this order: the first that fits is taken.
FORMATS = (
    Format("Common Cartridge", is_cartridge, read_cartridge),
    Format("Exercism", is_exercism, read_exercism),
    Format("OLX", is_olx, read_olx),
    Format("JetBrains Academy", is_jetbrains, read_jetbrains),
    Format("mdBook", is_mdbook, read_mdbook),
    Format("Carpentries", is_episodes, read_episodes),
    Format("GIFT", is_gift, read_gift),
    Format("QTI", is_qti, read_qti),
)


def read_course(path: Path, slug: str = "", title: str = "") -> CourseNode:
    """Read the course in a folder or .zip, of whichever known format it is.

    `slug` and `title` are for formats that have none. Raises ImportRefused with every reason.
    """
    return read_source(open_source(path), slug, title)


def read_source(source: Source, slug: str = "", title: str = "") -> CourseNode:
    """The same of a source that is open. Every file that was left out has its line."""
    refuse_unsafe(source.name)
    tree = _read(source, slug, title)
    tree.skipped = [*tree.skipped, *(Skipped(path, ODD_NAME) for path in source.odd)]
    _refuse_nothing(tree, source.name)
    return tree


def _refuse_nothing(tree: CourseNode, name: str) -> None:
    """Without a lesson a new course would be empty, and one that is there would lose them all.

    Raises ImportRefused, with what was left out and why.
    """
    if tree.lessons:
        return
    found = [Finding(NOTHING.format(name), code="empty")]
    found += [Finding(f"Left out: {one.reason}.", one.path) for one in tree.skipped[:MOST_REASONS]]
    if len(tree.skipped) > MOST_REASONS:
        found.append(Finding(f"And {len(tree.skipped) - MOST_REASONS:,} more were left out."))
    raise ImportRefused(found)


def _read(source: Source, slug: str, title: str) -> CourseNode:
    if "course.yaml" not in source.files:
        for one in FORMATS:
            if one.fits(source):
                return one.read(source, slug, title)
        raise refuse(UNKNOWN.format(source.name))
    if slug or title:
        raise refuse("A course.yaml says what its course is called: change it there.")
    return CourseFolder(source).read()


def open_source(path: Path) -> Source:
    """The files of a folder or .zip, by whatever name the archive goes."""
    try:
        if path.is_dir():
            return open_folder(path)
        if not path.is_file():
            raise refuse(f"Cannot read {path}")
        with path.open("rb") as stream:
            data = stream.read(MAX_ARCHIVE + 1)
    except OSError as error:
        raise refuse(f"Cannot read {path}") from error
    return source_in(data, path.name)


def source_in(data: bytes, name: str) -> Source:
    """What a file holds: an archive, whatever it is called, or questions. Raises ImportRefused."""
    if name.lower().endswith(ALONE):
        file = SourceFile(name, len(data), lambda: data)
        return Source(name.partition(".")[0], checked([file]))
    stem, ending = posixpath.splitext(name)
    if ending.lower() not in ENDINGS and not looks_like_zip(data):
        if ending.lower() in TAR:
            raise refuse(f"{name} is no .zip: unpack it, and pack the folder as a .zip file.")
        raise refuse(f"{name} is no course. {TAKEN}")
    return open_archive(data, stem)
