"""What a guarded child makes of a scan that is too large: the same sheets in fewer bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pks_kit.domain.receipt import parse_receipt
from pks_kit.domain.tanda_tangan import CaraKontrak
from pks_kit.errors import UsageError
from pks_kit.foreign import Files, Question
from pks_kit.json_types import Count, HexBytes, Ordinal, Text
from pks_kit.pipelines.inside.paper import load_libraries

Kept = Literal["text", "grey_codes", "whole"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallFile:
    """One PDF, and which sheets are in it, from 1 through all files that were sent."""

    content: HexBytes
    first: Ordinal
    last: Ordinal
    quality: Ordinal


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallSheet:
    """What became of a sheet.

    Attributes:
        sheet: Number from 1.
        kept: ``text``: print is black and white, areas keep their colours; ``grey_codes``: its
            page codes stay grey too; ``whole``: nothing of it was made black and white.
        areas: How many areas keep their colours or greys.
        placed: Whether all places of the issued page were surely found on it.
        codes: How many page codes were read before.
        lost: How many of them can no longer be read.
    """

    sheet: Ordinal
    kept: Kept
    areas: Count
    placed: bool
    codes: Count
    lost: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallScan:
    """The files below the limit, or the ones that show that it cannot be met."""

    files: tuple[SmallFile, ...]
    sheets: tuple[SmallSheet, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShrinkScan(Question[SmallScan]):
    """How small does a scan become?

    The files are those of the scan; before them, when ``cara_kontrak`` is told, the issued PDF and
    its receipt as JSON.

    Attributes:
        names: Names of the files of the scan, for errors.
        most_bytes: Limit of a file.
        cara_kontrak: Contract method of the issued file; None without one.
    """

    names: tuple[Text, ...]
    most_bytes: Ordinal
    cara_kontrak: CaraKontrak | None = None

    @classmethod
    def prepare(cls) -> None:
        """Load NumPy, OpenCV and the reader of codes where they are installed."""
        load_libraries("pks_kit.scan.shrinking.shrink", "pks_kit.render.pdf.first_layout")

    def answer(self, files: Files) -> SmallScan:
        """Shrink it.

        Raises:
            InputError: ``shrink.*``: what it is instead of a scan, or a sheet that cannot be
                opened; ``receipt.invalid``.
            UsageError: ``shrink.no_extra``.
            Exception: Whatever a malformed file provokes.
        """
        try:
            import cv2
            import numpy
            import zxingcpp

            from pks_kit.scan.shrinking.shrink import shrink_scan
        except ModuleNotFoundError as error:
            raise UsageError("shrink.no_extra", library=error.name or "cv2") from error
        del cv2, numpy, zxingcpp
        issued = None
        if self.cara_kontrak is not None:
            from pks_kit.render.pdf.first_layout import completed

            pdf, receipt, *files_left = files
            known = completed(parse_receipt(receipt, "receipt"), self.cara_kontrak, pdf)
            issued, files = (pdf, known), tuple(files_left)
        done = shrink_scan(files, self.names, self.most_bytes, issued=issued)
        return SmallScan(
            files=tuple(
                SmallFile(content=one.content, first=one.first, last=one.last, quality=one.quality)
                for one in done.files
            ),
            sheets=tuple(
                SmallSheet(
                    sheet=number,
                    kept=one.kept,
                    areas=one.areas,
                    placed=one.placed,
                    codes=one.codes,
                    lost=one.lost,
                )
                for number, one in enumerate(done.pages, start=1)
            ),
        )
