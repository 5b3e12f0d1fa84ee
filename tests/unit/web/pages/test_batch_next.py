"""After a run the page says what is next, and offers to go on only where something can go on."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pks_kit.messages import lookup
from pks_kit.web.pages.batch_downloads import Part, _in_a_name, _parts, _Row, zipped
from pks_kit.web.pages.batch_next import reasons_to_go_on, still_there, what_next, whose_turn
from pks_kit.web.pages.batch_standing import Counted, told_states

PLAN = {"rows": 31, "ready": 30}
DECEMBER = {"done": 8, "with_other": 22, "refused": 1}


def now(to_print: int = 0, unwritten: int = 0, drafted: int = 0, **states: int) -> Counted:
    return Counted(states=states, drafted=drafted, to_print=to_print, unwritten=unwritten)


@pytest.mark.parametrize(
    ("counted", "out", "returned", "is_reported", "acts"),
    [
        (now(to_print=18, unwritten=22, **DECEMBER), 0, None, False,
         ("print", "all", "returned", "report")),
        (now(to_print=18, **DECEMBER), 0, {"returned": {}}, True, ("returned", "print", "all")),
        (now(done=29, failed=1, refused=1), 0, None, False, ("mend", "all", "report")),
        (now(done=10, waiting=20, refused=1), 0, None, False, ("go_on", "all", "report")),
        (now(done=10, parked=20, refused=1), 0, None, True, ("go_on", "all")),
        (now(done=10, interrupted=20, refused=1), 0, None, True, ("go_on", "all")),
        (now(done=30, drafted=30, refused=1), 0, None, False, ("go_on", "all", "report")),
        # what the approval leaves out is nothing to go on with
        (now(done=29, cancelled=1, refused=1), 1, None, True, ("all",)),
        (now(done=29, waiting=1, refused=1), 1, None, True, ("all",)),
        (now(done=30, drafted=1, refused=1), 1, None, True, ("all",)),
        (now(waiting=0, cancelled=30, refused=1), 0, None, False, ()),
    ],
)  # fmt: skip
def test_what_is_next(
    counted: Counted, out: int, returned: Any, is_reported: bool, acts: tuple[str, ...]
) -> None:
    found = what_next(counted, PLAN, out, returned, is_approved=True, is_reported=is_reported)
    assert found.acts == acts


def test_what_was_only_drafted_waits_for_the_approval_first() -> None:
    drafts = now(done=30, drafted=30, refused=1)
    found = what_next(drafts, PLAN, 0, None, is_approved=False, is_reported=False)
    assert found.acts == ("approve", "all", "report")
    done = what_next(now(**DECEMBER), PLAN, 0, None, is_approved=False, is_reported=True)
    assert "approve" not in done.acts  # approved elsewhere, perhaps, and nothing is left to do


def test_what_came_back_incomplete_is_next() -> None:
    """It said to send agreements and wait, whatever had come back."""
    details = {
        "done": 8,
        "with_other": 20,
        "with_other.incomplete": 1,
        "with_other.needs_person": 1,
    }
    back = Counted(states=DECEMBER, drafted=0, details=details, to_print=10)
    found = what_next(back, PLAN, 0, {"returned": {}}, is_approved=True, is_reported=True)
    assert found.acts == ("incomplete", "print", "all", "returned")
    settled = Counted(states=DECEMBER, drafted=0, details={"done": 8, "with_other": 22})
    found = what_next(settled, PLAN, 0, {"returned": {}}, is_approved=True, is_reported=True)
    assert "incomplete" not in found.acts


@pytest.mark.parametrize(
    ("planner", "approved", "rejected", "expected"),
    [
        ("own", False, False, "other"),
        ("alike", False, False, "other"),
        ("another", False, False, "yours"),
        ("another", True, False, "start_planner"),
        ("own", True, False, "start_yours"),
        ("own", False, True, "rejected"),
    ],
)
def test_whose_turn_it_is(planner: Any, approved: bool, rejected: bool, expected: str) -> None:
    """After the approval nobody was told who starts the run."""
    turn = whose_turn(
        planner, is_approved=approved, is_rejected=rejected, may_approve=True, may_run=True
    )
    assert turn == expected
    assert lookup(f"desk.batch.turn.{turn}").id


def test_who_may_not_run_waits_for_the_planner() -> None:
    asked = {"is_rejected": False, "may_approve": False, "may_run": False}
    assert whose_turn("own", is_approved=True, **asked) == "start_planner"
    assert whose_turn("another", is_approved=False, **asked) == "somebody"


def test_there_is_a_reason_to_go_on_or_no_button() -> None:
    assert reasons_to_go_on(now(**DECEMBER), 0) == {}
    assert reasons_to_go_on(now(unwritten=3, **DECEMBER), 0) == {"letters": 3}
    assert reasons_to_go_on(now(waiting=4, done=2, drafted=2, parked=1), 5) == {
        "parked": 1, "drafted": 1,
    }  # fmt: skip


def test_the_states_of_a_page_add_up_in_one_word_each() -> None:
    told = told_states(now(drafted=3, **DECEMBER), PLAN)
    assert sum(count for _, count in told) == 31
    words = [state.id for state, _ in told]
    assert words == [
        "selesai", "terbit, belum ditandatangani", "menunggu tanda tangan",
        "tertahan sejak rencana",
    ]  # fmt: skip
    assert len(set(words)) == len(words)
    kinds = {"done": 8, "with_other.manual": 12, "with_other": 10, "refused.plan": 1}
    detailed = told_states(Counted(states=DECEMBER, drafted=0, details=kinds), PLAN)
    assert [(state.id, count) for state, count in detailed] == [
        ("selesai", 8), ("belum kembali", 10),
        ("belum kembali (kontrak manual: pena kedua pihak)", 12), ("tertahan sejak rencana", 1),
    ]  # fmt: skip


def test_a_zip_is_written_file_by_file() -> None:
    parts = [
        Part(name=f"{number:03} Klinik Ñ.pdf", size=5, file_id=str(number), path=None)
        for number in (1, 2, 3)
    ]
    asked: list[str] = []

    def content(part: Part) -> bytes:
        asked.append(part.file_id)
        return part.file_id.encode() * 5

    stream = zipped(parts, content, (2026, 12, 1, 8, 0, 0))
    sent = next(stream)
    assert asked == ["1"], "the others are not in memory yet"
    sent += b"".join(stream)
    with zipfile.ZipFile(io.BytesIO(sent)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [one.name for one in parts]
        assert archive.read(parts[2].name) == b"33333"


def test_a_name_is_no_path() -> None:
    assert _in_a_name("../../etc/passwd") == "etc passwd"
    assert _in_a_name('Klinik "A/B": satu?\n') == "Klinik A B satu"
    assert _in_a_name("...") == "-"
    assert Path(_in_a_name("a" * 300)).name == "a" * 80


def test_scans_that_came_back_lie_in_the_zip_under_their_facility(tmp_path: Path) -> None:
    """The archive of what was signed with a pen held the file without any of it."""
    alone, more, heap = (tmp_path / name for name in ("a.pdf", "b.jpg", "c.pdf"))
    for path in (alone, more, heap):
        path.write_bytes(path.name.encode())

    def row(number: int, method: str, *scans: Path) -> Any:
        told = {"id": "x", "nama": f"Klinik {number}", "cara_kontrak": method, "cetak": False}
        file: Any = SimpleNamespace(id=f"f{number}", ukuran=7)
        return _Row(
            number=f"{number:03d}", told=told, file=file, letter=None, before=(), scans=scans
        )

    rows = [row(1, "manual", alone, more), row(2, "digital", heap), row(3, "manual", heap),
            row(4, "elektronik")]  # fmt: skip
    path_of = SimpleNamespace(path=lambda _id: None)
    visit: Any = SimpleNamespace(language="id", portal=SimpleNamespace(blobs=path_of))
    parts = _parts(visit, rows, "semua")
    assert [one.name for one in parts if not one.file_id] == [
        "pindaian yang kembali/001 Klinik 1 - kontrak manual - pindaian yang kembali.pdf",
        "pindaian yang kembali/001 Klinik 1 - kontrak manual - pindaian yang kembali 2.jpg",
        "pindaian yang kembali/002 003 - pindaian yang kembali.pdf",
    ]
    assert sum(one.size for one in parts) == 4 * 7 + 15
    assert _parts(visit, rows, "cetak") == [
        one for one in _parts(visit, rows, "cetak") if one.file_id
    ], "nothing that came back is printed"


@pytest.mark.parametrize(
    ("busy", "found"),
    [
        ("terima_batch", {"cetak": 3, "semua": 6}),
        ("susulan_batch", {"cetak": 3, "semua": 6}),
        ("putusan_batch", {"cetak": 3, "semua": 6}),
        ("laporan_batch", {"cetak": 3, "semua": 6}),
        ("surat_batch", {}),
        ("jalan_batch", {}),
        ("", {}),
    ],
)
def test_prints_and_results_stay_while_scans_are_read(busy: str, found: dict[str, int]) -> None:
    """Whoever prints had to wait for a delivery of 200 sheets."""
    now = Counted(states={"done": 2, "with_other": 4, "failed": 1}, drafted=0, to_print=3)
    assert still_there(busy, now) == found
    assert still_there(busy, None) == {}
