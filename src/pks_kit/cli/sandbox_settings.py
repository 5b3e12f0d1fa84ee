"""Settings that sign with the test keys of a folder, to try ``sign-all`` and ``batch`` with."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from pks_kit.files import NamedFile

if TYPE_CHECKING:
    from pks_kit.settings.model import SigningSettings

SETTINGS_FILE = "pengaturan.yml"

_SETTINGS = """\
# Pengaturan UJI, dibuat oleh «pks-kit sandbox init»; tidak ada yang berlaku atau dibayar.
#   pks-kit sign-all --check --settings {file}
# Buku besar dan sesinya sendiri: jangan dipakai bersama pengaturan sungguhan, sebab perjanjian yang
# sudah ditandatangani di sini tidak ditandatangani lagi. Mengulang dari awal: hapus {book}
# dan folder {sessions}, lalu buat rencana baru.
buku: {book}
folder_sesi: {sessions}
waktu:
  uji: {{jenis: sandbox, folder: ., kata_sandi: "{origin}"}}
penanda_tangan:
  cabang: {{jenis: pkcs12, berkas: pihak_kesatu.p12, kata_sandi: "{origin}", waktu: uji}}
  faskes: {{jenis: pkcs12, berkas: pihak_kedua.p12, kata_sandi: "{origin}", waktu: uji}}
meterai:
  uji: {{jenis: sandbox, folder: ., kata_sandi: "{origin}"}}
pihak:
  pihak_kesatu: {{penanda_tangan: cabang, meterai: uji}}
# Bila satu orang menandatangani bagi faskes (--kedua), hapus tanda # di bawah:
#  pihak_kedua: {{penanda_tangan: faskes, meterai: uji}}
pencabutan: {{percaya: [root.pem], daftar_cabut: [root.crl, issuing.crl]}}
"""


def sandbox_settings(origin: str) -> NamedFile:
    """Return settings to lie beside the keys of a sandbox.

    Args:
        origin: Where the passphrase of the keys comes from, for example ``env:NAME``.
    """
    text = _SETTINGS.format(
        file=SETTINGS_FILE, book="buku-uji.sqlite", sessions="sesi-uji", origin=origin
    )
    return NamedFile(SETTINGS_FILE, text.encode())


_OF_A_SANDBOX = ("pihak_kesatu.p12", "pihak_kedua.p12")


def one_passphrase(settings: SigningSettings) -> dict[str, str]:
    """Return the folder of test keys by the name of each secret that opens one of them.

    All keys that ``sandbox init`` writes into a folder are locked by one passphrase, which is so
    asked for once. Each folder ends with ``/``, as no name of a secret does.
    """
    folders: dict[str, str] = {}
    for section, parts in (("waktu", settings.waktu), ("meterai", settings.meterai)):
        for name, part in parts.items():
            if part.jenis == "sandbox":
                folders[f"{section}.{name}"] = PurePath(part.folder).as_posix()
    sandboxes = {*folders.values()}
    for name, signer in settings.penanda_tangan.items():
        if signer.jenis == "sandbox":
            folders[f"penanda_tangan.{name}"] = PurePath(signer.folder).as_posix()
        elif signer.jenis == "pkcs12" and PurePath(signer.berkas).name in _OF_A_SANDBOX:
            folders[f"penanda_tangan.{name}"] = PurePath(signer.berkas).parent.as_posix()
    return {
        f"{part}.kata_sandi": f"{folder}/"
        for part, folder in folders.items()
        if folder in sandboxes
    }
