"""The hardened runner: walls against real programs, and the ways in which it refuses to start."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox import syscalls
from sandbox.bwrap import calls, classifier, command, tools
from sandbox.bwrap.process import Ended, Ending
from sandbox.bwrap.runner import IDENTITY, BwrapRunner
from sandbox.job import Case, Job, Language, Limits, Mode
from sandbox.seccomp import machine, program
from sandbox.values import Type
from sandbox.verdict import Status
from tests.sandbox.conftest import ROOT
from tests.sandbox.test_corpus import CANARY, PROGRAMS, job_of, passes, read

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap is for Linux.")

MIB = 1024 * 1024
QUICK = Limits(cpu_seconds=1.0, wall_seconds=5.0)
# Of this run of tests alone: others look for their own at the same time.
LEFT_OVER = f"waymark-left-over-{os.getpid()}"
REFUSALS = ("namespace", "uid map", "not permitted", "Permission denied", "Invalid argument")


def ask(source, *cases, language="python", mode=Mode.STDIO, limits=QUICK, runner=None, seed=0):
    given = cases or (Case("1"),)
    job = Job(Language(language), mode, source, given, limits, seed)
    return (runner or BwrapRunner()).run(job)


def one(source, stdin="", **more):
    result = ask(source, Case("1", stdin), **more)
    assert not result.engine_message, result.engine_message
    return result.cases[0]


def call(source, *args, language="python", **kwargs):
    case = Case("1", function="f", args=args, kwargs=kwargs)
    return ask(source, case, language=language, mode=Mode.FUNCTION).cases[0]


@pytest.fixture(scope="session")
def namespaces():
    """Only a machine that has no namespaces for us may leave these tests out."""
    result = ask("print(1)")
    if result.is_our_fault and any(words in result.engine_message for words in REFUSALS):
        pytest.skip(f"The kernel gives this process no namespaces: {result.engine_message}")
    assert not result.is_our_fault, result.engine_message


@pytest.fixture
def native(namespaces):
    return BwrapRunner()


@pytest.fixture
def node(native):
    if Language.JAVASCRIPT not in native.languages:
        pytest.skip("Node is not on this machine.")
    return native


@pytest.fixture
def folder():
    """A folder that every account can look into."""
    path = Path(tempfile.mkdtemp(prefix="waymark-tools-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


def script(folder, text, name="bwrap"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def left_over():
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found += [path] if LEFT_OVER.encode() in path.read_bytes() else []
        except OSError:
            continue
    return found


# ---- the corpus ----------------------------------------------------------------------------------

# Nothing is lost in these: an environment of our own making is read, a connection is refused only
# after the call, and a real machine's folders take longer than an empty one's.
OTHERWISE = {
    "reads_files.py": {Status.OK},
    "reads_files.js": {Status.OK},
    "no_network.js": {Status.RUNTIME_ERROR},
    "walks_the_tree.py": {Status.OK, Status.TIME_LIMIT},
}
# Filling its pages takes a busy machine longer than the corpus's second: memory must end it.
SLOW = {"typed_array_bomb.js": {"cpu_seconds": 10.0, "wall_seconds": 25.0}}


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_program_of_the_corpus_ends_as_it_should(native, path, monkeypatch):
    if path.suffix == ".js" and Language.JAVASCRIPT not in native.languages:
        pytest.skip("Node is not on this machine.")
    monkeypatch.setenv("WAYMARK_CANARY", CANARY)
    source, statuses, marks = read(path)
    job = job_of(path, source, marks)
    job = replace(job, limits=replace(job.limits, **SLOW.get(path.name, {})))
    result = native.run(job)
    (case,) = result.cases
    statuses = OTHERWISE.get(path.name, statuses)
    assert case.status in statuses, (result.engine_message, case.stdout[-300:], case.stderr[-600:])
    assert "BREACH" not in case.stdout + case.stderr or path.name in OTHERWISE
    assert CANARY not in case.stdout + case.stderr
    assert passes(result, job.mode) or "honest" not in marks, case
    assert not passes(result, job.mode) or "cheat" not in marks, case


# ---- programs and functions ----------------------------------------------------------------------


def test_a_program_is_fed_and_heard(native):
    result = ask("print(sum(map(int, input().split())))", Case("a", "3 4\n"), Case("b", "1 1\n"))
    assert [(case.id, case.status, case.stdout) for case in result.cases] == [
        ("a", Status.OK, "7\n"),
        ("b", Status.OK, "2\n"),
    ]
    assert result.engine.startswith("bwrap (bubblewrap ")
    assert result.runtime.startswith("CPython 3.")
    case = result.cases[0]
    assert case.exit_code == 0
    assert case.signal is None
    assert 0 < case.cpu_seconds < 1
    assert 0 < case.wall_seconds < 5


def test_a_node_program_is_fed_and_heard(node):
    source = 'const t = require("fs").readFileSync("/dev/stdin", "utf8"); console.log(t.length);'
    assert one(source, "x" * 300_000, language="javascript").stdout == "300000\n"
    lines = 'require("readline").createInterface({input: process.stdin})'
    source = f'{lines}.on("line", (line) => console.log(line.toUpperCase()));'
    assert one(source, "a\nb\n", language="javascript").stdout == "A\nB\n"


def test_long_input_is_read_or_left(native):
    assert one("print(len(open('/dev/stdin').read()))", "x" * 3_000_000).stdout == "3000000\n"
    assert one("print(1)", "x" * 3_000_000).status is Status.OK


def test_nothing_stays_from_case_to_case(native):
    source = """
