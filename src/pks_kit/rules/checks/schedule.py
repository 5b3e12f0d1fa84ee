"""Checks of opening hours and practice sessions (docs/sumber.md 6.7); see also ``check_poli``.

Sessions of odd weeks never meet sessions of even weeks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from pks_kit.domain.kontrak import Kontrak, SesiPraktik
from pks_kit.domain.sebutan import POLI_TAMPIL
from pks_kit.domain.tanggal import format_pukul
from pks_kit.rules.checks.scope import PKS, CheckScope, day_name
from pks_kit.rules.findings import Finding, blocking, warning

_HFIS = "Petunjuk teknis HFIS, jadwal praktik tenaga medis"
_HOURS = f"{PKS}, Jadwal Operasional FKTP"
_ROUND_THE_CLOCK = frozenset({"rawat_inap", "persalinan"})

Numbered = tuple[int, SesiPraktik]


def check_opening_hours(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about opening hours that end before they begin or overlap."""
    hours = scope.kontrak.jadwal.operasional
    for index, row in enumerate(hours):
        if row.buka >= row.tutup:
            yield blocking(
                "schedule.end_before_start",
                f"jadwal.operasional[{index}].tutup",
                _HOURS,
                start=format_pukul(row.buka),
                end=format_pukul(row.tutup),
            )
    for (_, one), (index, other) in combinations(enumerate(hours), 2):
        if one.hari == other.hari and one.buka < other.tutup and other.buka < one.tutup:
            yield blocking(
                "schedule.opening_overlap",
                f"jadwal.operasional[{index}].hari",
                _HOURS,
                day=day_name(other.hari),
            )


def check_schedule(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about practice sessions: hours, overlaps, number, queue codes."""
    sessions = list(enumerate(scope.kontrak.jadwal.praktik))
    yield from _each_session(scope.kontrak, sessions)
    yield from _overlaps(sessions)
    yield from _too_many(sessions, scope)
    yield from _queue_codes(sessions)


def _each_session(kontrak: Kontrak, sessions: list[Numbered]) -> Iterator[Finding]:
    for index, sesi in sessions:
        path = f"jadwal.praktik[{index}]"
        hours = {"start": format_pukul(sesi.mulai), "end": format_pukul(sesi.selesai)}
        if sesi.mulai >= sesi.selesai:
            yield blocking("schedule.end_before_start", f"{path}.selesai", _HOURS, **hours)
        elif not _is_open(kontrak, sesi):
            day = day_name(sesi.hari)
            yield warning("schedule.outside_hours", f"{path}.mulai", _HOURS, day=day, **hours)
        # looked up last: hours are wrong whoever serves
        if all(sesi.tenaga != tenaga.kunci for tenaga in kontrak.tenaga_kesehatan):
            yield blocking("schedule.unknown_staff", f"{path}.tenaga", _HFIS, key=sesi.tenaga)


def _is_open(kontrak: Kontrak, sesi: SesiPraktik) -> bool:
    jadwal = kontrak.jadwal
    if jadwal.ugd_24_jam and sesi.poli == "ugd":
        return True
    if jadwal.rawat_inap_24_jam and sesi.poli in _ROUND_THE_CLOCK:
        return True
    return any(
        row.hari == sesi.hari and row.buka <= sesi.mulai and sesi.selesai <= row.tutup
        for row in jadwal.operasional
    )


def _same_week(one: SesiPraktik, other: SesiPraktik) -> bool:
    return "setiap" in (one.pekan, other.pekan) or one.pekan == other.pekan


def _grouped(sessions: list[Numbered], *fields: str) -> dict[tuple[str, ...], list[Numbered]]:
    groups: dict[tuple[str, ...], list[Numbered]] = defaultdict(list)
    for index, sesi in sessions:
        groups[tuple(getattr(sesi, name) for name in fields)].append((index, sesi))
    return groups


def _overlaps(sessions: list[Numbered]) -> Iterator[Finding]:
    for (key, hari), group in _grouped(sessions, "tenaga", "hari").items():
        for (_, one), (index, other) in combinations(group, 2):
            meets = one.mulai < other.selesai and other.mulai < one.selesai
            if meets and _same_week(one, other):
                yield blocking(
                    "schedule.overlap",
                    f"jadwal.praktik[{index}].mulai",
                    _HFIS,
                    key=key,
                    day=day_name(hari),
                    first=f"{format_pukul(one.mulai)}–{format_pukul(one.selesai)}",
                    second=f"{format_pukul(other.mulai)}–{format_pukul(other.selesai)}",
                )


def _too_many(sessions: list[Numbered], scope: CheckScope) -> Iterator[Finding]:
    limit = "jadwal.sesi_maksimum_per_hari"
    maximum, basis = scope.aturan.whole(limit), scope.aturan.legal_basis(limit)
    for (key, hari), group in _grouped(sessions, "tenaga", "hari").items():
        odd = [number for number in group if number[1].pekan != "genap"]
        even = [number for number in group if number[1].pekan != "ganjil"]
        busiest = max(odd, even, key=len)
        if len(busiest) > maximum:
            yield blocking(
                "schedule.too_many",
                f"jadwal.praktik[{busiest[maximum][0]}]",
                basis,
                key=key,
                day=day_name(hari),
                count=len(busiest),
                maximum=maximum,
            )


def _queue_codes(sessions: list[Numbered]) -> Iterator[Finding]:
    for (poli, hari, code), group in _grouped(sessions, "poli", "hari", "kode_antrean").items():
        for (_, one), (index, other) in combinations(group, 2):
            if _same_week(one, other):
                yield blocking(
                    "schedule.queue_code",
                    f"jadwal.praktik[{index}].kode_antrean",
                    _HFIS,
                    poli=POLI_TAMPIL[poli],
                    day=day_name(hari),
                    queue=code,
                )
