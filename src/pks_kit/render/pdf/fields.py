"""Empty signature fields and associated files."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pks_kit.domain.receipt import RecordedPlace
from pks_kit.render.pdf.metadata import pdf_date
from pks_kit.render.pdf.request import Attachment

_PRINT = 4
_SIGNATURES_EXIST = 1


def add_signature_fields(pdf: Any, places: Sequence[RecordedPlace]) -> None:
    """Add one empty signature field per place, widget and field in one object.

    The widget has an empty appearance, because PDF/A wants one; signing replaces it. Meterai
    places get no field: the stamp brings its own, named ``Emet<serial number>``. Without places
    the form is there and empty.
    """
    import pikepdf
    from pikepdf import Array, Dictionary, Name, String

    fields = []
    for place in places:
        page = pdf.pages[place.page - 1].obj
        left, bottom, right, top = place.rect
        appearance = pikepdf.Stream(
            pdf,
            b"",
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, 0, round(right - left, 3), round(top - bottom, 3)]),
            Resources=Dictionary(),
        )
        field = pdf.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Sig,
                T=String(place.name),
                TU=String(f"Tanda tangan {place.nama}"),
                F=_PRINT,
                P=page,
                Rect=Array([left, bottom, right, top]),
                AP=Dictionary(N=pdf.make_indirect(appearance)),
            )
        )
        if "/Annots" not in page:
            page.Annots = Array()
        page.Annots.append(field)
        fields.append(field)
    form = Dictionary(Fields=Array(fields))
    if fields:
        form.SigFlags = _SIGNATURES_EXIST
    pdf.Root.AcroForm = pdf.make_indirect(form)


def add_attachments(pdf: Any, attachments: Sequence[Attachment], moment: datetime) -> None:
    """Embed files and declare what they are to the document (PDF/A-3 associated files)."""
    import pikepdf
    from pikepdf import Array, Dictionary, Name, String

    if not attachments:
        return
    names, associated = Array(), Array()
    for attachment in sorted(attachments, key=lambda one: one.name):
        digest = hashlib.md5(attachment.content, usedforsecurity=False).digest()
        embedded = pikepdf.Stream(
            pdf,
            attachment.content,
            Type=Name.EmbeddedFile,
            Subtype=Name("/" + attachment.mime),
            Params=Dictionary(
                Size=len(attachment.content),
                CheckSum=String(digest),
                ModDate=String(pdf_date(moment)),
            ),
        )
        reference = pdf.make_indirect(embedded)
        specification = pdf.make_indirect(
            Dictionary(
                Type=Name.Filespec,
                F=String(attachment.name),
                UF=String(attachment.name),
                Desc=String(attachment.description),
                AFRelationship=Name("/" + attachment.relationship),
                EF=Dictionary(F=reference, UF=reference),
            )
        )
        names.append(String(attachment.name))
        names.append(specification)
        associated.append(specification)
    if "/Names" not in pdf.Root:
        pdf.Root.Names = pdf.make_indirect(Dictionary())
    pdf.Root.Names.EmbeddedFiles = pdf.make_indirect(Dictionary(Names=names))
    pdf.Root.AF = associated