import os
for folder in ("/tmp", "/work", "/dev/shm", "/src", "/"):
    try:
        open(folder + "/mark", "w").close()
        print("written")
    except OSError:
        print(os.path.exists(folder + "/mark"))
"""
    result = ask(source, Case("1"), Case("2"))
    assert [case.stdout for case in result.cases] == ["False\n" * 5] * 2


def test_values_have_their_types(native):
    value = call("def f(a, *, b): return [a, b, True, None, 1.5, (1,), {'k': {2}}]", 1, b="x").value
    assert value.type is Type.LIST
    assert [item.type for item in value.items] == [
        Type.INT, Type.TEXT, Type.BOOL, Type.NONE, Type.FLOAT, Type.TUPLE, Type.DICT,
    ]  # fmt: skip
    assert [item.leaf for item in value.items[:3]] == [1, "x", True]


@pytest.mark.parametrize(
    "source",
    [
        "function f(a, o) { return [a, o.b, true, null, 1.5, undefined, new Map([[1, 2]])]; }",
        "const f = async (a, {b}) => [a, b, true, null, 1.5, undefined, new Map([[1, 2]])];",
        "exports.f = (a, {b}) => [a, b, true, null, 1.5, undefined, new Map([[1, 2]])]",
        "export const f = (a, {b}) => [a, b, true, null, 1.5, undefined, new Map([[1, 2]])];",
    ],
)
def test_values_of_javascript_have_their_types(node, source):
    case = call(source, 1, b="x", language="javascript")
    assert [item.type for item in case.value.items] == [
        Type.INT, Type.TEXT, Type.BOOL, Type.NONE, Type.FLOAT, Type.UNDEFINED, Type.DICT,
    ]  # fmt: skip
    assert [item.leaf for item in case.value.items[:3]] == [1, "x", True]


def test_a_dotted_name_is_followed(node):
    source = "class f { static g = (a) => a + 1; }"
    case = Case("1", function="f.g", args=[1])
    result = ask(source, case, language="javascript", mode=Mode.FUNCTION)
    assert result.cases[0].value.leaf == 2


RAISERS = [
    ("python", "def f(): raise KeyError(1)", "KeyError"),
    ("javascript", "function f() { throw new TypeError('x'); }", "TypeError"),
    ("javascript", "const f = async () => { throw new class Own extends Error {}; };", "Own"),
    ("javascript", "function f() { throw 1; }", "number"),
]


@pytest.mark.parametrize(("language", "source", "name"), RAISERS)
def test_what_a_function_raises_is_named(node, language, source, name):
    case = call(source, language=language)
    assert (case.status, case.raised, case.value) == (Status.RUNTIME_ERROR, name, None)
    assert case.stderr


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("python", "x = 1"),
        ("python", "def f(): import os; os._exit(0)"),
        ("python", "raise ValueError"),
        ("javascript", "const g = 1;"),
        ("javascript", "function f() { process.exit(0); }"),
        ("javascript", "function f() { return new Promise(() => {}); }"),
        ("javascript", "throw new Error('x'); function f() {}"),
        ("javascript", "export const g = 1;"),
    ],
)
def test_a_function_that_gives_nothing_back_says_why(node, language, source):
    case = call(source, language=language)
    assert (case.status, case.value, case.raised) == (Status.RUNTIME_ERROR, None, "")
    assert case.stderr


@pytest.mark.parametrize(
    ("language", "source"),
    [("python", "print(1"), ("javascript", "const x = ;"), ("javascript", "export const = 1;")],
)
def test_what_does_not_compile_is_told_with_its_place(node, language, source):
    result = ask(source, language=language)
    assert result.cases[0].status is Status.COMPILE_ERROR
    assert "SyntaxError" in result.compile_output
    assert source in result.compile_output
    assert "main." in result.compile_output.splitlines()[0]
    assert "harness" not in result.compile_output


def test_chance_of_hashes_follows_the_seed(native):
    source = "print([hash(word) for word in ('a', 'b')])"
    first, again, other = (one(source, seed=seed).stdout for seed in (1, 1, 2))
    assert first == again != other


# ---- bounds --------------------------------------------------------------------------------------


def test_a_loop_is_stopped_by_the_processors_time(native):
    case = one("while True: pass", limits=Limits(cpu_seconds=0.5, wall_seconds=9))
    assert case.status is Status.TIME_LIMIT
    assert case.wall_seconds < 6


def test_who_ignores_the_signal_is_stopped_all_the_same(native):
    source = "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass"
    case = one(source, limits=Limits(cpu_seconds=0.5, wall_seconds=9))
    assert case.status is Status.TIME_LIMIT


def test_a_sleep_is_stopped_by_the_clock(native):
    case = one("import time; time.sleep(60)", limits=Limits(wall_seconds=1.0))
    assert (case.status, case.cpu_seconds) == (Status.TIME_LIMIT, None)
    assert case.wall_seconds < 4


def test_time_of_other_processes_is_counted(native):
    source = """
