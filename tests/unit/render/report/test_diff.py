"""The comparison page: whole, self-contained, readable aloud, and safe with hostile names."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner

from pks_kit.cli.main import main
from pks_kit.naskah.diff import VersionDiff
from pks_kit.naskah.diff.result import KINDS
from pks_kit.pipelines.compare import CompareRequest, compare_versions
from pks_kit.render.report.diff import LOUD, DiffPage, diff_html
from support.sample import changed_at, sample

VOID = {"br", "meta"}


class Page(HTMLParser):
    """Collects what the page is made of; refuses tags that are not closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self.headings: list[str] = []
        self.marked: dict[str, str] = {"del": "", "ins": ""}
        self.articles: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            assert not name.startswith("on")
            if name in ("href", "src"):
                self.addresses.append(value or "")
            if name == "id":
                self.ids.append(value or "")
            if tag == "article":
                self.articles.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" in self.open:
            return
        self.text += data
        for tag in self.marked:
            if tag in self.open:
                self.marked[tag] += data
        if self.open and re.fullmatch("h[1-4]", self.open[-1]):
            self.headings.append(data)


@cache
def comparison() -> VersionDiff:
    return compare_versions(
        CompareRequest(kontrak=sample(), versi_lama="pks_2023", versi_baru="pks_2024")
    ).diff


def page_of(diff: VersionDiff, language: str = "id") -> str:
    day = date(2024, 1, 1)
    return diff_html(
        DiffPage(
            diff=diff,
            nama_lama="PKS FKTP 2023",
            nama_baru="PKS FKTP 2024",
            as_of_lama=day,
            as_of_baru=day,
            language=language,
        )
    )


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_page_needs_nothing_from_outside(language: str) -> None:
    html = page_of(comparison(), language)
    page = Page(html)
    assert page.open == []
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    assert all(address.startswith("#") for address in page.addresses)
    assert {address[1:] for address in page.addresses} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert html.startswith(f'<!DOCTYPE html>\n<html lang="{language}">')
    assert "{" not in page.text


def test_summary_then_pasal_then_clauses() -> None:
    page = Page(page_of(comparison()))
    order = [page.ids.index(name) for name in ("ringkasan", "susunan-pasal", "perubahan")]
    assert order == sorted(order)
    assert page.headings[0] == "Perbandingan PKS FKTP 2023 dengan PKS FKTP 2024"
    assert "18 pasal dan 9 lampiran" in page.text
    assert "21 pasal dan 12 lampiran" in page.text
    assert "Bagian yang baru: Pasal 9 " in page.text


def test_every_loud_change_is_shown_once_and_every_quiet_one_listed() -> None:
    page = Page(page_of(comparison()))
    counts = comparison().counts
    assert {kind: page.articles.count(kind) for kind in LOUD} == {
        kind: counts[kind]
        for kind in LOUD  # type: ignore[index]
    }
    quiet = sum(counts[kind] for kind in KINDS if kind not in LOUD)
    listed = re.findall(r"(\d+) ketentuan berbunyi sama", page.text)
    assert sum(map(int, listed)) == quiet


def test_a_change_is_said_and_marked_by_words_besides_colour() -> None:
    page = Page(page_of(comparison()))
    assert "«melaksanakan Walk Through Audit» diganti dengan" in page.text
    assert "[dihapus: melaksanakan Walk Through Audit]" in page.marked["del"]
    added = "menyampaikan kepada Peserta yang telah dilayani untuk mengisi"
    assert f"[ditambahkan: {added}]" in page.marked["ins"]
    assert "Pasal 12 ayat (7): diubah bunyinya (semula Pasal 15 ayat (7))" in page.text


def test_names_from_data_stay_text() -> None:
    hostile = "<script>alert(1)</script> & \"'{x}"
    diff = compare_versions(
        CompareRequest(
            kontrak=changed_at({"faskes.petugas_informasi_pengaduan": hostile}),
            versi_lama="pks_2023",
            versi_baru="pks_2024",
        )
    ).diff
    page = Page(page_of(diff))
    assert "script" not in page.tags
    assert hostile in page.text


def test_words_of_a_clause_keep_their_lines_and_hide_nothing() -> None:
    part = comparison().parts_of("pasal")[0]
    change = part.clauses[0]
    clause = replace(change.one, teks="satu \u202e<b>\ndua")
    added = replace(change, kind="added", old=None, new=clause, marks=())
    html = page_of(replace(comparison(), parts=(replace(part, clauses=(added,)),)))
    assert "<p><ins>satu ‹U+202E›&lt;b&gt;<br>dua</ins></p>" in html


def test_names_of_versions_stay_text() -> None:
    page = Page(page_of(replace(comparison(), parts=())))
    assert page.open == []
    html = diff_html(
        DiffPage(
            diff=replace(comparison(), parts=()),
            nama_lama="<b>{x}",
            nama_baru="b",
            as_of_lama=date(2024, 1, 1),
            as_of_baru=date(2024, 1, 1),
        )
    )
    assert "<b>" not in html


@pytest.mark.slow
def test_the_command_writes_the_page(tmp_path: Path) -> None:
    target = tmp_path / "beda.html"
    run = CliRunner().invoke(
        main, ["template", "diff", "pks_2023", "pks_2024", "--html", str(target)]
    )
    assert run.exit_code == 0
    assert target.read_text(encoding="utf-8") == page_of(comparison())
    assert target.name in run.stderr
