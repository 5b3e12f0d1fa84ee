"""One request on its way to a child: its descriptors, what comes back, how long to wait."""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pks_kit.verification.isolation.protocol import Job, Parts

REQUEST = b"fork"
"""What the host sends to the fork server, with the descriptors of the request."""

START_SECONDS = 120.0
"""How long a child may take until it is ready, the start of the fork server included."""

_END_SECONDS = 20.0
"""How long the end of a child that was killed may take."""

_BLOCK = 1 << 16


class ServerLostError(Exception):
    """The fork server ended, or no longer answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a child ended.

    Attributes:
        output: What it wrote.
        exit_code: Its exit code; the negative number of the signal that ended it.
        late: Whether it was ended because the wall time was over.
        cpu_seconds: Processor time that it used.
        peak_bytes: Most memory that it held, what it shares with the fork server included.
        refused: Why no child could be made; else empty.
    """

    output: bytes
    exit_code: int = 0
    late: bool = False
    cpu_seconds: float = 0.0
    peak_bytes: int = 0
    refused: str = ""


class ChildRequest:
    """One request to the fork server; used by one thread, stopped from any.

    Args:
        job: What to do.
        files: Files.

    Raises:
        TemporaryFullError: There is no room for the files.
        OSError: The process has no more descriptors.
    """

    def __init__(self, job: Job, files: Parts) -> None:
        # loads every form of the protocol; the fork server is started before that, and loads too
        from pks_kit.verification.isolation.wire import spool

        with contextlib.ExitStack() as opened:
            handed = opened.enter_context(spool(job, files))
            answers, told = os.pipe()
            self._answers = opened.enter_context(os.fdopen(answers, "rb", buffering=0))
            self._theirs: list[Any] = [handed, opened.enter_context(os.fdopen(told, "wb", 0))]
            for end in socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET):
                opened.enter_context(end)
                self._theirs.append(end)
            self._status: socket.socket = self._theirs.pop(2)
            self._opened = opened.pop_all()
        self._output = bytearray()

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

    def wait(self, wall_seconds: float) -> Ended:
        """Collect the answers until the child ended.

        Args:
            wall_seconds: How long to wait from the moment at which the child is ready.

        Raises:
            ServerLostError: The warm process ended or does not answer.
        """
        for one in self._theirs:
            one.close()
        poll = select.poll()
        for source in (self._answers, self._status):
            poll.register(source, select.POLLIN)
        deadline = time.monotonic() + START_SECONDS
        ready = late = False
        ended: Ended | None = None
        told = False
        while ended is None or not told:
            left = deadline - time.monotonic()
            if left <= 0:
                if ended is not None:
                    break  # somebody else holds the pipe of a child that is gone
                if late or not ready:
                    raise ServerLostError("no answer in time")
                late, deadline = True, time.monotonic() + _END_SECONDS
                self.stop()
            for number, _ in poll.poll(max(0.0, left) * 1000):
                if number == self._answers.fileno():
                    told = self._read_answers()
                    if told:
                        poll.unregister(self._answers)
                    elif not ready and b"\n" in self._output:
                        ready, deadline = True, time.monotonic() + wall_seconds
                else:
                    ended = self._read_status()
                    poll.unregister(self._status)
                    deadline = time.monotonic() + _END_SECONDS
        return Ended(
            output=bytes(self._output),
            late=late,
            exit_code=ended.exit_code,
            cpu_seconds=ended.cpu_seconds,
            peak_bytes=ended.peak_bytes,
            refused=ended.refused,
        )

    def _read_answers(self) -> bool:
        """Read what there is; True at the end."""
        block = os.read(self._answers.fileno(), _BLOCK)
        self._output += block
        return not block

    def _read_status(self) -> Ended:
        try:
            said = json.loads(self._status.recv(_BLOCK) or b"null")
        except OSError as error:
            raise ServerLostError(str(error)) from error
        if said is None:
            raise ServerLostError("it ended")
        return Ended(
            output=b"",
            exit_code=int(said.get("ended", 0)),
            cpu_seconds=float(said.get("cpu_seconds", 0)),
            peak_bytes=int(said.get("peak_bytes", 0)),
            refused=str(said.get("refused", "")),
        )
