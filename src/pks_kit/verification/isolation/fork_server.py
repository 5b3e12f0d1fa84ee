"""The fork server: a warm process that has everything loaded and forks one child for each file.

Started by :mod:`pks_kit.verification.isolation.pool` as a fresh interpreter with a bare environment
and its own session. It has one thread, never reads a file itself, and ends when its host ends.

It begins with what every file needs, and loads what proves signatures when the host asks for that
or sends the first file that looks signed.

Over the control socket the host sends one message for each request with three descriptors: the
job, the pipe for the answers, and the status socket of that request. On the status socket the
server says at the end ``{"ended": exit code, "cpu_seconds": .., "peak_bytes": ..}`` or
``{"refused": reason}``. When the host closes its side of a status socket, the child is killed.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import os
import resource
import select
import signal
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

from pks_kit.verification.isolation.child_request import LIGHT_REQUEST, LOAD, REQUEST
from pks_kit.verification.isolation.kernel.own_memory import protect_parent
from pks_kit.verification.isolation.yielding import yield_as_session

_LOOK_SECONDS = 5.0
"""How often to see whether the host still lives, should somebody else hold its socket."""

_SECOND_FILE = 3
"""Request by which a host shows that it has more than one file: the first file takes two."""

_MOST_YOUNG = 1 << 16
"""Objects after which a child looks for garbage that leads to itself. It lives for one file, and
each look touches what it shares with the server, which the kernel then copies."""

_MOST_DESCRIPTORS = 4096
_PR_SET_PDEATHSIG = 1


class _StopError(Exception):
    """The host asked for the end."""


def _stop(*_: object) -> NoReturn:
    raise _StopError


@dataclass(slots=True)
class _Server:
    """The loop and what it knows.

    Attributes:
        control: Socket to the host.
        host: Process id of the host.
        woken: Pipe into which the end of a child writes.
        children: Status socket of each living child.
        asked: Number of requests so far.
        whole: Whether what proves signatures is loaded.
    """

    control: socket.socket
    host: int
    woken: tuple[int, int]
    poll: select.poll = field(default_factory=select.poll)
    children: dict[int, int] = field(default_factory=dict)
    asked: int = 0
    whole: bool = False

    def serve(self) -> None:
        """Serve until the host ends, lets go or asks for the end; leave no child behind."""
        try:
            signal.signal(signal.SIGTERM, _stop)
            self.poll.register(self.control, select.POLLIN)
            self.poll.register(self.woken[0], select.POLLIN)
            self._loop()
        except _StopError:
            pass
        for pid in self.children:
            os.kill(pid, signal.SIGKILL)
        for pid in self.children:
            os.waitpid(pid, 0)  # in a container nobody else may do that

    def _loop(self) -> None:
        going = True
        while going:
            for ready, _ in self.poll.poll(_LOOK_SECONDS * 1000):
                if ready == self.control.fileno():
                    going = self._take() and going
                elif ready == self.woken[0]:
                    os.read(self.woken[0], 4096)
                    self._bury()
                else:
                    self._kill(ready)
            going = going and os.getppid() == self.host

    def _take(self) -> bool:
        """Take one request; False when the host is gone."""
        try:
            message, descriptors, _, _ = socket.recv_fds(self.control, len(REQUEST), 3)
        except OSError:
            return False
        if not message:
            return False
        if message == LOAD:
            self._load()
        elif len(descriptors) == 3:
            self.asked += 1
            if message != LIGHT_REQUEST or self.asked == _SECOND_FILE:
                self._load()
            self._fork(*descriptors)
        return True

    def _load(self) -> None:
        """Load what proves signatures, and with the second file what only some files need."""
        if not self.whole:
            from pks_kit.verification.isolation.preload import preload_base

            _load_alone(preload_base)
            self.whole = True
        if self.asked == _SECOND_FILE:
            from pks_kit.verification.isolation.preload import preload_rest

            _load_alone(preload_rest)

    def _fork(self, job: int, answers: int, status: int) -> None:
        server = os.getpid()
        try:
            pid = os.fork()
        except OSError as error:
            _tell(status, {"refused": str(error)[:200]})
            os.close(status)
        else:
            if pid == 0:
                self._become_child(server, job, answers)
            self.children[pid] = status
            self.poll.register(status, select.POLLIN)
        os.close(job)
        os.close(answers)

    def _become_child(self, server: int, job: int, answers: int) -> NoReturn:
        """Do the one job in the forked process, which keeps nothing of the server but its code."""
        code = 1
        gc.set_threshold(_MOST_YOUNG)
        try:
            _die_with_parent()
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGCHLD, signal.SIGXCPU, signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_DFL)
            os.dup2(job, 0)
            os.dup2(answers, 3, inheritable=False)
            os.dup2(2, 1)  # libraries may print; nobody reads it
            self.control.detach()
            os.closerange(4, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
            if os.getppid() == server:  # else it ended before the kernel was asked
                from pks_kit.verification.isolation.child import do_job

                with os.fdopen(0, "rb", closefd=False) as source:
                    code = do_job(source, 3)
        finally:
            os._exit(code)

    def _kill(self, status: int) -> None:
        """Kill the child of a request that the host gave up; its end is told as any other."""
        for pid, told in self.children.items():
            if told == status:  # else it ended while this was waiting
                self.poll.unregister(status)
                os.kill(pid, signal.SIGKILL)

    def _bury(self) -> None:
        """Tell the host of every child that ended."""
        while self.children:
            pid, state, used = os.wait4(-1, os.WNOHANG)
            if pid == 0:
                return
            status = self.children.pop(pid)
            with contextlib.suppress(KeyError):
                self.poll.unregister(status)
            _tell(
                status,
                {
                    "ended": os.waitstatus_to_exitcode(state),
                    "cpu_seconds": round(used.ru_utime + used.ru_stime, 3),
                    "peak_bytes": used.ru_maxrss * 1024,
                },
            )
            os.close(status)


def _tell(status: int, said: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):  # the host may have gone
        os.write(status, json.dumps(said).encode("ascii"))


def _die_with_parent() -> None:
    """Let the kernel kill this process when the one that forked it ends (``prctl(2)``)."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _prepare() -> tuple[int, int]:
    """Undo what a host may hand down, and return the pipe that ended children wake."""
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGXCPU):
        signal.signal(number, signal.SIG_DFL)
    woken = os.pipe()
    for end in woken:
        os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(woken[1], warn_on_full_buffer=False)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    most = _MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(_MOST_DESCRIPTORS, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return woken


def count_threads() -> int:
    """Return the number of threads, those of libraries included."""
    return max(threading.active_count(), len(os.listdir("/proc/self/task")))  # noqa: PTH208


def _load_alone(load: Callable[[], None]) -> None:
    """Load something, which no child looks at for garbage afterwards.

    Raises:
        RuntimeError: A library started a thread: a fork would leave it and keep its locks.
    """
    gc.disable()
    load()
    if count_threads() != 1:
        raise RuntimeError("a library has started a thread")
    gc.freeze()
    gc.enable()


def main(control_fd: int, host: int, yields: int) -> NoReturn:
    """Load what is needed, then serve; say over the control socket why that cannot be done."""
    code = 0
    control = socket.socket(fileno=control_fd)
    try:
        woken = _prepare()
        yield_as_session(yields)
        protect_parent()  # children inherit it; one must not read the file of another
        from pks_kit.verification.isolation.preload import preload_light

        _load_alone(preload_light)
        _Server(control, host, woken).serve()
    except BaseException as error:  # noqa: BLE001 - whatever it was, the host tells it
        code = 1
        with contextlib.suppress(OSError):
            control.send(f"{type(error).__name__}: {error}"[:200].encode())
    os._exit(code)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
