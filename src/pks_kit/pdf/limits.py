"""How much a PDF may hold and how far it may swell, for whoever opens it."""

from __future__ import annotations

from dataclasses import dataclass

from pks_kit.limits import MIB, PDF_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfLimits:
    """Limits for one file; the defaults fit an agreement of a hundred pages many times over.

    Attributes:
        file_bytes: Largest file.
        pages: Most pages.
        revisions: Most revisions.
        objects: Most objects that are visited.
        depth: Deepest nesting of arrays and dictionaries inside one object.
        decoded_bytes: Most bytes after decompression, all streams together.
        stream_bytes: Most bytes after decompression of one stream.
        pixels: Most pixels of one picture.
        image_bytes: Most bytes after decompression of all pictures together. They count apart:
            a viewer opens one page at a time, so honest scans may swell far beyond the rest.
    """

    file_bytes: int = PDF_BYTES
    pages: int = 600
    revisions: int = 120
    objects: int = 250_000
    depth: int = 60
    decoded_bytes: int = 400 * MIB
    stream_bytes: int = 120 * MIB
    pixels: int = 120_000_000
    image_bytes: int = 768 * MIB
