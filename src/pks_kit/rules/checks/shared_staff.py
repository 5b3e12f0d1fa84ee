"""People, licences and ambulances that stand in the agreements of several facilities.

A midwife of the network may serve several facilities (docs/sumber.md 6.11), which is told so that
her data are changed once; a SIP is for one place of practice (UU 17/2023).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from pks_kit.domain.kontrak import Kontrak
from pks_kit.rules.checks.duplicates import (
    Held,
    Identity,
    check_duplicates,
    listed,
    normal,
    overlap,
)
from pks_kit.rules.checks.signatory import is_placeholder
from pks_kit.rules.findings import Finding, info, warning

_BASIS = "Petunjuk teknis HFIS, tenaga medis, bidan jejaring, dan sarana penunjang"


def check_together(together: Sequence[Identity]) -> tuple[tuple[Finding, ...], ...]:
    """Return what each agreement shares with others and hardly may, in the order given."""
    return tuple(
        (*doubled, *shared)
        for doubled, shared in zip(
            check_duplicates(together), check_shared_staff(together), strict=True
        )
    )


def check_shared_staff(together: Sequence[Identity]) -> tuple[tuple[Finding, ...], ...]:
    """Return findings about what several facilities have; each names the other places."""
    holders: dict[tuple[str, str], list[tuple[int, Held]]] = defaultdict(list)
    for index, one in enumerate(together):
        for held in one.dipegang:
            if not is_placeholder(held.value):
                holders[held.code, normal(held.value)].append((index, held))
    found: list[list[Finding]] = [[] for _ in together]
    for group in holders.values():
        for index, held in group:
            others = [
                (together[place], other)
                for place, other in group
                if _apart(together[index], together[place]) and not _told_of(held, other)
            ]
            if others:
                found[index].append(_finding(together[index], held, others))
    return tuple(tuple(findings) for findings in found)


def _apart(one: Identity, other: Identity) -> bool:
    return normal(one.kode) != normal(other.kode) and overlap(one, other)


def _told_of(one: Held, other: Held) -> bool:
    return bool(one.pemilik) and one.pemilik == other.pemilik


def _finding(one: Identity, held: Held, others: list[tuple[Identity, Held]]) -> Finding:
    free = held.boleh and all(other.boleh for _, other in others)
    make = info if free else warning
    return make(
        held.code,
        held.path,
        _BASIS,
        name=held.nama,
        here=one.where(held.path),
        others=listed([(other.where(it.path), other.nama) for other, it in others]),
        twins=[other.where(it.path).id for other, it in others],
    )


def held_by(kontrak: Kontrak) -> Iterator[Held]:
    """Yield what the agreement of another facility hardly has too."""
    for index, tenaga in enumerate(kontrak.tenaga_kesehatan):
        path = f"tenaga_kesehatan[{index}]"
        midwife = tenaga.profesi == "bidan"
        if midwife:
            yield Held(
                code="duplicate.midwife",
                path=f"{path}.nik",
                value=tenaga.nik,
                nama=tenaga.nama,
                boleh=tenaga.bidan_jejaring,
            )
        yield Held(
            code="duplicate.practice_licence",
            path=f"{path}.sip.nomor",
            value=tenaga.sip.nomor,
            nama=tenaga.nama,
            boleh=tenaga.bidan_jejaring,
            pemilik=tenaga.nik if midwife else "",
        )
    for index, anggota in enumerate(kontrak.jejaring):
        if anggota.jenis == "bidan":
            yield Held(
                code="duplicate.practice_licence",
                path=f"jejaring[{index}].izin.nomor",
                value=anggota.izin.nomor,
                nama=anggota.nama,
                boleh=True,
            )
    for index, ambulans in enumerate(kontrak.ambulans):
        yield Held(
            code="duplicate.plate",
            path=f"ambulans[{index}].plat",
            value=ambulans.plat,
            nama=ambulans.plat,
        )