import os, time
for _ in range(4):
    if not os.fork():
        while time.process_time() < 0.3: pass
        os._exit(0)
while True:
    try: os.wait()
    except ChildProcessError: break
"""
    case = one(source, limits=Limits(cpu_seconds=1.0, wall_seconds=9))
    assert case.status is Status.TIME_LIMIT
    assert case.cpu_seconds > 1


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("python", "x = bytearray(1 << 30)"),
        ("python", "x = []\nwhile True: x.append(bytes(10**6))"),
        ("python", "import mmap\nx = [mmap.mmap(-1, 1 << 20) for _ in range(1000)]"),
        ("javascript", "const x = []; for (;;) x.push('y'.repeat(1e6) + x.length);"),
        ("javascript", "const x = []; for (;;) x.push(new Uint8Array(1e7).fill(1));"),
    ],
)
def test_memory_is_bounded(node, language, source):
    case = one(source, language=language, limits=Limits(cpu_seconds=3, wall_seconds=9))
    assert case.status in {Status.MEMORY_LIMIT, Status.RUNTIME_ERROR}
    # None: killed, or less than this process ever had, which is less than that.
    assert case.memory is None or case.memory < 700 * MIB
    if "mmap" not in source:
        assert case.status is Status.MEMORY_LIMIT, case.stderr


def test_processes_are_bounded(native):
    source = """
import os, time
count = 0
try:
    while count < 100:
        if not os.fork():
            time.sleep(9)
            os._exit(0)
        count += 1
except OSError:
    pass
print(count)
"""
    case = one(source)
    assert case.status is Status.OK
    assert int(case.stdout) == QUICK.processes - 1


FLOODS = [
    ("python", "while True: print('x' * 1000)"),
    ("python", "import sys\nwhile True: sys.stderr.write('x' * 1000)"),
    ("javascript", "for (;;) console.log('x'.repeat(1000));"),
    ("javascript", "for (;;) console.error('x'.repeat(1000));"),
]


@pytest.mark.parametrize(("language", "source"), FLOODS)
def test_floods_are_stopped(node, language, source):
    case = one(source, language=language)
    assert (case.status, case.cut) == (Status.OUTPUT_LIMIT, True)
    assert len(case.stdout) <= QUICK.stdout
    assert len(case.stderr) <= QUICK.stderr


def test_output_has_an_exact_bound(native):
    source = "import sys; sys.stdout.write('x' * int(input()))"
    assert one(source, "65536").status is Status.OK
    assert one(source, "65537").status is Status.OUTPUT_LIMIT
    assert one(source, "900000").status is Status.OUTPUT_LIMIT


def test_a_function_may_print_up_to_the_bound_beside_its_value(native):
    source = "def f(n): print('x' * n); return 'y' * 50_000"
    assert call(source, 65_535).status is Status.OK
    assert call(source, 65_536).status is Status.OUTPUT_LIMIT


def test_long_complaints_are_cut_and_not_held_against_anybody(native):
    case = one("import sys; sys.stderr.write('x' * 100_000)")
    assert (case.status, len(case.stderr), case.cut) == (Status.OK, QUICK.stderr, True)


# ---- walls ---------------------------------------------------------------------------------------


def test_the_network_is_not_there(native):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        python = f"import socket; socket.create_connection(('127.0.0.1', {port}), 1)"
        assert "PermissionError" in one(python).stderr
        if Language.JAVASCRIPT in native.languages:
            connect = f"require('net').connect({port}, '127.0.0.1')"
            source = f"{connect}.on('connect', () => console.log('BREACH'))"
            case = one(source, language="javascript")
            assert "EPERM" in case.stderr
            assert not case.stdout
        server.settimeout(0.05)
        with pytest.raises(TimeoutError):
            server.accept()


def test_nothing_of_ours_is_there(native, monkeypatch):
    monkeypatch.setenv("WAYMARK_CANARY", CANARY)
    source = f"""
import os
print(*os.listdir("/"))
print(sorted(os.environ))
print(len([each for each in os.listdir("/proc") if each.isdecimal()]))
print([fd for fd in range(3, 64) if os.path.exists(f"/proc/self/fd/{{fd}}")])
print(os.getuid(), os.getgid(), os.getgroups(), os.uname().nodename, os.listdir("/etc"))
print(os.path.exists({str(Path(__file__).resolve())!r}), os.path.exists("/home"))
"""
    lines = one(source).stdout.splitlines()
    folders = {"bin", "dev", "etc", "lib", "lib32", "lib64", "proc", "src", "tmp", "usr", "work"}
    assert set(lines[0].split()) <= folders
    assert "'HOME', 'LANG', 'MALLOC_ARENA_MAX', 'PATH', 'PWD', 'PYTHONHASHSEED'" in lines[1]
    assert CANARY not in one("print(open('/proc/self/environ').read())").stdout
    assert int(lines[2]) <= 3
    assert lines[3] == "[]"
    assert lines[4] == "65534 65534 [] box ['ld.so.cache']"
    assert lines[5] == "False False"


def test_it_is_nobody_outside(native):
    """To root, limits of processes do not apply."""
    source = f"import os; os.execv('/bin/sleep', ['{LEFT_OVER}', '9'])"
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(one, source, limits=Limits(wall_seconds=2.0))
        while not (found := left_over()) and not running.done():
            time.sleep(0.01)
        statuses = [path.with_name("status").read_text() for path in found]
        assert running.result().status is Status.TIME_LIMIT
    outside = IDENTITY if os.geteuid() == 0 else os.geteuid()
    for status in statuses:
        assert f"Uid:\t{outside}\t{outside}\t" in status
        assert "CapEff:\t0000000000000000" in status
        assert "CapBnd:\t0000000000000000" in status
        assert "NoNewPrivs:\t1" in status
        assert "Seccomp:\t2" in status
    assert statuses


def test_no_folder_is_writable(native):
    source = """
