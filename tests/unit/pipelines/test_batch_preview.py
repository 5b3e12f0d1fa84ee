"""The preview of a plan made of a workbook with broken rows; nothing personal in any of it."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from pks_kit.domain.kontrak import Kontrak
from pks_kit.inputs.workbook import write_workbook
from pks_kit.pipelines.batch import BatchPlanned, BatchPlanRequest, batch_plan
from pks_kit.pipelines.batch_preview import BatchPreviewRequest, batch_preview
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.niks import niks_of
from support.facilities import facilities

START = "jangka_waktu.tanggal_mulai"
KONTRAK = [one for _, one in facilities(4)]


def workbook(path: Path, change: Callable[[Any, list[str]], None] = lambda _s, _h: None) -> Path:
    content = write_workbook({one.faskes.kode: one for one in KONTRAK})
    book = load_workbook(io.BytesIO(content))
    sheet = book["Kontrak"]
    change(sheet, [str(cell.value) for cell in sheet[2]])
    book.save(path)
    return path


def planned(folder: Path, *sources: Path, **changes: Any) -> BatchPlanned:
    return batch_plan(
        BatchPlanRequest(sources=sources, folder=folder / "b", by="Sari", **{"sample": 0} | changes)
    )


def broken(sheet: Any, heads: list[str]) -> None:
    sheet.cell(3, heads.index("cara_kontrak") + 1).value = "lisan"
    sheet.cell(4, heads.index("jangka_waktu.tanggal_mulai") + 1).value = "kapan saja"


@pytest.mark.slow
def test_broken_rows_are_told_with_their_cells_and_numbers_add_up(tmp_path: Path) -> None:
    source = workbook(tmp_path / "faskes.xlsx", broken)
    found = planned(tmp_path, source)
    assert (found.rows, found.ready, found.exit_code) == (4, 2, 50)
    html = Path(found.preview).read_text(encoding="utf-8")
    assert "2 dari 4 perjanjian dapat disusun; 2 tertahan" in html
    sheet = load_workbook(found.workbook)["Perlu tindakan"]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert {(one[1], one[6]) for one in rows} >= {
        (1, cell_of(source, "cara_kontrak", 3)),
        (2, cell_of(source, START, 4)),
    }
    assert all(one[4] for one in rows)


def cell_of(source: Path, head: str, row: int) -> str:
    sheet = load_workbook(source)["Kontrak"]
    column = next(one for one in sheet[2] if one.value == head)
    heading = sheet.cell(1, column.column).value  # as it is told: in the words of the sheet
    return f"Kontrak!{column.column_letter}{row} ({heading})"


def test_nothing_ready_still_has_a_preview(tmp_path: Path) -> None:
    def spoil(sheet: Any, heads: list[str]) -> None:
        for row in range(3, 7):
            sheet.cell(row, heads.index("cara_kontrak") + 1).value = None

    found = planned(tmp_path, workbook(tmp_path / "faskes.xlsx", spoil), sample=3)
    assert (found.ready, found.sampled, found.sample_failed, found.exit_code) == (0, (), 0, 50)
    assert "tidak ada yang dapat disusun" in Path(found.preview).read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_file_that_is_no_workbook_is_told_without_its_folder(tmp_path: Path) -> None:
    rubbish = tmp_path / "rusak.xlsx"
    rubbish.write_bytes(b"PK bukan buku kerja")
    found = planned(tmp_path, workbook(tmp_path / "faskes.xlsx"), rubbish, language="en")
    assert (found.rows, found.ready, found.unread, found.exit_code) == (4, 4, 1, 50)
    html = Path(found.preview).read_text(encoding="utf-8")
    assert "Files with problems" in html
    assert "rusak.xlsx" in html


@pytest.mark.slow
def test_no_nik_stands_in_plan_or_preview(tmp_path: Path) -> None:
    source = workbook(tmp_path / "faskes.xlsx", broken)
    earlier = workbook(tmp_path / "lalu.xlsx")
    found = planned(tmp_path, source, earlier=(earlier,))
    niks = {nik for one in KONTRAK for nik in niks_of(one)}
    book = load_workbook(found.workbook)
    told = Path(found.preview).read_text(encoding="utf-8") + "".join(
        str(value) for sheet in book for row in sheet.iter_rows(values_only=True) for value in row
    )
    told += BatchFolder(tmp_path / "b").plan().content.decode()
    assert len(niks) > len(KONTRAK)
    assert not [nik for nik in niks if nik in told]


@pytest.mark.slow
def test_whoever_approves_makes_the_preview_again_from_the_plan(tmp_path: Path) -> None:
    found = planned(tmp_path, workbook(tmp_path / "faskes.xlsx", broken))
    page = Path(found.preview)
    right = page.read_text(encoding="utf-8")
    page.write_text(right.replace("tertahan", "baik"), encoding="utf-8")
    again = batch_preview(BatchPreviewRequest(folder=tmp_path / "b", sample=0))
    assert (again.plan, again.preview, again.exit_code) == (found.plan, found.preview, 0)
    assert page.read_text(encoding="utf-8") == right
    batch_preview(BatchPreviewRequest(folder=tmp_path / "b", sample=0, language="en"))
    assert "2 of 4 agreements can be drafted" in page.read_text(encoding="utf-8")
    BatchFolder(tmp_path / "b").data.write_bytes(b"lain")
    lost = batch_preview(BatchPreviewRequest(folder=tmp_path / "b", sample=2))
    assert (lost.sample_failed, lost.sampled, lost.exit_code) == (2, (), 50)


@pytest.mark.slow
def test_the_sample_is_drafted_as_the_batch_will(tmp_path: Path) -> None:
    found = planned(tmp_path, workbook(tmp_path / "faskes.xlsx"), sample=1)
    (pdf,) = map(Path, found.sampled)
    html = Path(found.preview).read_text(encoding="utf-8")
    pages = sorted(pdf.parent.glob("hal-*.jpg"))
    assert found.sample_failed == 0
    assert html.count("<img ") == len(pages) > 20
    assert pdf.relative_to(tmp_path / "b").as_posix() in html
    assert all(one.read_bytes()[:2] == b"\xff\xd8" for one in pages)
    names: list[Kontrak] = [one for one in KONTRAK if one.faskes.kode.lower() in pdf.name]
    assert len(names) == 1
