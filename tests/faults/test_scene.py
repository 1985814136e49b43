"""What `make faults` starts is what it then asks."""

from types import SimpleNamespace

import pytest

from bench import web
from faults.scene import Scene


def test_a_port_that_make_exports_is_not_the_servers(monkeypatch, tmp_path):
    monkeypatch.setenv("PORT", "8000")
    started = []

    def start(server):
        started.append(server)
        raise InterruptedError

    monkeypatch.setattr(web.Server, "__enter__", start)
    databases = SimpleNamespace(url=lambda name: f"postgres://localhost/{name}")
    stage = SimpleNamespace(databases=databases, collect_static=lambda: None)
    with (
        pytest.raises(InterruptedError),
        Scene(tmp_path, stage, postgres=None, valkey=None).web(),
    ):
        pass
    assert started[0].env["PORT"] == str(started[0].port) != "8000"
    assert started[0].env["MEDIA_ROOT"] == str(tmp_path / "media")
