"""Everyday mistakes of whoever types contract data get the true reason."""

from __future__ import annotations

import pytest

from pks_kit.errors import InputProblemsError
from pks_kit.inputs.contract_file import parse_kontrak
from pks_kit.resources import samples_root

TEXT = (samples_root() / "tpmd.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        ('"9900510022331"', "9.90051E+12", "notasi ilmiah"),
        ('"9900510022331"', '"9,90051E+12"', "notasi ilmiah"),
        ("jenis: tpmd", "jenis: TPMD", "Maksud Anda «tpmd»"),
        ("cara_kontrak: elektronik", "cara_kontrak: Elektronik", "Maksud Anda «elektronik»"),
        ("hari: jumat, buka", "hari: Jum'at, buka", "Maksud Anda «jumat»"),
        ("tahun_lulus: 2009", "tahun_lulus: 09", "dari 1950 sampai 2100"),
        ("tahun_lulus: 2009", "tahun_lulus: th 2009", "misalnya 2025"),
        ('buka: "16:00"', 'buka: "16.00-20.00"', "«16.00-20.00»"),
        ('"dr.ratri@praktik', '"mailto:dr.ratri@praktik', "alamat surel"),
        ('"99.451.207.3-999.000"', '"99.451.207.3-999"', "15, 16, atau 22 angka"),
        ('"99.451.207.3-999.000"', '"..............."', "15, 16, atau 22 angka"),
    ],
)
def test_the_reason_is_told(right: str, wrong: str, words: str) -> None:
    assert right in TEXT
    with pytest.raises(InputProblemsError) as caught:
        parse_kontrak(TEXT.replace(right, wrong, 1).encode(), "f.yml")
    assert words in " ".join(problem.text.id for problem in caught.value.problems)
