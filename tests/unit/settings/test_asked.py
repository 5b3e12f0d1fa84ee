"""Which secrets of the settings only a person can give."""

from __future__ import annotations

from pathlib import Path

import pytest

from pks_kit.domain.secret import Secret
from pks_kit.inputs.settings_file import parse_settings
from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.pipelines.signing.tools import SigningTools
from pks_kit.settings.asked import ASKED, asked_names, places_of, secret_words

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
        (("kepala",), BOTH, ("penanda_tangan.kepala.kata_sandi",)),
        (("kepala",), ("pihak_kedua",), ()),
        (
            ("kepala", "meterai"),
            ("pihak_kesatu",),
            ("penanda_tangan.kepala.kata_sandi", "meterai.spesimen.kata_sandi"),
        ),
        (("waktu",), BOTH, ("waktu.uji.kata_sandi",)),
        (("kepala", "waktu", "meterai"), (), ()),
    ],
)
def test_what_only_a_person_knows_is_named_once(
    asked: tuple[str, ...], parties: tuple[str, ...], names: tuple[str, ...]
) -> None:
    places = {one: "tanya" if one in asked else "env:A" for one in ("waktu", "kepala", "meterai")}
    settings = parse_settings((TEXT % places).encode(), "p.yml")
    assert asked_names(settings, parties) == names


SERVICES = """\
waktu: {tsa: {jenis: http, alamat: "https://waktu.example.id/"}}
penanda_tangan:
  tanya: {jenis: pkcs11, modul: a.so, token: tanya, pin: tanya, label: tanya, waktu: tsa}
  jauh: {jenis: csc, alamat: "https://csc.example.id/", kredensial: k, token: tanya, pin: tanya,
         otp: tanya, waktu: tsa}
  bsre: {jenis: bsre_v2, alamat: "https://esign.example.id/", pengguna: tanya, kata_sandi: tanya,
         nik: tanya, passphrase: tanya, lingkungan: uji}
  kode: {jenis: bsre_v2, alamat: "https://esign.example.id/", pengguna: tanya, kata_sandi: tanya,
         surel: tanya, totp: tanya, lingkungan: uji}
meterai:
  peruri: {jenis: peruri_cloud, pengguna: tanya, kata_sandi: tanya, lingkungan: uji,
           terutang: {pihak_kesatu: {jenis: NPWP, nomor: tanya}}}
pihak:
  pihak_kesatu: {penanda_tangan: %s, meterai: peruri}
"""


@pytest.mark.parametrize(
    ("signer", "names"),
    [
        ("tanya", ("pin",)),
        ("jauh", ("token", "pin", "otp")),
        ("bsre", ("kata_sandi", "nik", "passphrase")),
        ("kode", ("kata_sandi", "surel", "totp")),
    ],
)
def test_every_secret_is_one_of_its_own_and_a_name_is_none(
    signer: str, names: tuple[str, ...]
) -> None:
    settings = parse_settings((SERVICES % signer).encode(), "p.yml")
    assert asked_names(settings, BOTH) == (
        *(f"penanda_tangan.{signer}.{name}" for name in names),
        "meterai.peruri.kata_sandi",
        "meterai.peruri.terutang.pihak_kesatu.nomor",
    )


def test_secrets_are_asked_for_in_words() -> None:
    settings = parse_settings((SERVICES % "bsre").encode(), "p.yml")
    names = places_of(settings, "tanya")
    assert len(names) == 12
    words = {secret_words(name) for name in names}
    assert len(words) == len(names)
    assert secret_words("penanda_tangan.jauh.pin").id == "PIN untuk «penanda tangan jauh»"
    assert secret_words("penanda_tangan.kode.totp 2").en.startswith("One-time code (TOTP) for")
    assert secret_words("kata_sandi_buku").id == "Kata sandi buku besar"


@pytest.mark.parametrize("signer", ["jauh", "bsre", "kode"])
def test_tools_ask_for_each_secret_by_the_name_the_page_asks_a_person_by(
    signer: str, tmp_path: Path
) -> None:
    """PIN and one-time code of one key had one name, and the first answer was taken for both."""
    settings = parse_settings((SERVICES % signer).encode(), "p.yml")
    told: list[str] = []

    def secret(origin: str, name: str) -> Secret:
        assert origin == ASKED
        told.append(name)
        return Secret("3201019999990001")

    tools = SigningTools(settings=settings, base=tmp_path, secret=secret, clock=system_clock)
    assert len(tools.gathered()) == len(told)
    later = [name for name in asked_names(settings, BOTH) if name.endswith(".totp")]
    assert sorted([*told, *later]) == sorted(asked_names(settings, BOTH))
