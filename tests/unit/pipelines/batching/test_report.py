"""The report: numbers that add up, exceptions first, both outputs alike, every value escaped."""

from __future__ import annotations

import io
import itertools
import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any, get_args

import pytest
from openpyxl import load_workbook

from pks_kit.messages import Message, lookup
from pks_kit.pipelines.batching.awaited import Awaited
from pks_kit.pipelines.batching.book import BookRow, Run
from pks_kit.pipelines.batching.next_step import ROADS_DIFFER
from pks_kit.pipelines.batching.outcome import Reached, RowState
from pks_kit.pipelines.batching.report import BatchReport
from pks_kit.pipelines.batching.summary import (
    BatchStatus,
    Rejection,
    WordsAboutPlan,
    status_of,
)
from pks_kit.pipelines.batching.workshop import Stage
from support.batch_plans import plan_of, planned, said, unreadable

NOW = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)
START = NOW.timestamp() - 7_200
REFUSED = Message("Ditolak penyedia.", "Refused by the service.", "Hubungi.", "Call them.")


def status(rows: Sequence[BookRow], extra: Sequence[Any] = (), **changes: Any) -> BatchStatus:
    plan = plan_of([*(planned(one.number) for one in rows), *extra])
    return status_of(
        plan, {one.number: one for one in rows}, changes.get("runs", ()), changes.get("said"),
        changes.get("alive", ()),
    )  # fmt: skip


def said_by(*names: str, rejected: str = "") -> WordsAboutPlan:
    no = Rejection(by=rejected, reason="rekening klinik 3", at=NOW) if rejected else None
    return WordsAboutPlan(approved_by=names, rejected=no)


def book(number: int, state: Any, **changes: Any) -> BookRow:
    return BookRow(number=number, state=state, tries=1, changed=START + number * 60, **changes)


EVERY = status(
    [
        book(1, "done", stage="verified", verdict="passed", file="satu.pdf"),
        book(2, "with_other", stage="signed", file="dua.pdf"),
        book(3, "failed", code="uji.gagal", words=REFUSED),
        book(4, "parked", code="uji.tunda", words=REFUSED, service="peruri"),
        book(5, "cancelled"),
        book(6, "done", stage="verified", verdict="indeterminate"),
        book(7, "done", stage="drafted", note=ROADS_DIFFER),
        book(8, "refused", code="uji.gagal", words=REFUSED),
        BookRow(number=9),
        book(10, "working"),
    ],
    [unreadable(11), planned(12, said("blocking", "uji.tahan"), cara_kontrak="manual")],
    runs=(
        Run(number=1, host="vm", process=1, started=START, beat=START + 60, ended=None,
            until="signed"),
        Run(number=2, host="vm", process=2, started=START + 100, beat=START + 3_800,
            ended=START + 3_800, until="verified"),
        Run(number=3, host="vm", process=3, started=START + 7_000, beat=START + 7_199, ended=None,
            until="verified"),
    ),
    said=WordsAboutPlan(approved_by=("Budi Contoh",), rejected=None),
    alive={3},
)  # fmt: skip


def report(found: BatchStatus, language: str = "id", **changes: Any) -> BatchReport:
    rehearsed = changes.get("rehearsed", False)
    return BatchReport(found, language, NOW, rehearsed=rehearsed, name="Desember 2027", folder="r")


