from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from pks_kit.errors import NotInForceError, UsageError
from pks_kit.pipelines.reference.printed_value import printed
from pks_kit.rules.law import parameters as p
from pks_kit.visible_text import format_day

ONE = """
teguran_maksimum:
  keterangan: "Jumlah teguran paling banyak"
  satuan: kali
  kepastian: paparan_resmi
  terakhir_diperiksa: 2026-11-21
  nilai:
    2024-01-01: {nilai: 3, dasar_hukum: "Pasal 11", terbit: 2023-11-01}
    2025-01-01: {nilai: 4, dasar_hukum: "Pasal 11 baru"}
    2026-01-01: {nilai: null, dasar_hukum: "dicabut"}
    2027-01-01: {nilai: 5, dasar_hukum: "berlaku lagi"}
kelompok:
  dalam:
    keterangan: "Desimal"
    satuan: koefisien
    kepastian: diingat
    terakhir_diperiksa: 2026-11-21
    nilai:
      2024-01-01: {nilai: "1.16", dasar_hukum: "x"}
"""


UNKNOWN = """
tarif:
  keterangan: "Tarif"
  satuan: rupiah
  kepastian: paparan_resmi
  terakhir_diperiksa:
  nilai:
    2023-01-01: {nilai: tidak_diketahui, dasar_hukum: "peraturan lama"}
    2023-01-09: {nilai: 7000, dasar_hukum: "peraturan baru"}
"""


def test_a_figure_that_nobody_has_read_is_the_next_that_is_known(tmp_path: Path) -> None:
    (tmp_path / "uji.yml").write_text(UNKNOWN, encoding="utf-8")
    read = p.read_parameters(tmp_path)
    (parameter,) = read
    before, after = date(2023, 1, 8), date(2023, 1, 9)
    assert read.resolve_all(before).value("uji.tarif") == 7000
    assert read.resolve_all(before).known_from(before) == after
    assert read.resolve_all(after).known_from(after) is None
    exact = parameter.in_force(before)
    assert exact is not None
    assert (exact.nilai, parameter.certainty_of(exact)) == (None, "")
    assert printed(parameter, exact) == "menurut ketentuan yang berlaku"
    assert parameter.terakhir_diperiksa is None
    assert p.periods(parameter) == "2023-01-01 – …"
    with pytest.raises(NotInForceError):
        read.resolve("uji.tarif", date(2022, 12, 31))


def test_an_unknown_figure_is_part_of_the_hash(tmp_path: Path) -> None:
    hashes = set()
    for name, text in (("a", UNKNOWN), ("b", UNKNOWN.replace("tidak_diketahui", "6000"))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "uji.yml").write_text(text, encoding="utf-8")
        hashes.add(p.read_parameters(tmp_path / name).sha256())
    assert len(hashes) == 2


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sanksi.yml").write_text(ONE, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("day", "value"),
    [
        (date(2024, 1, 1), 3),
        (date(2024, 12, 31), 3),
        (date(2025, 1, 1), 4),
        (date(2025, 12, 31), 4),
        (date(2027, 1, 1), 5),
    ],
)
def test_value_of_a_day(folder: Path, day: date, value: int) -> None:
    found = p.read_parameters(folder).resolve("sanksi.teguran_maksimum", day)
    assert found.nilai == value
    assert found.mulai <= day


@pytest.mark.parametrize("day", [date(2023, 12, 31), date(2026, 1, 1), date(2026, 12, 31)])
def test_outside_its_dates(folder: Path, day: date) -> None:
    with pytest.raises(NotInForceError) as caught:
        p.read_parameters(folder).resolve("sanksi.teguran_maksimum", day)
    assert caught.value.exit_code == 11
    assert "1 January 2024 – 31 December 2025, 1 January 2027 – …" in str(caught.value)
    assert format_day(day, "id") in caught.value.text.id


def rendered(folder: Path, template: str, day: date = date(2024, 6, 1)) -> str:
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    aturan = p.read_parameters(folder).resolve_all(day)
    return environment.from_string(template).render(aturan=aturan)


def test_jinja_reads_by_attribute(folder: Path) -> None:
    assert rendered(folder, "{{ aturan.sanksi.teguran_maksimum }}") == "3"
    assert rendered(folder, "{{ aturan.sanksi.kelompok.dalam }}") == "1.16"
    assert rendered(folder, "{{ aturan['sanksi']['kelompok'].dalam }}") == "1.16"


