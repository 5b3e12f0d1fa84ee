"""A branch: settings, keys, and a workbook with clinics whose leader has one key for all."""

from __future__ import annotations

from pathlib import Path

from pks_kit.cli.writing import write_sandbox
from pks_kit.domain.kontrak import Kontrak
from pks_kit.domain.nama_orang import name_words
from pks_kit.inputs import load_kontrak
from pks_kit.inputs.workbook import write_workbook
from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.signing.sandbox.authority import create_sandbox, sandbox_files
from support.sample_years import pinned_samples
from support.signing_world import PASSPHRASE

SIGNS = """\
buku: buku.sqlite
folder_sesi: sesi
waktu:
  uji: {jenis: sandbox, folder: uji, kata_sandi: "env:RAHASIA"}
penanda_tangan:
  cabang: {jenis: pkcs12, berkas: uji/pihak_kesatu.p12, kata_sandi: "env:RAHASIA", waktu: uji}
  klinik: {jenis: pkcs12, berkas: uji/pihak_kedua.p12, kata_sandi: "env:RAHASIA", waktu: uji}
meterai:
  uji: {jenis: sandbox, folder: uji, kata_sandi: "env:RAHASIA"}
pihak:
  pihak_kesatu: {penanda_tangan: cabang, meterai: uji}
  pihak_kedua: {penanda_tangan: klinik, meterai: uji}
"""
"""Settings by which both parties sign and stamp."""
SETTINGS = f"""\
{SIGNS}\
arsip: {{waktu: uji, percaya: [uji/root.pem], daftar_cabut: [uji/root.crl, uji/issuing.crl]}}
"""
"""The same, and what is finished is archived."""


def facility(number: int, **changes: object) -> Kontrak:
    """Return one of several clinics with the same leader, so that one key signs for all."""
    sample = load_kontrak(pinned_samples() / "klinik-pratama-rawat-inap.yml").kontrak
    code = f"{sample.faskes.kode[:-3]}{number:03d}"
    other = Kontrak.model_validate_json(sample.model_dump_json().replace(sample.faskes.kode, code))
    first = other.pihak_kesatu.model_copy(update={"nomor_pks": f"{number}/KTR/1227"})
    second = other.pihak_kedua.model_copy(
        update={"nomor_pks": f"{number}/KP/1227", "nama_faskes": f"Klinik Contoh {number}"}
    )
    return other.model_copy(update={"pihak_kesatu": first, "pihak_kedua": second, **changes})


def write_branch(folder: Path, clinics: dict[str, Kontrak], settings: str = SETTINGS) -> None:
    """Write workbook, keys and settings of a branch."""
    one = next(iter(clinics.values()))
    (folder / "faskes.xlsx").write_bytes(write_workbook(clinics))
    people = {
        "pihak_kesatu": " ".join(name_words(one.pihak_kesatu.nama_kepala_cabang)).title(),
        "pihak_kedua": " ".join(name_words(one.pihak_kedua.nama_penandatangan)).title(),
    }
    write_sandbox(sandbox_files(create_sandbox(system_clock(), people), PASSPHRASE), folder / "uji")
    (folder / "pengaturan.yml").write_text(settings)
