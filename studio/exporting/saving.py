"""Putting an export on the disk: as a whole or not at all, and never through a link."""

import os
import shutil
import tempfile
import unicodedata
from collections.abc import Mapping
from pathlib import Path

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
    """Write what changed and remove what was part of the course; anything else stays.

    Only what an import reads was part of it: a README, a .git and notes were not.
    """
    gone = _of_the_course(path, slug) - set(files)
    places = _places(path)
    for name in sorted(gone):
        _remove(places[name], path)
    for name, data in files.items():
        place = places.get(name, path / name)
        if not place.is_file() or place.read_bytes() != data:
            place.parent.mkdir(parents=True, exist_ok=True)
            _put(place, data)


def _of_the_course(path: Path, slug: str) -> set[str]:
    """The files of the course that is there. Raises ImportRefused if it is another, or none."""
    source = open_folder(path)
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
