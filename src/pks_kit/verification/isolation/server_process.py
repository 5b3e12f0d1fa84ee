"""The process of the fork server: how it is started, asked and ended.

There are two ways. A host that may hold keys, tokens, connections or the files of somebody starts a
fresh interpreter with a bare environment, so that nothing of it is in the server. A command that
judges one file and holds nothing yet but its environment is copied instead (``fork`` without
``exec``): the copy forgets the environment, closes what is open and goes on as the server. That
spares the second loading of the same libraries, a quarter of what such a command costs.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pks_kit
from pks_kit.verification.isolation.child_request import LIGHT_REQUEST, LOAD, REQUEST
from pks_kit.verification.isolation.kernel.bubblewrap import HOST_INSIDE
from pks_kit.verification.isolation.yielding import yielded

if TYPE_CHECKING:
    from pks_kit.verification.isolation.child_request import ChildRequest

_ENDS_SECONDS = 5.0
_MODULE = "pks_kit.verification.isolation.fork_server"


class Server:
    """The fork server as the host sees it.

    Args:
        python: Interpreter to start.
        view: What to put before its command.
        from_here: Make it from this process, where that is possible; see :mod:`.server_process`.

    Raises:
        OSError: It cannot start.
    """

    def __init__(self, python: str, view: tuple[str, ...], *, from_here: bool = False) -> None:
        self._in_view = bool(view)
        self._process: subprocess.Popen[bytes] | _Forked
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            try:
                if from_here and not view and _can_be_copied():
                    self._process = _forked(theirs)
                else:
                    self._process = _started(python, view, theirs)
            except BaseException:
                ours.close()
                raise
        self._control = ours

    @property
    def pid(self) -> int:
        """Return its process id."""
        return self._process.pid

    def load(self) -> None:
        """Let it load what signed files need.

        Raises:
            OSError: It has ended.
        """
        self._control.send(LOAD)

    def send(self, request: ChildRequest, *, light: bool) -> None:
        """Hand over a request.

        Args:
            request: The request.
            light: Whether no signature is expected.

        Raises:
            OSError: It has ended.
        """
        what = LIGHT_REQUEST if light else REQUEST
        socket.send_fds(self._control, [what], list(request.descriptors))

    def end(self, *, stuck: bool = False) -> str:
        """End it, wait for its end, and return what it said about why it could not go on.

        Args:
            stuck: Whether it has not answered for seconds, so that asking it is of no use; the
                kernel ends its children with it.
        """
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_WR)
        if stuck:
            self._process.kill()
        elif not self._in_view:  # there it would end the view, and leave what is in it
            self._process.terminate()  # it may still be loading
        try:
            code = self._process.wait(_ENDS_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        said = b""
        with contextlib.suppress(OSError):
            said = self._control.recv(1000, socket.MSG_DONTWAIT)
        self._control.close()
        return said.decode("utf-8", "replace") or f"exit code {code}"

    def let_go(self) -> None:
        """Close what a forked copy of the host must not hold."""
        self._control.close()
        self._process.returncode = 0  # not a child of this process


def bare_environment() -> dict[str, str]:
    """Return the environment of the fork server: no secrets of the host reach it."""
    source = str(Path(pks_kit.__file__).resolve().parent.parent)
    return {
        "PYTHONPATH": source,
        "PYTHONUTF8": "1",
        "PYDANTIC_DISABLE_PLUGINS": "1",
        "MALLOC_ARENA_MAX": "2",
        "TZ": "UTC",
        "OPENBLAS_NUM_THREADS": "1",  # a child has one thread, and may start no other
    }


def _started(python: str, view: tuple[str, ...], theirs: socket.socket) -> subprocess.Popen[bytes]:
    """Start a fresh interpreter, perhaps in a view of the machine of its own."""
    host = HOST_INSIDE if view else os.getpid()
    writes = ["-B"] if sys.dont_write_bytecode else []
    number = theirs.fileno()
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [*view, python, "-P", *writes, "-m", _MODULE, str(number), str(host), str(yielded())],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=[number],
        cwd="/",
        env=bare_environment(),
        start_new_session=True,  # Ctrl-C in a terminal is for the host alone
    )


def _can_be_copied() -> bool:
    """Return whether nothing but this thread would be lost in a copy, and words are UTF-8 in it."""
    from pks_kit.verification.isolation.fork_server import count_threads

    return count_threads() == 1 and sys.getfilesystemencoding() == "utf-8"


def _forked(theirs: socket.socket) -> _Forked:
    """Copy this process; the copy becomes the server and never returns."""
    host = os.getpid()
    pid = os.fork()
    if pid == 0:
        _become_server(theirs.fileno(), host)
    return _Forked(pid)


def _become_server(control: int, host: int) -> NoReturn:
    try:
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in range(3):
            os.dup2(nothing, number)
        os.dup2(control, 3, inheritable=False)
        os.closerange(4, os.sysconf("SC_OPEN_MAX"))
        os.chdir("/")
        sys.path[:] = [one for one in sys.path if os.path.isabs(one)]  # noqa: PTH117
        sys.argv[:] = [_MODULE]
        from pks_kit.verification.isolation.fork_server import main
        from pks_kit.verification.isolation.kernel.environment import forget_environment

        forget_environment(bare_environment())
        main(3, host, yielded())
    finally:
        os._exit(1)


class _Forked:
    """A copy of this process, asked as a ``Popen`` is."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def terminate(self) -> None:
        """Ask it to end."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self._send(signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end and return its exit code.

        Raises:
            subprocess.TimeoutExpired: It goes on.
        """
        if self.returncode is None:
            ends = os.pidfd_open(self.pid)
            try:
                if not select.select([ends], [], [], timeout)[0]:
                    raise subprocess.TimeoutExpired(_MODULE, timeout or 0)
            finally:
                os.close(ends)
            self.returncode = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.returncode

    def _send(self, number: signal.Signals) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)
