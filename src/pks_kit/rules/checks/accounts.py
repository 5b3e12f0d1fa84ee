"""Checks of the payment accounts (docs/sumber.md 1.7): reserve account, rules of the kinds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pks_kit.rules.checks.scope import CheckScope
from pks_kit.rules.findings import Finding, blocking, info, manual, warning

_RESERVE = "Sosialisasi PKS FKTP 2024, ketentuan nomor rekening"
_NOISE = re.compile(r"\b(?:pt|bank|persero|tbk|indonesia|bpd|pembangunan daerah)\b|[^a-z0-9 ]")
_ALIASES = {
    "rakyat": "bri",
    "negara": "bni",
    "central asia": "bca",
    "tabungan negara": "btn",
    "syariah": "bsi",
}
_BRANCH = re.compile(r"\b(?:kantor|cabang|capem|unit|kc|kcp|kcu|kk|kas)\b")
"""Words after which a branch of the bank is named, no longer the bank."""
_TREASURER = re.compile(r"\bbend(?:ahara)?\b.*\b(?:kapitasi|kap|jkn)\b", re.IGNORECASE)


def check_reserve(scope: CheckScope) -> Iterator[Finding]:
    """Yield a blocking finding when main and reserve account are at the same bank."""
    utama, cadangan = scope.kontrak.rekening.utama, scope.kontrak.rekening.cadangan
    if bank_key(utama.bank) == bank_key(cadangan.bank):
        yield blocking("account.same_bank", "rekening.cadangan.bank", _RESERVE, bank=cadangan.bank)
    if utama.nomor == cadangan.nomor:
        yield warning("account.same_number", "rekening.cadangan.nomor", _RESERVE)


def bank_key(name: str) -> str:
    """Return what names a bank, however it is written.

    ``PT Bank Rakyat Indonesia (Persero)``, ``Bank Rakyat Indonesia (BRI)`` and ``BRI KCP Antah``
    are all ``bri``; ``BCA Syariah`` is another bank than ``BCA``.
    """
    whole = _NOISE.sub(" ", name.casefold())
    bank = _BRANCH.split(whole, maxsplit=1)[0] or whole
    words = " ".join(bank.split())
    for long, short in _ALIASES.items():
        if words in (long, f"{long} {short}", f"{short} {long}"):
            return short
    return words or name.casefold()


def check_account_kind(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about whose account it must be, by kind of facility.

    Clinics and single practices decide for themselves; for RS Kelas D Pratama the sources name no
    rule.
    """
    rule, rekening = scope.sifat.aturan_rekening, scope.kontrak.rekening
    if rule == "bendahara_kapitasi":
        basis = str(scope.aturan.value("rekening.dasar_puskesmas_non_blud"))
        if not _TREASURER.search(rekening.utama.atas_nama):
            yield warning(
                "account.not_treasurer",
                "rekening.utama.atas_nama",
                basis,
                holder=rekening.utama.atas_nama,
            )
        if rekening.penetapan is None:
            yield blocking("account.no_decree", "rekening.penetapan", basis)
    if rule == "blud" and rekening.penetapan is None:
        basis = str(scope.aturan.value("rekening.dasar_puskesmas_blud"))
        yield manual("account.blud", "rekening.penetapan", basis)
    if rule == "pnbp":
        basis = str(scope.aturan.value("rekening.dasar_klinik_tni_polri"))
        yield manual("account.pnbp", "rekening.utama", basis)


def check_decree_date(scope: CheckScope) -> Iterator[Finding]:
    """Yield a finding when the account was decreed only after the term starts.

    A decree that is dated after the signing too does not exist yet.
    """
    penetapan = scope.kontrak.rekening.penetapan
    if penetapan is not None and penetapan.tanggal > scope.start:
        make = blocking if penetapan.tanggal > scope.signed else info
        yield make(
            "account.decree_late",
            "rekening.penetapan.tanggal",
            _RESERVE,
            given=penetapan.tanggal,
            start=scope.start,
        )
