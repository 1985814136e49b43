"""PostgreSQL's own programs that dump and restore: found, of a version that fits, and run."""

import glob
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo
from psycopg.pq import Conninfo

from studio.backups.errors import BackupRefused

CHUNK = 1024 * 1024
# From this version on pg_restore sets what older servers do not know.
KNOWS_MORE = 17
PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin")


@dataclass(frozen=True)
class Program:
    path: str
    major: int


def program(name: str, least: int) -> Program:
    """The one of this version, else the next newer one. Raises BackupRefused."""
    found = [one for path in candidates(name) if (one := examined(path))]
    fitting = sorted((one for one in found if one.major >= least), key=lambda one: one.major)
    if fitting:
        return fitting[0]
    newest = max((one.major for one in found), default=0)
    there = f"there is only version {newest}" if newest else "there is none"
    raise BackupRefused(
        f"PostgreSQL {least} needs {name} of version {least} or newer, and {there}. Install "
        f"postgresql-client-{least}, or name the folder of its programs in POSTGRES_BIN."
    )


def restorer(server: int, dumped_by: int) -> Program:
    """A pg_restore that reads what this pg_dump wrote, and that the server understands."""
    chosen = program("pg_restore", max(server, dumped_by))
    if chosen.major >= KNOWS_MORE > server:
        way = (
            f"Restore into PostgreSQL {KNOWS_MORE} or newer."
            if dumped_by > server
            else f"Install postgresql-client-{server}."
        )
        raise BackupRefused(
            f"pg_restore {chosen.major} cannot write into PostgreSQL {server}. {way}"
        )
    return chosen


def candidates(name: str) -> list[str]:
    folders = [settings.POSTGRES_BIN, *(one for place in PLACES for one in glob.glob(place))]
    on_path = shutil.which(name)
    paths = [str(Path(folder, name)) for folder in folders if folder]
    return [*paths, *([on_path] if on_path else [])]


def examined(path: str) -> Program | None:
    try:
        answer = subprocess.run(  # noqa: S603 - a program that the operator has installed
            [path, "--version"], check=False, capture_output=True, text=True
        )
    except OSError:
        return None
    version = re.search(r"\) (\d+)", answer.stdout)
    return Program(path, int(version[1])) if version else None


def address() -> str:
    """How this site reaches its database, as libpq reads it, without a password."""
    known = {one.keyword.decode() for one in Conninfo.get_defaults()} - {"password", "sslpassword"}
    given = connection.get_connection_params()
    return make_conninfo("", **{key: given[key] for key in known & given.keys()})


def surroundings() -> dict[str, str]:
    """The password stands here: everybody on the machine may read the words of a command."""
    password = connection.settings_dict["PASSWORD"]
    return {**os.environ, "LC_ALL": "C", **({"PGPASSWORD": password} if password else {})}


def dumped(snapshot: str, client: Program) -> Iterator[bytes]:
    """The database as that transaction sees it, compressed, in PostgreSQL's own form."""
    command = [
        client.path, "--format=custom", "--no-owner", "--no-privileges",
        f"--snapshot={snapshot}", f"--dbname={address()}",
    ]  # fmt: skip
    with tempfile.TemporaryFile() as said:
        child = start(command, said, stdout=subprocess.PIPE)
        stream = cast(IO[bytes], child.stdout)
        try:
            while chunk := stream.read(CHUNK):
                yield chunk
            ended(child, said, "pg_dump")
        finally:
            end(child)


def restore(chunks: Iterable[bytes], client: Program) -> None:
    """Bring a dump into the empty database: all of it, in one transaction, or nothing."""
    command = [
        client.path, "--single-transaction", "--no-owner",
        "--no-privileges", "--no-comments", f"--dbname={address()}",
    ]  # fmt: skip
    with tempfile.TemporaryFile() as said:
        child = start(command, said, stdin=subprocess.PIPE)
        stream = cast(IO[bytes], child.stdin)
        try:
            for chunk in chunks:
                stream.write(chunk)
            stream.close()
        except BrokenPipeError:
            pass  # it has ended by itself, and says why
        except BaseException:
            end(child)
            raise
        ended(child, said, "pg_restore")


def start(command: list[str], said: IO[bytes], **streams: int) -> "subprocess.Popen[bytes]":
    given = {"stdin": subprocess.DEVNULL, **streams}
    return subprocess.Popen(command, env=surroundings(), stderr=said, **given)  # type: ignore[call-overload,no-any-return]  # noqa: S603


def ended(child: "subprocess.Popen[bytes]", said: IO[bytes], name: str) -> None:
    if child.wait():
        said.seek(0)
        words = said.read().decode(errors="replace").strip() or f"it ended with {child.returncode}"
        raise BackupRefused(f"{name} failed: {words[-500:]}")


def end(child: "subprocess.Popen[bytes]") -> None:
    """Whoever stops reading lets the program stop as well."""
    if child.poll() is None:
        child.kill()
    child.wait()
    for stream in (child.stdin, child.stdout):
        if stream:
            stream.close()
