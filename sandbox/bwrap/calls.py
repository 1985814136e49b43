"""The system calls of a program in the sandbox: what an interpreter computes with, and no more.

Namespaces and read-only mounts are the first wall. This one keeps the kernel's rarer parts, where
its holes are, out of reach: no sockets but pairs, no tracing, no keys, no mounts, no other kinds
of files in memory.
"""

import errno
import socket
from collections.abc import Mapping, Sequence

from sandbox.seccomp import Only, Rule, program

# Namespaces of one's own are where most escapes of the last years began. CLONE_NEW*, all of them.
NEW_NAMESPACES = 0x7E02_0000

# What a terminal's programs ask of their streams: FIONREAD, FIONBIO, FIOCLEX, FIONCLEX, TCGETS,
# TIOCGWINSZ, TIOCGPGRP.
IOCTLS = (0x541B, 0x5421, 0x5451, 0x5450, 0x5401, 0x5413, 0x540F)
# PR_SET_PDEATHSIG, PR_GET_DUMPABLE, PR_SET_NAME, PR_GET_NAME, PR_CAPBSET_READ, PR_SET_VMA.
PRCTLS = (1, 3, 15, 16, 23, 0x53564D41)

STREAMS: Sequence[Rule] = (
    "read", "write", "readv", "writev", "pread64", "pwrite64", "preadv", "pwritev", "lseek",
    "open", "openat", "close", "close_range", "dup", "dup2", "dup3", "pipe", "pipe2", "fcntl",
    "flock", "poll", "ppoll", "select", "pselect6", "epoll_create", "epoll_create1", "epoll_ctl",
    "epoll_wait", "epoll_pwait", "epoll_pwait2", "eventfd", "eventfd2", "timerfd_create",
    "timerfd_settime", "timerfd_gettime", "signalfd4", "fadvise64", "readahead",
    Only("socketpair", 0, socket.AF_UNIX), "sendto", "recvfrom", "sendmsg", "recvmsg", "shutdown",
    "getsockopt", "setsockopt", "getsockname", "getpeername",
    *(Only("ioctl", 1, number) for number in IOCTLS),
)  # fmt: skip

FOLDERS: Sequence[Rule] = (
    "stat", "fstat", "lstat", "newfstatat", "statx", "statfs", "fstatfs", "access", "faccessat",
    "faccessat2", "readlink", "readlinkat", "getdents", "getdents64", "getcwd", "chdir", "fchdir",
    "umask",
)  # fmt: skip

MEMORY: Sequence[Rule] = (
    "mmap", "munmap", "mprotect", "mremap", "madvise", "brk", "mincore", "membarrier",
)  # fmt: skip

PROCESSES: Sequence[Rule] = (
    Only("clone", 0, 0, NEW_NAMESPACES), "fork", "vfork", "execve", "wait4", "waitid", "exit",
    "exit_group", "kill", "tkill", "tgkill", "getpid", "getppid", "gettid", "getpgid", "getpgrp",
    "getsid", "setpgid", "setsid", "getuid", "geteuid", "getgid", "getegid", "getresuid",
    "getresgid", "getgroups", "capget", "set_tid_address", "set_robust_list", "get_robust_list",
    "rseq", "futex", "sched_yield", "sched_getaffinity", "sched_getparam", "sched_getscheduler",
    "sched_get_priority_max", "sched_get_priority_min", "getpriority", "getcpu", "arch_prctl",
    "getrlimit", "setrlimit", "prlimit64", "getrusage", "times", "uname", "sysinfo",
    *(Only("prctl", 0, option) for option in PRCTLS),
)  # fmt: skip

SIGNALS: Sequence[Rule] = (
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigpending", "rt_sigsuspend",
    "rt_sigtimedwait", "sigaltstack", "pause", "alarm", "getitimer", "setitimer", "timer_create",
    "timer_settime", "timer_gettime", "timer_getoverrun", "timer_delete", "restart_syscall",
)  # fmt: skip

CLOCKS: Sequence[Rule] = (
    "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time",
    "getrandom",
)  # fmt: skip

# Libraries try these first and know what to do without them, if they are told so in this way.
UNKNOWN: Mapping[str, int] = dict.fromkeys(
    ("io_uring_setup", "memfd_create", "pkey_alloc", "openat2", "copy_file_range", "sendfile"),
    errno.ENOSYS,
)


def filter_program() -> bytes:
    """The filter, for bwrap's `--seccomp`. Raises SeccompRefused where no table is at hand."""
    allowed = (*STREAMS, *FOLDERS, *MEMORY, *PROCESSES, *SIGNALS, *CLOCKS)
    return program(allowed, UNKNOWN)
