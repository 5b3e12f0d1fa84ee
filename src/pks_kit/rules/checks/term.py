"""Checks of the dates of an agreement (docs/sumber.md 1.5, 3.2 P17, 13.3).

Which rule a date breaks decides the level: an impossible term blocks, an unusual one is a warning,
and what only differs from habit (weekend, another end than 31 December) is information.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pks_kit.domain.kontrak import JangkaWaktu, Kontrak
from pks_kit.domain.tanggal import months_after
from pks_kit.rules.checks.scope import PKS, CheckScope, day_name
from pks_kit.rules.computed.deadlines import expiry_flag_from
from pks_kit.rules.findings import Finding, blocking, info, manual, warning

_TERM = f"{PKS}, Pasal Jangka Waktu Perjanjian"
_SIGNING = f"{PKS}, pembukaan"
_VENDOR = f"{PKS}, Pasal Keamanan Data"
_TARIFF = f"{PKS}, Lampiran Biaya, Tata Cara Penagihan dan Tata Cara Pembayaran Pelayanan"
_WEEKEND = {5: "sabtu", 6: "minggu"}


def check_term(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about start and end of the term."""
    term = scope.kontrak.jangka_waktu
    end, path = term.tanggal_selesai, "jangka_waktu.tanggal_selesai"
    if term.tanggal_mulai > end:
        yield blocking("term.start_after_end", path, _TERM, start=term.tanggal_mulai, end=end)
        return
    if scope.as_of > end:
        yield warning("term.ended", path, _TERM, end=end)
    elif scope.as_of >= expiry_flag_from(end, scope.aturan).tanggal:
        yield warning("term.ends_soon", path, _TERM, end=end, months=scope.months)
    longest = scope.aturan.whole("pemeriksaan.jangka_waktu_lazim")
    if is_longer_than(term, longest):
        yield warning(
            "term.long",
            path,
            scope.aturan.legal_basis("pemeriksaan.jangka_waktu_lazim"),
            start=term.tanggal_mulai,
            end=end,
            months=longest,
        )
    if (end.month, end.day) != (12, 31):
        yield info("term.not_year_end", path, _TERM, end=end)


def check_known_values(scope: CheckScope) -> Iterator[Finding]:
    """Yield what to decide when the term begins before figures that anybody has read."""
    known = scope.aturan.known_from(scope.start)
    if known is None:
        return
    end, path = scope.kontrak.jangka_waktu.tanggal_selesai, "jangka_waktu.tanggal_mulai"
    if end < known:
        yield blocking("term.figures_unknown", path, _TARIFF, end=end, known=known)
    else:
        yield manual("term.figures_later", path, _TARIFF, start=scope.start, known=known)


def is_longer_than(term: JangkaWaktu, months: int) -> bool:
    """Return whether a term lasts longer than some months; both its days belong to it.

    1 January to 31 December is exactly twelve months; one day more is longer.
    """
    return term.tanggal_selesai >= months_after(term.tanggal_mulai, months)


def check_signing_day(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about the day of signing: after the start, or on a weekend."""
    signed = scope.kontrak.pihak_kesatu.tanggal_tanda_tangan
    path = "pihak_kesatu.tanggal_tanda_tangan"
    if signed > scope.kontrak.jangka_waktu.tanggal_selesai:
        yield blocking(
            "term.signed_after_end",
            path,
            _SIGNING,
            signed=signed,
            end=scope.kontrak.jangka_waktu.tanggal_selesai,
        )
    elif signed > scope.start:
        yield warning("term.signed_after_start", path, _SIGNING, signed=signed, start=scope.start)
    weekend = _WEEKEND.get(signed.weekday())
    if weekend:
        yield info("term.signed_on_weekend", path, _SIGNING, signed=signed, day=day_name(weekend))


def signing_day_gone(kontrak: Kontrak, today: date) -> Iterator[Finding]:
    """Yield a warning when the printed day of signing has passed on the day of the work.

    No rule forbids to sign later, and whoever has signed by then is concerned by nothing. Of a term
    that has ended nobody signs any more: its data are looked at for other reasons.

    Args:
        kontrak: The data.
        today: Day of the work, in WIB.
    """
    signed = kontrak.pihak_kesatu.tanggal_tanda_tangan
    if signed < today <= kontrak.jangka_waktu.tanggal_selesai:
        path = "pihak_kesatu.tanggal_tanda_tangan"
        yield warning("term.signing_day_gone", path, _SIGNING, signed=signed, today=today)


def check_inner_dates(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about dates that should lie inside the term: vendor contract, targets."""
    term = scope.kontrak.jangka_waktu
    cons_id = scope.kontrak.cons_id
    vendor = cons_id.vendor if cons_id else None
    if vendor and vendor.tanggal_mulai > vendor.tanggal_selesai:
        yield blocking(
            "term.start_after_end",
            "cons_id.vendor.tanggal_selesai",
            _VENDOR,
            start=vendor.tanggal_mulai,
            end=vendor.tanggal_selesai,
        )
    elif vendor and vendor.tanggal_selesai < scope.start:
        yield warning(
            "term.vendor_ended",
            "cons_id.vendor.tanggal_selesai",
            _VENDOR,
            end=vendor.tanggal_selesai,
            start=scope.start,
        )
    if scope.start > term.tanggal_selesai:
        return
    for index, row in enumerate(scope.kontrak.integrasi):
        if row.status != "sudah" and not scope.start <= row.target <= term.tanggal_selesai:
            yield info(
                "term.target_outside",
                f"integrasi[{index}].target",
                f"{PKS}, Komitmen Terhadap Integrasi Sistem",
                system=row.sistem,
                target=row.target,
                start=scope.start,
                end=term.tanggal_selesai,
            )
