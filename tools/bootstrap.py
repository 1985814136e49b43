"""Makes `.venv` from the lock. Runs on any Python 3.8 or newer, with the standard library only."""

from __future__ import annotations

import fcntl
import glob
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from typing import Any, Dict, List, Optional, Sequence, Tuple

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
STAMP = os.path.join(VENV, "waymark-stamp.json")
SETS = ("production", "local", "development")  # each holds the one before it

OLDEST = (3, 12)
PREFERRED = ((3, 13), (3, 12), (3, 14))  # for these every locked package has a wheel

Version = Tuple[int, int]

# Asked of each candidate by running it: a shim of pyenv or asdf exists also for versions that are
# not active and only then fails. Free-threaded builds and other interpreters have too few wheels.
PROBE = """
import json, os, platform, sys, sysconfig
try:
    import ensurepip
except ImportError:
    ensurepip = None
import venv
assert platform.python_implementation() == "CPython"
assert not sysconfig.get_config_var("Py_GIL_DISABLED")
path = os.path.realpath(getattr(sys, "_base_executable", "") or sys.executable)
print(json.dumps([list(sys.version_info[:2]), path, ensurepip is not None]))
"""


class Interpreter:
    """A Python that ran: its version, its real path, and whether it brings pip along."""

    def __init__(self, version: Version, path: str, has_pip: bool) -> None:
        self.version = version
        self.path = path
        self.has_pip = has_pip

    def rank(self) -> Tuple[int, int]:
        """Sorts the best first: pip within reach, then a version that the lock was tried with."""
        known = PREFERRED.index(self.version) if self.version in PREFERRED else len(PREFERRED)
        return (0 if self.has_pip else 1, known)


