"""The guard of a host: one warm fork server, one fresh child of it for each file.

The server (:mod:`.fork_server`) is a fresh interpreter, so nothing of the host is in it: no
thread, no lock, no secret, no open file. It starts when it is first needed, starts again when it
was killed, and ends with its host, also when that is killed. A host that forks (as web servers do)
gets a server of its own in each of its processes.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

import pks_kit
from pks_kit.errors import VerificationError
from pks_kit.verification.isolation.cancellation import CURRENT, CancelToken, run_cancellable
from pks_kit.verification.isolation.child_request import (
    LIGHT_REQUEST,
    LOAD,
    REQUEST,
    ChildRequest,
    Ended,
    ServerLostError,
    looks_unsigned,
)
from pks_kit.verification.isolation.fair_semaphore import FairSemaphore
from pks_kit.verification.isolation.kernel.bubblewrap import HOST_INSIDE, bubblewrap

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

from pks_kit.verification.isolation.protocol import Job, Parts
from pks_kit.verification.isolation.yielding import yielded

Answer = TypeVar("Answer")

_ENDS_SECONDS = 5.0


def refuse_without_guard() -> None:
    """Refuse where no child can be had whose limits the kernel keeps.

    Only Linux is known to keep them: Windows has neither ``fork`` nor ``setrlimit``, and macOS
    takes a limit on address space without keeping it.

    Raises:
        VerificationError: ``verify.no_guard``.
    """
    missing = [] if _is_there("resource") else ["resource"]
    missing += [name for name in ("fork", "register_at_fork") if not hasattr(os, name)]
    missing += [name for name in ("AF_UNIX", "send_fds") if not hasattr(socket, name)]
    if sys.platform != "linux" or missing:
        raise VerificationError("verify.no_guard", system=", ".join((sys.platform, *missing)))


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):  # ``sys.modules`` or a finder says that it is not there
        return False


class GuardedPool:
    """Children for files from outside, forked from a warm server; safe for threads and asyncio.

    Args:
        children: Most children at once; None: two for each processor. Who comes later waits in the
            order of coming; waiting counts against no limit.
        python: Interpreter to start; empty: the one that runs. A host inside which Python is
            embedded must name one that has the same packages.
        bubblewrap: Start the server in an empty view of the machine too, where that works; where
            it does not, :attr:`lacking` says why, and so does every report.

    Raises:
        VerificationError: ``verify.no_guard``.
    """

    def __init__(
        self, *, children: int | None = None, python: str = "", bubblewrap: bool = False
    ) -> None:
        refuse_without_guard()
        self._asked = bubblewrap
        self.lacking = ""
        self._children = children or 2 * len(os.sched_getaffinity(0))
        self._python = python
        self._begin()
        _POOLS.add(self)

    def _begin(self) -> None:
        """Own nothing, as at first and as in a forked copy of the host."""
        self._lock = threading.Lock()
        self._slots = FairSemaphore(self._children)
        self._server: _Server | None = None
        self._requests: set[ChildRequest] = set()
        self._threads: ThreadPoolExecutor | None = None
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """Return the process id of the fork server; None while there is none."""
        server = self._server
        return None if server is None else server.pid

    def start(self, *, light: bool = False) -> None:
        """Start the fork server now, so that it loads while the host does something else.

        Args:
            light: Load only what files without signatures need; the first one that looks signed
                loads the rest.

        Raises:
            VerificationError: ``verify.no_child`` when it cannot start.
        """
        with self._lock:
            server = self._running()
            if not light:
                with contextlib.suppress(OSError):  # whoever asks first is told why it ended
                    server.load()

    def close(self) -> None:
        """End the fork server and its children; a later request is refused."""
        with self._lock:
            self._closed = True
            server, self._server = self._server, None
            threads, self._threads = self._threads, None
        if server is not None:
            server.end()
        if threads is not None:
            threads.shutdown(wait=False, cancel_futures=True)

    def ask(self, job: Job, files: Parts) -> Ended:
        """Let a fresh child do one job, and wait for it.

        Args:
            job: What to do; its limits bind the child, and ``wall_seconds`` is how long to wait
                from the moment it has a place, the start of the fork server included.
            files: The files that it needs.

        Raises:
            TemporaryFullError: There is no room to hand over the files.
            VerificationError: ``verify.no_guard``; ``verify.no_child`` when the child cannot start.
            CancelledError: The asynchronous caller was cancelled.
        """
        refuse_without_guard()
        token = CURRENT.get() or CancelToken()
        with self._slots.slot(token):
            deadline = time.monotonic() + job.limits.wall_seconds
            for last in (False, True):
                try:
                    ended = self._once(job, files, token, deadline)
                except ServerLostError as error:
                    if error.late is not None:
                        return error.late
                    if last:
                        raise VerificationError("verify.no_child", reason=str(error)) from error
                    continue  # killed from outside, or out of memory: a new one may do it
                except OSError as error:
                    raise VerificationError("verify.no_child", reason=str(error)[:200]) from error
                if ended.refused:
                    raise VerificationError("verify.no_child", reason=ended.refused)
                return ended
        raise AssertionError  # pragma: no cover - the loop returns or raises

    def _once(self, job: Job, files: Parts, token: CancelToken, deadline: float) -> Ended:
        with self._request(job, files, deadline) as request, token.ended_by(request.stop):
            with self._lock:
                server = self._running()
                try:
                    server.send(request, light=looks_unsigned(job, files))
                except OSError as error:
                    raise ServerLostError(self._lose(server, str(error))) from error
            try:
                return request.wait()
            except ServerLostError as error:
                with self._lock:
                    reason = self._lose(server, str(error), stuck=error.late is not None)
                    raise ServerLostError(reason, error.late) from error

    @contextlib.contextmanager
    def _request(self, job: Job, files: Parts, deadline: float) -> Iterator[ChildRequest]:
        request = ChildRequest(job, files, deadline)
        self._requests.add(request)
        try:
            yield request
        finally:
            self._requests.discard(request)
            request.close()

    def _running(self) -> _Server:
        """Return the fork server, started if need be; the lock is held."""
        if self._closed:
            raise VerificationError("verify.no_child", reason="the guard is closed")
        if self._server is None:
            try:
                self._server = _Server(self._python or sys.executable, self._view())
            except OSError as error:
                raise VerificationError("verify.no_child", reason=str(error)[:200]) from error
        return self._server

    def _view(self) -> tuple[str, ...]:
        """Return what to put before the command of the server."""
        if not self._asked:
            return ()
        from pks_kit.verification.isolation.kernel.places import readable_places

        found = bubblewrap(readable_places(), python=self._python or sys.executable)
        self.lacking = f"{found.reason}: {found.detail}" if found.reason else ""
        return found.prefix

    def _lose(self, server: _Server, reason: str, *, stuck: bool = False) -> str:
        """Forget a server that is of no use, and return why; the lock is held."""
        if self._server is server:
            self._server = None
        return server.end(stuck=stuck) or reason

    async def in_background(self, function: Callable[..., Answer], *arguments: Any) -> Answer:
        """Run a function in a thread of this pool, as :func:`~.cancellation.run_cancellable`.

        Args:
            function: Anything that asks this guard, for example
                :func:`~pks_kit.verification.isolation.parent.run_guarded`.
            *arguments: Its arguments.
        """
        with self._lock:
            if self._threads is None:
                from concurrent.futures import ThreadPoolExecutor

                self._threads = ThreadPoolExecutor(self._children, "pks-kit-guard")
            threads = self._threads
        return await run_cancellable(threads, function, *arguments)

    def forget(self) -> None:
        """Let go, in a forked copy of the host, of what belongs to the original."""
        server, requests = self._server, self._requests
        self._begin()
        if server is not None:
            server.let_go()
        for request in requests:
            request.let_go()


class _Server:
    """The fork server as the host sees it."""

    def __init__(self, python: str, view: tuple[str, ...]) -> None:
        host = HOST_INSIDE if view else os.getpid()
        self._in_view = bool(view)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            number = theirs.fileno()
            writes = ["-B"] if sys.dont_write_bytecode else []
            command = [python, "-P", *writes, "-m", "pks_kit.verification.isolation.fork_server"]
            try:
                self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                    [*view, *command, str(number), str(host), str(yielded())],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    pass_fds=[number],
                    cwd="/",
                    env=bare_environment(),
                    start_new_session=True,  # Ctrl-C in a terminal is for the host alone
                )
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


_POOLS: weakref.WeakSet[GuardedPool] = weakref.WeakSet()
_DEFAULT_LOCK = threading.Lock()
_DEFAULT: list[GuardedPool] = []


def default_pool(*, bubblewrap: bool = False) -> GuardedPool:
    """Return the guard that the public verbs use; nothing starts before it is asked.

    Args:
        bubblewrap: As in :class:`GuardedPool`; counts for whoever asks first.

    Raises:
        VerificationError: ``verify.no_guard``.
    """
    with _DEFAULT_LOCK:
        if not _DEFAULT:
            _DEFAULT.append(GuardedPool(bubblewrap=bubblewrap))
    return _DEFAULT[0]


def _close_all() -> None:
    for pool in list(_POOLS):
        pool.close()


def _forget_all() -> None:
    global _DEFAULT_LOCK  # another thread of the original may have held it
    _DEFAULT_LOCK = threading.Lock()
    for pool in list(_POOLS):
        pool.forget()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)
