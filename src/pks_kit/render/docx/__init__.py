"""Naskah -> DOCX: an editable Word file with real numbering, from the same tree as the PDF.

docxtpl fills header, footer and properties of ``naskah.docx``; the body is written by ``body`` and
put in the place of its mark; ``working_copy`` marks every page as a draft. The body does not pass
through docxtpl's own text handling, because that rewrites some character pairs (``{_{``, tabs) and
data must print exactly.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from textwrap import shorten
from typing import Any
from xml.sax.saxutils import escape

from pks_kit.errors import RenderError
from pks_kit.naskah.tree import Naskah
from pks_kit.render.docx.blank import pack
from pks_kit.render.docx.blank_parts import BODY_MARK
from pks_kit.render.docx.blank_styles import LAMPIRAN_LABEL
from pks_kit.render.docx.body import BodyWriter
from pks_kit.render.docx.working_copy import as_working_copy
from pks_kit.render.docx.xml import NAMESPACE

_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_W = f"{{{NAMESPACE}}}"


_DOCUMENT = "word/document.xml"

_LEVEL = 4
"""Of zlib, as for pages: a little larger than its best for half of the time."""

_LONGEST_PROPERTY = 255
"""Characters that a document property may have (ISO/IEC 29500-2)."""


def render_docx(naskah: Naskah, blank: Path, *, identity: str = "") -> bytes:
    """Return the agreement as DOCX.

    Args:
        naskah: The numbered tree.
        blank: The Word file with styles, header and footer (``naskah.docx`` of the version).
        identity: Agreement id and edition for the properties of the file; empty for nothing.

    Raises:
        RenderError: ``render.docx.blank`` when the blank file lacks what is needed,
            ``render.docx.text_changed`` when the written file does not hold the tree's words.
    """

    def working_copy(parts: dict[str, bytes]) -> dict[str, bytes]:
        return as_working_copy(parts, electronic=naskah.cara_kontrak == "elektronik")

    return filled_blank(naskah, blank, BodyWriter(naskah), working_copy, identity=identity)


def filled_blank(
    naskah: Naskah,
    blank: Path,
    writer: BodyWriter,
    finish: Callable[[dict[str, bytes]], dict[str, bytes]],
    *,
    identity: str = "",
) -> bytes:
    """Return the blank Word file with the walked tree in it.

    Args:
        naskah: The numbered tree.
        blank: The Word file with styles, header and footer.
        writer: What has walked the tree.
        finish: What is done to the finished parts of the file.
        identity: As :func:`render_docx`.

    Raises:
        RenderError: As :func:`render_docx`.
    """
    from docx.opc.oxml import serialize_part_xml
    from docxtpl import DocxTemplate
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    template = DocxTemplate(blank)
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    template.render(_context(naskah), environment)
    if identity:
        template.docx.core_properties.identifier = identity
    body = template.docx.element.body
    walked = _parse(writer.xml)
    words = "".join(map(_words, walked))
    mark = next((item for item in body if _words(item) == BODY_MARK), None)
    numbering = template.docx.part.numbering_part
    if mark is None or numbering is None:
        raise RenderError("render.docx.blank", file=str(blank))
    for item in _parse(writer.numbering.xml()):
        numbering.element.append(item)
    for label in numbering.element.iter(f"{_W}lvlText"):
        if label.get(f"{_W}val") == LAMPIRAN_LABEL:
            label.set(f"{_W}val", LAMPIRAN_LABEL.replace("Perjanjian", naskah.sebutan))
    # saved with its mark only: the file is packed below, and packing thousands of paragraphs twice
    # costs as much as writing them
    stream = io.BytesIO()
    template.docx.save(stream)
    parts = _parts_of(stream.getvalue())
    for item in body:
        body.remove(item)
    for item in walked:
        body.append(item)
    parts[_DOCUMENT] = serialize_part_xml(template.docx.element)
    result = pack(finish(parts), _LEVEL)
    _ensure_words(result, words)
    return result


def _context(naskah: Naskah) -> dict[str, object]:
    from markupsafe import Markup

    def exact(value: str) -> Markup:
        # docxtpl turns "{_{" into "{{" after filling; a character reference passes unchanged.
        return Markup(escape(value).replace("{", "&#123;").replace("}", "&#125;"))  # noqa: S704 escaped here

    return {
        "judul": shorten(naskah.judul, _LONGEST_PROPERTY, placeholder=" …"),
        "penyusun": "pks-kit",
        "nomor_kesatu": exact(naskah.nomor_kesatu),
        "nomor_kedua": exact(naskah.nomor_kedua),
    }


def _parse(xml: str) -> list[Any]:
    from docx.oxml import parse_xml

    root = parse_xml(f'<w:body xmlns:w="{NAMESPACE}" xmlns:r="{_RELATIONS}">{xml}</w:body>')
    return list(root)


def _parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _words(element: Any) -> str:
    return "".join(node.text or "" for node in element.iter(f"{_W}t"))


def _ensure_words(content: bytes, words: str) -> None:
    from docx.oxml import parse_xml

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        document = parse_xml(archive.read(_DOCUMENT))
    if _words(document) != words:
        raise RenderError("render.docx.text_changed")
