"""No child outlives its parent, and nobody else's process is ever touched."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools.children import Register, birth_of

ROOT = Path(__file__).resolve().parent.parent.parent
linux = pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel")

# Starts a child, says its number, and then does what a test wants it to.
PARENT = """
import signal, sys, time
from tools import children
# A shell starts what runs in its background with Ctrl-C ignored, and such it would stay.
for number in (signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_DFL)
signals = children.Signals()
children.adopt_orphans()
child = children.start("sleep", ["sleep", "60"], patience=2)
print(child.process.pid, flush=True)
try:
    while True:
        signals.pause(0.05)
except children.Stopped:
    child.stop()
    children.end_orphans()
"""


@pytest.fixture
def parent():
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    process.child = int(process.stdout.readline())
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def ends(pid, seconds=5.0):
    limit = time.monotonic() + seconds
    while birth_of(pid) and time.monotonic() < limit:
        time.sleep(0.02)
    return birth_of(pid) is None


@linux
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_parent_and_child(parent, number):
    parent.send_signal(number)
    assert parent.wait(timeout=10) == 0
    assert ends(parent.child)


@linux
def test_a_killed_parent_takes_its_child_along(parent):
    parent.kill()
    parent.wait()
    assert ends(parent.child)


@linux
def test_the_next_start_ends_what_was_left_behind(tmp_path):
    left = subprocess.Popen(["sleep", "60"], start_new_session=True)
    rows = [{"pid": left.pid, "started": birth_of(left.pid), "signal": int(signal.SIGTERM)}]
    (tmp_path / "pids").write_text(json.dumps(rows))
    Register(tmp_path / "pids").end_leftovers()
    assert left.wait(timeout=5) == -signal.SIGTERM


@linux
def test_a_number_that_was_used_again_is_left_alone(tmp_path):
    stranger = subprocess.Popen(["sleep", "60"], start_new_session=True)
    rows = [{"pid": stranger.pid, "started": "another boot 1", "signal": int(signal.SIGTERM)}]
    (tmp_path / "pids").write_text(json.dumps(rows))
    Register(tmp_path / "pids").end_leftovers()
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


@pytest.mark.parametrize("content", ["", "{", "null"])
def test_a_broken_register_is_no_reason_to_stop(tmp_path, content):
    (tmp_path / "pids").write_text(content)
    Register(tmp_path / "pids").end_leftovers()


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused_in_a_sentence(port):
    answer = serve(port)
    assert answer.returncode == 1
    assert "PORT must be a number from 1 to 65535" in answer.stderr


def test_a_taken_port_is_refused_in_a_sentence(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code = (
            "import sys; from pathlib import Path; from tools import serve, memory;"
            "serve.VAR = Path(sys.argv[1]); sys.exit(serve.main(['run']))"
        )
        answer = serve(port, code, tmp_path)
    assert answer.returncode == 1
    assert f"Port {port} is taken by another program." in answer.stderr
    assert "Traceback" not in answer.stderr


def serve(port, code="import sys; from tools import serve; sys.exit(serve.main(['run']))", *folder):
    return subprocess.run(
        [sys.executable, "-c", code, *folder],
        cwd=ROOT,
        env={**os.environ, "PORT": port},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
