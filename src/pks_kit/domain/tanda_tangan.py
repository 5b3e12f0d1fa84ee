"""How the certificates of an agreement come about: whose service, which field, what the pages say.

A signing service may make the signature field itself; a field that waits on the page would then be
in its way (docs/sumber.md E1.7). A footer that speaks of a certificate stands only where a real
certificate signature will exist (docs/sumber.md 13.7).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from pks_kit.domain.masukan import Masukan

CaraKontrak = Literal["elektronik", "digital", "manual"]
Pihak = Literal["pihak_kesatu", "pihak_kedua"]

PIHAK: tuple[Pihak, Pihak] = ("pihak_kesatu", "pihak_kedua")
PIHAK_TAMPIL: dict[str, str] = {"pihak_kesatu": "PIHAK KESATU", "pihak_kedua": "PIHAK KEDUA"}

Penerbit = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
"""Name of a certificate provider; two of them fit into the footer."""


class TandaTanganPihak(Masukan):
    """How one party signs with a certificate."""

    bidang: Literal["disiapkan", "layanan"] = Field(
        default="disiapkan",
        description="«disiapkan»: bidang tanda tangan kosong menunggu pada halaman; "
        "«layanan»: layanan tanda tangan membuat bidangnya sendiri, tempatnya dibiarkan kosong",
    )
    penerbit_sertifikat: Penerbit | None = Field(
        default=None,
        description="Penyelenggara sertifikasi elektronik, dicetak pada kaki setiap halaman",
    )


class TandaTanganElektronik(Masukan):
    """How the parties sign with certificates; optional, as is each half."""

    pihak_kesatu: TandaTanganPihak | None = None
    pihak_kedua: TandaTanganPihak | None = None

    def given(self) -> Iterator[tuple[Pihak, TandaTanganPihak]]:
        """Yield what is said about each party."""
        for pihak in PIHAK:
            one: TandaTanganPihak | None = getattr(self, pihak)
            if one is not None:
                yield pihak, one


def signs_electronically(peran: str, cara_kontrak: str) -> bool:
    """Return whether a role signs with a certificate and not with a pen.

    In kontrak digital only PIHAK KESATU signs electronically (docs/sumber.md 1.3).

    Args:
        peran: Role of a signature place.
        cara_kontrak: ``elektronik``, ``digital`` or ``manual``.
    """
    if cara_kontrak == "digital":
        return peran == "pihak_kesatu"
    return cara_kontrak == "elektronik"


def roles_of_services(
    tanda_tangan: TandaTanganElektronik | None, cara_kontrak: str
) -> frozenset[str]:
    """Return the parties whose signing service makes the signature field itself."""
    if tanda_tangan is None:
        return frozenset()
    return frozenset(
        pihak
        for pihak, one in tanda_tangan.given()
        if one.bidang == "layanan" and signs_electronically(pihak, cara_kontrak)
    )


def certificate_note(tanda_tangan: TandaTanganElektronik | None, cara_kontrak: str) -> str:
    """Return what the foot of every page says about certificates; empty when nothing may be said.

    Only parties that sign with a certificate under the contract method are named.
    """
    if tanda_tangan is None:
        return ""
    parties: dict[str, list[str]] = {}
    for pihak, one in tanda_tangan.given():
        if one.penerbit_sertifikat and signs_electronically(pihak, cara_kontrak):
            parties.setdefault(one.penerbit_sertifikat, []).append(PIHAK_TAMPIL[pihak])
    if not parties:
        return ""
    said = "; ".join(
        f"sertifikat {' dan '.join(names)} diterbitkan oleh {penerbit}"
        for penerbit, names in parties.items()
    )
    return f"Ditandatangani secara elektronik dengan sertifikat elektronik: {said}."
