"""Databases made for one run beside the one that DATABASE_URL names, and dropped after it.

That one itself is never touched: the server is used, not the data.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connection

MIGRATED = "migrated"
Connection = psycopg.Connection[tuple[object, ...]]


class Databases:
    """Makes, copies and drops; names are short and get a prefix of this process."""

    def __init__(self, url: str) -> None:
        self.server = url
        self.names: set[str] = set()

    def url(self, name: str) -> str:
        return urlunsplit(urlsplit(self.server)._replace(path=f"/{self.full(name)}"))

    def full(self, name: str) -> str:
        return f"waymark_bench_{os.getpid()}_{name}"

    @contextmanager
    def connect(self, name: str = "") -> Iterator[Connection]:
        """An autocommitting connection to one of ours, or to the one that was named."""
        with psycopg.connect(self.url(name) if name else self.server, autocommit=True) as link:
            yield link

    def empty(self, name: str) -> None:
        """A migrated school without anybody. The migrations run once."""
        if MIGRATED not in self.names:
            with self.connect() as link:
                link.execute(f'CREATE DATABASE "{self.full(MIGRATED)}"')
            self.names.add(MIGRATED)
            self.manage(MIGRATED, "migrate", "--noinput", "-v", "0")
        self.copy(MIGRATED, name)

    def copy(self, source: str, name: str) -> None:
        """Put a copy, file by file, in the place of what has the name now."""
        self.drop(name)
        connection.close()
        connection.close_pool()
        with self.connect() as link:
            link.execute(
                f'CREATE DATABASE "{self.full(name)}" TEMPLATE "{self.full(source)}" '
                "STRATEGY file_copy"
            )
        self.names.add(name)

    def drop(self, name: str) -> None:
        connection.close()
        connection.close_pool()
        with self.connect() as link:
            link.execute(f'DROP DATABASE IF EXISTS "{self.full(name)}" WITH (FORCE)')
        self.names.discard(name)

    def drop_all(self, spare: str = "") -> None:
        for name in self.names - {spare}:
            self.drop(name)

    def use(self, name: str) -> None:
        """Let Django in this process work on one of ours."""
        connection.close()
        connection.close_pool()
        connection.settings_dict["NAME"] = self.full(name)

    def settle(self, name: str) -> None:
        """Write everything down and count it, so that whoever comes next finds the same."""
        with self.connect(name) as link:
            link.execute("VACUUM ANALYZE")
            link.execute("CHECKPOINT")

    def manage(self, name: str, *arguments: str) -> str:
        """Run a command of manage.py on one of ours; return what it printed."""
        command = [sys.executable, "manage.py", *arguments]
        env = {**os.environ, "DATABASE_URL": self.url(name)}
        done = subprocess.run(command, env=env, check=False, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout
