"""The second wall: what a process gives up, for good, before it runs anything untrusted.

Each wall stands by itself. Where the kernel lacks one the others are raised all the same, and what
is missing is told: an operator reads it in the self-test.
"""

import ctypes
import mmap
import resource
from collections.abc import Callable, Sequence

from sandbox import landlock, seccomp
from sandbox.runner import Wall
from sandbox.seccomp import Only, Rule

PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 4, 38
STDOUT = 1

# What an interpreter needs that has read its input, opened its files and starts nothing any more.
# Nothing in here names a file, a process or an address, and no memory is made that can be run.
COMPUTING: Sequence[Rule] = (
    Only("write", 0, STDOUT),
    Only("mmap", 2, 0, mmap.PROT_EXEC),
    Only("mprotect", 2, 0, mmap.PROT_EXEC),
    "munmap", "mremap", "madvise", "brk", "futex", "sched_yield",
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "getrandom",
    "clock_gettime", "clock_nanosleep", "gettid", "getpid", "close", "fstat", "lseek",
    "restart_syscall", "exit", "exit_group",
)  # fmt: skip


def raise_walls(data: int, cpu_seconds: int, rules: Sequence[Rule] = COMPUTING) -> list[Wall]:
    """Raise all of them, in the order in which each still can be. `data` is memory in bytes."""
    arch = seccomp.machine()
    return [
        _raised("limits", lambda: limit(data, cpu_seconds)),
        _raised("no new privileges", lambda: _control(PR_SET_NO_NEW_PRIVS, 1)),
        _raised("not dumpable", lambda: _control(PR_SET_DUMPABLE, 0)),
        _raised("landlock", lambda: f"version {landlock.restrict(arch)}"),
        _raised("seccomp", lambda: seccomp.install(seccomp.program(rules))),
    ]


def limit(data: int, cpu_seconds: int) -> None:
    """Bound what the process may use, whatever its own runtime believes."""
    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 1024 * 1024,
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_DATA: data,
    }
    for what, value in wanted.items():
        _, hard = resource.getrlimit(what)
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(what, (most, most))


def _raised(name: str, build: Callable[[], str | None]) -> Wall:
    try:
        return Wall(name, True, build() or "")
    except (OSError, ValueError, AttributeError) as error:
        return Wall(name, False, str(error))


def _control(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl failed")
