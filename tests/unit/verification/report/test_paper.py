"""What the facts of a scan mean, and whom the ready texts ask for what."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from pks_kit.domain.paper import (
    DecidedItem,
    PaperChange,
    PaperFacts,
    PaperOpinion,
    PaperPlace,
    ScannedPage,
)
from pks_kit.domain.paper_review import review_items
from pks_kit.messages import Message, lookup
from pks_kit.pipelines.verifying.paper import _named
from pks_kit.verification.report.headline import headline
from pks_kit.verification.report.paper import paper_checks, paper_notes
from pks_kit.verification.report.paper_words import item_title, value_name
from pks_kit.verification.report.verdict import JudgedFile, VerifyReport

AT = datetime(2026, 3, 2, 3, 4, tzinfo=UTC)


def place(peran: str, decision: Any = "empty", page: int = 1) -> PaperPlace:
    return PaperPlace(
        id=f"TTD_{peran}_{page}", page=page, scan_page=page, kind="tanda_tangan", peran=peran,
        rect=(100, 100, 200, 150), decision=decision, reason="no_ink",
    )  # fmt: skip


def facts(*places: PaperPlace, **more: Any) -> PaperFacts:
    pages = tuple(ScannedPage(scan_page=one, page=one, status="ok") for one in (1, 2))
    known = PaperFacts(
        agreement_id="A" * 26, edition="7K2M9X4Q", pages=pages, missing=(), places=places,
        changes=(),
    )  # fmt: skip
    return replace(known, **more)


def notes(known: PaperFacts) -> dict[str, str]:
    return {one.code: one.message.id for one in paper_notes(known)}


def empty(known: PaperFacts) -> dict[str, str]:
    return {one.reason: one.message.id for one in paper_checks(known) if one.code == "paper.places"}


@pytest.mark.parametrize(
    ("peran", "reasons", "codes"),
    [
        (("pihak_kedua",), {"empty"}, {"paper_send_back"}),
        (("pihak_kesatu",), {"empty_own"}, {"paper_own_places"}),
        (("pihak_kesatu", "pihak_kedua", "jejaring_1"), {"empty", "empty_own"},
         {"paper_send_back", "paper_own_places"}),
    ],
)  # fmt: skip
def test_each_party_is_asked_for_its_own_places(
    peran: tuple[str, ...], reasons: set[str], codes: set[str]
) -> None:
    known = facts(*(place(one) for one in peran))
    told = empty(known)
    assert set(told) == reasons
    assert "faskes melengkapinya" not in told.get("empty_own", "")
    assert "PIHAK KESATU" not in told.get("empty", "")
    said = notes(known)
    assert said.keys() - {"paper_visual"} == codes
    assert "PIHAK KESATU" not in said.get("paper_send_back", "")
    assert "PIHAK KEDUA" not in said.get("paper_own_places", "")
    report = VerifyReport(
        file=JudgedFile(sha256="b" * 64, size=9), kit_version="1", paper=known,
        checks=paper_checks(known),
    )  # fmt: skip
    assert report.verdict == "failed"
    assert "faskes" not in headline(report).id


def test_what_was_printed_otherwise_is_to_be_printed_again() -> None:
    foreign = ScannedPage(scan_page=2, page=2, status="other_edition", edition="11111111")
    known = facts(pages=(ScannedPage(scan_page=1, page=1, status="ok"), foreign), missing=(2, 3))
    sent = notes(known)["paper_send_back"]
    assert "pindai dan kirim lagi halaman 3." in sent
    assert "cetak lagi halaman 2 dari berkas yang berlaku (edisi 7K2M9X4Q)" in sent


def test_a_page_that_a_person_calls_changed_is_not_asked_for_as_a_better_scan() -> None:
    change = PaperChange(
        page=2,
        scan_page=2,
        kind="value",
        box=(1, 1, 9, 9),
        path="rekening.utama.nomor",
        issued="9900",
        read="9960",
    )
    blurred = ScannedPage(scan_page=3, page=1, status="unreadable")
    before = facts(changes=(change,))
    before = replace(before, pages=(*before.pages, blurred), edition=None)
    states = {"value": "changed", "sheet": "again"}
    said = tuple(
        DecidedItem(
            item=one.key, kind=one.kind, page=one.page, scan_page=one.scan_page,
            machine=one.machine, machine_reason="", state="refused",
            opinions=(PaperOpinion(by="Siti Rahma", decision=states[one.group], at=AT),),  # type: ignore[arg-type]
        )
        for one in review_items(before)
    )  # fmt: skip
    sent = notes(replace(before, decided=said))["paper_send_back"]
    assert "pindai dan kirim lagi halaman 1." in sent
    assert "cetak lagi halaman 2 dari berkas yang berlaku," in sent
    assert "berbeda dari terbitan: nomor rekening utama, hlm. 2." in sent
    assert "9960" not in sent  # whoever reads over a shoulder learns no account


def test_sheets_that_a_later_file_replaces_are_named() -> None:
    older = ScannedPage(scan_page=3, page=2, status="replaced")
    known = facts()
    told = notes(replace(known, pages=(*known.pages, older)))["paper_replaced"]
    assert "Halaman 2 " in told
    assert "halaman pindaian 3 " in told
    assert "paper_replaced" not in notes(known)


def test_a_later_sheet_without_the_ink_of_an_earlier_one_is_named() -> None:
    later = ScannedPage(scan_page=3, page=2, status="less_ink")
    known = facts()
    told = notes(replace(known, pages=(*known.pages, later)))["paper_less_ink"]
    assert "Halaman 2 " in told
    assert "halaman pindaian 3 " in told
    assert "lebih dulu" in told


def test_paper_that_was_printed_from_a_draft_waits_for_a_person_who_may_send_it_back() -> None:
    change = PaperChange(page=2, scan_page=2, kind="unprinted", box=(150, 136, 295, 232))
    before = facts(changes=(change,))
    (told,) = (one for one in paper_checks(before) if one.code == "paper.text")
    assert (told.reason, told.status) == ("unprinted", "indeterminate")
    assert "dicetak dari draf" in told.message.id
    (item,) = review_items(before)
    said = DecidedItem(
        item=item.key, kind=item.kind, page=2, scan_page=2, machine=item.machine,
        machine_reason="", state="refused",
        opinions=(PaperOpinion(by="Siti Rahma", decision="changed", at=AT),),
    )  # fmt: skip
    assert "cetak lagi halaman 2" in notes(replace(before, decided=(said,)))["paper_send_back"]


def test_an_unsure_place_of_whoever_has_done_nothing_is_asked_for_with_the_rest() -> None:
    own = replace(place("pihak_kesatu"), id="METERAI_PIHAK_KESATU", kind="meterai")
    rule = replace(place("pihak_kesatu", "unsure"), id="TTD_PIHAK_KESATU", reason="straight_line")
    theirs = place("pihak_kedua", "signed")
    said = notes(facts(own, rule, theirs))
    assert "tanda tangan PIHAK KESATU" in said["paper_own_places"]
    assert "paper_send_back" not in said
    # whoever has begun may have done that too, and a person looks at it first
    begun = replace(place("pihak_kesatu", "signed"), id="STEMPEL_PIHAK_KESATU", kind="stempel")
    assert "tanda tangan" not in notes(facts(own, rule, begun))["paper_own_places"]
    # of several persons in one role each is for himself
    first = replace(place("jejaring", "unsure"), id="TTD_JEJARING_1")
    stamp = replace(place("jejaring"), id="STEMPEL_JEJARING_1", kind="stempel")
    other = replace(place("jejaring", "signed"), id="TTD_JEJARING_2")
    assert "tanda tangan JEJARING" in notes(facts(first, stamp, other))["paper_send_back"]


def test_of_several_persons_in_one_role_each_is_named() -> None:
    """A facility was asked for «tanda tangan JEJARING hlm. 27», and had six jejaring."""
    first = replace(place("jejaring"), signer="Bidan Rekaan, Penanggung Jawab Praktik Melati")
    second = replace(place("jejaring", page=2), signer="Apoteker Rekaan, Apotek Mawar")
    sent = notes(facts(first, second, place("pihak_kedua")))["paper_send_back"]
    assert (
        "tanda tangan JEJARING (Bidan Rekaan, Penanggung Jawab Praktik Melati) hlm. 1; "
        "tanda tangan JEJARING (Apoteker Rekaan, Apotek Mawar) hlm. 2; "
        "tanda tangan PIHAK KEDUA hlm. 1"
    ) in sent


def test_the_receipt_tells_whose_the_places_of_a_role_are() -> None:
    receipt: Any = SimpleNamespace(
        places=[
            SimpleNamespace(
                name="TTD_jejaring_1", peran="jejaring", nama="Bidan", jabatan="Klinik"
            ),
            SimpleNamespace(name="TTD_pihak_kedua_1", peran="pihak_kedua", nama="A", jabatan="B"),
        ]
    )
    found = _named(facts(place("jejaring"), place("pihak_kedua"), place("pengguna")), receipt)
    assert [one.signer for one in found.places] == ["Bidan, Klinik", None, None]


def test_a_complete_scan_is_told_as_what_was_compared_and_not_as_more() -> None:
    told = {one.code: one.message for one in paper_checks(facts())}
    said = told["paper.values"], told["paper.text"]
    for words in (*said, Message(*_hints("desk.agreement.paper_is.complete"))):
        assert "huruf demi huruf" in words.id
        assert "letter by letter" in words.en
    for kind in ("nomor", "rekening", "tanggal", "tarif", "nama"):
        assert kind in told["paper.values"].id


def _hints(code: str) -> tuple[str, str]:
    words = lookup(code)
    return words.hint_id, words.hint_en


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("rekening.utama.nomor", "nomor rekening utama"),
        ("faskes.izin_operasional.nomor", "nomor izin operasional faskes"),
        ("tenaga_kesehatan[1].sip.nomor", "nomor SIP tenaga kesehatan ke-2"),
        ("cetak.rupiah", "jumlah uang"),
    ],
)
def test_a_value_is_named_for_facilities_without_what_it_is(path: str, name: str) -> None:
    assert value_name(path) == name


def test_a_question_names_whose_place_it_is_and_never_a_key() -> None:
    jejaring = replace(place("jejaring_1"), signer="Ratna Contoh, Kepala Laboratorium")
    change = PaperChange(
        page=2, scan_page=2, kind="value", box=(1, 1, 9, 9), path="cetak.rupiah",
        issued="Rp12", read="Rp11",
    )  # fmt: skip
    titles = [item_title(one).id for one in review_items(facts(jejaring, changes=(change,)))]
    assert any("jumlah uang, hlm. 2" in one for one in titles)
    assert any("(Ratna Contoh, Kepala Laboratorium), hlm. 1" in one for one in titles)
    assert not any("cetak." in one for one in titles)
