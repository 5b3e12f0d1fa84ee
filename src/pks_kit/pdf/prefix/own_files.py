"""Files that this process wrote itself, and what they hold, by the hash of their exact bytes.

Who writes a file knows what it holds, so nobody in the same process needs to look for it again.
Only the writers enter files here: the one of issued files, with the bytes it has just made, and the
signing side, with a revision that the grammar knows to the last byte. Nothing is ever entered
because somebody said so, and nothing outlives the process.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from pks_kit.domain.rect import Rect
from pks_kit.pdf.prefix.running import running_digests

if TYPE_CHECKING:
    from pks_kit.pdf.layout import Layout
    from pks_kit.pdf.prefix.base import Base

_MOST = 16
"""Issued files, and as many of what follows them for each of a few steps: of those that are worked
on. Each holds its attachments."""

_MOST_GROWN = 4 * _MOST


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFile:
    """What an issued file holds, told by its writer.

    Attributes:
        base: What a later revision may take up.
        sheets: Edges of every page.
        fields: Empty signature fields: name, page from 1, area.
        free: Places where a stamp may come, on which nothing is drawn: page from 1, area.
        attachments: Files inside, by name.
        decoded: Bytes of all its streams, inflated.
        told: Whether every page prints both numbers of the agreement, says nowhere that it is a
            draft, and bears nothing but words, lines and areas.
    """

    base: Base
    sheets: tuple[Rect, ...]
    fields: tuple[tuple[str, int, Rect], ...]
    free: tuple[tuple[int, Rect], ...]
    attachments: Mapping[str, bytes]
    decoded: int
    told: bool

    def layout(self) -> Layout:
        """Return pages and fields as whoever opens the file sees them."""
        from pks_kit.pdf.box import Box
        from pks_kit.pdf.layout import FieldSeen, Layout, PageSeen

        return Layout(
            pages=tuple(
                PageSeen(area=Box(page=number, rect=sheet), rotation=0)
                for number, sheet in enumerate(self.sheets, start=1)
            ),
            fields=tuple(
                FieldSeen(name=name, is_signature=True, filled=False, box=Box(page=page, rect=rect))
                for name, page, rect in self.fields
            ),
        )


class OwnFiles:
    """Remembers what this process wrote; safe for threads."""

    def __init__(self) -> None:
        self._issued: OrderedDict[bytes, OwnFile] = OrderedDict()
        self._grown: OrderedDict[bytes, OwnFile] = OrderedDict()
        self._lock = Lock()

    def of(self, content: bytes) -> OwnFile | None:
        """Return what a file holds that was written here, issued or grown; None for all others."""
        digest = running_digests.of(content).digest()
        with self._lock:
            return self._issued.get(digest) or self._grown.get(digest)

    def issued(self, sha256: str) -> OwnFile | None:
        """Return what an issued file holds, by its hash (hexadecimal)."""
        with self._lock:
            return self._issued.get(bytes.fromhex(sha256))

    def keep_issued(self, content: bytes, file: OwnFile) -> None:
        """Remember a file; for the writer that has just made these bytes."""
        digest = hashlib.sha256(content).digest()
        with self._lock:
            _keep(self._issued, digest, file, _MOST)

    def keep_grown(self, before: bytes, after: bytes) -> None:
        """Remember that a revision of ours follows a file; for whoever read it by the grammar.

        Args:
            before: The file before it; nothing is remembered when it was not written here.
            after: The file with it.
        """
        file = self.of(before)
        if file is not None:
            digest = running_digests.of(after).digest()
            with self._lock:
                _keep(self._grown, digest, file, _MOST_GROWN)


def _keep(known: OrderedDict[bytes, OwnFile], digest: bytes, file: OwnFile, most: int) -> None:
    known[digest] = file
    known.move_to_end(digest)
    while len(known) > most:
        known.popitem(last=False)


own_files = OwnFiles()
"""Those of this process."""
