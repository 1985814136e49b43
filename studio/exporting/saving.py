"""Putting an export on the disk, never through a link.

What is new stands there as a whole or not at all. A folder that is replaced gets its files one by
one after all of them were written beside it, and loses what has gone at last: where that is broken
off, doing it again goes on.
"""

import os
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from studio.importing.files import LITTER, allowed_name, open_folder
from studio.importing.folder.course import CourseFolder
from studio.importing.refusal import ImportRefused, refuse

Files = Mapping[str, bytes]
READABLE = 0o644


def save_archive(data: bytes, path: Path, *, overwrite: bool = False) -> None:
    """Write a file beside its place and put it there. Raises ImportRefused."""
    path = path.absolute()
    if path.is_dir() or (os.path.lexists(path) and not overwrite):
        raise refuse(f"{path} is there already. --overwrite replaces a file.")
    _refuse_no_parent(path)
    _put(path, data)


def save_folder(files: Files, path: Path, slug: str, *, overwrite: bool = False) -> None:
    """Write a course into a folder that is empty or absent, or holds this course already.

    Raises ImportRefused.
    """
    for name in files:
        allowed_name(name)
    path = path.absolute()
    if path.is_symlink() or (path.exists() and not path.is_dir()):
        raise refuse(f"{path} is no folder.")
    _refuse_no_parent(path)
    if path.is_dir() and any(path.iterdir()):
        if not overwrite:
            raise refuse(f"{path} is not empty. --overwrite replaces the same course in it.")
        _replace(files, path, slug)
    else:
        _create(files, path)


def _refuse_no_parent(path: Path) -> None:
    if not path.parent.is_dir():
        raise refuse(f"There is no folder {path.parent}.")


def _create(files: Files, path: Path) -> None:
    """The whole folder is made beside its place and then renamed."""
    made = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    try:
        root = made / "course"
        root.mkdir()
        for name, data in files.items():
            place = root / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        root.rename(path)
    finally:
        shutil.rmtree(made)


def _replace(files: Files, path: Path, slug: str) -> None:
    """Put what changed in its place, and then remove what was part of the course.

    Only what an import reads was part of it, anything else stays: a README, a .git and notes.
    """
    gone = _of_the_course(path, slug) - set(files)
    places = _places(path)
    wanted = {places.get(name, path / name): data for name, data in files.items()}
    hindering = _hindering(gone, files)
    made = Path(tempfile.mkdtemp(prefix=".export-", dir=path))
    try:
        written = list(_written_beside(made, wanted))
        for name in sorted(hindering):
            _remove(places[name], path)
        for file, place in written:
            place.parent.mkdir(parents=True, exist_ok=True)
            file.replace(place)
    finally:
        shutil.rmtree(made)
    for name in sorted(gone - hindering):
        _remove(places[name], path)


def _written_beside(made: Path, wanted: Mapping[Path, bytes]) -> Iterator[tuple[Path, Path]]:
    """Write what differs from what is there into the folder `made`; say what belongs where."""
    for number, (place, data) in enumerate(wanted.items()):
        if not place.is_file() or place.read_bytes() != data:
            file = made / str(number)
            file.write_bytes(data)
            file.chmod(READABLE)
            yield file, place


def _hindering(gone: set[str], files: Files) -> set[str]:
    """Files that go and stand where a folder is to be, or in a folder where a file is to be."""
    folders = {folder for name in files for folder in _folders_of(name)}
    return {
        name for name in gone if name in folders or not files.keys().isdisjoint(_folders_of(name))
    }


def _folders_of(name: str) -> list[str]:
    return [folder.as_posix() for folder in PurePosixPath(name).parents]


def _of_the_course(path: Path, slug: str) -> set[str]:
    """The files of the course that is there. Raises ImportRefused if it is another, or none."""
    source = open_folder(path)
    if "course.yaml" in source.files and not (path / "course.yaml").is_file():
        raise refuse(f"The course in {path} lies one folder further down: name that folder.")
    try:
        tree = CourseFolder(source).read()
    except ImportRefused as refusal:
        words = f"{path} cannot be replaced: it holds no course that can be read."
        raise ImportRefused([*refuse(words).findings, *refusal.findings]) from refusal
    if tree.slug != slug:
        raise refuse(f"{path} holds another course: {tree.slug}.")
    return set(source.files) - {skipped.path for skipped in tree.skipped}


def _places(root: Path) -> dict[str, Path]:
    """Files by the names that an import gives them: a disk may spell the same name otherwise."""
    found = {}
    for folder, names, files in os.walk(root, followlinks=False):
        names[:] = [name for name in names if name not in LITTER]
        for name in files:
            place = Path(folder, name)
            path = unicodedata.normalize("NFC", place.relative_to(root).as_posix())
            found[path] = place
    return found


def _remove(place: Path, root: Path) -> None:
    """Remove a file, and the folders that are empty without it."""
    place.unlink()
    for folder in place.parents:
        if folder == root or any(folder.iterdir()):
            return
        folder.rmdir()


def _put(place: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=".", dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(name).chmod(READABLE)
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
