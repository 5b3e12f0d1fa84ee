from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pks_kit.domain.identitas import CROCKFORD, agreement_id, slug
from pks_kit.domain.page_code import MAXIMUM_PAGES, format_page_code, parse_page_code
from pks_kit.errors import InputError
from pks_kit.render.pdf.qr import qr_matrix
from support.sample import changed, sample

QR_ALPHANUMERIC = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
IDS = st.text(CROCKFORD, min_size=26, max_size=26)
EDITIONS = st.text(CROCKFORD, min_size=8, max_size=8)


def test_id_of_the_sample_never_changes() -> None:
    assert agreement_id(sample()) == "B0X7F6VFGXPHJVR1KW27KF4HRW"


@pytest.mark.parametrize(
    "change",
    [
        {"pihak_kesatu__nomor_pks": "418/KTR/XIV-07/1223"},
        {"pihak_kedua__nomor_pks": "020/KP-SR/PKS/XII/2023"},
        {"faskes__kode": "9917U030"},
        {"jangka_waktu__tanggal_mulai": "2024-01-02"},
        {"jangka_waktu__tanggal_selesai": "2024-12-30"},
        {"versi_templat": "pks_2025"},
    ],
)
def test_id_depends_on(change: dict[str, str]) -> None:
    assert agreement_id(changed(**change)) != agreement_id(sample())


def test_id_survives_a_corrected_address() -> None:
    assert agreement_id(changed(pihak_kedua__alamat="Jalan Lain")) == agreement_id(sample())


@pytest.mark.slow
@given(st.text(min_size=1, max_size=200))
def test_slug_is_always_a_safe_name(name: str) -> None:
    party = sample().pihak_kedua.model_copy(update={"nama_faskes": name})
    stem = slug(sample().model_copy(update={"pihak_kedua": party}))
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", stem)
    assert len(stem) <= 60
    assert stem.endswith("-9917u029-b0x7f6vf")


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("../../etc/passwd", "etc-passwd-"),
        ("CON", "con-9917u029-"),
        ("Klinik Émbun", "klinik-embun-"),
        ("漢字", "faskes-"),
        ("x" * 200, "x" * 40 + "-9"),
        ("x" * 39 + " yz", "x" * 39 + "-9"),
    ],
)
def test_slug_of_hostile_names(name: str, start: str) -> None:
    party = sample().pihak_kedua.model_copy(update={"nama_faskes": name})
    assert slug(sample().model_copy(update={"pihak_kedua": party})).startswith(start)


@given(IDS, st.none() | EDITIONS, st.integers(1, MAXIMUM_PAGES), st.integers(1, MAXIMUM_PAGES))
def test_page_code_comes_back(agreement: str, edition: str | None, one: int, other: int) -> None:
    page, pages = sorted((one, other))
    code = format_page_code(agreement, edition, page, pages)
    assert len(code) == (50 if edition is None else 59)
    assert set(code) <= QR_ALPHANUMERIC
    read = parse_page_code(code)
    found = (read.agreement_id, read.edition, read.page, read.pages)
    assert found == (agreement, edition, page, pages)
    assert len(qr_matrix(code)) == 29


def test_a_page_of_another_issue_is_never_taken_for_this_one() -> None:
    new, other, old = (
        parse_page_code(format_page_code("B" * 26, edition, 7, 90))
        for edition in ("7K2M9X4Q", "7K2M9X4R", None)
    )
    assert new.same_issue("B" * 26, "7K2M9X4Q") is True
    assert other.same_issue("B" * 26, "7K2M9X4Q") is False
    assert new.same_issue("C" * 26, "7K2M9X4Q") is False
    assert old.same_issue("B" * 26, None) is None  # its edition is not known: never better
    assert old.same_issue("B" * 26, "7K2M9X4Q") is None
    assert new.same_issue("B" * 26, None) is False


@given(IDS, st.none() | EDITIONS, st.integers(0, 58), st.sampled_from(sorted(QR_ALPHANUMERIC)))
def test_one_misread_character_is_noticed(
    agreement: str, edition: str | None, place: int, other: str
) -> None:
    code = format_page_code(agreement, edition, 7, 90)
    place %= len(code)
    misread = code[:place] + other + code[place + 1 :]
    if misread != code:
        with pytest.raises(InputError) as caught:
            parse_page_code(misread)
        assert caught.value.code == "page_code.invalid"


@given(st.text(max_size=80))
def test_any_other_text_is_no_page_code(text: str) -> None:
    with pytest.raises(InputError):
        parse_page_code(text)


@pytest.mark.parametrize(("page", "pages"), [(0, 1), (2, 1), (1, 10_000), (-1, 5)])
def test_impossible_pages(page: int, pages: int) -> None:
    with pytest.raises(InputError):
        format_page_code("B" * 26, "7K2M9X4Q", page, pages)


def test_lower_case_id_is_refused() -> None:
    with pytest.raises(InputError):
        format_page_code("b" * 26, "7K2M9X4Q", 1, 1)


@pytest.mark.parametrize("edition", ["", "7K2M9X4", "7K2M9X4I", "7k2m9x4q", "7K2M9X4QQ"])
def test_an_impossible_edition_is_refused(edition: str) -> None:
    with pytest.raises(InputError):
        format_page_code("B" * 26, edition, 1, 1)
