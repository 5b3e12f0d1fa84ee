"""What a run says at its end: the next command, with the folder in it."""

from __future__ import annotations

import json
import shlex
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from pks_kit.cli.batch_later import review_command_line
from pks_kit.cli.batch_shown import compiling, show_end, show_next, show_status
from pks_kit.cli.main import main
from pks_kit.cli.session import workplace
from pks_kit.json_form import to_json
from pks_kit.messages import Message, lookup
from pks_kit.pipelines.batch_run import BatchRan
from pks_kit.pipelines.batching.book import Book, BookRow
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.summary import status_of
from support.batch_plans import plan_of, planned
from support.branch import SETTINGS

FOLDER = Path("malam 2027")


def ran(state: Any, *, code: str = "", rehearsed: bool = False) -> BatchRan:
    rows = {1: BookRow(number=1, state=state)}
    nothing = Message("", "")
    return BatchRan(
        status=status_of(plan_of([planned(1)]), rows, (), None), seconds=1.0, cpu=1.0, tried=1,
        code=code, reason=nothing, advice=nothing, rehearsed=rehearsed, remade=0,
        signed_other_day=0, compiled=0,
        not_compiled=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("result", "until", "said", "unsaid"),
    [
        (
            ran("with_other"), "verified",
            ["--until sent --deadline", "batch report 'malam 2027'"], [],
        ),
        (ran("done"), "verified", ["batch report 'malam 2027'"], ["--until sent"]),
        (ran("done"), "drafted", ["batch report 'malam 2027'"], ["--until sent"]),
        (
            ran("with_other"), "sent",
            ["malam 2027/kirim", "malam 2027/hasil", "batch receive 'malam 2027'"],
            ["--until sent"],
        ),
        (ran("done", rehearsed=True), "verified", ["--rehearsal", "batch approve"], ["sent"]),
        (ran("waiting", code="batch.stopped"), "verified", [], ["Berikutnya", "sent"]),
    ],
)  # fmt: skip
def test_what_comes_next(
    result: BatchRan, until: str, said: list[str], unsaid: list[str],
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("PKS_KIT_LANG", "id")
    show_next(result, FOLDER, until)
    told = capsys.readouterr().out
    assert [one for one in said if one not in told] == []
    assert [one for one in unsaid if one in told] == []


def test_why_texts_were_not_compiled_is_told_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PKS_KIT_LANG", "en")
    show_end(replace(ran("done"), not_compiled=Message("Disk penuh.", "No room is left.")))
    assert capsys.readouterr().err.count("No room is left.") == 1
    show_end(ran("done"))
    assert not capsys.readouterr().err


def test_each_text_that_is_compiled_is_told_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PKS_KIT_LANG", "id")
    tell = compiling()
    for done in (0, 0, 1, 1, 2):
        tell(done, 2)
    assert capsys.readouterr().err.splitlines() == [
        f"Menata naskah: {done} dari 2" for done in (0, 1, 2)
    ]


def test_facilities_are_named_by_state_what_needs_somebody_first(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PKS_KIT_LANG", "id")
    monkeypatch.setenv("COLUMNS", "300")
    plan = plan_of([*(planned(one) for one in range(1, 9)), planned(9, cara_kontrak="manual")])
    came = lookup("batch.received.needs_person")
    rows = [BookRow(number=one, state="with_other", stage="sent") for one in (*range(1, 8), 9)]
    rows[0] = replace(rows[0], code="batch.received.needs_person", words=came)
    rows.append(BookRow(number=8, state="failed", code="x.y", words=Message("Rusak.", "Broken.")))
    found = status_of(plan, {one.number: one for one in rows}, (), None)
    show_status(found)
    told = capsys.readouterr().out
    assert told.splitlines()[:4] == [
        "gagal: 1 (Klinik Pratama Contoh 00008)",
        "kembali, perlu dilihat orang: 1 (Klinik Pratama Contoh 00001)",
        "belum kembali (kontrak manual: pena kedua pihak): 1 (Klinik Pratama Contoh 00009)",
        "belum kembali: 6 (Klinik Pratama Contoh 00002, Klinik Pratama Contoh 00003, "
        "Klinik Pratama Contoh 00004, "
        "Klinik Pratama Contoh 00005, Klinik Pratama Contoh 00006, dan 1 lagi)",
    ]
    assert told.index("Rusak.") < told.index("Berkas yang kembali perlu dilihat orang.")
    shown: Any = to_json(found)
    assert [one["state"] for one in shown["facilities"]] == [
        "failed", "with_other.needs_person", "with_other.manual", "with_other",
    ]  # fmt: skip
    assert shown["facilities"][3]["more"] == 1


def test_advice_names_the_folder_that_was_given(tmp_path: Path) -> None:
    folder = tmp_path / "malam 2027"
    place = BatchFolder(folder)
    place.save_plan(plan_of([planned(1)]))
    with closing(Book(place.book, place.plan().id, 1)) as book:
        words = lookup("batch.process_died")
        book.write([BookRow(number=1, state="failed", code="batch.process_died", words=words)])
    runner = CliRunner(env={"PKS_KIT_LANG": "id", "COLUMNS": "2000"})
    done = runner.invoke(main, ["batch", "status", str(folder)])
    assert f"pks-kit batch retry '{folder}' --oleh" in done.output
    runner.invoke(main, ["batch", "report", str(folder)])
    page = (folder / "laporan.html").read_text()
    assert f"pks-kit batch retry &#x27;{folder}&#x27; --oleh" in page


def test_the_command_for_a_person_who_looks_is_whole(tmp_path: Path) -> None:
    (tmp_path / "p d" / "hari 2").mkdir(parents=True)
    for name in ("satu.pdf", "dua.pdf", "hari 2/satu.pdf", "hari 2/tiga.pdf", "hari 2/empat.pdf"):
        (tmp_path / "p d" / name).touch()
    settings = tmp_path / "pengaturan.yml"
    settings.write_text(SETTINGS)
    named = [
        SimpleNamespace(file=one)
        for one in ("satu.pdf", "hari 2/tiga.pdf", "empat.pdf", "surat.pdf")
    ]
    came: Any = SimpleNamespace(sheets=named)
    (tmp_path / "surat.pdf").touch()
    scans = [tmp_path / "p d", tmp_path / "surat.pdf"]
    told = shlex.split(review_command_line(came, scans, workplace(settings)))
    files = [
        str(tmp_path / one)
        for one in ("p d/hari 2/empat.pdf", "p d/hari 2/tiga.pdf", "p d/satu.pdf", "surat.pdf")
    ]
    assert told == [
        "pks-kit", "paper", "review", *files, "--ledger", str(tmp_path / "buku.sqlite"),
        "--sessions", str(tmp_path / "sesi"), "--oleh", "NAMA",
    ]  # fmt: skip


def test_the_command_names_scans_of_earlier_deliveries_too(tmp_path: Path) -> None:
    settings, new = tmp_path / "pengaturan.yml", tmp_path / "satu.pdf"
    settings.write_text(SETTINGS)
    new.touch()
    place = BatchFolder(tmp_path / "b")
    place.scans.mkdir(parents=True)
    told = [{"berkas": f"{one * 64}.pdf", "nama": "satu.pdf" if one == "a" else "dua.pdf",
             "sha256": one * 64, "lembar": [1]} for one in "ab"]  # fmt: skip
    for one in told:
        (place.scans / str(one["berkas"])).touch()
    (place.scans / "ID.json").write_text(json.dumps({"": told}))
    sheets = [SimpleNamespace(file=one) for one in ("aaaaaaaa-satu.pdf", "dua.pdf", "satu.pdf")]
    came: Any = SimpleNamespace(sheets=sheets, agreement_id="ID")
    words = shlex.split(review_command_line(came, [new], workplace(settings), place.path))
    files = [place.scans / f"{'a' * 64}.pdf", place.scans / f"{'b' * 64}.pdf", new]
    assert words[3:6] == [str(one) for one in files]
