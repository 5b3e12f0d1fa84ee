"""Files that are no honest workbook are refused by name of the reason, fast and without harm."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from pks_kit.errors import InputError
from pks_kit.inputs.workbook import grid, package, parse_book, read_book
from support.processes import ending
from support.workbook_cells import LINKS, MAIN, PACKAGE, sample_sheets, xlsx, zipped

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    '<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&c;</t></is>'
    "</c></row></sheetData></worksheet>"
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'
)
SHEET = "xl/worksheets/sheet1.xml"


def code_of(content: bytes) -> str:
    with pytest.raises(InputError) as caught:
        parse_book(content, "uji.xlsx")
    assert not caught.value.text.id.startswith("[")
    return caught.value.code


def links(kind: str, target: str, mode: str = "External") -> bytes:
    return (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="a" '
        f'Type="{LINKS}/{kind}" Target="{target}" TargetMode="{mode}"/></Relationships>'
    ).encode()


CARGO: dict[str, tuple[dict[str, bytes], str]] = {
    "macro": ({"xl/vbaProject.bin": b"x"}, "workbook.macro"),
    "macro in capitals": ({"xl/VBAPROJECT.BIN": b"x"}, "workbook.macro"),
    "macro sheet of Excel 4": ({"xl/macrosheets/sheet1.xml": b"<x/>"}, "workbook.macro"),
    "macro content type": (
        {
            "[Content_Types].xml": (
                f'<Types xmlns="{PACKAGE}/content-types"><Override PartName="/xl/workbook.xml" '
                'ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
            ).encode()
        },
        "workbook.is.macro_kind",
    ),
    "embedded object": ({"xl/embeddings/oleObject1.bin": b"x"}, "workbook.embedded"),
    "control": ({"xl/activeX/activeX1.xml": b"<x/>"}, "workbook.embedded"),
    "other workbook": ({"xl/externalLinks/externalLink1.xml": b"<x/>"}, "workbook.external"),
    "data connection": ({"xl/connections.xml": b"<x/>"}, "workbook.external"),
    "link to a picture outside": (
        {"xl/drawings/_rels/drawing1.xml.rels": links("image", "https://x.example/a.png")},
        "workbook.external",
    ),
    "entity bomb": ({SHEET: BOMB.encode()}, "workbook.dtd"),
    "file of the machine": ({SHEET: OUTSIDE.encode()}, "workbook.dtd"),
    "entity bomb in another encoding": ({SHEET: BOMB.encode("utf-16")}, "workbook.dtd"),
    "no XML": ({SHEET: b"hello"}, "workbook.damaged"),
    "unknown encoding": (
        {SHEET: b'<?xml version="1.0" encoding="klingon"?><worksheet/>'},
        "workbook.damaged",
    ),
    "cell twice": (
        {
            SHEET: f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"><v>1</v></c>'
            '<c r="A1"><v>2</v></c></row></sheetData></worksheet>'.encode()
        },
        "workbook.damaged",
    ),
    "row of nowhere": (
        {
            SHEET: f'<worksheet xmlns="{MAIN}"><sheetData><row r="99999999"/>'
            "</sheetData></worksheet>".encode()
        },
        "workbook.damaged",
    ),
    "missing text": (
        {
            SHEET: f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="s"><v>7</v></c>'
            "</row></sheetData></worksheet>".encode()
        },
        "workbook.damaged",
    ),
    "deep nesting": ({SHEET: b"<a>" * 5000 + b"</a>" * 5000}, "workbook.too_large"),
    "too many parts": ({f"x/{n}": b"" for n in range(500)}, "workbook.too_large"),
    "zeros": ({"xl/media/a.png": b"\0" * 30_000_000}, "workbook.too_large"),
    "far column": (
        {
            SHEET: f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="ZZZ1"><v>1</v></c>'
            "</row></sheetData></worksheet>".encode()
        },
        "workbook.too_large",
    ),
}


@pytest.mark.parametrize("case", CARGO.values(), ids=list(CARGO))
def test_cargo_is_refused(case: tuple[dict[str, bytes], str]) -> None:
    extra, code = case
    with ending():
        assert code_of(xlsx(sample_sheets(), extra)) == code


def test_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    filled = xlsx(sample_sheets())
    assert parse_book(filled, "uji.xlsx").problems == ()
    monkeypatch.setattr(grid, "MAXIMUM_CELLS", 300)
    assert code_of(filled) == "workbook.too_large"


def test_too_many_elements_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MAXIMUM_ELEMENTS", 3000)
    rows = "<row/>" * 3000
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()
    assert code_of(xlsx(sample_sheets(), {SHEET: sheet})) == "workbook.too_large"


def test_a_typed_mail_address_is_no_danger() -> None:
    extra = {"xl/worksheets/_rels/sheet1.xml.rels": links("hyperlink", "mailto:a@b.example")}
    assert parse_book(xlsx(sample_sheets(), extra), "uji.xlsx").problems == ()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "workbook.is.empty"),
        (b"PK\x03\x04", "workbook.damaged"),
        (b"a,b,c\n", "workbook.is.text"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "workbook.old_or_locked"),
        (zipped({"a.txt": b"x"}), "workbook.is.zip"),
    ],
)
def test_other_files_are_refused(content: bytes, code: str) -> None:
    assert code_of(content) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a.xlsm", "workbook.is.macro_kind"),
        ("a.XLTM", "workbook.is.macro_kind"),
        ("a.xls", "workbook.is.xls"),
        ("a.xlsb", "workbook.is.xlsb"),
        ("a.ods", "workbook.is.ods"),
    ],
)
def test_other_names_are_refused_before_opening(tmp_path: Path, name: str, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(xlsx(sample_sheets()))
    with pytest.raises(InputError) as caught:
        read_book(path)
    assert caught.value.code == code


def test_a_part_with_a_password_is_refused() -> None:
    content = bytearray(xlsx(sample_sheets()))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        start = archive.start_dir
    content[start + 8] |= 1
    assert code_of(bytes(content)) == "workbook.old_or_locked"
