"""The picture inside a signature box: one PDF page of exactly the size of the box.

What it says is for readers; the proof is the signature in the file. A sandbox signature says so
in its picture. The words must fit in type that can be read on paper: it shrinks step by step to a
floor, then what stands elsewhere is left out (the position is printed below the box, issuer and
certificate are in the signature), and only then it is an error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from pks_kit.domain.nama_orang import same_person
from pks_kit.domain.tanggal import format_saat
from pks_kit.errors import RenderError
from pks_kit.messages.nearest import meant
from pks_kit.pdf import pdfium
from pks_kit.pdf.prefix.base import FontPart
from pks_kit.pdf.prefix.box import Box
from pks_kit.policy.box_look import BoxLook
from pks_kit.render.fonts import character_name, font_face_css, unprintable
from pks_kit.render.own_box import own_box
from pks_kit.render.pdf.boxes import find_overflow
from pks_kit.render.pdf.font_merge import FaceCollection
from pks_kit.render.pdf.parts import layout_document
from pks_kit.render.pdf.qr import qr_svg
from pks_kit.render.pdf.strict_log import silence_required
from pks_kit.resources import signing_root
from pks_kit.templating import page_environment

TYPE_SIZES = (8.0, 7.7, 7.3, 7.0)
"""Type sizes in points, tried from large to small; nothing in the box is smaller."""

_LEFT_OUT = ("jabatan", "penerbit", "alasan")
"""What a signature box leaves out, one after the other, when the words do not fit."""

_MARGIN = "0.7mm 1.1mm"
"""White between the words and the frame: upright, and at the sides."""

_PNG_DPI = 300
"""Pixels per inch of a box that a service draws."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppearanceFacts:
    """What a signature box says.

    Attributes:
        width: Width of the box in points.
        height: Height of the box in points.
        nama: Name as the agreement prints it.
        jabatan: Position as the agreement prints it; may be empty.
        sertifikat: Common name in the certificate.
        penerbit: Common name of its issuer.
        waktu: Time of signing, with time zone.
        agreement_id: Identifier of the agreement, for the code.
        is_uji: Whether the key belongs to the sandbox and has no legal effect.
        alasan: Reason of the signature, for looks that show it.
    """

    width: float
    height: float
    nama: str
    jabatan: str
    sertifikat: str
    penerbit: str
    waktu: datetime
    agreement_id: str
    is_uji: bool
    alasan: str = ""


def render_appearance(facts: AppearanceFacts, look: BoxLook | None = None) -> bytes:
    """Return the picture of a signature as a PDF with one page of the size of the box.

    Args:
        facts: What may be said.
        look: What of it is said; None for the usual look.

    Raises:
        RenderError: ``render.appearance.too_long`` when not even name and time fit in the smallest
            type, ``render.pdf.unprintable`` for a character without a glyph.
    """
    choices = _choices(facts, look or BoxLook())
    return render_template("tanda_tangan", choices, facts.width, facts.height)


def own_appearance(
    facts: AppearanceFacts, fonts: Sequence[FontPart], look: BoxLook | None = None
) -> Box | None:
    """Return what the same box shows when our own writer draws it with fonts of the document.

    Args:
        facts: What may be said.
        fonts: The regular and the bold font of the document.
        look: What of it is said; None for the usual look.

    Returns:
        The box; None when only the layout engine can draw it.
    """
    choices = _choices(facts, look or BoxLook())
    return own_box(choices, facts.width, facts.height, TYPE_SIZES, fonts)


def _choices(facts: AppearanceFacts, shown: BoxLook) -> list[dict[str, Any]]:
    """Return what a box may say, each time less."""
    code = signature_code(facts.agreement_id, facts.waktu, shown)
    day, clock = format_saat(facts.waktu, shown.zona) if shown.waktu else ("", "")
    values: dict[str, Any] = {
        "nama": facts.nama if shown.nama else "",
        "jabatan": facts.jabatan if shown.jabatan else "",
        "sertifikat": facts.sertifikat if shown.penerbit else "",
        "penerbit": facts.penerbit,
        "tanggal": day,
        "pukul": clock,
        "alasan": facts.alasan if shown.alasan else "",
        "qr": code if shown.qr else "",
        "is_uji": facts.is_uji,
    }
    # A certificate of another name tells readers whose signature it is: the code goes first.
    one_name = same_person(facts.nama, facts.sertifikat)
    last = ("sertifikat", "qr") if one_name else ("qr", "sertifikat")
    choices = [values]
    for name in (*_LEFT_OUT, *last):
        fewer = choices[-1] | {name: ""}
        if fewer != choices[-1]:
            choices.append(fewer)
    return choices


