"""The folder of a batch: where everything lies, and that one coordinator works in it at a time."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO

from pks_kit.domain.tanggal import working_day_until
from pks_kit.errors import InputError, UsageError
from pks_kit.file_locks import is_locked
from pks_kit.files import (
    atomic_stream,
    read_limited,
    write_atomic,
    write_together,
)
from pks_kit.messages.os_reason import told_by_system
from pks_kit.pipelines.batching.advice import quoted
from pks_kit.pipelines.batching.plan import DataAt, ReadPlan, parse_plan
from pks_kit.pipelines.batching.turns import LOCK, LOCKS, LONG, Turn, locked, named_process

PLAN_BYTES = 1 << 30
"""Largest plan file: 26,000 rows have about 30 MB."""

_PLAN_NAME = re.compile(r"rencana-[0-9a-f]{16}\.json")
_PLACES = "tempat.json"
_PLACES_BYTES = 65_536
_TAKEN_OUT = "dikeluarkan.json"
_TAKEN_OUT_BYTES = 8 << 20
_HOLDER_BYTES = 512


@dataclass(frozen=True, slots=True)
class BatchFolder:
    """Names in the folder of one batch.

    Attributes:
        path: The folder; nobody but its owner may look into it.
    """

    path: Path

    @property
    def data(self) -> Path:
        """Return the data of all rows, one after the other; written once."""
        return self.path / "data.jsonl"

    @property
    def sources(self) -> Path:
        """Return where copies of the given files lie; written once."""
        return self.path / "masukan"

    @property
    def drafts(self) -> Path:
        """Return where issued files and their receipts lie."""
        return self.path / "draf"

    @property
    def finished(self) -> Path:
        """Return where signed files lie, as far as they are."""
        return self.path / "hasil"

    @property
    def to_send(self) -> Path:
        """Return where lies what the other party gets: a covering letter, and pages to print."""
        return self.path / "kirim"

    @property
    def letters_before(self) -> Path:
        """Return where covering letters lie whose place another one took."""
        return self.path / "kirim-terdahulu"

    @property
    def send_back(self) -> Path:
        """Return where texts lie for those who sent something that lacks something."""
        return self.path / "kirim-balik"

    @property
    def scans(self) -> Path:
        """Return where scans lie that came back, one beside the other until nothing lacks."""
        return self.path / "kembali"

    @property
    def reminders(self) -> Path:
        """Return where letters lie for those who have not sent anything yet."""
        return self.path / "pengingat"

    @property
    def proofs(self) -> Path:
        """Return where marks tell which structures were proved; it may be thrown away."""
        return self.path / "bukti-halaman"

    @property
    def book(self) -> Path:
        """Return the book of the run; it may be thrown away."""
        return self.path / "buku-jalan.sqlite"

    @property
    def rehearsal(self) -> BatchFolder:
        """Return where a rehearsal does the same; nothing in it is worth anything."""
        return BatchFolder(self.path / "gladi")

    def plan(self) -> ReadPlan:
        """Read the plan and make sure that it is the one that its name tells.

        Raises:
            UsageError: ``batch.no_plan``: no plan was made here.
            InputError: ``batch.bad_plan``, ``batch.changed_plan``, ``batch.two_plans``.
        """
        names = self._plans()
        if not names:
            raise UsageError("batch.no_plan", folder=str(self.path), quoted=quoted(self.path))
        if len(names) > 1:
            raise InputError("batch.two_plans", folder=str(self.path))
        content = read_limited(names[0], PLAN_BYTES)
        found = parse_plan(content, names[0].name)
        if names[0].name != _plan_name(found):
            raise InputError("batch.changed_plan", file=names[0].name)
        return found

    def _plans(self) -> list[Path]:
        if not self.path.is_dir():
            return []
        return sorted(one for one in self.path.iterdir() if _PLAN_NAME.fullmatch(one.name))

    def refuse_used(self) -> None:
        """Refuse to plan where a plan stands: it may be approved and half done.

        Raises:
            UsageError: ``batch.planned``.
        """
        if self._plans():
            raise UsageError("batch.planned", folder=str(self.path))

    def save_plan(self, plan: ReadPlan) -> Path:
        """Write the plan, read-only, under a name that tells its hash.

        Raises:
            UsageError: ``batch.planned``.
            InputError: ``file.unwritable``.
        """
        self.refuse_used()
        path = self.path / _plan_name(plan)
        write_atomic(path, plan.content, read_only=True)
        return path

    def save_places(self, settings: Path | None) -> None:
        """Keep where the settings are, so that nobody has to name them again."""
        named = None if settings is None else str(settings.resolve())
        self._write_places(self._places() | {"settings": named})

    def settings(self) -> Path | None:
        """Return where the settings were when the plan was made; None when there were none."""
        place = self._places().get("settings")
        return Path(place) if isinstance(place, str) else None

    def share(self, settings: Path | None) -> None:
        """Keep that the book of this batch stands in the database of all machines."""
        named = self._places() if settings is None else {"settings": str(settings.resolve())}
        self._write_places(named | {"armada": True})

    def is_shared(self) -> bool:
        """Return whether the book of this batch stands in the database of all machines."""
        return self._places().get("armada") is True

    def save_deadline(self, day: date) -> None:
        """Keep the last day that the covering letters tell, for reminders."""
        self._write_places(self._places() | {"batas": day.isoformat()})

    def deadline(self) -> date | None:
        """Return the last day that the covering letters told; None when nothing was sent.

        Of a day at a weekend they tell the working day before.
        """
        told = self._places().get("batas")
        try:
            return working_day_until(date.fromisoformat(told)) if isinstance(told, str) else None
        except ValueError:
            return None

    def taken_out(self) -> dict[int, str]:
        """Return the numbers of the agreements that were taken out without a ledger, with by whom.

        Raises:
            InputError: ``batch.bad_taken_out``: nobody can say which these are.
        """
        path = self.path / _TAKEN_OUT
        if not path.exists():
            return {}
        try:
            known = json.loads(read_limited(path, _TAKEN_OUT_BYTES))
            return {int(number): str(by) for number, by in known.items()}
        except (AttributeError, ValueError) as error:
            raise InputError("batch.bad_taken_out", file=str(path)) from error

    def keep_taken_out(self, out: Mapping[int, str]) -> None:
        """Keep beside the plan who is out: without a ledger nothing else outlives the book."""
        if out or (self.path / _TAKEN_OUT).exists():
            told = {str(number): by for number, by in sorted(out.items())}
            write_atomic(self.path / _TAKEN_OUT, json.dumps(told).encode() + b"\n")

    def _places(self) -> dict[str, object]:
        try:
            known = json.loads(read_limited(self.path / _PLACES, _PLACES_BYTES))
        except (InputError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}

    def _write_places(self, known: dict[str, object]) -> None:
        write_atomic(self.path / _PLACES, json.dumps(known).encode() + b"\n")

    def row_data(self, at: DataAt) -> bytes:
        """Return the data of one row after comparing them with their hash.

        Raises:
            InputError: ``batch.changed_data``: the data file is not the one that was planned;
                ``file.unreadable``.
        """
        try:
            with self.data.open("rb") as stream:
                stream.seek(at.offset)
                content = stream.read(at.size)
        except OSError as error:
            raise InputError(
                "file.unreadable", file=str(self.data), **told_by_system(error)
            ) from error
        if hashlib.sha256(content).hexdigest() != at.sha256:
            raise InputError("batch.changed_data", file=self.data.name)
        return content

    @contextmanager
    def alone(self) -> Iterator[Turn]:
        """Keep every other coordinator out; the locks end with the process.

        Raises:
            UsageError: ``batch.busy``.
            InputError: ``file.unwritable``, ``file.no_locks``.
        """
        handle = locked(self.path, LONG)
        try:
            with self.shortly() as turn:
                yield turn
        finally:
            os.close(handle)

    @contextmanager
    def shortly(self) -> Iterator[Turn]:
        """Do something short, between the agreements of a delivery where one is at work.

        Raises:
            UsageError: ``batch.busy``.
            InputError: ``file.unwritable``, ``file.no_locks``.
        """
        turn = Turn(self.path)
        turn.take()
        try:
            yield turn
        finally:
            turn.give()

    def clear(self) -> None:
        """Remove everything but the locks, which whoever calls this must hold."""
        for one in self.path.iterdir():
            if one.name in LOCKS:
                continue
            if one.is_dir() and not one.is_symlink():
                shutil.rmtree(one, ignore_errors=True)
            else:
                one.unlink()

    def is_held_by(self, host: str, process: int) -> bool | None:
        """Return whether a process is at work in the folder, as its lock tells; no clock is asked.

        Args:
            host: Its machine.
            process: Its number there.

        Returns:
            None where nobody can say: a system without locks, or a lock that may not be read.
        """
        try:
            handle = os.open(self.path / LOCK, os.O_RDONLY)
        except FileNotFoundError:
            return False
        except OSError:
            return None
        try:
            if not is_locked(handle):
                return False
            return os.pread(handle, _HOLDER_BYTES, 0).decode(errors="replace") == named_process(
                host, process
            )
        except (InputError, OSError):
            return None
        finally:
            os.close(handle)


def _plan_name(plan: ReadPlan) -> str:
    return f"rencana-{plan.id[:16]}.json"


def keep(contents: Mapping[Path, bytes], *, private: bool = True, read_only: bool = False) -> None:
    """Write files of a batch that belong together; it outlives its process, so nobody else can.

    Args:
        contents: What to write where.
        private: Nobody but the owner may read them.
        read_only: Nobody may change them once they stand.

    Raises:
        InputError: ``file.unwritable``; none takes its name before all are on the disk.
    """
    write_together(contents, private=private, read_only=read_only)


@contextmanager
def growing(path: Path) -> Iterator[IO[bytes]]:
    """Give a stream whose content stands under a path when the block ends without an error."""
    with atomic_stream(path) as stream:
        yield stream
