"""The second wall by itself: what a child behind it is refused, and how the filters are built."""

import errno
import json
import struct
import subprocess
import sys

import pytest

from sandbox import landlock, seccomp, walls
from sandbox.seccomp import Only, program
from sandbox.syscalls import TABLES
from tests.sandbox.conftest import ROOT


def test_a_child_behind_the_walls_is_refused_everything():
    command = [sys.executable, "-I", "-S", "-B", str(ROOT / "sandbox" / "probe.py"), str(ROOT)]
    told = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    raised = {name: came for name, came in told.items() if name.startswith("wall: ")}
    assert len(raised) == 5
    tried = {name: came for name, came in told.items() if name not in raised}
    if all(came == "True" for came in raised.values()):
        assert set(tried.values()) == {"refused"}, tried


def test_a_wall_that_cannot_be_raised_is_told_and_stops_no_other(monkeypatch):
    def missing(*_):
        raise landlock.LandlockRefused(errno.ENOSYS, "no Landlock")

    monkeypatch.setattr(landlock, "restrict", missing)
    for name in ("limit", "_control"):
        monkeypatch.setattr(walls, name, lambda *_: None)
    monkeypatch.setattr(seccomp, "install", lambda _: None)
    raised = walls.raise_walls(1, 1)
    assert [wall.name for wall in raised if not wall.holds] == ["landlock"]
    assert "no Landlock" in next(wall.detail for wall in raised if not wall.holds)


# A little of the kernel: enough to run a filter against a call.
def verdict(filter_, number, arguments=(), audit=seccomp.AUDIT["x86_64"]):
    data = struct.pack("<II", number, audit) + bytes(8)
    data += b"".join(
        struct.pack("<Q", value) for value in (*arguments, *[0] * (6 - len(arguments)))
    )
    steps = list(struct.iter_unpack("<HBBI", filter_))
    at = accumulator = 0
    while True:
        code, if_true, if_false, operand = steps[at]
        at += 1
        if code == seccomp.LOAD:
            (accumulator,) = struct.unpack_from("<I", data, operand)
        elif code == seccomp.AND:
            accumulator &= operand
        elif code == seccomp.JUMP_EQUAL:
            at += if_true if accumulator == operand else if_false
        else:
            return operand


X86 = TABLES["x86_64"]
REFUSED = seccomp.ERRNO | errno.EPERM


@pytest.mark.parametrize("arch", ["x86_64", "aarch64"])
def test_every_call_of_the_table_is_judged(arch):
    filter_ = program(walls.COMPUTING, arch=arch)
    audit, numbers = seccomp.AUDIT[arch], TABLES[arch]
    allowed = {name for name, number in numbers.items()
               if verdict(filter_, number, (1, 0, 0), audit) == seccomp.ALLOW}  # fmt: skip
    named = {rule if isinstance(rule, str) else rule.name for rule in walls.COMPUTING}
    assert allowed == named & numbers.keys()
    assert not allowed & {
        "openat",
        "socket",
        "clone",
        "execve",
        "kill",
        "unlinkat",
        "prctl",
        "ptrace",
    }
    assert verdict(filter_, numbers["clone3"], (), audit) == seccomp.ERRNO | errno.ENOSYS


def test_foreign_calls_are_killed_or_refused():
    filter_ = program(["read"], arch="x86_64")
    assert verdict(filter_, 0, audit=seccomp.AUDIT["aarch64"]) == seccomp.KILL_PROCESS
    assert verdict(filter_, 0x4000_0000) == REFUSED
    assert verdict(filter_, 0) == seccomp.ALLOW


def test_arguments_are_looked_at():
    filter_ = program([Only("write", 0, 1), Only("mmap", 2, 0, 4), "close"], arch="x86_64")
    assert verdict(filter_, X86["write"], (1,)) == seccomp.ALLOW
    assert verdict(filter_, X86["write"], (2,)) == REFUSED
    assert verdict(filter_, X86["mmap"], (0, 0, 3)) == seccomp.ALLOW
    assert verdict(filter_, X86["mmap"], (0, 0, 7)) == REFUSED
    assert verdict(filter_, X86["close"]) == seccomp.ALLOW


def test_calls_may_fail_with_errors_of_their_own():
    filter_ = program([], refused={"socket": errno.EACCES}, otherwise=errno.ENOSYS, arch="x86_64")
    assert verdict(filter_, X86["socket"]) == seccomp.ERRNO | errno.EACCES
    assert verdict(filter_, X86["read"]) == seccomp.ERRNO | errno.ENOSYS


def test_a_machine_without_a_table_is_refused():
    with pytest.raises(seccomp.SeccompRefused):
        program([], arch="")


def test_landlock_leaves_the_named_folders_readable(tmp_path):
    for name in ("open", "closed"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    look = f"""
import sys; sys.path.append({str(ROOT)!r})
from pathlib import Path
from sandbox import landlock, walls
if not walls._raised("", lambda: str(landlock.version(walls.seccomp.machine()))).holds:
    print("no landlock"); raise SystemExit
walls._control(walls.PR_SET_NO_NEW_PRIVS, 1)
landlock.restrict(walls.seccomp.machine(), [Path({str(tmp_path / "open")!r})])
for name in ("open", "closed"):
    for mode in ("r", "w"):
        try:
            open(Path({str(tmp_path)!r}, name, "file"), mode).close()
            print(name, mode)
        except PermissionError:
            pass
"""
    command = [sys.executable, "-I", "-c", look]
    said = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split("\n")
    assert said in (["open r", ""], ["no landlock", ""])
