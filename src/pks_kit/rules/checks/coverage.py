"""Whether somebody is there in the hours that the agreement promises (Lampiran VII).

The hours are computed from opening hours and practice sessions, for an odd and an even week. What
counts as being there is our own reading:

* outpatient care: a general doctor in Poli Umum, KIA or KB (a nurse where a puskesmas has no
  doctor), in a dental practice the dentist; hours in which not even a dentist or midwife sees
  patients are told apart;
* an emergency unit open day and night: any doctor in the house;
* inpatient care open day and night: a doctor, or a nurse or midwife in a unit that never closes.

A session until 23:59 lasts until midnight. A break is written as two rows of opening hours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import time, timedelta
from typing import get_args

from pks_kit.domain.kontrak import Hari, SesiPraktik, TenagaKesehatan
from pks_kit.domain.sebutan import PROFESI_TAMPIL
from pks_kit.messages import Message, lookup
from pks_kit.rules.checks.scope import PKS, CheckScope, day_name
from pks_kit.rules.computed.values import counted
from pks_kit.rules.findings import Finding, info, warning

_HOURS = f"{PKS}, Jadwal Operasional FKTP"
_HFIS = "Petunjuk teknis HFIS, peringatan tenaga medis tanpa jadwal praktik"
_WEEKS = ("ganjil", "genap")
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1) // _MINUTE
_DAY = timedelta(days=1) // _MINUTE
_OUTPATIENT = frozenset({"umum", "kia", "kb"})
_NEVER_CLOSED = frozenset({"ugd", "rawat_inap", "persalinan"})
_NEED_SESSIONS = ("dokter", "dokter_gigi", "bidan")

Range = tuple[int, int]
"""Minutes of a day: first, and first that no longer counts."""
Times = dict[tuple[str, Hari], list[Range]]
"""Ranges of each day of an odd and of an even week."""
Judge = Callable[[TenagaKesehatan, SesiPraktik], bool]


def check_coverage(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about promised hours in which the people are missing who must be there."""
    if scope.sifat.penunjang:
        return
    yield from _outpatient(scope)
    yield from _round_the_clock(scope)
    yield from _without_sessions(scope)


def _outpatient(scope: CheckScope) -> Iterator[Finding]:
    open_hours: Times = {
        (week, day): _joined(
            _range(row.buka, row.tutup)
            for row in scope.kontrak.jadwal.operasional
            if row.hari == day
        )
        for week in _WEEKS
        for day in get_args(Hari)
    }
    leading = _leading_professions(scope)
    dental = not scope.sifat.pelayanan_umum

    def leads(tenaga: TenagaKesehatan, sesi: SesiPraktik) -> bool:
        places = frozenset({"gigi"}) if dental else _OUTPATIENT
        return tenaga.profesi in leading and not tenaga.spesialis and sesi.poli in places

    def sees_patients(tenaga: TenagaKesehatan, sesi: SesiPraktik) -> bool:
        return leads(tenaga, sesi) or sesi.poli in _OUTPATIENT | {"gigi"}

    nobody = _without(open_hours, _present(scope, sees_patients))
    others = _without(_without(open_hours, _present(scope, leads)), nobody)
    path = "jadwal.operasional"
    needed = PROFESI_TAMPIL[leading[0]].lower()
    for code, missing in (("coverage.nobody", nobody), ("coverage.no_doctor", others)):
        if any(missing.values()):
            yield warning(code, path, _HOURS, needed=needed, **_told(missing))


def _leading_professions(scope: CheckScope) -> tuple[str, ...]:
    if not scope.sifat.pelayanan_umum:
        return ("dokter_gigi",)
    stands_in = scope.sifat.puskesmas and not counted(scope.kontrak, "dokter")
    return ("dokter", "perawat") if stands_in else ("dokter",)


def _round_the_clock(scope: CheckScope) -> Iterator[Finding]:
    faskes, jadwal = scope.kontrak.faskes, scope.kontrak.jadwal
    always: Times = {(week, day): [(0, _DAY)] for week in _WEEKS for day in get_args(Hari)}

    def doctor(tenaga: TenagaKesehatan, _sesi: SesiPraktik) -> bool:
        return tenaga.profesi == "dokter"

    def keeps_watch(tenaga: TenagaKesehatan, sesi: SesiPraktik) -> bool:
        return tenaga.profesi == "dokter" or sesi.poli in _NEVER_CLOSED

    watched = _present(scope, keeps_watch)
    if jadwal.ugd_24_jam:
        nobody = _without(always, watched)
        no_doctor = _without(_without(always, _present(scope, doctor)), nobody)
        path = "jadwal.ugd_24_jam"
        if any(nobody.values()):
            yield warning("coverage.emergency_nobody", path, _HOURS, **_told(nobody))
        if any(no_doctor.values()):
            make = info if scope.sifat.puskesmas else warning
            yield make("coverage.emergency_no_doctor", path, _HOURS, **_told(no_doctor))
    if not faskes.rawat_inap:
        return
    if not jadwal.rawat_inap_24_jam:
        yield warning("coverage.inpatient_closes", "jadwal.rawat_inap_24_jam", _HOURS)
    elif any((missing := _without(always, watched)).values()) and not jadwal.ugd_24_jam:
        yield warning(
            "coverage.inpatient_nobody", "jadwal.rawat_inap_24_jam", _HOURS, **_told(missing)
        )


