"""What changed between two states of a facility: documents and staff, without what is private."""

from __future__ import annotations

from typing import Any

from pks_kit.domain.kontrak import Kontrak
from pks_kit.inputs import load_kontrak
from pks_kit.resources import samples_root
from pks_kit.rules.computed.perubahan import changes

KONTRAK = load_kontrak(samples_root() / "klinik-pratama-rawat-inap.yml").kontrak


def changed(edit: Any) -> list[tuple[str, str, str, str]]:
    data = KONTRAK.model_dump(mode="json", exclude_none=True)
    edit(data)
    found = changes(KONTRAK, Kontrak.model_validate(data))
    return [(one.kelompok, one.apa, one.semula, one.menjadi) for one in found]


def test_nothing_changed() -> None:
    assert changes(KONTRAK, KONTRAK) == ()


def test_phone_account_and_number_of_tax_are_no_change_to_tell() -> None:
    def edit(data: dict[str, Any]) -> None:
        data["tenaga_kesehatan"][0]["hp"] = "089900000000"
        data["pihak_kedua"]["telepon"] = "(0999) 555-9999"

    assert changed(edit) == []


def test_a_licence_that_was_renewed() -> None:
    def edit(data: dict[str, Any]) -> None:
        data["tenaga_kesehatan"][1]["sip"]["berlaku_sampai"] = "2033-01-31"

    ((group, name, before, after),) = changed(edit)
    assert (group, name) == ("tenaga", "dr. Bima Andaikusuma")
    assert before != after
    assert after.endswith("berlaku sampai 31 Januari 2033, bersertifikat USG")


def test_who_came_and_who_went() -> None:
    def edit(data: dict[str, Any]) -> None:
        data["tenaga_kesehatan"][2] |= {"nik": "9901010910900013", "nama": "dr. Baru Rekaan"}

    found = changed(edit)
    assert [(name, before == "–", after == "–") for _, name, before, after in found] == [
        ("dr. Candra Misalningrat", False, True),
        ("dr. Baru Rekaan", True, False),
    ]


def test_one_of_several_documents_of_a_kind() -> None:
    def edit(data: dict[str, Any]) -> None:
        rows = [one for one in data["dokumen"] if one["jenis"] == "pks_jejaring"]
        rows[1]["nomor"] = "099/PKS"
        data["dokumen"].append({"jenis": "pks_jejaring", "nomor": "100/PKS"})

    first, second = changed(edit)
    assert first[2].endswith("021/KP-SR/PKS-LAB/XII/2023")
    assert first[3] == "nomor 099/PKS"
    assert second[2:] == ("–", "nomor 100/PKS")


def test_the_operational_licence() -> None:
    def edit(data: dict[str, Any]) -> None:
        data["faskes"]["izin_operasional"]["nomor"] = "1/SIO"

    found = changed(edit)
    assert [row[1] for row in found] == ["Izin operasional"]
    assert "nomor 1/SIO" in found[0][3]