@pytest.mark.parametrize(
    ("template", "code", "says"),
    [
        (
            "{{ aturan.sanksi.teguran_maximum }}",
            "rules.unknown_parameter",
            "sanksi.teguran_maksimum",
        ),
        ("{{ aturan.sangsi.teguran_maksimum }}", "rules.unknown_parameter", "sanksi"),
        ("{{ aturan.sanksi.kelompok }}", "rules.group_not_value", "sanksi.kelompok"),
        ("{% if aturan.tidak_ada is defined %}{% endif %}", "rules.unknown_parameter", "tidak_ada"),
    ],
)
def test_jinja_errors_are_clear(folder: Path, template: str, code: str, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        rendered(folder, template)
    assert caught.value.code == code
    told = caught.value.text
    assert says in told.en + told.hint_en


def test_hash_follows_meaning_not_comments(folder: Path) -> None:
    before = p.read_parameters(folder).sha256()
    (folder / "sanksi.yml").write_text("# catatan\n" + ONE, encoding="utf-8")
    assert p.read_parameters(folder).sha256() == before
    (folder / "sanksi.yml").write_text(ONE.replace("nilai: 4", "nilai: 6"), encoding="utf-8")
    assert p.read_parameters(folder).sha256() != before


def test_certainty_of_one_value(folder: Path) -> None:
    text = ONE.replace('"Pasal 11 baru"', '"Pasal 11 baru", kepastian: diingat')
    (folder / "sanksi.yml").write_text(text, encoding="utf-8")
    parameter = p.read_parameters(folder).get("sanksi.teguran_maksimum")
    assert [parameter.certainty_of(value) for value in parameter.nilai[:2]] == [
        "paparan_resmi",
        "diingat",
    ]


def test_one_value_changes_from_its_date_on_and_nothing_before(folder: Path) -> None:
    before = p.read_parameters(folder)
    text = ONE.replace("2025-01-01: {nilai: 4", "2025-01-01: {nilai: 9")
    (folder / "sanksi.yml").write_text(text, encoding="utf-8")
    after = p.read_parameters(folder)
    for day in (date(2024, 1, 1), date(2024, 12, 31), date(2027, 1, 1)):
        old = before.resolve("sanksi.teguran_maksimum", day)
        assert after.resolve("sanksi.teguran_maksimum", day) == old
    assert after.resolve("sanksi.teguran_maksimum", date(2025, 1, 1)).nilai == 9


PUBLIC = "peraturan_terkonfirmasi"
FIRST, LAST = date(2023, 1, 1), date(2027, 12, 31)


@pytest.mark.slow
def test_every_day_has_exactly_one_value() -> None:
    """Walk every day from 2023 on, or from the first date of a parameter, to the end of 2027."""
    found = p.load_parameters()
    assert len(found.names()) > 200
    assert len(set(found.names())) == len(found.names())
    for parameter in found:
        day = max(FIRST, parameter.nilai[0].mulai)
        while day <= LAST:
            starts = [value for value in parameter.nilai if value.mulai <= day]
            ends = [*(value.mulai for value in parameter.nilai[1:]), date.max]
            spans = [
                value
                for value, end in zip(parameter.nilai, ends, strict=True)
                if value.mulai <= day < end
            ]
            assert len(spans) == 1, (parameter.nama, day)
            assert spans[0] is starts[-1]
            assert parameter.in_force(day) is spans[0], (parameter.nama, day)
            assert spans[0].dasar_hukum
            day += timedelta(days=1)


def test_the_day_before_the_first_value_is_refused() -> None:
    found = p.load_parameters()
    for parameter in found:
        day = parameter.nilai[0].mulai
        with pytest.raises(NotInForceError) as caught:
            found.resolve(parameter.nama, day - timedelta(days=1))
        assert f"{format_day(day, 'en')} – …" in str(caught.value)


UNDATED = ("Petunjuk teknis HFIS", "Ketentuan administrasi", "Contoh data layanan")
"""Sources of which not even the year of publication is known."""


def test_every_source_with_a_known_date_says_when_it_was_published() -> None:
    for parameter in p.load_parameters():
        for value in parameter.nilai:
            is_published = parameter.certainty_of(value) in ("paparan_resmi", PUBLIC)
            if is_published and not value.dasar_hukum.startswith(UNDATED):
                assert value.terbit, (parameter.nama, value.mulai)
            if value.terbit and value.dasar_hukum.startswith("Sosialisasi PKS FKTP 2024"):
                assert value.terbit == "2023-12", parameter.nama


def test_a_publication_date_is_as_exact_as_known(folder: Path) -> None:
    for given in ("2023", "2023-11", "2023-11-01"):
        text = ONE.replace("terbit: 2023-11-01", f"terbit: {given}")
        (folder / "sanksi.yml").write_text(text, encoding="utf-8")
        assert p.read_parameters(folder).get("sanksi.teguran_maksimum").nilai[0].terbit == given


def test_packaged_hash_is_stable() -> None:
    packaged = Path(p.__file__).parent / "parameter"
    assert p.load_parameters().sha256() == p.read_parameters(packaged).sha256()
