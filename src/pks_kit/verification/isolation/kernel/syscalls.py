"""Numbers of system calls, as the headers of Linux give them for each processor."""

from __future__ import annotations

from dataclasses import dataclass

_NUMBERS: dict[str, tuple[int, int | None]] = {
    "brk": (12, 214),
    "mmap": (9, 222),
    "munmap": (11, 215),
    "mremap": (25, 216),
    "mprotect": (10, 226),
    "madvise": (28, 233),
    "membarrier": (324, 283),
    "read": (0, 63),
    "readv": (19, 65),
    "pread64": (17, 67),
    "preadv": (295, 69),
    "write": (1, 64),
    "writev": (20, 66),
    "lseek": (8, 62),
    "close": (3, 57),
    "close_range": (436, 436),
    "fstat": (5, 80),
    "newfstatat": (262, 79),
    "stat": (4, None),
    "lstat": (6, None),
    "statx": (332, 291),
    "access": (21, None),
    "faccessat": (269, 48),
    "faccessat2": (439, 439),
    "readlink": (89, None),
    "readlinkat": (267, 78),
    "getcwd": (79, 17),
    "getdents": (78, None),
    "getdents64": (217, 61),
    "fadvise64": (221, 223),
    "open": (2, None),
    "openat": (257, 56),
    "openat2": (437, 437),
    "creat": (85, None),
    "dup": (32, 23),
    "dup2": (33, None),
    "dup3": (292, 24),
    "fcntl": (72, 25),
    "ioctl": (16, 29),
    "pipe": (22, None),
    "pipe2": (293, 59),
    "poll": (7, None),
    "ppoll": (271, 73),
    "select": (23, None),
    "pselect6": (270, 72),
    "epoll_create1": (291, 20),
    "epoll_ctl": (233, 21),
    "epoll_wait": (232, None),
    "epoll_pwait": (281, 22),
    "epoll_pwait2": (441, 441),
    "eventfd2": (290, 19),
    "socketpair": (53, 199),
    "getsockname": (51, 204),
    "getsockopt": (55, 209),
    "recvfrom": (45, 207),
    "sendto": (44, 206),
    "shutdown": (48, 210),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "rt_sigpending": (127, 136),
    "rt_sigsuspend": (130, 133),
    "rt_sigtimedwait": (128, 137),
    "sigaltstack": (131, 132),
    "restart_syscall": (219, 128),
    "pause": (34, None),
    "kill": (62, 129),
    "tkill": (200, 130),
    "tgkill": (234, 131),
    "getpid": (39, 172),
    "gettid": (186, 178),
    "getppid": (110, 173),
    "getpgrp": (111, None),
    "getpgid": (121, 155),
    "getsid": (124, 156),
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getegid": (108, 177),
    "getresuid": (118, 148),
    "getresgid": (120, 150),
    "getgroups": (115, 158),
    "getrlimit": (97, 163),
    "prlimit64": (302, 261),
    "getrusage": (98, 165),
    "times": (100, 153),
    "time": (201, None),
    "gettimeofday": (96, 169),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "nanosleep": (35, 101),
    "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123),
    "getcpu": (309, 168),
    "futex": (202, 98),
    "futex_waitv": (449, 449),
    "getrandom": (318, 278),
    "uname": (63, 160),
    "sysinfo": (99, 179),
    "exit": (60, 93),
    "exit_group": (231, 94),
    "clone3": (435, 435),
}
"""Name: on x86_64 (``asm/unistd_64.h``), on aarch64 (``asm-generic/unistd.h``), where many old
calls do not exist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Processor:
    """A family of processors as the kernel numbers it.

    Attributes:
        machine: Its name (``uname(2)``).
        audit_arch: Its number (``AUDIT_ARCH_...`` of ``linux/audit.h``).
        numbers: Number of each system call that we name and that it has.
        has_x32: Whether the kernel may know a second table of calls for it, told by a high bit.
    """

    machine: str
    audit_arch: int
    numbers: dict[str, int]
    has_x32: bool


PROCESSORS = {
    one.machine: one
    for one in (
        Processor(
            machine="x86_64",
            audit_arch=0xC000003E,
            numbers={name: both[0] for name, both in _NUMBERS.items()},
            has_x32=True,
        ),
        Processor(
            machine="aarch64",
            audit_arch=0xC00000B7,
            numbers={name: both[1] for name, both in _NUMBERS.items() if both[1] is not None},
            has_x32=False,
        ),
    )
}
"""Those whose calls are listed, both with the low half of a word first."""

NEWEST_CALL = 462
"""Highest number that was looked at (Linux 6.10); the C library expects ``ENOSYS`` beyond."""

X32_BIT = 0x40000000
"""Set in the numbers of the second table of x86_64."""
