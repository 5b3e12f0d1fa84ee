"""The preview page: exceptions first, numbers that add up, every value escaped, no NIK, no path."""

from __future__ import annotations

import itertools
import re
from html import unescape

import pytest

from pks_kit.messages import lookup
from pks_kit.pipelines.batching.plan import ChangedClause, Differs, PlannedText, ReadPlan
from pks_kit.pipelines.batching.preview import (
    MOST_ROWS,
    cut,
    headline,
    kinds,
    preview_html,
    reasons,
    totals,
)
from pks_kit.pipelines.batching.sample import Sampled, SamplePage
from support.batch_plans import NO_HASH, plan_of, planned, said, unreadable

MIXED = plan_of(
    [
        planned(1),
        planned(2, said("manual", "uji.lihat"), cara_kontrak="manual"),
        planned(3, said("blocking", "uji.tahan"), said("warning"), jenis="apotek"),
        unreadable(4),
        planned(5, said("warning", "uji.ingat"), jenis="apotek", meterai=2),
    ],
    parties=("pihak_kesatu",),
    unread=(said("error", "uji.berkas", place="/rahasia/lain.xlsx"),),
)


def page(found: ReadPlan, language: str = "id", sample: tuple[Sampled, ...] = ()) -> str:
    return preview_html(found, sample, language).decode()


