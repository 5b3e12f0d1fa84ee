"""Style sheet, request and finished files shared by the PDF tests."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from functools import cache

from pks_kit.render.look import Look
from pks_kit.render.pdf import Attachment, PdfLayout, PdfRequest, finish_pdf, layout_pdf
from pks_kit.render.pen_box import Sticker
from pks_kit.resources import templates_root
from support.trees import rich_tree

AGREEMENT_ID = "0123456789ABCDEFGHJKMNPQRS"
EDITION = "7K2M9X4Q"
CSS = (templates_root() / "pks_2024" / "style.css").read_text(encoding="utf-8")
LOOK = Look(sticker=Sticker(width=24, height=32))
WIB = timezone(timedelta(hours=7))


def page_code(page: int, pages: int) -> str:
    return f"PKS2:{AGREEMENT_ID}:{EDITION}:{page:04d}:{pages:04d}:ABCDEFGH"


def request(**changes: object) -> PdfRequest:
    values: dict[str, object] = {
        "agreement_id": AGREEMENT_ID,
        "title": "Perjanjian <Kerja> Sama & lain-lain",
        "author": "BPJS Kesehatan Cabang Contoh",
        "issued_at": datetime(2023, 12, 20, 9, 30, tzinfo=WIB),
        "page_code": page_code,
        "edition": EDITION,
        "producer": "pks-kit uji",
        "attachments": (
            Attachment(
                name="pks-kit-data.json",
                content=b'{"a": 1}\n',
                mime="application/json",
                description="Data kontrak",
                relationship="Source",
            ),
            Attachment(
                name="pks-kit-receipt.json",
                content=b'{"b": 2}\n',
                mime="application/json",
                description="Tanda terima",
                relationship="Data",
            ),
        ),
    }
    return PdfRequest(**(values | changes))  # type: ignore[arg-type]


@cache
def layout(cara_kontrak: str = "elektronik") -> PdfLayout:
    return layout_pdf(rich_tree(cara_kontrak), css=CSS, look=LOOK)


@cache
def finished(cara_kontrak: str = "elektronik") -> bytes:
    return finish_pdf(layout(cara_kontrak), request())
