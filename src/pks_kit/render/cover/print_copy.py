"""Title and information of the cover, and the one file that is only there to be printed."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from pks_kit.domain.companion import COMPANION_KEY, Companion
from pks_kit.foreign import Files, Question
from pks_kit.json_types import HexBytes, Moment
from pks_kit.pdf.opening import open_with_qpdf
from pks_kit.pdf.parsing import refusing_broken_pdf
from pks_kit.render.cover.printed import as_printed
from pks_kit.render.pdf.metadata import CREATOR_TOOL, pdf_date

PRINT_COPY = "SALINAN CETAK, BUKAN BERKAS YANG DITANDATANGANI"
COVER = "Pengantar penandatanganan"
SUMMARY = "Ringkasan, bukan bagian dari perjanjian"


def title_of(title: str, *, with_agreement: bool) -> str:
    """Return the title of the file: what it is comes before what it is about."""
    return f"{PRINT_COPY if with_agreement else COVER}: {title}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """A PDF that is there to be printed."""

    content: HexBytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintCopy(Question[Joined]):
    """Which file holds the cover and, when that is given, the pages of the agreement?

    The agreement comes as pages alone: no field, no signature, no embedded file, so that nobody
    and no program can take the result for the signed file.

    Attributes:
        title: Result of :func:`title_of`.
        moment: Date of the file.
        producer: Program and version.
        kind: What the file says that it is, see :mod:`pks_kit.domain.companion`.
    """

    title: str
    moment: Moment
    producer: str
    kind: Companion = "pengantar"

    def answer(self, files: Files) -> Joined:
        """Join the cover, and the agreement as it is printed.

        Raises:
            InputError: ``pdf.unreadable``.
        """
        with refusing_broken_pdf():
            parts = [files[0], *(as_printed(one) for one in files[1:])]
            return Joined(content=self._joined(parts))

    def _joined(self, parts: list[bytes]) -> bytes:
        import pikepdf
        from pikepdf import Dictionary, Name, String

        with pikepdf.new() as pdf:
            for content in parts:
                with open_with_qpdf(content) as source:
                    pdf.pages.extend(source.pages)
            date = String(pdf_date(self.moment))
            pdf.trailer.Info = pdf.make_indirect(
                Dictionary(
                    Title=String(self.title),
                    Creator=String(CREATOR_TOOL),
                    Producer=String(self.producer),
                    CreationDate=date,
                    ModDate=date,
                )
            )
            pdf.trailer.Info[COMPANION_KEY] = Name(f"/{self.kind}")
            pdf.Root.Lang = String("id")
            pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
            output = BytesIO()
            pdf.save(
                output,
                force_version="1.7",
                deterministic_id=True,
                object_stream_mode=pikepdf.ObjectStreamMode.disable,  # the mark can be read
                compress_streams=True,
            )
        return output.getvalue()