def words(html: str) -> str:
    text = re.sub(r"<(style|title)>.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


@pytest.mark.parametrize("language", ["id", "en"])
def test_numbers_add_up(language: str) -> None:
    *parts, (_, every, is_sum) = totals(MIXED.plan, language)
    assert is_sum
    assert sum(count for _, count, _ in parts) == every == 5
    assert [count for _, count, _ in parts] == [2, 1, 2]
    table = kinds(MIXED.plan)
    assert table.total == 5
    assert table.sums == (2, 0, 1, 2)


def test_what_cannot_go_on_stands_before_what_must_be_looked_at() -> None:
    html = page(MIXED)
    places = [html.index(f'id="{one}"') for one in ("berkas", "tertahan", "periksa", "jumlah")]
    assert places == sorted(places)
    told = words(html)
    assert told.index("Kata uji.berkas.") < told.index("Kata uji.tahan.")
    assert told.index("Kata uji.tahan.") < told.index("Kata uji.lihat.")
    assert "Kontrak!B3" in told
    assert "nomor 2 · nama pendek K2 · kode 0000U002 · faskes.xlsx, Kontrak!A4" in told
    assert "(nama tidak terbaca)" in told
    assert "/rahasia" not in html


def test_meterai_have_a_price() -> None:
    told = words(page(MIXED))
    assert "Rp20.000,00" in told
    assert "tanpa pengaturan tanda tangan" not in told
    assert "tanpa pengaturan tanda tangan" in words(page(plan_of([planned(1)])))


@pytest.mark.parametrize(
    ("rows", "code", "grave"),
    [
        ([unreadable(1)], "nothing", "stop"),
        ([], "nothing", "stop"),
        ([planned(1), unreadable(2)], "some", "stop"),
        ([planned(1), planned(2, said("manual"))], "look", "look"),
        ([planned(1, said("warning"))], "ready", "ok"),
    ],
)
def test_the_headline_tells_the_gravest(rows: list[object], code: str, grave: str) -> None:
    found = plan_of(rows)  # type: ignore[arg-type]
    head, following, seen = headline(found.plan)
    assert seen == grave
    assert following.id == lookup(f"preview.next.{code}").id
    assert head.id in words(page(found))
    assert "{" not in head.id + head.en


def test_nothing_ready_is_a_page_too() -> None:
    found = plan_of([unreadable(one) for one in range(1, 4)])
    told = words(page(found, "en"))
    assert "Of 3 agreements, none can be drafted." in told
    assert "Held back (3)" in told
    assert "A sample to look at" not in told


def test_values_of_files_are_escaped() -> None:
    evil = "<script>alert(1)</script>\u202e"
    rows = [planned(1, said("manual", id=evil, en=evil), name=evil, key=evil, place=evil)]
    text = PlannedText(
        versi=evil, jenis=evil, sha256=NO_HASH, rows=1, before=evil, changes=1, filled_with=evil,
        clauses=(ChangedClause(kind="added", place=evil, formerly=evil, before="", now=evil),),
    )  # fmt: skip
    html = page(plan_of(rows, texts=(text,), made_by=evil))
    assert "<script" not in html
    assert "\u202e" not in html
    assert html.count("‹U+202E›") > 5


def test_nothing_comes_from_outside() -> None:
    html = page(MIXED)
    assert "http:" not in html
    assert "https:" not in html
    assert "<script" not in html
    assert "default-src 'none'; img-src 'self' file:;" in html


def test_headings_and_tables_are_in_order() -> None:
    html = page(MIXED, sample=(SEEN,))
    levels = [int(one) for one in re.findall(r"<h([1-6])", html)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert html.count("<h1") == 1
    assert all("scope=" in one for one in re.findall(r"<th[ >][^>]*>?", html))
    names = re.findall(r' id="([^"]+)"', html)
    assert len(names) == len(set(names))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(names)


SEEN = Sampled(
    row=planned(2),
    alike=7,
    pdf="contoh/a b/a b.pdf",
    pages=tuple(
        SamplePage(number=one, file=f"contoh/a b/hal-{one:03}.jpg", width=794, height=1123)
        for one in range(1, 10)
    ),
    covered=True,
)


def test_pages_of_the_sample_are_shown_with_words_and_links() -> None:
    failed = Sampled(row=planned(1), alike=1, problem=lookup("batch.nothing_ready"))
    html = page(MIXED, sample=(SEEN, failed))
    assert html.count("<img ") == 9
    assert 'alt="Halaman 9 dari 9 perjanjian Klinik Pratama Contoh 00002"' in html
    assert 'src="contoh/a%20b/hal-001.jpg"' in html
    assert 'href="contoh/a%20b/a%20b.pdf"' in html
    assert "NIK pada gambar ditutup" in html
    assert lookup("batch.nothing_ready").hint_id in html


def test_long_lists_are_cut_and_say_so() -> None:
    rows = [unreadable(one) for one in range(1, MOST_ROWS + 12)]
    html = page(plan_of([*rows, *(planned(one) for one in range(MOST_ROWS + 12, 3_000))]))
    assert html.count('<li class="stop"><h3>') == MOST_ROWS
    assert "Masih ada 11 lagi" in html
    assert len(html) < 1_000_000
    assert (cut([1, 2, 3], 2).shown, cut([1, 2, 3], 2).left, cut([], 2).all) == ((1, 2), 1, 0)


def test_a_thousand_of_one_reason_hide_no_other() -> None:
    items = [*("a" * 1_000), "b", *("c" * 30)]
    few = cut(items, 100, lambda one: one)
    assert (few.shown.count("a"), few.shown.count("b"), few.shown.count("c")) == (69, 1, 30)
    assert few.shown == tuple(sorted(few.shown))
    assert few.all == len(items)
    rows = [unreadable(one) for one in range(1, 2 * MOST_ROWS)]
    html = page(plan_of([*rows, unreadable(2 * MOST_ROWS, "uji.satu")]))
    assert html.count("Kata uji.satu.") == 2  # among the reasons, and with its row


def test_large_numbers_are_grouped_as_people_read_them() -> None:
    found = plan_of([planned(one) for one in range(1, 1_301)])
    assert "1.300 dari 1.300 perjanjian" in words(page(found))
    assert "1,300 of 1,300 agreements" in words(page(found, "en"))
    assert '<td class="n">1.300</td>' in page(found)


def test_reasons_are_counted_by_agreement() -> None:
    one, other = said("error", "a", id="satu"), said("error", "a", id="dua")
    found = reasons([(one, one), (other,), (said("error", "b"),)])
    assert [(each.count, each.differs) for each in found] == [(2, True), (1, False)]


def test_an_address_without_its_sign_does_not_hide_behind_an_account_number() -> None:
    first = said("error", "input.bad_format", id="nomor", path="rekening.utama.nomor")
    reserve = said("error", "input.bad_format", id="nomor", path="rekening.cadangan.nomor")
    mail = said("error", "input.bad_format", id="email", path="pihak_kedua.email")
    found = reasons([(first,), (reserve,), (mail,)])
    assert [(each.message.id, each.count) for each in found] == [("nomor", 2), ("email", 1)]


def test_what_differs_everywhere_does_not_hide_the_rest() -> None:
    term = Differs(what="Masa berlaku", before="2026", now="2027")
    bank = Differs(what="Rekening", before="111222", now="333444")
    rows = [planned(1, differs=(term,)), planned(2, differs=(term, bank)), planned(3),
            planned(4, differs=(term,))]  # fmt: skip
    told = words(page(plan_of(rows)))
    assert "3 berbeda dari tahun lalu, 0 sama, 1 tidak ada pada data tahun lalu" in told
    assert "111222" in told
    assert "tidak diulang di sini: Masa berlaku" in told
    assert told.count("Masa berlaku") == 2
    assert "tidak dibandingkan" in words(page(plan_of([planned(1)])))


def test_changed_clauses_show_what_went_and_came() -> None:
    clauses = (
        ChangedClause(kind="reworded", place="Pasal 4", formerly="Pasal 3",
                      before="paling lambat Senin", now="paling lambat Selasa"),
        ChangedClause(kind="moved", place="Pasal 9", formerly="Pasal 8", before="x", now="x"),
        ChangedClause(kind="added", place="Pasal 5", formerly="", before="", now="kata " * 2_000),
    )  # fmt: skip
    text = PlannedText(versi="pks_b", jenis="tpmd", sha256=NO_HASH, rows=1, before="pks_a",
                       changes=3, filled_with="Klinik Lama", clauses=clauses)  # fmt: skip
    told = words(page(plan_of([planned(1)], texts=(text,))))
    assert "[ dihapus: Senin ]" in told.replace("[dihapus", "[ dihapus")
    assert "baru: Selasa" in told
    assert "dahulu Pasal 3" in told
    assert "Yang hanya berpindah tempat: 1" in told
    assert "Pasal 9" not in told
    assert "data Klinik Lama tahun lalu" in told
