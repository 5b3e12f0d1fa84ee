"""Checks of data about certificates: only where one will exist (docs/sumber.md 1.3)."""

from __future__ import annotations

from collections.abc import Iterator

from pks_kit.domain.tanda_tangan import PIHAK_TAMPIL, signs_electronically
from pks_kit.rules.checks.scope import CheckScope
from pks_kit.rules.findings import Finding, blocking, warning

_METHODS = "Sosialisasi PKS FKTP 2024, tanda tangan menurut cara kontrak"


def check_tanda_tangan(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about certificates and fields of a party that signs with a pen."""
    said, method = scope.kontrak.tanda_tangan_elektronik, scope.kontrak.cara_kontrak
    if said is None:
        return
    for pihak, one in said.given():
        if signs_electronically(pihak, method):
            continue
        path = f"tanda_tangan_elektronik.{pihak}"
        params = {"party": PIHAK_TAMPIL[pihak], "method": method}
        if one.penerbit_sertifikat is not None:
            place = f"{path}.penerbit_sertifikat"
            if method == "manual":
                yield blocking("certificate.no_signature", place, _METHODS, **params)
            else:
                yield warning("certificate.not_printed", place, _METHODS, **params)
        if one.bidang == "layanan":
            yield warning("certificate.no_field", f"{path}.bidang", _METHODS, **params)
