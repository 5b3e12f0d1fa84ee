"""What the streams of a file swell to, counted without ever holding more than the limit."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pikepdf

if TYPE_CHECKING:
    from pks_kit.pdf.limits import PdfLimits

_MOST_FILTERS = 2
_BLOCK = 1 << 20


class StreamWeights:
    """The sum over the streams of one file.

    Attributes:
        too_much: Which limit was met (``filters``, ``pixels``, ``bytes``), else empty.
        broken: Number and generation of the first stream that cannot be inflated, else empty.
        decoded: Bytes after decompression, pictures left out, an estimate from above.
        pictures_skipped: Whether pictures were left unweighed.
    """

    def __init__(self, limits: PdfLimits) -> None:
        self._limits = limits
        self._pictured = 0
        self.too_much = ""
        self.broken = ""
        self.decoded = 0
        self.pictures_skipped = False

    def add(self, stream: Any) -> None:
        """Weigh one stream more."""
        limits = self._limits
        names = _filters(stream)
        if len(names) > _MOST_FILTERS:
            self.too_much = "filters"
            return
        width, height = stream.get("/Width", 0), stream.get("/Height", 0)
        if isinstance(width, int) and isinstance(height, int) and width * height > limits.pixels:
            self.too_much = "pixels"
            return
        if "/FlateDecode" in names or "/Fl" in names:
            if stream.get("/Subtype") == "/Image" and self._is_honest_picture(stream, names):
                return
            try:
                size = _inflated_size(stream.read_raw_bytes(), names, limits.stream_bytes)
            except zlib.error:
                self._note_broken(stream)
                return
            self.decoded += size
            if size > limits.stream_bytes or self.decoded > limits.decoded_bytes:
                self.too_much = "bytes"
        elif "/LZWDecode" in names or "/RunLengthDecode" in names:
            # At most about 1400 bytes from each one: the raw length bounds it well enough here.
            self.decoded += 1400 * len(stream.read_raw_bytes())
            if self.decoded > limits.decoded_bytes:
                self.too_much = "bytes"

    def _is_honest_picture(self, stream: Any, names: list[str]) -> bool:
        """Weigh a picture that swells to what its size says; return False for any other.

        Pictures are opened one page at a time, so they have a budget of their own.
        """
        expected = _picture_bytes(stream)
        is_plain = names in (["/FlateDecode"], ["/Fl"])
        if not is_plain or not 0 < expected <= self._limits.stream_bytes:
            return False
        if self._pictured + expected > self._limits.image_bytes:
            self.pictures_skipped = True
            return True
        self._pictured += expected
        raw = stream.read_raw_bytes()
        try:
            return _inflated_size(raw, names, expected) <= expected
        except zlib.error:
            self._note_broken(stream)
            return True

    def _note_broken(self, stream: Any) -> None:
        self.broken = self.broken or "{} {}".format(*stream.objgen)


def swells_beyond(stream: Any, limit: int) -> bool:
    """Return whether a stream is larger than ``limit`` bytes once it is decoded.

    Raises:
        zlib.error: It cannot be inflated.
    """
    names = _filters(stream)
    raw = stream.read_raw_bytes()
    if not names:
        return len(raw) > limit
    if len(names) > _MOST_FILTERS or names[-1] not in ("/FlateDecode", "/Fl"):
        return True  # no writer of receipts or data uses another one
    return _inflated_size(raw, names, limit) > limit


def _filters(stream: Any) -> list[str]:
    filters = stream.get("/Filter")
    if isinstance(filters, pikepdf.Name):
        return [str(filters)]
    return [str(one) for one in filters] if isinstance(filters, pikepdf.Array) else []


def _picture_bytes(stream: Any) -> int:
    """Return how many bytes a picture has by its entries, one byte a row for its predictor."""
    width, height = stream.get("/Width", 0), stream.get("/Height", 0)
    bits, space = stream.get("/BitsPerComponent", 1), str(stream.get("/ColorSpace", ""))
    if not all(isinstance(one, int) and one >= 0 for one in (width, height, bits)):
        return 0
    parts = 1 if space == "/DeviceGray" else 3 if space == "/DeviceRGB" else 4
    return int(height) * ((int(width) * int(bits) * parts + 7) // 8 + 1)


def _inflated_size(raw: bytes, names: list[str], limit: int) -> int:
    """Return how much Flate data inflates to, counting no further than ``limit`` + 1.

    A second Flate filter inflates what the first one gave; an ASCII filter in front only shrinks.
    """
    if names[0] in ("/ASCIIHexDecode", "/ASCII85Decode"):
        return limit + 1 if len(raw) * 1032 > limit * 40 else len(raw) * 26
    total = 0
    inflater = zlib.decompressobj()
    second = zlib.decompressobj() if len(names) > 1 and names[1].startswith("/Fl") else None
    for part in _inflated(inflater, raw):
        total += len(part)
        if second is not None:
            for more in _inflated(second, part):
                total += len(more)
                if total > limit:
                    break
        if total > limit:
            break
    return total


def _inflated(inflater: Any, waiting: bytes) -> Iterator[bytes]:
    """Yield what data inflates to, block by block, up to the end of the zlib stream.

    Line ends and whatever else stands behind that end are no part of it. ``unconsumed_tail`` says
    nothing there: CPython leaves it as it was once the stream has ended.
    """
    while not inflater.eof:
        part = inflater.decompress(waiting, _BLOCK)
        waiting = inflater.unconsumed_tail
        if part:
            yield part
        elif not waiting:
            return
