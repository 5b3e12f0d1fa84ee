"""Checks of the network: own agreement, licence, nobody twice (docs/sumber.md 1.1, 6.11, 13.6)."""

from __future__ import annotations

from collections.abc import Iterator

from pks_kit.rules.checks.documents import check_dates
from pks_kit.rules.checks.scope import PKS, CheckScope
from pks_kit.rules.checks.staff import repeated
from pks_kit.rules.findings import Finding, blocking, warning

_NETWORK = f"{PKS}, Pasal Jejaring Fasilitas Kesehatan"
_OWN_PKS = "Permenkes 71/2013 beserta perubahannya, PKS dengan jejaring"


def check_jejaring(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about each member: its own agreement and its licence."""
    parents = {scope.kontrak.pihak_kesatu.nomor_pks, scope.kontrak.pihak_kedua.nomor_pks}
    for index, anggota in enumerate(scope.kontrak.jejaring):
        path = f"jejaring[{index}]"
        own = anggota.nomor_pks_jejaring
        if own is None:
            yield warning(
                "jejaring.no_pks", f"{path}.nomor_pks_jejaring", _OWN_PKS, name=anggota.nama
            )
        elif own in parents:
            yield blocking(
                "jejaring.parent_pks", f"{path}.nomor_pks_jejaring", _OWN_PKS, name=anggota.nama
            )
        if anggota.izin.tanggal > scope.start:
            make = blocking if anggota.izin.tanggal > scope.signed else warning
            yield make(
                "jejaring.licence_not_yet",
                f"{path}.izin.tanggal",
                _NETWORK,
                name=anggota.nama,
                given=anggota.izin.tanggal,
                start=scope.start,
            )
        yield from check_dates(
            scope, f"{path}.izin", anggota.izin.tanggal, anggota.izin.berlaku_sampai
        )


def check_jejaring_once(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about members or agreements that stand twice."""
    members = scope.kontrak.jejaring
    names = [(anggota.jenis, " ".join(anggota.nama.casefold().split())) for anggota in members]
    for index in repeated(names):
        yield blocking(
            "jejaring.duplicate", f"jejaring[{index}].nama", _NETWORK, name=members[index].nama
        )
    numbered = [i for i, anggota in enumerate(members) if anggota.nomor_pks_jejaring is not None]
    for place in repeated([members[i].nomor_pks_jejaring for i in numbered]):
        index = numbered[place]
        yield warning(
            "jejaring.duplicate_pks",
            f"jejaring[{index}].nomor_pks_jejaring",
            _OWN_PKS,
            name=members[index].nama,
            number=members[index].nomor_pks_jejaring,
        )