def words(found: BatchStatus, language: str = "id", **changes: Any) -> str:
    html = report(found, language, **changes).html().decode()
    text = re.sub(r"<(style|title|desc)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def sheets(found: BatchStatus, language: str = "id") -> Any:
    return load_workbook(io.BytesIO(report(found, language).book()))


def test_paper_that_lacks_something_needs_attention_and_the_batch_is_named() -> None:
    came = [
        book(number, "with_other", stage="sent", code=f"batch.received.{code}",
             words=lookup(f"batch.received.{code}"), verdict="failed")
        for number, code in ((1, "incomplete"), (2, "needs_person"))
    ]  # fmt: skip
    found = status([*came, book(3, "with_other", stage="sent")], [])
    told = words(found)
    assert "Laporan pengerjaan perjanjian: Desember 2027" in told
    assert "Perlu tindakan (2)" in told
    assert "Berkas yang kembali belum lengkap." in told
    assert "Berkas yang kembali perlu dilihat orang." in told
    assert "siap dikirim" in told  # of the third, of which nothing came back
    assert told.count("kembali, belum lengkap") == 4  # chart, table, exception, row
    assert "2 sudah kembali tetapi belum lengkap" in told
    assert "Belum kembali (1)" in told
    assert "0 dari 3 perjanjian selesai; 2 sudah kembali" in told
    assert "dilihat orang; 1 belum kembali, 0 dikeluarkan" in told  # the numbers add up
    rows = list(sheets(found)["Perlu tindakan"].iter_rows(min_row=2, values_only=True))
    assert [one[8] for one in rows] == ["batch.received.incomplete", "batch.received.needs_person"]
    assert ("Batch", "Desember 2027") in [
        (a, b) for a, b in sheets(found)["Jumlah"].iter_rows(values_only=True)
    ]


def test_numbers_of_page_and_workbook_are_those_of_the_status() -> None:
    totals = [(a, b) for a, b in sheets(EVERY)["Jumlah"].iter_rows(values_only=True)]
    names = [one[0] for one in totals]
    start = names.index("Menurut keadaan") + 1
    states = totals[start : names.index("Semua")]
    details = Counter(one.detail for one in EVERY.rows)
    assert {a: b for a, b in states if b} == {
        lookup(f"batch.state.{one}").id: count for one, count in details.items()
    }
    assert (details["done.drafted"], details["refused.plan"]) == (1, 2)
    assert sum(b for _, b in states) == 12
    assert totals[start + len(states)] == ("Semua", 12)
    kinds = totals[names.index("Menurut jenis faskes dan cara kontrak") + 1 : -1]
    assert sum(b for a, b in kinds if a.endswith(": semua")) == 12
    assert sum(b for a, b in kinds if not a.endswith(": semua")) == 12
    html = report(EVERY).html().decode()
    cells = re.findall(r'<tr class="sum">.*?</tr>', html)
    assert all(one.endswith('<td class="n">12</td></tr>') for one in cells)
    assert len(cells) == 2


@pytest.mark.parametrize(
    ("states", "is_at_work", "grave"),
    [
        (["working"], True, "look"),
        (["working", "failed"], True, "stop"),
        (["done"], False, "stop"),
    ],
)
def test_what_the_plan_held_back_is_no_error_of_a_run_at_work(
    states: list[str], is_at_work: bool, grave: str
) -> None:
    ends = None if is_at_work else START + 60
    run = Run(number=1, host="vm", process=1, started=START, beat=START, ended=ends,
              until="verified")  # fmt: skip
    rows = [book(number, one) for number, one in enumerate(states, start=1)]
    found = status(rows, [unreadable(9)], runs=(run,), alive={1} if is_at_work else ())
    assert report(found)._headline()[1] == grave


def test_the_headline_adds_up() -> None:
    head, grave = report(EVERY)._headline()
    numbers = [int(one) for one in re.findall(r"\d+", head.id)]
    assert grave == "stop"
    done, rows, *others = numbers
    assert rows == 12 == done + sum(others)


@pytest.mark.parametrize(
    ("states", "code", "grave"),
    [
        (["done", "cancelled"], "done", "ok"),
        (["done", "with_other"], "with_other", "look"),
        (["done", "waiting"], "stopped", "look"),
        (["working", "with_other"], "stopped", "look"),
        (["parked", "with_other"], "stopped", "look"),
        (["working", "refused"], "wrong", "stop"),
    ],
)
def test_the_headline_tells_the_gravest(states: list[str], code: str, grave: str) -> None:
    found = status([book(place, one) for place, one in enumerate(states, start=1)])
    head, seen = report(found)._headline()
    assert seen == grave
    assert head.id.partition("{")[0][:20] in words(found)
    assert head.hint_id == lookup(f"batch_report.headline.{code}").hint_id


def test_what_was_being_done_when_a_run_was_cut_off_is_not_called_at_work() -> None:
    cut_off = Run(number=1, host="vm", process=1, started=START, beat=START, ended=None,
                  until="sent")  # fmt: skip
    rows = [book(1, "working"), book(2, "done", stage="sent")]
    found, alive = status(rows, runs=(cut_off,)), status(rows, runs=(cut_off,), alive={1})
    assert found.states == {"done": 1, "interrupted": 1}
    assert alive.states == {"done": 1, "working": 1}
    assert not found.at_work
    assert alive.at_work
    told = words(found)
    assert "terhenti" in told
    assert "Jalankan perintah yang sama" in told
    assert "dikerjakan 1" not in told
    assert "Sedang dikerjakan." in words(alive)
    assert "terputus" in told


def test_nobody_is_told_to_send_what_was_rehearsed() -> None:
    assert "Kirimkan kepada faskes" in words(EVERY)
    told = words(EVERY, rehearsed=True)
    assert "Kirimkan kepada faskes" not in told
    assert "jangan dikirim" in told


@pytest.mark.parametrize("language", ["id", "en"])
def test_there_are_words_for_everything_that_may_be_told(language: str) -> None:
    stages, verdicts = get_args(Reached), ("passed", "failed", "indeterminate")
    rows = [
        book(number, state, stage=stage, verdict=verdicts[number % 3])
        for number, (state, stage) in enumerate(itertools.product(get_args(RowState), stages), 1)
    ]
    runs = tuple(
        Run(number=number, host="vm", process=1, started=START, beat=START, ended=None, until=one)
        for number, one in enumerate(get_args(Stage), 1)
    )
    found = status(rows, runs=runs)
    assert "[batch" not in words(found, language)
    assert not any(
        "[batch" in str(cell.value) for sheet in sheets(found, language) for row in sheet
        for cell in row
    )  # fmt: skip


def test_exceptions_stand_first_and_the_gravest_before_the_others() -> None:
    html = report(EVERY).html().decode()
    assert html.index('id="tindakan"') < html.index('id="jumlah"') < html.index('id="menunggu"')
    listed = re.findall(r"<h3>(.*?) <span class=\"mark\">(.*?)</span>", html)
    assert [state for _, state in listed] == [
        "gagal", "tertahan sejak rencana", "ditolak", "tertahan sejak rencana", "ditunda",
        "dikeluarkan", "selesai", "terbit, belum ditandatangani",
    ]  # fmt: skip
    told = words(EVERY)
    assert "Ditolak penyedia. (layanan peruri) Hubungi." in told
    assert lookup("batch_report.cancelled").hint_id in told
    assert lookup("batch_report.pages_differ").id in told
    assert "{" not in told


def test_the_workbook_says_the_same_exceptions() -> None:
    rows = list(sheets(EVERY, "en")["Needs attention"].iter_rows(min_row=2, values_only=True))
    assert [one[1] for one in rows] == [3, 11, 8, 12, 4, 5, 6, 7]
    assert rows[0][4:6] == ("Refused by the service.", "Call them.")
    assert rows[1][-1] is None  # the plan refused it; nobody began
    assert isinstance(rows[0][-1], datetime)
    assert all(one[4] for one in rows)


def test_all_agreements_stand_by_name_with_moments() -> None:
    sheet = sheets(EVERY)["Semua perjanjian"]
    names = [one[0].value or "" for one in sheet["B2:B13"]]
    assert names == sorted(names)
    assert sheet.max_row == 13
    assert sheet["I3"].is_date
    assert str(sheet["I3"].value) == "2026-11-30 07:01:00"  # WIB


def test_runs_say_whether_they_ended() -> None:
    told = words(EVERY)
    assert re.search(r"0 j 1 m 0 d ditandatangani di sini", told)
    runs = list(sheets(EVERY)["Jalannya pekerjaan"].iter_rows(min_row=2, values_only=True))
    assert [one[2] for one in runs] == ["terputus", "berakhir", "sedang berjalan"]
    assert runs[1][3] == pytest.approx(3_700 / 60)
    assert "belum pernah dijalankan" in words(status([BookRow(number=1)]))


def test_approval_and_rehearsal_are_told() -> None:
    assert "Disetujui oleh Budi Contoh." in words(EVERY)
    assert "Belum disetujui." in words(status([BookRow(number=1)], said=said_by()))
    no = status([BookRow(number=1)], said=said_by(rejected="Citra Contoh"))
    assert "Ditolak oleh Citra Contoh pada" in words(no)
    assert "rekening klinik 3" in words(no)
    assert "Ditolak oleh Citra Contoh" in str([*sheets(no)["Jumlah"].values])
    assert "isetujui" not in words(status([BookRow(number=1)]))
    assert "UJI COBA" in words(EVERY, rehearsed=True)
    assert "UJI COBA" not in words(EVERY)


def test_progress_counts_what_ended_and_the_table_says_the_same() -> None:
    html = report(EVERY).html().decode()
    assert html.count('<svg viewBox="0 0 360') == 3
    assert all(one in html for one in ("grafik-kemajuan-t", "grafik-kemajuan-d"))
    table = html[html.index("Sampai dengan (WIB)") :]
    numbers = [int(one) for one in re.findall(r'<td class="n">(\d+)</td>', table)]
    ended = 6  # failed and refused too, but not parked, cancelled, working, waiting or planned away
    assert numbers[: numbers.index(ended) + 1][-1] == ended
    assert numbers[: numbers.index(ended)] == sorted(numbers[: numbers.index(ended)])
    assert "grafik-kemajuan" not in report(status([BookRow(number=1)])).html().decode()


def test_nothing_ready_is_a_report_too() -> None:
    told = words(status([], [unreadable(1), unreadable(2)]), "en")
    assert "0 of 2 agreements are done; 2 were refused, failed or held back" in told
    assert sheets(status([], [unreadable(1)]))["Semua perjanjian"].max_row == 2


def test_values_are_escaped_and_nothing_comes_from_outside() -> None:
    evil = "</td><script>alert(1)</script>\u202e=1"
    rows = [planned(1, name=evil, key=evil, jenis=evil, cara_kontrak=evil, place=evil)]
    one = BookRow(number=1, state="failed", words=Message(evil, evil, evil, evil), service=evil,
                  changed=START, file=evil)  # fmt: skip
    found = status_of(plan_of(rows), {1: one}, (), said_by(evil))
    html = report(found).html().decode()
    assert "<script" not in html
    assert "\u202e" not in html
    assert "http" not in html.replace("http-equiv", "")
    assert all(cell.data_type != "f" for sheet in sheets(found) for row in sheet for cell in row)


def test_headings_links_and_names_are_in_order() -> None:
    html = report(EVERY).html().decode()
    levels = [int(one) for one in re.findall(r"<h([1-6])", html)]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    names = re.findall(r' id="([^"]+)"', html)
    assert len(names) == len(set(names))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(names)
    assert set(" ".join(re.findall(r'aria-labelledby="([^"]+)"', html)).split()) <= set(names)
    assert all("scope=" in one for one in re.findall(r"<th[ >][^>]*>?", html))


@pytest.mark.slow
def test_thousands_of_agreements_make_a_small_page_and_a_whole_workbook() -> None:
    states = ("done", "failed", "with_other")
    found = status([book(one, states[one % 3], words=REFUSED) for one in range(1, 2_101)])
    html = report(found).html()
    assert len(html) < 1_500_000
    assert html.count(b'<li class="stop">') == 500
    assert "Masih ada 200 lagi" in html.decode()
    assert sheets(found)["Semua perjanjian"].max_row == 2_101
    assert NOW - timedelta(hours=2) == datetime.fromtimestamp(START, UTC)


def test_a_kontrak_manual_waits_for_both_pens() -> None:
    """It was told as if this side had done all that it can."""
    plan = plan_of([planned(1, cara_kontrak="manual"), planned(2)])
    rows = {one: book(one, "with_other", stage="signed") for one in (1, 2)}
    found = status_of(plan, rows, (), None)
    told = words(found)
    assert "1 di antaranya kontrak manual yang belum ditandatangani dengan pena" in told
    assert "belum kembali (kontrak manual: pena kedua pihak)" in told
    assert "pihak ini sudah dikerjakan semuanya" not in told
    assert "Surat pengantar untuk 2 di antaranya belum dibuat: pks-kit batch run" in told
    sent = {one: book(one, "with_other", stage="sent") for one in (1, 2)}
    assert "belum dibuat" not in words(status_of(plan, sent, (), None))
    totals = [(a, b) for a, b in sheets(found)["Jumlah"].iter_rows(values_only=True)]
    assert ("belum kembali (kontrak manual: pena kedua pihak)", 1) in totals
    assert ("belum kembali", 1) in totals


def test_drafts_alone_are_told_as_drafts_and_not_as_done() -> None:
    told = words(status([book(1, "done", stage="drafted"), book(2, "cancelled")], []))
    assert "1 dari 2 perjanjian tersusun sebagai draf; belum ada yang ditandatangani" in told
    mixed = words(status([book(1, "done", stage="drafted"), book(2, "done")], []))
    assert "1 dari 2 perjanjian selesai; 0 menunggu tanda tangan, 1 belum selesai" in mixed


def test_words_may_be_said_otherwise_on_page_and_workbook() -> None:
    found = status([book(1, "cancelled"), book(2, "with_other", stage="signed")], [])

    def reword(text: str, language: str) -> str:
        return f"[{language}]" if "pks-kit batch" in text else text

    told = BatchReport(found, "en", NOW, rehearsed=False, name="x", folder="FOLDER", reword=reword)
    assert "pks-kit batch" in report(found, "en").html().decode()
    page = told.html().decode()
    assert "pks-kit batch" not in page
    assert page.count("[en]") == 2  # what was taken out, and what waits
    cells = [one for sheet in load_workbook(io.BytesIO(told.book()))
             for row in sheet.iter_rows(values_only=True) for one in row]  # fmt: skip
    assert not [one for one in cells if "pks-kit batch" in str(one)]
    assert "[en]" in cells


@pytest.mark.parametrize(
    ("language", "said"),
    [("id", "belum selesai dibaca ketika laporan ini disusun: 1.204."),
     ("en", "not read to the end when this report was written: 1,204.")],
)  # fmt: skip
def test_a_report_says_how_many_files_it_does_not_know_yet(language: str, said: str) -> None:
    """The page at the desk said so; the report that left the house did not."""
    found = status([book(1, "with_other", stage="sent")], [])

    def told(unread: int) -> tuple[str, str]:
        made = BatchReport(
            found, language, NOW, rehearsed=False, name="x", folder="r", unread=unread
        )
        sheet = load_workbook(io.BytesIO(made.book())).worksheets[0]
        return made.html().decode(), str(list(sheet.iter_rows(values_only=True)))

    assert all(said in one for one in told(1204))
    rest = said.partition(":")[0]
    assert not any(rest in one for one in told(0))


def test_the_work_of_the_program_is_not_told_as_what_came_back() -> None:
    """«30 ended» stood beside «24 of 30 are done»."""
    found = status([book(1, "done", stage="sent"), book(2, "with_other", stage="sent")], [])
    told = words(found)
    assert "oleh program sudah berakhir, termasuk yang menunggu berkas kembali" in told
    assert [one.stage_detail for one in found.rows] == ["complete", "sent"]
    assert told.count("siap dikirim") == 1


def test_what_is_not_back_tells_by_when_and_how_often_it_was_reminded() -> None:
    found = status([book(1, "with_other", stage="sent")], [])
    agreement_id = found.rows[0].agreement_id or ""
    known = Awaited(days={agreement_id: date(2027, 12, 1)}, reminders={agreement_id: 2})
    made = (
        BatchReport(found, "id", NOW, rehearsed=False, name="x", folder="r", awaited=known)
        .html()
        .decode()
    )
    assert "<td>1 Desember 2027</td><td>2</td>" in made
    assert "<td>–</td><td>0</td>" in report(found).html().decode()
