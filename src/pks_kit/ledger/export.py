"""The ledger as JSON Lines: one canonical event per line, to be kept and checked elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from pks_kit.errors import InputError, LedgerError
from pks_kit.ledger.canonical import canonical_json
from pks_kit.ledger.chain import ChainReport, Head, KnownHead, check_chain
from pks_kit.ledger.checking import MAXIMUM_BYTES
from pks_kit.ledger.stored import StoredEvent
from pks_kit.messages.os_reason import told_by_system

MOST_LINE_BYTES = 2 * MAXIMUM_BYTES
_FIELDS = frozenset(StoredEvent.__slots__)


class Sink(Protocol):
    """Takes bytes one piece after the other, as every binary file does."""

    def write(self, piece: bytes, /) -> object:
        """Take the next bytes."""
        ...


def write_events(events: Iterable[StoredEvent], sink: Sink) -> tuple[int, Head | None]:
    """Write all events, a line each; return their count and the last one.

    Altered events are written as they stand, so that the export can be examined.

    Args:
        events: As :meth:`~pks_kit.ledger.sql_ledger.SqlLedger.stored` gives them.
        sink: Takes the lines.

    Raises:
        LedgerError: When the ledger cannot be read.
    """
    count, head = 0, None
    for event in events:
        sink.write(_line(event))
        count += 1
        head = Head(event.nomor, event.hash)
    return count, head


def lines_of(events: Iterable[StoredEvent]) -> bytes:
    """Return events as they stand in an export, for example those of one agreement."""
    return b"".join(_line(event) for event in events)


def events_in(content: bytes, name: str) -> tuple[StoredEvent, ...]:
    """Return the events that :func:`lines_of` wrote, unchecked.

    Args:
        content: The lines, at most what the caller allowed.
        name: Name of the file for messages.

    Raises:
        LedgerError: ``ledger.bad_export`` with the line that is no event.
    """
    lines = content.splitlines(keepends=True)
    return tuple(_event(line, Path(name), number) for number, line in enumerate(lines, start=1))


def verify_export(
    path: Path, expected_head: Head | None = None, known: Sequence[KnownHead] = ()
) -> ChainReport:
    """Return what is wrong with an exported ledger, without any database.

    Args:
        path: The export.
        expected_head: Number and hash of an event known from elsewhere.
        known: More of them, with where they stand.

    Raises:
        InputError: ``file.not_found`` or ``file.unreadable``.
        LedgerError: ``ledger.bad_export`` with the line that is no event.
    """
    if not path.is_file():
        raise InputError("file.not_found", file=str(path))
    return check_chain(lambda: read_export(path), expected_head=expected_head, known=known)


def read_export(path: Path) -> Iterator[StoredEvent]:
    """Yield the events of an export in the order of its lines, unchecked.

    Raises:
        InputError: ``file.unreadable``.
        LedgerError: ``ledger.bad_export``.
    """
    try:
        with path.open("rb") as stream:
            number = 0
            while line := stream.readline(MOST_LINE_BYTES + 1):
                number += 1
                yield _event(line, path, number)
    except OSError as error:
        raise InputError("file.unreadable", file=str(path), **told_by_system(error)) from error


def _line(event: StoredEvent) -> bytes:
    shown = {name: getattr(event, name) for name in StoredEvent.__slots__}
    try:
        isi = json.loads(event.isi)
        if canonical_json(isi) == event.isi:
            shown["isi"] = isi
    except (ValueError, TypeError, RecursionError):
        pass  # altered: stays as it was found, and no check will take it for true
    return (
        json.dumps(
            shown, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=repr
        ).encode("utf-8", "backslashreplace")
        + b"\n"
    )


def _event(line: bytes, path: Path, number: int) -> StoredEvent:
    refused = LedgerError("ledger.bad_export", file=str(path), line=number)
    if len(line) > MOST_LINE_BYTES or not line.endswith(b"\n"):
        raise refused
    try:
        fields = json.loads(line)
        if type(fields) is not dict or set(fields) != _FIELDS:
            raise refused
        return StoredEvent(**fields | {"isi": canonical_json(fields["isi"])})
    except (ValueError, TypeError, RecursionError):
        raise refused from None
