"""Second line behind the kernel: refuse in Python what no examination does.

Only Python that raises audit events is seen, native code is not. Where the kernel has no rules it
is the only line; where it has them it says earlier and by name what was tried.
"""

from __future__ import annotations

import os
import sys
from typing import Any

_EVENTS = {
    "os": (
        "add_dll_directory chdir chflags chmod chown exec fork forkpty kill killpg link "
        "lockf mkdir posix_spawn putenv remove removexattr rename rmdir setxattr spawn "
        "startfile symlink system truncate unsetenv utime"
    ),
    "shutil": ("chown copyfile copymode copystat copytree make_archive move rmtree unpack_archive"),
    "socket": (
        "bind connect getaddrinfo gethostbyaddr gethostbyname getnameinfo getservbyname "
        "getservbyport sendmsg sendto sethostname"
    ),
    "": (
        "fcntl.flock fcntl.lockf ftplib.connect http.client.connect imaplib.open "
        "nntplib.connect poplib.connect pty.spawn resource.prlimit resource.setrlimit "
        "signal.pthread_kill smtplib.connect sqlite3.connect subprocess.Popen "
        "syslog.openlog syslog.syslog telnetlib.Telnet.open tempfile.mkdtemp "
        "tempfile.mkstemp urllib.Request webbrowser.open"
    ),
}
"""Of the table of audit events in the library reference of Python, by module."""

_REFUSED = frozenset(
    f"{module}.{event}" if module else event
    for module, events in _EVENTS.items()
    for event in events.split()
)

_CHANGES_FILES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def refuse_by_name() -> None:
    """Refuse from now on whatever asks for network, processes or changes of files; for ever."""
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _REFUSED:
        raise PermissionError(event)
    if event == "open":
        _, mode, flags = arguments
        writes = isinstance(mode, str) and set(mode) & set("wax+")
        if writes or (isinstance(flags, int) and flags & _CHANGES_FILES):
            raise PermissionError(event)
