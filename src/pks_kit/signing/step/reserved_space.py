"""Fill the space that a prepared revision keeps for its signature: bytes alone, no parser.

Whoever prepared the revision read a file from outside and may have been overcome. So nothing it
says is believed: place, ranges and digest are found here, in the bytes that are signed.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass

from pks_kit.errors import SigningError
from pks_kit.json_types import HexBytes
from pks_kit.pdf.prefix.running import running_digests
from pks_kit.signing.growth import check_growth

RESERVED_BYTES = 16_384
"""Room for the CMS object; BSrE reserves 17,500 and the meterai adapter 15,000 (esign 1.7, 2.6)."""

DIGEST = "sha256"

SPACE = b"<" + b"0" * (2 * RESERVED_BYTES) + b">"
"""The space for a signature before it is filled."""

_MOST_WRITTEN = 4

_RANGE = re.compile(
    rb"/ByteRange\s{0,4}\[\s{0,4}(\d{1,10}) (\d{1,10}) (\d{1,10}) (\d{1,10})\s{0,60}\]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """What is to follow the bytes of a file."""

    content: HexBytes


class WrittenHere:
    """Knows the last files whose newest revision this process wrote, as the very objects they are.

    Bytes never change, and nobody else can have made the same object; equal bytes that came back
    from outside are another one.
    """

    def __init__(self) -> None:
        self._last: deque[bytes] = deque(maxlen=_MOST_WRITTEN)

    def keep(self, content: bytes) -> bytes:
        """Return a file after remembering it; for whoever has just written its last revision."""
        self._last.append(content)
        return content

    def has(self, content: bytes) -> bool:
        """Return whether this very object was written here."""
        return any(one is content for one in self._last)


written_here = WrittenHere()
"""Those of this process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedRevision:
    """A file with one more revision, in which only the signature is missing.

    Attributes:
        before: The file.
        pdf: All bytes; they begin with it.
        start: Where the reserved space begins, its bracket included.
        is_own: Whether this process wrote the revision.
    """

    before: bytes
    pdf: bytes
    start: int
    is_own: bool = False

    @property
    def end(self) -> int:
        """Return where the reserved space ends, its bracket included."""
        return self.start + len(SPACE)

    def digest(self) -> bytes:
        """Return the SHA-256 of everything but the reserved space."""
        covered = running_digests.of(self.before)
        covered.update(memoryview(self.pdf)[len(self.before) : self.start])
        covered.update(memoryview(self.pdf)[self.end :])
        return covered.digest()

    def filled(self, container: bytes) -> bytes:
        """Return the file with a CMS object in its space.

        Raises:
            SigningError: ``signing.failed`` when it does not fit.
        """
        digits = container.hex().upper().encode("ascii")
        if len(digits) > len(SPACE) - 2:
            raise SigningError("signing.failed", reason=f"CMS: {len(container)} > {RESERVED_BYTES}")
        parts = (self.pdf[: self.start + 1], digits, self.pdf[self.start + 1 + len(digits) :])
        found = b"".join(parts)
        return written_here.keep(found) if self.is_own else found


def prepared_revision(before: bytes, appended: bytes, *, is_own: bool = False) -> PreparedRevision:
    """Return a prepared revision after finding its one reserved space.

    Args:
        before: The file.
        appended: What was prepared to follow it.
        is_own: Whether this process wrote that.

    Raises:
        SigningError: ``signing.failed`` unless there is one space of the usual size, and one
            range, over everything but this space.
    """
    pdf = before + appended
    check_growth(len(before), pdf)
    start = pdf.find(SPACE, len(before))
    ranges = [tuple(map(int, one.groups())) for one in _RANGE.finditer(pdf, len(before))]
    if start < 0 or pdf.find(SPACE, start + 1) >= 0:
        raise SigningError("signing.failed", reason="/Contents")
    found = PreparedRevision(before=before, pdf=pdf, start=start, is_own=is_own)
    if ranges != [(0, start, found.end, len(pdf) - found.end)]:
        raise SigningError("signing.failed", reason="/ByteRange")
    return found