def main(arguments: Sequence[str]) -> int:
    wanted = arguments[0] if arguments else "local"
    if wanted not in SETS:
        sys.stderr.write("usage: bootstrap.py [%s]\n" % " | ".join(SETS))
        return 2
    if is_ready(wanted):
        return 0
    os.makedirs(os.path.join(ROOT, "var"), exist_ok=True)
    with open(os.path.join(ROOT, "var", "bootstrap.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two makes in one fresh clone: the second waits
        if is_ready(wanted):
            return 0
        try:
            build(wanted)
        except BuildFailed as problem:
            sys.stderr.write("bootstrap: %s\n" % problem)
            return 1
        except KeyboardInterrupt:
            sys.stderr.write("\nbootstrap: interrupted; the next start builds .venv anew\n")
            return 130
    return 0


# ---- is there anything to do? -------------------------------------------------------------------


def is_ready(wanted: str) -> bool:
    """True when `.venv` was finished, here, for `wanted` or more, from the lock as it is now."""
    stamp = read_stamp()
    name = str(stamp.get("set", ""))
    return (
        name in SETS
        and SETS.index(name) >= SETS.index(wanted)
        and stamp.get("lock") == hash_of_lock(name)
        and is_usable(stamp)
    )


def is_usable(stamp: Dict[str, Any]) -> bool:
    """Moving a checkout breaks its scripts' first lines; removing a Python, the link to it."""
    python = os.path.join(VENV, "bin", "python")
    return (
        stamp.get("root") == ROOT
        and os.path.realpath(python) == stamp.get("python")
        and os.path.exists(python)
    )


def read_stamp() -> Dict[str, Any]:
    try:
        with open(STAMP, encoding="utf-8") as file:
            stamp = json.load(file)
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def lock_path(name: str) -> str:
    return os.path.join(ROOT, "requirements", name + ".txt")


def hash_of_lock(name: str) -> str:
    with open(lock_path(name), "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


# ---- building -----------------------------------------------------------------------------------


class BuildFailed(Exception):
    """A sentence for the person at the terminal."""


def build(wanted: str) -> None:
    stamp = read_stamp()
    had = str(stamp.get("set", ""))
    if had in SETS and SETS.index(had) > SETS.index(wanted):
        wanted = had  # never takes the tests' tools away because `make run` came by
    if is_usable(stamp):
        os.remove(STAMP)  # from here on the environment counts as half-made
    else:
        create_environment()
    install(wanted)
    python = os.path.join(VENV, "bin", "python")
    finished = {
        "set": wanted,
        "lock": hash_of_lock(wanted),
        "python": os.path.realpath(python),
        "root": ROOT,
    }
    with open(STAMP + ".new", "w", encoding="utf-8") as file:
        json.dump(finished, file)
    os.replace(STAMP + ".new", STAMP)


def create_environment() -> None:
    if os.path.islink(VENV):
        os.remove(VENV)
    elif os.path.exists(VENV):
        say("replacing a .venv that was not finished, or was made elsewhere")
        shutil.rmtree(VENV)
    interpreter = find_interpreter() or download_interpreter()
    if interpreter is None:
        raise BuildFailed(
            "Waymark needs Python %d.%d or newer, and none was found on PATH or in the folders of "
            "pyenv, uv, asdf, mise or Homebrew. Install one and start again." % OLDEST
        )
    say("making .venv with Python %d.%d (%s)" % ((*interpreter.version, interpreter.path)))
    command = [interpreter.path, "-I", "-m", "venv", VENV]
    if not interpreter.has_pip:
        command.insert(-1, "--without-pip")
    run_or_fail(command, "could not make .venv")


def install(name: str) -> None:
    """With uv, which takes seconds; if it cannot be had or fails, with pip: a minute."""
    say("installing requirements/%s.txt" % name)
    python = os.path.join(VENV, "bin", "python")
    uv = find_uv() or fetch_uv(python)
    if uv:
        sync = [
            uv,
            "pip",
            "sync",
            "--quiet",
            "--python",
            python,
            "--require-hashes",
            "--compile-bytecode",
        ]
        if succeeds([*sync, lock_path(name)]):
            return
        say("uv did not finish; trying pip")
    pip = pip_for(python)
    if pip is None:
        raise BuildFailed(
            "neither uv nor pip is at hand. Install the venv package of your Python "
            "(python3-venv on Debian and Ubuntu), or uv, and start again."
        )
    options = ["--disable-pip-version-check", "--quiet", "--require-hashes", "--no-deps"]
    run_or_fail(
        [*pip, "install", *options, "-r", lock_path(name)],
        "could not install requirements/%s.txt" % name,
    )


# ---- finding a Python ---------------------------------------------------------------------------


def find_interpreter() -> Optional[Interpreter]:
    """The first good candidate, or failing that the best of those that run at all."""
    found: List[Interpreter] = []
    seen = set()
    for path in candidates():
        key = os.path.realpath(path) if os.sep in path else path
        if key in seen:
            continue
        seen.add(key)
        interpreter = probe(path)
        if interpreter is None or interpreter.version < OLDEST:
            continue
        if interpreter.has_pip and interpreter.version in PREFERRED:
            return interpreter
        found.append(interpreter)
    return min(found, key=Interpreter.rank) if found else None


def candidates() -> List[str]:
    names = ["python%d.%d" % version for version in PREFERRED]
    on_path = [sys.executable] + [
        path for path in map(shutil.which, [*names, "python3", "python"]) if path
    ]
    return on_path + [
        path
        for pattern in folders_of_managers()
        for path in sorted(glob.glob(pattern), reverse=True)
    ]


def folders_of_managers() -> List[str]:
    home = os.path.expanduser("~")
    data = os.environ.get("XDG_DATA_HOME") or os.path.join(home, ".local", "share")
    pyenv = os.environ.get("PYENV_ROOT") or os.path.join(home, ".pyenv")
    uv = os.environ.get("UV_PYTHON_INSTALL_DIR") or os.path.join(data, "uv", "python")
    asdf = os.environ.get("ASDF_DATA_DIR") or os.path.join(home, ".asdf")
    mise = os.environ.get("MISE_DATA_DIR") or os.path.join(data, "mise")
    brew = os.environ.get("HOMEBREW_PREFIX") or "/opt/homebrew"
    return [
        os.path.join(pyenv, "versions", "3.*", "bin", "python3"),
        os.path.join(uv, "cpython-3.*", "bin", "python3"),
        os.path.join(asdf, "installs", "python", "3.*", "bin", "python3"),
        os.path.join(mise, "installs", "python", "3.*", "bin", "python3"),
        os.path.join(brew, "opt", "python@3.*", "bin", "python3.*[0-9]"),
        "/usr/local/opt/python@3.*/bin/python3.*[0-9]",
        "/usr/local/bin/python3.*[0-9]",
        "/usr/bin/python3.*[0-9]",
        "/Library/Frameworks/Python.framework/Versions/3.*/bin/python3",
    ]


def probe(path: str) -> Optional[Interpreter]:
    try:
        answer = subprocess.run(
            [path, "-I", "-c", PROBE],
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            timeout=20,
        )
        version, real, has_pip = json.loads(answer.stdout.decode())
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return Interpreter((int(version[0]), int(version[1])), str(real), bool(has_pip))


def download_interpreter() -> Optional[Interpreter]:
    """The last resort: uv brings a Python of its own into the user's uv folder."""
    uv = find_uv() or fetch_uv(sys.executable)
    if uv is None:
        return None
    say("no Python %d.%d or newer on this machine; asking uv for one" % OLDEST)
    if not succeeds([uv, "python", "install", "--quiet", "%d.%d" % PREFERRED[0]]):
        return None
    return find_interpreter()


# ---- finding uv and pip -------------------------------------------------------------------------


def private_uv() -> str:
    return os.path.join(ROOT, "var", "uv", "bin", "uv")


def find_uv() -> Optional[str]:
    for path in (shutil.which("uv"), private_uv()):
        if path and succeeds([path, "--version"], quiet=True):
            return path
    return None


def fetch_uv(python: str) -> Optional[str]:
    """Installs the locked uv into `var/uv`, held to its hashes like everything else."""
    pip = pip_for(python)
    block = re.search(r"^uv==.*(?:\n +--hash=.*)+", read(lock_path("development")), re.MULTILINE)
    if pip is None or block is None:
        return None
    target = os.path.join(ROOT, "var", "uv")
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as pinned:
        pinned.write(block.group() + "\n")
        pinned.flush()
        options = [
            "--disable-pip-version-check",
            "--quiet",
            "--no-deps",
            "--require-hashes",
            "--only-binary",
            ":all:",
        ]
        succeeds([*pip, "install", *options, "--target", target, "-r", pinned.name])
    return private_uv() if succeeds([private_uv(), "--version"], quiet=True) else None


def pip_for(python: str) -> Optional[List[str]]:
    """The environment's own pip; where it has none, one of the machine's that can work for it."""
    if succeeds([python, "-I", "-m", "pip", "--version"], quiet=True):
        return [python, "-I", "-m", "pip"]
    for other in (sys.executable, shutil.which("python3")):
        guest = [other or "", "-I", "-m", "pip", "--python", python]
        if other and succeeds([*guest, "--version"], quiet=True):
            return guest
    return None


# ---- small things -------------------------------------------------------------------------------


def read(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read()


def succeeds(command: List[str], quiet: bool = False) -> bool:
    sink = subprocess.DEVNULL if quiet else None
    try:
        return (
            subprocess.run(
                command, check=False, stdout=sink, stderr=sink, stdin=subprocess.DEVNULL
            ).returncode
            == 0
        )
    except OSError:
        return False


def run_or_fail(command: List[str], sentence: str) -> None:
    if not succeeds(command):
        raise BuildFailed("%s: `%s` failed" % (sentence, " ".join(command)))


def say(sentence: str) -> None:
    sys.stdout.write("bootstrap: %s\n" % sentence)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
