"""A Word file is marked as a draft on every page, has the face of the PDF, and names its boxes."""

from __future__ import annotations

import re
import subprocess
import uuid
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from fontTools.ttLib import TTFont

from pks_kit.naskah.tree import Bagian, BlokTandaTangan, Naskah, TempatTandaTangan
from pks_kit.render.docx import render_docx
from pks_kit.render.docx.working_copy import FONT, MARK
from pks_kit.resources import templates_root
from support.trees import rich_tree

BLANK = templates_root() / "pks_2024" / "naskah.docx"


def place(kode: str, **more: bool) -> TempatTandaTangan:
    return TempatTandaTangan(
        kode=kode, peran=kode, judul=kode, instansi="Instansi", nama="Nama", jabatan="", **more
    )


def with_places(cara_kontrak: str) -> Naskah:
    block = BlokTandaTangan(
        pembuka="",
        tempat=(
            place("pihak_kesatu", meterai=True, stempel=True),
            place("pihak_kedua", meterai=False, stempel=True),
        ),
    )
    ending = Bagian(
        jenis="penutup", subjek="p", alamat="penutup", label="", judul="", isi=(block,)
    )  # fmt: skip
    return replace(rich_tree(), cara_kontrak=cara_kontrak, bagian=(ending,))


def parts(naskah: Naskah) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(render_docx(naskah, BLANK))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def box_words(naskah: Naskah) -> list[str]:
    """Return the words that stand inside frames, in order."""
    document = parts(naskah)["word/document.xml"].decode()
    framed = re.findall(r"<w:tcBorders>.*?</w:tc>", document)
    return [" ".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)", one)) for one in framed]


def test_every_header_has_the_mark_and_every_section_a_header() -> None:
    found = parts(rich_tree())
    headers = [name for name in found if name.startswith("word/header")]
    assert headers
    for name in headers:
        assert found[name].decode().count(MARK) == 2  # a line, and across the page
    sections = re.findall(r"<w:sectPr.*?</w:sectPr>", found["word/document.xml"].decode())
    assert sections
    assert all("w:headerReference" in one for one in sections)


def test_the_face_of_the_pdf_lies_inside() -> None:
    found = parts(rich_tree())
    assert f'w:ascii="{FONT}"' in found["word/styles.xml"].decode()
    assert b"Times New Roman" not in found["word/styles.xml"]
    table = found["word/fontTable.xml"].decode()
    slots = re.findall(r'<w:embed(\w+) r:id="rId(\d)" w:fontKey="\{([^}]+)\}"', table)
    assert [slot for slot, _, _ in slots] == ["Regular", "Bold", "Italic", "BoldItalic"]
    for slot, number, key in slots:
        content = found[f"word/fonts/font{number}.odttf"]
        mask = uuid.UUID(key).bytes[::-1] * 2
        plain = bytes(one ^ other for one, other in zip(content, mask, strict=False))
        font = TTFont(BytesIO(plain + content[32:]))
        assert font["name"].getDebugName(1) == FONT
        assert font["OS/2"].fsType == 0  # may be installed and embedded
        assert bool(font["head"].macStyle & 1) == slot.startswith("Bold")


def test_boxes_say_what_they_are_for() -> None:
    stamped, plain = ["Meterai tempel", "Tanda tangan", "Stempel"], ["Tanda tangan", "Stempel"]
    electronic = ["Meterai elektronik", "Tanda tangan elektronik"]
    assert box_words(with_places("manual")) == stamped + plain
    assert box_words(with_places("digital")) == electronic + plain
    assert box_words(with_places("elektronik")) == [*electronic, "Tanda tangan elektronik"]


def test_nobody_initials_an_electronic_agreement() -> None:
    for method, count in (("elektronik", 0), ("digital", 2), ("manual", 2)):
        footer = parts(with_places(method))["word/footer1.xml"].decode()
        assert footer.count("Paraf Pihak") == count
        assert footer.count("<w:tcBorders>") == count


@pytest.mark.slow
def test_the_mark_is_seen_on_every_page(tmp_path: Path) -> None:
    path = tmp_path / "naskah.docx"
    path.write_bytes(render_docx(rich_tree(), BLANK))
    office = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        ["soffice", office, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, path],
        check=True,
        capture_output=True,
        timeout=180,
    )
    with pypdfium2.PdfDocument(tmp_path / "naskah.pdf") as document:
        assert len(document) > 1
        for page in document:
            assert MARK in page.get_textpage().get_text_range()
