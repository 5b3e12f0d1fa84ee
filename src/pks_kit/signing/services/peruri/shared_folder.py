"""The folder shared with the on-premise adapter: ``UNSIGNED``, ``STAMP``, ``SIGNED``."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from pks_kit.errors import InputError, NotLookedError, SigningError, UnknownOutcomeError
from pks_kit.file_locks import lock_alone
from pks_kit.files import read_limited, write_atomic
from pks_kit.limits import PDF_BYTES
from pks_kit.signing.ports import StampJob
from pks_kit.signing.services.peruri.answers import IMAGE_LIMIT, suffix_of
from pks_kit.signing.services.peruri.options import AdapterSettings
from pks_kit.signing.step.stamp_result import check_stamped

_UNFINISHED = frozenset({"meterai.result.unreadable", "meterai.result.rewritten"})
"""What a file looks like while it is being written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedFolder:
    """The shared folder as this computer sees it."""

    settings: AdapterSettings

    def check_usable(self) -> None:
        """Make sure that the three folders are there and can be written to.

        Raises:
            SigningError: ``meterai.folder``.
        """
        for name in ("UNSIGNED", "STAMP", "SIGNED"):
            folder = self.settings.folder / name
            if not folder.is_dir() or not os.access(folder, os.W_OK):
                raise SigningError("meterai.folder", folder=str(folder))

    @contextlib.asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Hold the only slot of the adapter, also against other processes on this computer.

        Raises:
            SigningError: ``meterai.slot_busy``, ``meterai.folder``.
            InputError: ``file.no_locks`` on a system without such locks.
        """
        path = self.settings.folder / ".pks-kit.slot"
        deadline = time.monotonic() + self.settings.antre_detik
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise SigningError("meterai.folder", folder=str(path.parent)) from error
        try:
            while True:
                try:
                    lock_alone(handle)
                    break
                except BlockingIOError:
                    if time.monotonic() >= deadline:
                        raise SigningError(
                            "meterai.slot_busy", seconds=int(self.settings.antre_detik)
                        ) from None
                    await asyncio.sleep(self.settings.jeda_detik)
            yield
        finally:
            os.close(handle)

    def write_source(self, job: StampJob) -> None:
        """Write the document, once per serial number.

        Raises:
            SigningError: ``meterai.source_differs`` when other bytes were written for it before,
                ``meterai.folder``.
        """
        path = self._path("UNSIGNED", f"{job.meterai.sn}.pdf")
        if path.exists():
            if read_limited(path, PDF_BYTES) != job.pdf:
                raise SigningError("meterai.source_differs", sn=job.meterai.sn)
            return
        self._write(path, job.pdf)

    def write_picture(self, job: StampJob) -> str:
        """Write the picture under a name that tells what it is, and return that name.

        Raises:
            SigningError: ``meterai.folder``.
        """
        path = self._path("STAMP", job.meterai.sn + suffix_of(job.meterai.image))
        if not path.exists() or read_limited(path, IMAGE_LIMIT) != job.meterai.image:
            self._write(path, job.meterai.image)
        return path.name

    def earlier_result(self, job: StampJob) -> bytes | None:
        """Return the right result of an earlier attempt; anything else there is put aside.

        Nothing is thrown away: it may be the only copy of a stamp that was paid.

        Raises:
            SigningError: ``meterai.folder``.
            UnknownOutcomeError: ``meterai.result.not_looked``.
        """
        path = self._path("SIGNED", f"{job.meterai.sn}.pdf")
        if not path.exists():
            return None
        try:
            return self._checked(path, job)
        except (NotLookedError, UnknownOutcomeError):
            raise  # nobody knows whether it is right: it stays where it is
        except SigningError:
            try:
                path.replace(path.with_name(f"{path.stem}.{time.time_ns()}.salah"))
            except OSError as error:
                raise SigningError("meterai.folder", folder=str(path.parent)) from error
            return None

    async def awaited_result(self, job: StampJob, seconds: float) -> bytes | None:
        """Return the result once it is there and whole, or None when that takes too long.

        Raises:
            SigningError: ``meterai.result.*`` for a whole file that is not what was ordered.
        """
        path = self._path("SIGNED", f"{job.meterai.sn}.pdf")
        deadline = time.monotonic() + seconds
        while True:
            unfinished: SigningError | None = None
            if path.exists():
                try:
                    return self._checked(path, job)
                except SigningError as error:
                    if error.code not in _UNFINISHED:
                        raise
                    unfinished = error
            if time.monotonic() >= deadline:
                if unfinished is not None and self._looks_whole(path):
                    raise unfinished
                return None
            await asyncio.sleep(self.settings.jeda_detik)

    def _checked(self, path: Path, job: StampJob) -> bytes:
        try:
            stamped = read_limited(path, PDF_BYTES)
        except InputError as error:
            raise SigningError("meterai.result.unreadable") from error
        check_stamped(job.pdf, stamped, job.meterai.sn, job.box, job.looks)
        return stamped

    def _looks_whole(self, path: Path) -> bool:
        with contextlib.suppress(InputError):
            return read_limited(path, PDF_BYTES).rstrip().endswith(b"%%EOF")
        return False

    def _path(self, kind: str, name: str) -> Path:
        return self.settings.folder / kind / name

    def _write(self, path: Path, content: bytes) -> None:
        try:
            # the distributor's adapter reads here, often as another user
            write_atomic(path, content, private=False)
        except InputError as error:
            raise SigningError("meterai.folder", folder=str(path.parent)) from error
