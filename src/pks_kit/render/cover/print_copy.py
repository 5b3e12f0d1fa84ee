"""Title and information of the cover, and the one file that is only there to be printed."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

from pks_kit.render.pdf.metadata import CREATOR_TOOL, pdf_date

PRINT_COPY = "SALINAN CETAK, BUKAN BERKAS YANG DITANDATANGANI"
COVER = "Pengantar penandatanganan"


def title_of(title: str, *, with_agreement: bool) -> str:
    """Return the title of the file: what it is comes before what it is about."""
    return f"{PRINT_COPY if with_agreement else COVER}: {title}"


def join_print_copy(
    cover: bytes, printed: bytes | None, *, title: str, moment: datetime, producer: str
) -> bytes:
    """Return the cover with its information, followed by the agreement when that is given.

    The agreement comes as pages alone: no field, no signature, no embedded file, so that nobody
    and no program can take the result for the signed file.

    Args:
        cover: Result of ``render_cover``.
        printed: Result of ``as_printed``, or None for the cover alone.
        title: Result of :func:`title_of`.
        moment: Date of the file, with time zone.
        producer: Program and version.
    """
    import pikepdf
    from pikepdf import Dictionary, String

    with pikepdf.new() as pdf:
        for content in (cover, printed):
            if content is not None:
                with pikepdf.open(BytesIO(content)) as source:
                    pdf.pages.extend(source.pages)
        date = String(pdf_date(moment))
        pdf.trailer.Info = pdf.make_indirect(
            Dictionary(
                Title=String(title),
                Creator=String(CREATOR_TOOL),
                Producer=String(producer),
                CreationDate=date,
                ModDate=date,
            )
        )
        pdf.Root.Lang = String("id")
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        output = BytesIO()
        pdf.save(
            output,
            force_version="1.7",
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
        )
    return output.getvalue()
