"""Checks of data about certificates: only where one will exist (docs/sumber.md 1.3)."""

from __future__ import annotations

from collections.abc import Iterator

from pks_kit.domain.tanda_tangan import (
    PIHAK,
    PIHAK_TAMPIL,
    roles_of_services,
    signs_electronically,
)
from pks_kit.rules.checks.scope import CheckScope
from pks_kit.rules.findings import Finding, blocking, info, warning

_SERVICES = "BSrE Esign Client Service (docs/sumber.md E1.7)"
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


def check_prepared_fields(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about fields that wait on the page where a service makes its own.

    BSrE refuses a page with a prepared field, and a draft cannot be changed afterwards. Without
    settings nobody knows who signs with what, so it is information.
    """
    kontrak = scope.kontrak
    said, method = kontrak.tanda_tangan_elektronik, kontrak.cara_kontrak
    own = roles_of_services(said, method)
    prepared = [one for one in PIHAK if one not in own and signs_electronically(one, method)]
    if scope.berlayanan is None:
        if prepared:
            parties = ", ".join(PIHAK_TAMPIL[one] for one in prepared)
            params = {"parties": parties, "key": prepared[0]}
            yield info("certificate.prepared_field", "tanda_tangan_elektronik", _SERVICES, **params)
        return
    for pihak in prepared:
        if pihak not in scope.berlayanan:
            continue
        given = said is not None and getattr(said, pihak) is not None
        path = f"tanda_tangan_elektronik.{pihak}.bidang" if given else "tanda_tangan_elektronik"
        params = {"party": PIHAK_TAMPIL[pihak], "key": pihak}
        yield blocking("certificate.service_refuses_field", path, _SERVICES, **params)
