"""Which secrets of the settings only a person can give."""

from __future__ import annotations

import pytest

from pks_kit.inputs.settings_file import parse_settings
from pks_kit.settings.asked import asked_names

BOTH = ("pihak_kesatu", "pihak_kedua")
TEXT = """\
waktu:
  uji: {jenis: sandbox, folder: uji, kata_sandi: "%(waktu)s"}
penanda_tangan:
  kepala: {jenis: pkcs12, berkas: a.p12, kata_sandi: "%(kepala)s", waktu: uji}
  klinik: {jenis: pkcs12, berkas: b.p12, kata_sandi: "env:B", waktu: uji}
meterai:
  spesimen: {jenis: sandbox, folder: uji, kata_sandi: "%(meterai)s"}
pihak:
  pihak_kesatu: {penanda_tangan: kepala, meterai: spesimen}
  pihak_kedua: {penanda_tangan: klinik}
"""


@pytest.mark.parametrize(
    ("asked", "parties", "names"),
    [
        ((), BOTH, ()),
        (("kepala",), BOTH, ("kepala",)),
        (("kepala",), ("pihak_kedua",), ()),
        (("kepala", "meterai"), ("pihak_kesatu",), ("kepala", "spesimen")),
        (("waktu",), BOTH, ("uji",)),
        (("kepala", "waktu", "meterai"), (), ()),
    ],
)
def test_what_only_a_person_knows_is_named_once(
    asked: tuple[str, ...], parties: tuple[str, ...], names: tuple[str, ...]
) -> None:
    places = {one: "tanya" if one in asked else "env:A" for one in ("waktu", "kepala", "meterai")}
    settings = parse_settings((TEXT % places).encode(), "p.yml")
    assert asked_names(settings, parties) == names
