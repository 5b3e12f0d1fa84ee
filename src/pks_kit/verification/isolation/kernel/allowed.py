"""The system calls that reading and judging a file needs; every other one is refused.

What is not here cannot be done by any code in the process, also not by native code: start a
process or a thread or a program, open a socket, send to an address, signal another process, look
into one, open a file for writing, change, remove, name or link one, change its mode, owner or
times, mount, enter a namespace, use keys of the kernel, ``io_uring``, ``bpf`` or ``perf``.
"""

from __future__ import annotations

import fcntl
import os
import socket
import termios

from pks_kit.verification.isolation.kernel.bpf import Allowed, NoneOf, Null, OneOf

_MEMORY = "brk mmap munmap mremap mprotect madvise membarrier"
_FILES = (
    "read readv pread64 preadv write writev lseek close close_range fstat newfstatat stat lstat"
    " statx access faccessat faccessat2 readlink readlinkat getcwd getdents getdents64 fadvise64"
    " dup dup2 dup3 pipe pipe2"
)
_WAITING = (
    "poll ppoll select pselect6 epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2"
    " eventfd2 futex futex_waitv nanosleep clock_nanosleep sched_yield restart_syscall pause"
)
_PAIRS = "getsockname getsockopt recvfrom shutdown"
_SIGNALS = (
    "rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait"
    " sigaltstack"
)
_ASKING = (
    "getpid gettid getppid getpgrp getpgid getsid getuid geteuid getgid getegid getresuid getresgid"
    " getgroups getrlimit getrusage times time gettimeofday clock_gettime clock_getres"
    " sched_getaffinity getcpu getrandom uname sysinfo"
)
_ENDING = "exit exit_group"

_CHANGES_FILES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_TMPFILE
_CHANGES_FILES &= ~os.O_DIRECTORY  # part of O_TMPFILE, and honest alone

_DESCRIPTOR_COMMANDS = (
    fcntl.F_DUPFD,
    fcntl.F_DUPFD_CLOEXEC,
    fcntl.F_GETFD,
    fcntl.F_SETFD,
    fcntl.F_GETFL,
)
"""Without ``F_SETOWN``, which makes the kernel send signals to another process."""

_DEVICE_COMMANDS = (
    termios.TCGETS,  # is it a terminal?
    termios.TIOCGWINSZ,
    termios.FIONREAD,
    termios.FIONBIO,
    termios.FIOCLEX,
    termios.FIONCLEX,
)

UNKNOWN = ("clone3", "openat2")
"""Their arguments lie in memory, where no filter sees them; the older calls do the same."""


def allowed_calls(pid: int) -> tuple[Allowed, ...]:
    """Return the list for one process.

    Args:
        pid: Its number; it may send signals to itself, which is how ``abort`` ends it.
    """
    plain = " ".join((_MEMORY, _FILES, _WAITING, _PAIRS, _SIGNALS, _ASKING, _ENDING)).split()
    itself = OneOf(0, (pid,))
    return (
        *(Allowed(name) for name in plain),
        Allowed("open", (NoneOf(1, _CHANGES_FILES),)),
        Allowed("openat", (NoneOf(2, _CHANGES_FILES),)),
        Allowed("fcntl", (OneOf(1, _DESCRIPTOR_COMMANDS),)),
        Allowed("fcntl", (OneOf(1, (fcntl.F_SETFL,)), NoneOf(2, fcntl.FASYNC))),
        Allowed("ioctl", (OneOf(1, _DEVICE_COMMANDS),)),
        # an event loop wakes itself through a pair of sockets; to an address nothing is sent
        Allowed("socketpair", (OneOf(0, (socket.AF_UNIX,)),)),
        Allowed("sendto", (Null(4),)),
        Allowed("prlimit64", (OneOf(0, (0, pid)), Null(2))),
        Allowed("kill", (itself,)),
        Allowed("tkill", (itself,)),
        Allowed("tgkill", (itself,)),
    )
