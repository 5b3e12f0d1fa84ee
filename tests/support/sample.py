"""The sample contract for tests, whole or with changes."""

from __future__ import annotations

import copy
import re
from functools import cache
from typing import Any

from pks_kit.domain.kontrak import Kontrak
from pks_kit.inputs import load_kontrak
from support.sample_years import pinned_samples

SAMPLE = pinned_samples() / "klinik-pratama-rawat-inap.yml"
_PART = re.compile(r"([^.\[\]]+)|\[([0-9]+)\]")

_ALAMAT = "Jalan Balai Contoh Nomor 1, Kota Lembayung"
_PEMDA = {"jenis": "pemerintah_daerah", "nama": "Kota Lembayung", "alamat": _ALAMAT}
_DOKTER = {
    "jenis": "perorangan",
    "nama": "dr. Ayu Contohwati, M.K.M.",
    "alamat": _ALAMAT,
    "nik": "9901015203850001",
}
OWNERS: dict[str, dict[str, Any]] = {
    "puskesmas_non_blud": _PEMDA,
    "puskesmas_blud": {
        **_PEMDA,
        "penetapan_blud": {
            "jenis": "Keputusan Wali Kota",
            "nomor": "445/1",
            "tanggal": "2019-01-02",
            "tentang": "Penetapan Badan Layanan Umum Daerah",
        },
    },
    "tpmd": _DOKTER,
    "tpmdg": _DOKTER,
    "klinik_tni_polri": {"jenis": "polri", "nama": "Resor Lembayung", "alamat": _ALAMAT},
}
"""Kind of facility -> an owner that it can have; the sample's company does for the others."""


@cache
def sample() -> Kontrak:
    return load_kontrak(SAMPLE).kontrak


@cache
def _plain() -> dict[str, Any]:
    return sample().model_dump(mode="json")


def changed(**changes: Any) -> Kontrak:
    """Return the sample with values replaced; ``__`` in a name stands for a dot."""
    return changed_at({name.replace("__", "."): value for name, value in changes.items()})


def changed_at(changes: dict[str, Any]) -> Kontrak:
    """Return the sample with the values at paths such as ``tenaga_kesehatan[0].sip`` replaced.

    Another kind of facility comes with an owner that it can have.
    """
    data = copy.deepcopy(_plain())
    owner = OWNERS.get(changes.get("faskes.jenis", ""))
    if owner is not None:
        data["pemilik"] = copy.deepcopy(owner)
        data["pihak_kedua"].pop("kuasa", None)
        if owner is not _DOKTER:
            data["faskes"]["kepemilikan"] = "pemerintah"
    for path, value in changes.items():
        parts = [int(index) if index else key for key, index in _PART.findall(path)]
        place: Any = data
        for part in parts[:-1]:
            place = place[part]
        place[parts[-1]] = value
    return Kontrak.model_validate(data)