def appearance_png(facts: AppearanceFacts, look: BoxLook | None = None) -> bytes:
    """Return the same picture as a grey PNG, for services that draw a given picture.

    Args:
        facts: What may be said.
        look: What of it is said; None for the usual look.

    Raises:
        RenderError: As :func:`render_appearance`.
    """
    with pdfium.opened(render_appearance(facts, look)) as document:
        picture = document[0].render(scale=_PNG_DPI / 72, grayscale=True).to_pil().convert("L")
    output = BytesIO()
    picture.save(output, format="PNG", dpi=(_PNG_DPI, _PNG_DPI), optimize=True)
    return output.getvalue()


def signature_code(agreement_id: str, waktu: datetime, look: BoxLook | None = None) -> str:
    """Return the text of the code in a signature box.

    It is the verification address of the agreement when the look has one, otherwise which
    agreement and when (UTC).
    """
    address = look.address_of(agreement_id) if look else None
    return address or f"PKS1TTD:{agreement_id}:{waktu.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def render_template(
    name: str, choices: Sequence[Mapping[str, Any]], width_pt: float, height_pt: float
) -> bytes:
    """Fill a template of ``signing/appearance`` and lay it out in a box.

    Args:
        name: Template name without suffix.
        choices: Values for the template, all escaped; the first ones that fit are taken.
        width_pt: Width of the box in points.
        height_pt: Height of the box in points.

    Raises:
        RenderError: ``render.appearance.unknown``, ``render.appearance.value_missing``,
            ``render.appearance.too_long`` or ``render.pdf.unprintable``.
    """
    folder = signing_root() / "appearance"
    known = sorted(path.stem for path in folder.glob("*.html"))
    if name not in known:
        raise RenderError(
            "render.appearance.unknown", name=name, known=", ".join(known), meant=meant(name, known)
        )
    style = (folder / f"{name}.css").read_text(encoding="utf-8")
    with silence_required(name):
        for values in choices:
            html = _fill(folder, name, values)
            for size in TYPE_SIZES:
                document = layout_document(html, _css(style, width_pt, height_pt, size))
                if len(document.pages) == 1 and not find_overflow(document.pages[0]._page_box, 1):
                    return _with_own_fonts(document.write_pdf())
    raise RenderError(
        "render.appearance.too_long",
        name=name,
        width=round(width_pt * 25.4 / 72, 1),
        height=round(height_pt * 25.4 / 72, 1),
    )


def _fill(folder: Path, name: str, values: Mapping[str, Any]) -> str:
    from jinja2 import UndefinedError
    from markupsafe import Markup

    for value in values.values():
        character = unprintable(value) if isinstance(value, str) else ""
        if character:
            raise RenderError(
                "render.pdf.unprintable", character=character_name(character), clause=name
            )
    environment = page_environment(folder)
    environment.globals["qr_svg"] = lambda text: Markup(qr_svg(str(text)))  # noqa: S704
    try:
        body = environment.get_template(f"{name}.html").render(**values)
    except UndefinedError as error:
        raise RenderError(
            "render.appearance.value_missing", name=name, reason=str(error)
        ) from error
    return f'<!DOCTYPE html>\n<html lang="id"><meta charset="utf-8"><body>{body}</body></html>'


def _css(style: str, width_pt: float, height_pt: float, size: float) -> str:
    return (
        f"{font_face_css()}@page {{ size: {width_pt:.3f}pt {height_pt:.3f}pt; "
        f"margin: {_MARGIN}; }}\nhtml {{ font-size: {size}pt; }}\n{style}"
    )


def _with_own_fonts(content: bytes) -> bytes:
    """Return the page with the same font programs and names that agreements use."""
    import pikepdf

    with pikepdf.open(BytesIO(content)) as pdf:
        resources = pdf.pages[0].obj.Resources
        faces = FaceCollection()
        faces.add_part(resources.Font)
        resources.Font = faces.write(pdf)
        output = BytesIO()
        pdf.save(output, force_version="1.7", deterministic_id=True, compress_streams=True)
    return output.getvalue()