def _without_sessions(scope: CheckScope) -> Iterator[Finding]:
    """Yield a finding for everybody who sees patients and never stands in the schedule."""
    scheduled = {sesi.tenaga for sesi in scope.kontrak.jadwal.praktik}
    active = {
        tenaga.kunci for profesi in _NEED_SESSIONS for tenaga in counted(scope.kontrak, profesi)
    }
    for index, tenaga in enumerate(scope.kontrak.tenaga_kesehatan):
        if tenaga.kunci in active - scheduled:
            yield warning(
                "coverage.no_session",
                f"tenaga_kesehatan[{index}].kunci",
                _HFIS,
                name=tenaga.nama,
                profession=PROFESI_TAMPIL[tenaga.profesi],
            )


def _present(scope: CheckScope, fits: Judge) -> Times:
    staff = {tenaga.kunci: tenaga for tenaga in scope.kontrak.tenaga_kesehatan}
    times: Times = {(week, day): [] for week in _WEEKS for day in get_args(Hari)}
    for sesi in scope.kontrak.jadwal.praktik:
        tenaga = staff.get(sesi.tenaga)
        if tenaga is None or tenaga.meninggal or not fits(tenaga, sesi):
            continue
        for week in _WEEKS:
            if sesi.pekan in ("setiap", week):
                times[week, sesi.hari].append(_range(sesi.mulai, sesi.selesai))
    return {place: _joined(ranges) for place, ranges in times.items()}


def _range(begins: time, ends: time) -> Range:
    until = ends.hour * _HOUR + ends.minute
    return begins.hour * _HOUR + begins.minute, _DAY if until == _DAY - 1 else until


def _joined(ranges: Iterator[Range] | list[Range]) -> list[Range]:
    joined: list[Range] = []
    for begins, ends in sorted(one for one in ranges if one[0] < one[1]):
        if joined and begins <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], ends))
        else:
            joined.append((begins, ends))
    return joined


def _without(wanted: Times, there: Times) -> Times:
    return {place: _gaps(ranges, there[place]) for place, ranges in wanted.items()}


def _gaps(wanted: list[Range], there: list[Range]) -> list[Range]:
    gaps = []
    for begins, ends in wanted:
        at = begins
        for start, stop in there:
            if start > at and start < ends:
                gaps.append((at, start))
            if stop > at and start < ends:
                at = stop
        if at < ends:
            gaps.append((at, ends))
    return gaps


def _told(missing: Times) -> dict[str, object]:
    """Return what the words of a finding need: how long in two weeks, and on which days when."""
    length = sum(ends - begins for ranges in missing.values() for begins, ends in ranges)
    return {"length": _length(length), "when": _when(missing)}


def _length(minutes: int) -> Message:
    code = "coverage.length_minutes" if minutes % _HOUR else "coverage.length"
    return lookup(code).fill({"hours": minutes // _HOUR, "minutes": minutes % _HOUR})


def _when(missing: Times) -> Message:
    """Return days and hours; neighbouring days with the same hours stand together."""
    groups: list[tuple[list[Hari], str, list[Range]]] = []
    for week in ("setiap", *_WEEKS):
        before: list[Range] = []
        for day in get_args(Hari):
            odd, even = missing["ganjil", day], missing["genap", day]
            both = odd == even
            ranges = odd if week != "genap" else even
            if both is not (week == "setiap"):
                ranges = []
            if ranges and ranges == before:
                groups[-1][0].append(day)
            elif ranges:
                groups.append(([day], week, ranges))
            before = ranges
    parts = [_part(*group) for group in groups]
    return Message("; ".join(one.id for one in parts), "; ".join(one.en for one in parts))


def _part(days: list[Hari], week: str, ranges: list[Range]) -> Message:
    hours = ", ".join(f"{_clock(begins)}–{_clock(ends)}" for begins, ends in ranges)
    first, last = day_name(days[0]), day_name(days[-1])
    code = "coverage.one_day" if len(days) == 1 else "coverage.days"
    told = lookup(code).fill({"first": first, "last": last, "hours": hours})
    if week == "setiap":
        return told
    return lookup(f"coverage.week_{week}").fill({"told": told})


def _clock(minutes: int) -> str:
    return f"{minutes // _HOUR:02d}.{minutes % _HOUR:02d}"
