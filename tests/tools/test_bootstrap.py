"""The bootstrap knows when there is nothing to do, and never trusts a half-made environment."""

import ast
import json
import socket
from pathlib import Path

import pytest

from tools import bootstrap
from tools.memory import Lock, Memory

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def finished(monkeypatch, tmp_path):
    """A stamp as a finished build leaves it, which a test may bend."""
    stamp = tmp_path / "stamp.json"
    monkeypatch.setattr(bootstrap, "STAMP", str(stamp))
    python = bootstrap.os.path.realpath(bootstrap.os.path.join(bootstrap.VENV, "bin", "python"))

    def write(**bent):
        content = {
            "set": "development",
            "lock": bootstrap.hash_of_lock("development"),
            "root": bootstrap.ROOT,
            "python": python,
        }
        stamp.write_text(json.dumps({**content, **bent}))

    write()
    return write


def test_a_finished_environment_is_ready_for_less_as_well(finished):
    assert bootstrap.is_ready("development")
    assert bootstrap.is_ready("local")


def test_a_small_environment_is_not_ready_for_more(finished):
    finished(set="local", lock=bootstrap.hash_of_lock("local"))
    assert bootstrap.is_ready("local")
    assert not bootstrap.is_ready("development")


@pytest.mark.parametrize(
    "bent", [{"lock": "other"}, {"root": "/elsewhere"}, {"python": "/gone"}, {"set": "unknown"}]
)
def test_another_lock_place_or_python_means_building_again(finished, bent):
    finished(**bent)
    assert not bootstrap.is_ready("local")


@pytest.mark.parametrize("text", ["", "{", "[]", '"x"'])
def test_a_broken_stamp_means_building_again(finished, text):
    Path(bootstrap.STAMP).write_text(text)
    assert not bootstrap.is_ready("local")


def test_the_bootstrap_runs_on_an_old_python():
    """Only words of Python 3.8 and the standard library."""
    source = (ROOT / "tools/bootstrap.py").read_text()
    ast.parse(source, feature_version=(3, 8))


def test_every_lock_is_hashed_and_names_no_index():
    for name in bootstrap.SETS:
        text = Path(bootstrap.lock_path(name)).read_text()
        assert "://" not in text
        pinned = [line for line in text.splitlines() if "==" in line]
        assert pinned
        assert text.count("--hash=sha256:") >= len(pinned)


def test_a_memory_survives_a_broken_file_and_keeps_its_secrets_private(tmp_path):
    memory = Memory(tmp_path / "secret.json")
    word = memory.password("postgres")
    assert Memory(memory.path).password("postgres") == word
    assert memory.path.stat().st_mode & 0o777 == 0o600
    memory.path.write_text("{")
    assert memory.password("postgres") != word


def test_a_port_is_kept_until_somebody_takes_it(tmp_path):
    memory = Memory(tmp_path / "servers.json")
    port = memory.port("postgres")
    assert memory.port("postgres") == port
    with socket.create_server(("127.0.0.1", port)):
        assert memory.port("postgres") != port


def test_only_one_holds_a_lock(tmp_path):
    first, second = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    assert first.take()
    assert not second.take()
    first.release()
    assert second.take()
    second.release()