import os
for folder, folders, _ in os.walk("/"):
    if folder.startswith("/proc/"):
        folders.clear()
        continue
    folders[:] = [each for each in folders if folder.count("/") < 3]
    for flags in (os.O_TMPFILE | os.O_RDWR, os.O_CREAT | os.O_RDWR):
        path = folder if flags & os.O_TMPFILE == os.O_TMPFILE else folder + "/mark"
        try:
            os.open(path, flags)
            print(folder)
        except OSError:
            pass
"""
    case = one(source, limits=Limits(cpu_seconds=5, wall_seconds=20))
    assert (case.status, case.stdout) == (Status.OK, "")


REFUSED = [
    "unshare", "setns", "mount", "umount2", "pivot_root", "chroot", "ptrace", "process_vm_readv",
    "bpf", "perf_event_open", "userfaultfd", "keyctl", "add_key", "request_key", "io_uring_setup",
    "memfd_create", "socket", "clone3", "personality", "kexec_load", "init_module", "syslog",
    "open_by_handle_at", "name_to_handle_at", "fsopen", "open_tree", "move_mount", "pidfd_getfd",
    "shmget", "msgget", "mq_open", "inotify_init1", "seccomp", "vmsplice", "splice",
]  # fmt: skip


def test_rare_calls_are_refused(native):
    numbers = {name: syscalls.TABLES[machine()][name] for name in REFUSED}
    source = f"""
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
for name, number in {numbers!r}.items():
    if libc.syscall(number, 0, 0, 0, 0, 0) != -1 or ctypes.get_errno() not in (1, 38):
        print(name, ctypes.get_errno())
for name, flags in (("user", 1 << 28), ("net", 1 << 30), ("mount", 1 << 17)):
    if libc.syscall({syscalls.TABLES[machine()]["clone"]}, flags | 17, 0, 0, 0, 0) >= 0:
        print("clone", name)
print("done")
"""
    case = one(source)
    assert (case.stdout, case.status) == ("done\n", Status.OK), case.stderr


@pytest.mark.parametrize("ending", ["", "time.sleep(60)", "os._exit(3)"])
def test_nothing_is_left_over(native, ending):
    source = f"""
import os, time
for _ in range(5):
    if not os.fork():
        os.setsid()
        for fd in range(3):
            os.close(fd)
        os.execv("/bin/sleep", ["{LEFT_OVER}", "600"])
time.sleep(0.2)
{ending}
"""
    case = one(source, limits=Limits(wall_seconds=1.5))
    assert case.wall_seconds < 5
    assert not left_over()


def test_the_first_process_stays(native):
    source = """
import os, signal
for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP):
    try:
        os.kill(1, number)
    except OSError:
        pass
print("still here")
"""
    assert one(source).stdout == "still here\n"


def test_the_first_process_has_no_more_than_the_program(native):
    """A program may write into its memory, and so be it."""
    source = """
print(open("/proc/1/limits").read() == open("/proc/self/limits").read())
status, own = (open(f"/proc/{pid}/status").read() for pid in (1, "self"))
for name in ("Uid", "CapEff", "CapBnd", "NoNewPrivs", "Seccomp"):
    line, mine = (text.partition(name + ":")[2].partition("\\n")[0] for text in (status, own))
    print(line == mine)
