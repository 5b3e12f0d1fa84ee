"""What a request may hold: bytes, text, paths, results of other verbs, and data."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pks_kit.errors import InputError, InputProblemsError, UsageError
from pks_kit.files import NamedFile
from pks_kit.inputs import load_kontrak
from pks_kit.pipelines.requests.given import read_file, read_receipt
from pks_kit.pipelines.requests.given_data import is_workbook, read_adendum, read_kontrak
from pks_kit.resources import addendum_samples, contract_samples


def test_one_contract_in_every_shape(sample_path: Path, sample_text: str) -> None:
    by_path = read_kontrak(sample_path, "data")
    content = sample_text.encode()
    for same in (sample_text, content, NamedFile(sample_path.name, content)):
        read = read_kontrak(same, "data")
        assert (read.kontrak, read.sha256) == (by_path.kontrak, by_path.sha256)
        assert read.line_of("faskes.kode") == by_path.line_of("faskes.kode") > 1


@pytest.mark.parametrize("path", contract_samples(), ids=lambda path: path.stem)
def test_data_take_the_road_of_a_file(path: Path) -> None:
    kontrak = load_kontrak(path).kontrak
    by_model = read_kontrak(kontrak, "data")
    by_mapping = read_kontrak(kontrak.model_dump(exclude_unset=True), "data")
    assert by_model.kontrak == by_mapping.kontrak == kontrak
    assert by_model.kontrak.model_fields_set == kontrak.model_fields_set
    assert by_model.sha256 == by_mapping.sha256  # equal data, equal bytes
    assert by_model.line_of("faskes.kode") == 0  # no file, no line


def test_data_are_refused_as_a_file_is(sample_path: Path) -> None:
    data = load_kontrak(sample_path).kontrak.model_dump(exclude_unset=True)
    data["faskes"] |= {"kode": "ISI: kode faskes", "lain/nya": 1}
    data["jangka_waktu"]["tanggal_mulai"] = "besok"
    with pytest.raises(InputProblemsError) as caught:
        read_kontrak(data, "DraftRequest.source")
    found = {(one.code, one.pointer, one.line) for one in caught.value.problems}
    assert found == {
        ("input.to_be_filled", "/faskes/kode", None),
        ("input.unknown_key_far", "/faskes/lain~1nya", None),
        ("input.bad_date", "/jangka_waktu/tanggal_mulai", None),
    }


@pytest.mark.parametrize(
    ("value", "place", "kind"),
    [
        (b"x", "data.faskes", "bytes"),
        ({"kode": object()}, "data.faskes.kode", "object"),
        ([1, datetime(2024, 1, 1)], "data.faskes[1]", "datetime"),  # noqa: DTZ001
    ],
)
def test_what_no_file_could_hold(value: object, place: str, kind: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_kontrak({"faskes": value}, "data")
    assert caught.value.code == "request.not_data"
    assert caught.value.params == {"field": place, "given": kind}


def test_values_of_python_are_written_as_people_write_them(sample_path: Path) -> None:
    data = load_kontrak(sample_path).kontrak.model_dump(exclude_unset=True)
    data["faskes"]["jumlah_peserta_terdaftar"] = 4321
    data["jangka_waktu"]["tanggal_mulai"] = date(2024, 1, 1)
    read = read_kontrak(data, "data").kontrak
    assert read.faskes.jumlah_peserta_terdaftar == 4321
    assert read.jadwal == load_kontrak(sample_path).kontrak.jadwal  # times of day
    data["faskes"]["jumlah_peserta_terdaftar"] = Decimal("1E+2")
    assert read_kontrak(data, "data").kontrak.faskes.jumlah_peserta_terdaftar == 100
    for odd in (0.5, float("nan"), "-1"):
        data["faskes"]["jumlah_peserta_terdaftar"] = odd
        with pytest.raises(InputProblemsError) as caught:
            read_kontrak(data, "data")
        assert [one.pointer for one in caught.value.problems] == [
            "/faskes/jumlah_peserta_terdaftar"
        ]


def test_a_name_given_as_text_is_told(sample_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read_kontrak(str(sample_path), "CheckRequest.source")
    assert caught.value.code == "request.path_as_text"
    assert read_file('{"a": "b.c"}', 100, "x").content == b'{"a": "b.c"}'


def test_limits_hold_for_bytes_and_paths(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"12345")
    for given in (b"12345", NamedFile("a.pdf", b"12345"), tmp_path / "a.pdf"):
        assert read_file(given, 5, "pdf").content == b"12345"
        with pytest.raises(InputError) as caught:
            read_file(given, 4, "pdf")
        assert caught.value.code == "file.too_large"


def test_an_addendum_needs_its_earlier_agreement() -> None:
    path = addendum_samples()[0]
    beside = read_adendum(path, None, "source")
    induk = path.parent / beside.adendum.perjanjian_induk.berkas
    by_bytes = read_adendum(path.read_bytes(), induk.read_text("utf-8"), "source")
    assert (by_bytes.adendum, by_bytes.sha256) == (beside.adendum, beside.sha256)
    by_data = read_adendum(beside.adendum, beside.induk.kontrak, "source")
    assert (by_data.adendum, by_data.induk.kontrak) == (beside.adendum, beside.induk.kontrak)
    with pytest.raises(UsageError) as caught:
        read_adendum(path.read_bytes(), None, "source")
    assert caught.value.code == "addendum.no_induk"


def test_a_receipt_that_is_none() -> None:
    with pytest.raises(InputError) as caught:
        read_receipt("{}", "SignRequest.receipt")
    assert caught.value.code == "receipt.invalid"


def test_workbooks_are_known_by_name_or_bytes() -> None:
    zipped = b"PK\x03\x04..."
    books = (Path("a.XLSX"), zipped, NamedFile("a.xls", b""), NamedFile("a", zipped))
    assert all(is_workbook(one) for one in books)
    assert not any(is_workbook(one) for one in (Path("a.yml"), b"a: 1", "PK\x03\x04", {}))


def test_saving_a_result_never_replaces_another_file(tmp_path: Path) -> None:
    path = NamedFile("a.txt", b"1").save(tmp_path / "baru")
    assert NamedFile("a.txt", b"1").save(tmp_path / "baru") == path
    with pytest.raises(UsageError) as caught:
        NamedFile("a.txt", b"2").save(tmp_path / "baru")
    assert (caught.value.code, path.read_bytes()) == ("file.exists", b"1")
    assert NamedFile("a.txt", b"2").save(tmp_path / "baru", replace=True).read_bytes() == b"2"
