"""Which agreement a facility may have: kind, method, name in Aceh (docs/sumber.md 1.2, 13.1).

A kind for which the deck names only ``manual`` is refused for the other methods. Pharmacies and
laboratories have a template version of their own; a version offers the kinds it has text for.
Paper for a kind that has electronic methods is a warning: the deck does not list it, but a branch
may have to fall back on it when the systems fail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pks_kit.rules.checks.scope import CheckScope
from pks_kit.rules.findings import Finding, blocking, info, manual, warning

_FORMS = "Sosialisasi PKS FKTP 2024, bentuk kontrak menurut jenis faskes"
_ACEH = re.compile(r"\baceh\b", re.IGNORECASE)
_ORDINARY_NAME = "perjanjian kerja sama"


def check_kind(scope: CheckScope) -> Iterator[Finding]:
    """Yield a finding when this template version has no agreement for the kind."""
    kind = scope.kontrak.faskes.jenis
    offered = scope.jenis_tersedia
    if offered is not None and kind not in offered:
        yield blocking(
            "offer.kind",
            "faskes.jenis",
            _FORMS,
            kind=kind,
            version=scope.kontrak.versi_templat,
            offered=", ".join(sorted(offered)),
        )
    owner = scope.kontrak.pemilik
    if scope.sifat.aturan_rekening == "blud" and not (owner and owner.koordinasi_dinas):
        yield manual("offer.blud_signatory", "pihak_kedua.nama_penandatangan", _FORMS)


def check_method(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about a method that is not offered or not meant for the kind."""
    method, kind = scope.kontrak.cara_kontrak, scope.kontrak.faskes.jenis
    offered = scope.cara_tersedia
    if offered is not None and method not in offered:
        yield blocking(
            "offer.method",
            "cara_kontrak",
            _FORMS,
            method=method,
            version=scope.kontrak.versi_templat,
            offered=", ".join(sorted(offered)),
        )
    name = f"cara_kontrak.{kind}"
    allowed = str(scope.aturan.value(name)).split()
    if method in allowed:
        return
    basis = scope.aturan.legal_basis(name)
    if method == "manual":
        yield warning("offer.paper", "cara_kontrak", basis, allowed=", ".join(allowed))
        return
    code = "offer.manual_separate" if scope.sifat.penunjang else "offer.manual_kepwil"
    yield blocking(code, "cara_kontrak", basis, kind=kind, method=method)


def check_kepwil(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about the regional deputy, the counterpart of TNI/POLRI clinics only."""
    kesatu, kind = scope.kontrak.pihak_kesatu, scope.kontrak.faskes.jenis
    path = "pihak_kesatu.kedeputian_wilayah"
    regional = scope.sifat.mitra_wilayah
    if regional and kesatu.kedeputian_wilayah is None:
        yield blocking("offer.kepwil_missing", path, _FORMS)
    if not regional and kesatu.kedeputian_wilayah is not None:
        yield info("offer.kepwil_unused", path, _FORMS, kind=kind)


def check_name(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about the name of the agreement: another one in Aceh, and only there."""
    given = scope.kontrak.nama_perjanjian
    parameter = "pemeriksaan.nama_perjanjian_aceh"
    expected = str(scope.aturan.value(parameter))
    basis = scope.aturan.legal_basis(parameter)
    folded = " ".join((given or _ORDINARY_NAME).casefold().split())
    if _ACEH.search(scope.kontrak.faskes.provinsi):
        if folded != expected.casefold():
            yield warning("name.aceh", "nama_perjanjian", basis, expected=expected)
    elif folded != _ORDINARY_NAME:
        yield info("name.other", "nama_perjanjian", basis, given=given)
