"""One request on its way to a child: its descriptors, what comes back, how long to wait."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from pks_kit.verification.isolation.lines import Listener, lines_of

if TYPE_CHECKING:
    from pathlib import Path

    from pks_kit.verification.isolation.lines import Breach
    from pks_kit.verification.isolation.protocol import Job, Parts

REQUEST = b"fork"
"""What the host sends to the fork server, with the descriptors of the request."""

LIGHT_REQUEST = b"lite"
"""The same for a file that looks unsigned: what proves signatures need not be loaded for it."""

LOAD = b"load"
"""What the host sends, without descriptors, for everything to be loaded before a file comes."""

_LITTLE = 1 << 24
"""Bytes of a file that is read twice to know what to load."""

_END_SECONDS = 10.0
"""How long a fork server may take to kill a child and to tell its end; it needs milliseconds."""

_BLOCK = 1 << 16
_ROOM = 1 << 20


def looks_unsigned(job: Job, files: Parts) -> bool:
    """Return whether files are examined in which no signature is expected: only a hint."""
    return job.examination is not None and not _look_signed(files)


def _look_signed(files: Parts) -> bool:
    """A signature names the bytes that it covers in the open, since they are known last."""
    return any(b"/ByteRange" in one for one in files)


def seem_unsigned(paths: Sequence[Path]) -> bool:
    """Return whether little files hold no signature, so that a guard can start light for them."""
    try:
        return all(
            one.is_file()
            and one.stat().st_size <= _LITTLE
            and not _look_signed((one.read_bytes(),))
            for one in paths
        )
    except OSError:
        return False  # told by whoever reads it


class ServerLostError(Exception):
    """The fork server ended, or no longer answers.

    Attributes:
        late: How the request ended, when its wall time was over before; else None.
    """

    def __init__(self, reason: str, late: Ended | None = None) -> None:
        self.late = late
        super().__init__(reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a child ended.

    Attributes:
        lines: What it said, as far as :mod:`.lines` allows, each line without its end.
        breach: The rule of :mod:`.lines` that it broke, and was killed for; empty for none.
        exit_code: Its exit code; the negative number of the signal that ended it.
        late: Whether it was ended because the wall time was over.
        cpu_seconds: Processor time that it used.
        peak_bytes: Most memory that it held, what it shares with the fork server included.
        refused: Why no child could be made; else empty.
    """

    lines: Sequence[bytes] = ()
    breach: Breach | Literal[""] = ""
    exit_code: int = 0
    late: bool = False
    cpu_seconds: float = 0.0
    peak_bytes: int = 0
    refused: str = ""


def _widen(pipe: int) -> None:
    """Let a child write a whole picture at once: each wait for its reader is a turn in a queue."""
    with contextlib.suppress(OSError, ImportError, AttributeError):  # too many, or not Linux
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _ROOM)


class ChildRequest:
    """One request to the fork server; used by one thread, stopped from any.

    Args:
        job: What to do.
        files: Files.
        deadline: When its wall time is over, by the monotonic clock.

    Raises:
        TemporaryFullError: There is no room for the files.
        OSError: The process has no more descriptors.
    """

    def __init__(self, job: Job, files: Parts, deadline: float) -> None:
        # loads every form of the protocol; the fork server is started before that, and loads too
        from pks_kit.verification.isolation.wire import spool

        with contextlib.ExitStack() as opened:
            handed = opened.enter_context(spool(job, files))
            answers, told = os.pipe()
            _widen(told)
            self._answers = opened.enter_context(os.fdopen(answers, "rb", buffering=0))
            self._theirs: list[Any] = [handed, opened.enter_context(os.fdopen(told, "wb", 0))]
            for end in socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET):
                opened.enter_context(end)
                self._theirs.append(end)
            self._status: socket.socket = self._theirs.pop(2)
            self._opened = opened.pop_all()
        self._heard = Listener(lines_of(job))
        self._deadline = deadline

    @property
    def descriptors(self) -> Sequence[int]:
        """Return what the server gets: job, answers, status."""
        return [one.fileno() for one in self._theirs]

    def stop(self) -> None:
        """Ask the server to kill the child; whoever waits then sees its end."""
        with contextlib.suppress(OSError):  # not sent yet, or over
            self._status.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Let go of everything; a child that still works is killed."""
        self.stop()
        self._opened.close()

    def let_go(self) -> None:
        """Close the descriptors in a forked copy of the host; the original goes on."""
        self._opened.close()

    def wait(self) -> Ended:
        """Collect the answers until the child ended.

        A child that says what no child of ours says is killed at once. One that is late is killed
        as well, also when it never began.

        Raises:
            ServerLostError: The fork server ended or does not answer.
        """
        for one in self._theirs:
            one.close()
        poll = select.poll()
        for source in (self._answers, self._status):
            poll.register(source, select.POLLIN)
        deadline = self._deadline
        late = False
        ended: Ended | None = None
        told = False
        while ended is None or not told:
            left = deadline - time.monotonic()
            if left <= 0:
                if ended is not None:
                    break  # somebody else holds the pipe of a child that is gone
                if late or self._heard.breach:
                    given_up = Ended(exit_code=-signal.SIGKILL, late=late)
                    raise ServerLostError("no answer in time", self._told(given_up))
                late, deadline = True, time.monotonic() + _END_SECONDS
                self.stop()
            for number, _ in poll.poll(max(0.0, left) * 1000):
                if number == self._answers.fileno():
                    told = self._read_answers()
                    if told:
                        poll.unregister(self._answers)
                    if self._heard.breach:
                        deadline = time.monotonic() + _END_SECONDS
                else:
                    ended = self._read_status(late=late)
                    poll.unregister(self._status)
                    deadline = time.monotonic() + _END_SECONDS
        return self._told(ended)

    def _told(self, ended: Ended) -> Ended:
        """Return how it ended with what it said."""
        self._heard.end(by_itself=ended.exit_code == 0 and not ended.late)
        return replace(ended, lines=tuple(self._heard.lines), breach=self._heard.breach)

    def _read_answers(self) -> bool:
        """Read what there is; True at the end, and when nothing more is listened to."""
        block = os.read(self._answers.fileno(), _BLOCK)
        if block and self._heard.take(block):
            return False
        if self._heard.breach:
            self.stop()
        return True

    def _read_status(self, *, late: bool) -> Ended:
        try:
            said = json.loads(self._status.recv(_BLOCK) or b"null")
        except OSError as error:
            raise ServerLostError(str(error)) from error
        if said is None:
            raise ServerLostError("it ended")
        return Ended(
            late=late,
            exit_code=int(said.get("ended", 0)),
            cpu_seconds=float(said.get("cpu_seconds", 0)),
            peak_bytes=int(said.get("peak_bytes", 0)),
            refused=str(said.get("refused", "")),
        )
