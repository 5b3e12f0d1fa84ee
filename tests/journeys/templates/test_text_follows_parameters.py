"""One YAML value changed from a date changes the text from that date on, and nothing before."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

import pks_kit
from pks_kit.errors import NotInForceError
from pks_kit.naskah.assemble import assemble_naskah
from pks_kit.pipelines.drafting.template_values import build_context
from pks_kit.render.text import render_text
from pks_kit.resources import templates_root
from pks_kit.rules.law.parameters import ParameterSet, load_parameters, read_parameters
from support.sample import sample

PACKAGED = Path(pks_kit.__file__).parent / "rules" / "law" / "parameter"
FROM = date(2024, 7, 1)


def with_value(folder: Path, name: str, value: int) -> ParameterSet:
    """Return the packaged parameters with one more dated value, written into the YAML file."""
    shutil.copytree(PACKAGED, folder)
    parameter = load_parameters().get(name)
    path = folder / parameter.berkas
    lines = path.read_text(encoding="utf-8").splitlines()
    last = parameter.nilai[-1].mulai.isoformat()
    at = next(i for i, line in enumerate(lines) if i >= parameter.baris and f"{last}:" in line)
    indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
    lines.insert(at + 1, f'{indent}{FROM}: {{nilai: {value}, dasar_hukum: "Peraturan baru"}}')
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_parameters(folder)


def text(parameters: ParameterSet, day: date, *, versi: str | None = None) -> list[str]:
    kontrak = sample()
    naskah = assemble_naskah(
        versi or kontrak.versi_templat,
        kontrak.faskes.jenis,
        build_context(kontrak, parameters.resolve_all(day)),
        cara_kontrak=kontrak.cara_kontrak,
        nomor_kesatu=kontrak.pihak_kesatu.nomor_pks,
        nomor_kedua=kontrak.pihak_kedua.nomor_pks,
        templates_root=templates_root(),
    )
    return render_text(naskah).splitlines()


@pytest.mark.parametrize(
    ("name", "value", "printed"),
    [
        ("sanksi.jeda_teguran", 45, "45 (empat puluh lima) hari kalender"),
        (
            "kapitasi.klinik_pratama.rasio_terpenuhi_dengan_dokter_gigi",
            12_500,
            "Rp12.500,00 (dua belas ribu lima ratus rupiah)",
        ),
        ("rawat_inap.dokter_minimum", 9, "kurang dari 9 (sembilan)"),
        ("tarif_kb.suntik", 21_000, "Rp21.000,00"),
        ("perjanjian.rekredensialing", 4, "berakhir, yaitu tanggal 31 Agustus 2024."),
        ("keamanan.pemberitahuan_pihak_ketiga", 10, "paling lambat tanggal 21 Desember 2024"),
    ],
)
def test_text_changes_from_the_date_on(name: str, value: int, printed: str, tmp_path: Path) -> None:
    before = text(load_parameters(), FROM)
    changed = with_value(tmp_path / "parameter", name, value)
    assert text(changed, FROM - timedelta(days=1)) == before
    after = text(changed, FROM)
    assert not any(printed in line for line in before)
    assert any(printed in line for line in after)
    different = [new for old, new in zip(before, after, strict=True) if old != new]
    assert 1 <= len(different) <= 5


def test_deadlines_known_at_drafting_are_printed_as_days() -> None:
    lines = text(load_parameters(), FROM)
    assert any("berakhir, yaitu tanggal 30 September 2024." in line for line in lines)
    assert any("berakhirnya kontrak : paling lambat tanggal 24 Desember" in line for line in lines)


def test_version_of_2023_finds_its_law_from_the_tariff_regulation_on() -> None:
    assert text(load_parameters(), date(2023, 5, 1), versi="pks_2023")
    earlier = text(load_parameters(), date(2023, 1, 8), versi="pks_2023")
    wanted = "berlaku sejak tanggal 9 Januari 2023; bagi pelayanan sebelum"
    assert any(wanted in line for line in earlier)
    with pytest.raises(NotInForceError) as caught:
        text(load_parameters(), date(2022, 12, 31), versi="pks_2023")
    assert "1 Januari 2023 – …" in caught.value.text.id
