"""Checks of an addendum about accounts against its agreement (docs/sumber.md 1.7, 13.1)."""

from __future__ import annotations

from collections.abc import Iterator

from pks_kit.domain.adendum import Adendum, changed_accounts
from pks_kit.domain.kontrak import Kontrak
from pks_kit.rules.findings import Finding, blocking, warning

_ACCOUNT_RULE = "Sosialisasi PKS FKTP 2024, ketentuan nomor rekening"
_PARENT = "Susunan addendum PKS FKTP yang beredar umum"  # docs/sumber.md 13.1 nomor 10
_TERM = "Perjanjian induk, Pasal Jangka Waktu Perjanjian"


def check_adendum(induk: Kontrak, adendum: Adendum) -> Iterator[Finding]:
    """Yield findings about numbers, days and accounts of an addendum.

    Args:
        induk: Contract data of the earlier agreement.
        adendum: Data of the addendum.
    """
    yield from _numbers(induk, adendum)
    yield from _days(induk, adendum)
    yield from _accounts(induk, adendum)


def _numbers(induk: Kontrak, adendum: Adendum) -> Iterator[Finding]:
    pairs = (
        ("nomor_pks_kesatu", adendum.nomor_pks_kesatu, induk.pihak_kesatu.nomor_pks),
        ("nomor_pks_kedua", adendum.nomor_pks_kedua, induk.pihak_kedua.nomor_pks),
    )
    for path, number, earlier in pairs:
        if number.casefold() == earlier.casefold():
            yield blocking("addendum.number_of_parent", path, _PARENT, number=number)


def _days(induk: Kontrak, adendum: Adendum) -> Iterator[Finding]:
    start, end = induk.jangka_waktu.tanggal_mulai, induk.jangka_waktu.tanggal_selesai
    signed, effect = adendum.tanggal_tanda_tangan, adendum.tanggal_berlaku
    notice = adendum.surat_pemberitahuan.tanggal
    if not start <= effect <= end:
        yield blocking(
            "addendum.effect_outside_term",
            "tanggal_berlaku",
            _TERM,
            given=effect,
            start=start,
            end=end,
        )
    if signed < induk.pihak_kesatu.tanggal_tanda_tangan:
        yield blocking(
            "addendum.signed_before_parent",
            "tanggal_tanda_tangan",
            _PARENT,
            given=signed,
            parent=induk.pihak_kesatu.tanggal_tanda_tangan,
        )
    if signed > end:
        yield blocking(
            "addendum.signed_after_term", "tanggal_tanda_tangan", _TERM, given=signed, end=end
        )
    if effect < signed:
        yield blocking(
            "addendum.effect_before_signing",
            "tanggal_berlaku",
            _ACCOUNT_RULE,
            given=effect,
            signed=signed,
        )
    if notice > signed:
        yield blocking(
            "addendum.notice_after_signing",
            "surat_pemberitahuan.tanggal",
            _ACCOUNT_RULE,
            given=notice,
            signed=signed,
        )


def _accounts(induk: Kontrak, adendum: Adendum) -> Iterator[Finding]:
    changed = changed_accounts(adendum)
    if not changed:
        yield blocking("addendum.no_account", "rekening_baru", _ACCOUNT_RULE)
    for name in changed:
        old, new = getattr(induk.rekening, name), getattr(adendum.rekening_baru, name)
        if old == new:
            yield blocking("addendum.account_unchanged", f"rekening_baru.{name}", _ACCOUNT_RULE)
        elif new.atas_nama.casefold() != old.atas_nama.casefold():
            yield warning(
                "addendum.holder_differs",
                f"rekening_baru.{name}.atas_nama",
                _ACCOUNT_RULE,
                old=old.atas_nama,
                new=new.atas_nama,
            )
