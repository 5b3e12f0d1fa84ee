"""Checks of who signs for PIHAK KEDUA and on what authority (docs/sumber.md 1.4, 13.1 no. 4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from pks_kit.domain.masukan import DasarPenetapan
from pks_kit.domain.nama_orang import same_person
from pks_kit.rules.checks.scope import CheckScope
from pks_kit.rules.findings import Finding, blocking, warning

_WHO_SIGNS = "Permenkes 99/2015 Pasal 4"
_PLACEHOLDER = re.compile(r"[\W_x0]*|(?:tidak|belum) ada|n\W?a|nihil|kosong|tbd", re.IGNORECASE)
_SIP = re.compile(r"\bsip\b|izin praktik", re.IGNORECASE)
_DECISION = re.compile(r"keputusan|\bsk\b|surat (?:perintah|tugas)|penetapan", re.IGNORECASE)


def check_signatory(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about the authority of both signatories."""
    kontrak = scope.kontrak
    signed = kontrak.pihak_kesatu.tanggal_tanda_tangan
    yield from _authority("pihak_kesatu", kontrak.pihak_kesatu.dasar_penetapan, signed)
    yield from _authority("pihak_kedua", kontrak.pihak_kedua.dasar_penetapan, signed)
    for field in ("nama_penandatangan", "jabatan_penandatangan"):
        value = getattr(kontrak.pihak_kedua, field)
        if is_placeholder(value):
            yield blocking("authority.placeholder", f"pihak_kedua.{field}", _WHO_SIGNS, value=value)
    yield from _basis_of_kind(scope)


def is_placeholder(text: str) -> bool:
    """Return whether a text only fills the cell: ``-``, ``...``, ``xxx``, ``belum ada``."""
    return _PLACEHOLDER.fullmatch(text.strip()) is not None


def _authority(pihak: str, dasar: DasarPenetapan, signed: date) -> Iterator[Finding]:
    for field in ("jenis", "nomor"):
        value = getattr(dasar, field)
        if is_placeholder(value):
            yield blocking(
                "authority.placeholder",
                f"{pihak}.dasar_penetapan.{field}",
                _WHO_SIGNS,
                value=value,
            )
    if dasar.tanggal > signed:
        yield blocking(
            "authority.after_signing",
            f"{pihak}.dasar_penetapan.tanggal",
            _WHO_SIGNS,
            given=dasar.tanggal,
            signed=signed,
        )


def _basis_of_kind(scope: CheckScope) -> Iterator[Finding]:
    sifat, kedua = scope.sifat, scope.kontrak.pihak_kedua
    jenis = kedua.dasar_penetapan.jenis
    path = "pihak_kedua.dasar_penetapan.jenis"
    if sifat.perorangan and not _SIP.search(jenis):
        yield warning("authority.not_sip", path, _WHO_SIGNS, given=jenis)
    if sifat.puskesmas and not _DECISION.search(jenis):
        yield warning("authority.not_decision", path, _WHO_SIGNS, given=jenis)
    if sifat.perorangan:
        staff = scope.kontrak.tenaga_kesehatan
        if not any(same_person(tenaga.nama, kedua.nama_penandatangan) for tenaga in staff):
            yield warning(
                "authority.not_own_name",
                "pihak_kedua.nama_penandatangan",
                _WHO_SIGNS,
                name=kedua.nama_penandatangan,
            )
