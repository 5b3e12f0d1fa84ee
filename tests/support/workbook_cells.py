"""Small workbooks for tests, written by hand so that any cell can be anything."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from functools import cache
from xml.sax.saxutils import escape, quoteattr

from pks_kit.domain.kontrak import Kontrak
from pks_kit.inputs.workbook import write_workbook
from pks_kit.inputs.workbook.cells import Grid, column_letters, column_number
from pks_kit.inputs.workbook.grid import read_grids
from pks_kit.inputs.workbook.package import parse_package
from support.sample import sample

KEY = "9917U029"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


@dataclass(frozen=True)
class Formula:
    text: str


@dataclass(frozen=True)
class Dated:
    """A number with a date format."""

    serial: float | str


@dataclass(frozen=True)
class Failed:
    text: str


Value = str | int | float | bool | Formula | Dated | Failed | None
Sheets = dict[str, list[list[Value]]]


def sheets_of(kontrak: Kontrak, sessions: int = 6) -> Sheets:
    """Return the sheets of a real workbook as lists of rows, with few practice sessions."""
    grids = read_grids(parse_package(write_workbook({KEY: kontrak}), "uji.xlsx"))
    found = {grid.name: _rows(grid) for grid in grids}
    found["Praktik"] = found["Praktik"][: 2 + sessions]
    del found["Petunjuk"], found["Pilihan"]
    return found


@cache
def _sample_sheets() -> Sheets:
    return sheets_of(sample())


def sample_sheets() -> Sheets:
    """Return the sheets of the sample, free to be changed."""
    return {name: [list(row) for row in rows] for name, rows in _sample_sheets().items()}


def _rows(grid: Grid) -> list[list[Value]]:
    rows: list[list[Value]] = []
    for number in range(1, max(grid.rows, default=0) + 1):
        cells = grid.rows.get(number, {})
        width = max(cells, default=0)
        rows.append([cells[at].text if at in cells else None for at in range(1, width + 1)])
    return rows


def put(sheets: Sheets, place: str, value: Value) -> Sheets:
    """Set a cell such as ``Tenaga!D7`` and return the sheets."""
    name, _, reference = place.partition("!")
    letters = reference.rstrip("0123456789")
    row, column = int(reference[len(letters) :]) - 1, column_number(letters) - 1
    rows = sheets[name]
    rows += [[] for _ in range(row + 1 - len(rows))]
    rows[row] += [None] * (column + 1 - len(rows[row]))
    rows[row][column] = value
    return sheets


def column_of(sheets: Sheets, sheet: str, key: str) -> str:
    """Return the letters of the column with a machine key."""
    return column_letters(sheets[sheet][1].index(key) + 1)


def xlsx(sheets: Sheets, extra: dict[str, bytes] | None = None, *, date1904: bool = False) -> bytes:
    """Return an XLSX of these sheets; ``extra`` adds or replaces parts."""
    names = list(sheets)
    parts: dict[str, bytes] = {
        "[Content_Types].xml": (
            f'<Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/></Types>'
        ).encode(),
        "_rels/.rels": _links([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><workbookPr date1904="{int(date1904)}"/>'
            "<sheets>"
            + "".join(
                f'<sheet name={quoteattr(name)} sheetId="{at}" r:id="rId{at}"/>'
                for at, name in enumerate(names, start=1)
            )
            + "</sheets></workbook>"
        ).encode(errors="surrogatepass"),
        "xl/_rels/workbook.xml.rels": _links(
            [("worksheet", f"worksheets/sheet{at}.xml") for at in range(1, len(names) + 1)]
            + [("styles", "styles.xml")]
        ),
        "xl/styles.xml": (
            f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/>'
            '</numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>'
        ).encode(),
    }
    for at, name in enumerate(names, start=1):
        parts[f"xl/worksheets/sheet{at}.xml"] = _sheet(sheets[name])
    return zipped(parts | (extra or {}))


def zipped(parts: dict[str, bytes]) -> bytes:
    """Return a ZIP of these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _links(targets: list[tuple[str, str]]) -> bytes:
    rows = "".join(
        f'<Relationship Id="rId{at}" Type="{LINKS}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{rows}</Relationships>'.encode()


def _sheet(rows: list[list[Value]]) -> bytes:
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(
            _cell(f"{column_letters(at)}{number}", value) for at, value in enumerate(row, start=1)
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    data = "".join(lines)
    text = f'<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData></worksheet>'
    return text.encode(errors="surrogatepass")


def _cell(place: str, value: Value) -> str:
    if value is None:
        return f'<c r="{place}"/>'
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, Formula):
        return f'<c r="{place}"><f>{escape(value.text)}</f><v>1</v></c>'
    if isinstance(value, Dated):
        return f'<c r="{place}" s="1"><v>{value.serial}</v></c>'
    if isinstance(value, Failed):
        return f'<c r="{place}" t="e"><v>{escape(value.text)}</v></c>'
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{place}"><v>{value!r}</v></c>'
