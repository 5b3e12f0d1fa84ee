"""Checks of practice licences (SIP, SIPA, SIKRO ...): expired, ending soon, ending in the term."""

from __future__ import annotations

from collections.abc import Iterator

from pks_kit.rules.checks.scope import CheckScope
from pks_kit.rules.computed.values import is_valid_on
from pks_kit.rules.findings import Finding, blocking, info, warning

_HFIS = "Petunjuk teknis HFIS, jadwal praktik dan peringatan izin tenaga medis"


def check_licences(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about practice licences; the last day of one still counts.

    An expired licence blocks when its owner stands in the schedule (only active staff may) and is
    a warning otherwise.
    """
    scheduled = {sesi.tenaga for sesi in scope.kontrak.jadwal.praktik}
    for index, tenaga in enumerate(scope.kontrak.tenaga_kesehatan):
        path = f"tenaga_kesehatan[{index}].sip.berlaku_sampai"
        ends = tenaga.sip.berlaku_sampai
        params = {"name": tenaga.nama, "end": ends}
        if not is_valid_on(tenaga, scope.day):
            make = blocking if tenaga.kunci in scheduled else warning
            code = "scheduled" if tenaga.kunci in scheduled else "unscheduled"
            yield make(f"licence.expired_{code}", path, _HFIS, **params, day=scope.day)
        elif scope.ends_soon(ends):
            yield warning("licence.ends_soon", path, _HFIS, **params, months=scope.months)
        elif ends < scope.kontrak.jangka_waktu.tanggal_selesai:
            yield info("licence.ends_in_term", path, _HFIS, **params)