"""
    assert one(source).stdout == "True\n" * 6


def test_sandboxes_run_beside_each_other(native):
    before = threading.active_count()
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(one, "print(int(input()) * 2)", str(number)) for number in range(12)]
        assert [int(job.result().stdout) for job in jobs] == [2 * number for number in range(12)]
    assert threading.active_count() == before


def test_no_descriptor_stays_open(native):
    one("print(1)")
    before = len(os.listdir("/proc/self/fd"))
    one("import time; time.sleep(9)", limits=Limits(wall_seconds=0.5))
    ask("print(1)", runner=BwrapRunner(bwrap=Path("/bin/false")))
    assert len(os.listdir("/proc/self/fd")) == before


def test_the_self_test_holds(native):
    walls = native.self_test()
    assert all(wall.holds for wall in walls), walls
    assert walls[0].name == "a program runs"


# ---- endings that somebody would like to be others -----------------------------------------------


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("import sys; sys.exit(127)", 127),
        ("import sys; sys.exit(126)", 126),
        ("import sys; sys.exit('bwrap: No permissions to create new namespace')", 1),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", 137),
        ("import ctypes; ctypes.string_at(0)", 139),
        ("import os; os.abort()", 134),
        ("import os, sys\nfor fd in range(3, 64):\n try: os.write(fd, b'{\"exit-code\": 0}\\n')\n"
         " except OSError: pass\nsys.exit(5)", 5),
    ],
)  # fmt: skip
def test_a_programs_failure_is_its_own(native, source, code):
    case = one(source)
    assert (case.status, case.exit_code) == (Status.RUNTIME_ERROR, code)
    assert case.signal == (code - 128 if code > 128 else None)


def ended(**changes):
    return Ended(begun=True, **{"code": 0, **changes})


VERDICTS = [
    (ended(), Status.OK),
    (ended(code=3), Status.RUNTIME_ERROR),
    (ended(code=139), Status.RUNTIME_ERROR),
    (ended(code=152), Status.TIME_LIMIT),
    (ended(cpu=1.01), Status.TIME_LIMIT),
    (ended(code=None, ending=Ending.LATE), Status.TIME_LIMIT),
    (ended(code=None, ending=Ending.OUTPUT), Status.OUTPUT_LIMIT),
    (ended(memory=200 * MIB), Status.MEMORY_LIMIT),
    (ended(code=1, stderr=bytearray(b"MemoryError\n")), Status.MEMORY_LIMIT),
    (ended(code=134, stderr=bytearray(b"JavaScript heap out of memory")), Status.MEMORY_LIMIT),
    (ended(stderr=bytearray(b"MemoryError\n")), Status.OK),
    (ended(stdout=bytearray(b"\x1eWAYMARK n {\"fault\":\"compile\"}\n"), code=1),
     Status.COMPILE_ERROR),
    (ended(stdout=bytearray(b"\x1eWAYMARK n nonsense\n")), Status.RUNTIME_ERROR),
    (ended(stdout=bytearray(b"x" * 65537)), Status.OUTPUT_LIMIT),
]  # fmt: skip


@pytest.mark.parametrize(("seen", "status"), VERDICTS)
def test_an_ending_has_one_verdict(seen, status):
    job = Job(Language.PYTHON, Mode.STDIO, "x", [Case("1")], QUICK)
    assert classifier.result("1", seen, job, "n").status is status


VALUE = b'\x1eWAYMARK n {"value":["int","7"]}\n'


@pytest.mark.parametrize(
    ("stdout", "code", "status"),
    [
        (VALUE, 0, Status.OK),
        (VALUE, 1, Status.RUNTIME_ERROR),
        (VALUE + VALUE, 0, Status.RUNTIME_ERROR),
        (VALUE + b"x", 0, Status.RUNTIME_ERROR),
        (b"", 0, Status.RUNTIME_ERROR),
        (VALUE.replace(b" n ", b" m "), 0, Status.RUNTIME_ERROR),
        (b'\x1eWAYMARK n {"raised":"4142"}\n', 0, Status.RUNTIME_ERROR),
    ],
)
def test_a_value_comes_of_one_good_frame_alone(stdout, code, status):
    job = Job(Language.PYTHON, Mode.FUNCTION, "x", [Case("1", function="f")], QUICK)
    case = classifier.result("1", ended(stdout=bytearray(stdout), code=code), job, "n")
    assert case.status is status
    assert (case.value is not None) is (status is Status.OK)


# ---- refusals ------------------------------------------------------------------------------------


def refusal(**more):
    result = ask("print(1)", Case("1"), Case("2"), runner=BwrapRunner(**more))
    assert [case.status for case in result.cases] == [Status.INTERNAL_ERROR] * 2
    return result.engine_message


def test_without_bwrap_nothing_runs(folder):
    assert "apt install bubblewrap" in refusal(bwrap=folder / "none")


def test_a_kernel_without_namespaces_is_our_fault(native, folder):
    """Refused for real: inside, the number of further user namespaces is set to none."""
    forbid = "echo 0 > /proc/sys/user/max_user_namespaces"
    inside = f'{forbid}; exec {tools.bwrap()} "$@"'
    wrapped = script(folder, f"exec unshare -Ur sh -c '{inside}' sh \"$@\"")
    message = refusal(bwrap=wrapped)
    assert "The sandbox did not start." in message
    assert "namespace" in message


@pytest.mark.parametrize(
    "text",
    [
        "exit 1",
        "exit 0",
        "kill -9 $$",
        "echo 'bwrap: Creating new namespace failed' >&2; exit 1",
        "echo 7; exit 0",
    ],
)
def test_a_bwrap_that_does_not_start_is_our_fault(folder, text):
    bwrap = script(folder, f'[ "$1" = --version ] && exec echo bubblewrap 0\n{text}')
    message = refusal(bwrap=bwrap)
    # The second, where root itself may become nobody else.
    assert message.startswith(("The sandbox did not start.", "bwrap cannot be started"))


def test_a_bwrap_that_hangs_is_our_fault_and_ended(folder):
    hanging = script(folder, f'[ "$1" = --version ] || exec sh -c "sleep 600" {LEFT_OVER}')
    begun = time.monotonic()
    job = Job(Language.PYTHON, Mode.STDIO, "print(1)", [Case("1")], Limits(wall_seconds=0.5))
    result = BwrapRunner(bwrap=hanging).run(job)
    assert result.is_our_fault
    assert time.monotonic() - begun < 5
    assert not left_over()


def test_an_interpreter_that_does_not_start_inside_is_our_fault(native, folder):
    """Outside it runs; inside, its own interpreter is not there."""
    (folder / "shell").symlink_to("/bin/sh")
    path = folder / "box" / "bin" / "python3"
    script(path.parent, "echo Python 3.13.0", "python3")
    path.write_text(path.read_text().replace("#!/bin/sh", f"#!{folder}/shell"))
    message = refusal(interpreters={Language.PYTHON: path})
    assert "The interpreter does not start." in message


def test_an_old_interpreter_is_not_offered(folder):
    path = script(folder / "box" / "bin", "echo Python 3.9.2", "python3")
    runner = BwrapRunner(interpreters={Language.PYTHON: path})
    assert Language.PYTHON not in runner.languages
    assert "too old" in refusal(interpreters={Language.PYTHON: path})


def test_a_missing_interpreter_is_not_offered(folder):
    nothing = dict.fromkeys((Language.PYTHON, Language.JAVASCRIPT), folder / "none")
    assert BwrapRunner(interpreters=nothing).languages == frozenset()
    assert "python3 is not installed" in refusal(interpreters=nothing)


def test_java_is_no_language_of_it():
    result = ask("class Main {}", language="java")
    assert result.is_our_fault
    assert "not a language" in result.engine_message


def test_what_cannot_be_said_to_an_interpreter_is_our_fault():
    assert (
        BwrapRunner()
        .run(Job(Language.PYTHON, Mode.FUNCTION, "x", [Case("1", function="f", args=(object(),))]))
        .is_our_fault
    )


# ---- how it is built -----------------------------------------------------------------------------


def line(language=Language.PYTHON):
    interpreter = tools.Interpreter(Path("/opt/box/bin/python3"), Path("/opt/box"))
    made = command.Tools(Path("/usr/bin/bwrap"), Path("/usr/bin/prlimit"), interpreter)
    return command.sandbox(made, {"/src/task": 9}, 7, 8, command.environment(language, 5))


def test_the_command_line_shows_all_walls_and_nothing_of_the_case():
    built = line()
    for flag in (
        "--unshare-all",
        "--unshare-user",
        "--new-session",
        "--die-with-parent",
        "--clearenv",
    ):
        assert flag in built
    joined = " ".join(built)
    assert "--cap-drop ALL" in joined
    assert "--remount-ro /dev --remount-ro /" in joined
    assert "--seccomp 7 --json-status-fd 8" in joined
    assert "--perms 0444 --file 9 /src/task" in joined
    assert "--ro-bind /opt/box /opt/box" in joined
    assert not {"--bind", "--dev-bind", "--tmpfs", "--share-net"} & set(built)


@pytest.mark.parametrize("language", tools.COMMANDS)
def test_limits_are_no_higher_than_asked_for(language):
    built = command.limited(Path("prlimit"), language, Limits(cpu_seconds=1.2))
    assert built[built.index("--") + 1 :] == list(command.INIT)
    given = built[1 : built.index("--")]
    flags = dict(flag.removeprefix("--").split("=") for flag in given)
    assert flags["cpu"] == "2:3"
    assert (flags["core"], flags["nofile"], flags["fsize"]) == ("0", "64", str(MIB))
    assert int(flags["nproc"]) <= 64
    assert ("as" in flags) is (language is Language.PYTHON)


@pytest.mark.parametrize("arch", syscalls.TABLES)
def test_the_filter_names_calls_that_are_there(arch):
    known = set().union(*syscalls.TABLES.values())
    rules = (
        *calls.STREAMS, *calls.FOLDERS, *calls.MEMORY, *calls.PROCESSES, *calls.SIGNALS,
        *calls.CLOCKS,
    )  # fmt: skip
    names = {rule if isinstance(rule, str) else rule.name for rule in rules}
    assert names <= known
    assert set(calls.UNKNOWN) <= known
    assert not names & set(REFUSED)
    built = program(rules, calls.UNKNOWN, arch=arch)
    assert len(built) % 8 == 0
    assert len(built) // 8 < 4096


SERVICE = """
import sys
from sandbox.bwrap.runner import BwrapRunner
from sandbox.job import Case, Job, Language, Mode
ballast = bytearray(int(sys.argv[1]))
ballast[::4096] = b"x" * len(ballast[::4096])
job = Job(Language(sys.argv[2]), Mode.STDIO, sys.argv[3], [Case("a")])
case, = BwrapRunner().run(job).cases
print(case.status, case.memory)
"""


def in_a_service(ballast, language, source):
    """What a service of its own, of at least that many bytes, says of a program."""
    command = [sys.executable, "-c", SERVICE, str(ballast), language, source]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    status, memory = ran.stdout.split()
    return status, None if memory == "None" else int(memory)


def test_a_large_service_does_not_count_as_the_programs_memory(native):
    """A process begins with the highest mark of the one that started it."""
    assert in_a_service(400 * MIB, "python", "print(1)") == ("ok", None)


def test_what_nothing_could_refuse_is_measured(node):
    status, memory = in_a_service(0, "javascript", "const x = new Uint8Array(3e8).fill(1);")
    assert status == "memory_limit"
    assert memory > 280 * MIB
