"""The commands by which an operator prepares the sandbox and attacks it."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from assessments import runners
from sandbox.runner import Wall
from tests.sandbox.conftest import CACHE


@pytest.fixture(autouse=True)
def own_choice(settings):
    settings.SANDBOX_CACHE = CACHE
    runners.chosen.cache_clear()
    yield
    runners.chosen.cache_clear()


def told(*command):
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def test_the_embedded_runner_is_prepared_and_its_walls_hold():
    assert "ready" in told("sandbox_prepare") + told("sandbox_prepare")
    report = json.loads(told("sandbox_selftest", "--json"))
    assert report["runner"] == "wasm"
    assert all(wall["holds"] for wall in report["walls"])
    assert "the network is refused" in {wall["name"] for wall in report["walls"]}


def test_a_wall_that_fell_is_an_error(monkeypatch):
    walls = [Wall("a program runs", True), Wall("the network is refused", False, "it answered")]
    monkeypatch.setattr(type(runners.chosen()), "self_test", lambda self: walls)
    with pytest.raises(CommandError, match="1 of 2 do not hold"):
        told("sandbox_selftest")


@pytest.mark.parametrize("name", ["bwrap", "piston"])
def test_the_others_need_no_preparation(settings, name):
    settings.SANDBOX_RUNNER, settings.PISTON_URL = name, "http://127.0.0.1:9"
    assert runners.chosen().name == name
    assert "nothing to prepare" in told("sandbox_prepare")


def test_a_server_that_is_away_fails_the_self_test(settings):
    settings.SANDBOX_RUNNER, settings.PISTON_URL = "piston", "http://127.0.0.1:9"
    with pytest.raises(CommandError):
        told("sandbox_selftest")
