"""Names and e-mail addresses as they will be printed: capitals throughout, doctorates, no domain.

They print as typed, so that they can be right only here. A name says nothing by its capitals about
who is meant; that is asked by :mod:`~pks_kit.domain.nama_orang`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pks_kit.domain.nama_orang import name_words
from pks_kit.rules.checks.scope import DATA, CheckScope
from pks_kit.rules.findings import Finding, info, warning

_DOCTOR = re.compile(r"(DRG|Drg|DR|Dr)(?:\.|(?=\s))\s*+(?!drg?\b)")
"""``Dr.`` and ``DR.`` before a name are a doctorate, unless ``dr.`` stands behind."""
_DOCTORS = frozenset({"dokter", "dokter_gigi"})
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.IGNORECASE)
_SHORT = 3


def check_names(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about the writing of names that are printed in the agreement."""
    for path, name, profession in _people(scope):
        if _in_one_case(name):
            yield warning("name.one_case", path, DATA, name=name)
        found = _DOCTOR.match(name.strip())
        if found is None:
            continue
        is_dentist = found[1].casefold() == "drg"
        right = "drg." if is_dentist else "dr."
        if profession in _DOCTORS or is_dentist or found[1].isupper():
            yield warning("name.doctorate", path, DATA, name=name, given=found[1], expected=right)
    for path, name in _places(scope):
        if _in_one_case(name):
            yield info("name.place_one_case", path, DATA, name=name)


def check_email(scope: CheckScope) -> Iterator[Finding]:
    """Yield warnings about e-mail addresses to which nothing can be sent."""
    for path, address in (
        ("pihak_kesatu.email", scope.kontrak.pihak_kesatu.email),
        ("pihak_kedua.email", scope.kontrak.pihak_kedua.email),
    ):
        domain = address.rpartition("@")[2]
        if not _DOMAIN.fullmatch(domain):
            yield warning("email.no_domain", path, DATA, domain=domain)


def _in_one_case(name: str) -> bool:
    """Return whether a name is in capitals or in small letters throughout, degrees left out."""
    head = name.split(",")[0]
    letters = [word for word in re.findall(r"[^\W\d_]+", head) if len(word) >= _SHORT]
    words = [word for word in letters if word.casefold() in set(name_words(name))]
    if not words:
        return False
    return all(word.isupper() for word in words) or all(word.islower() for word in words)


def _people(scope: CheckScope) -> Iterator[tuple[str, str, str]]:
    kontrak = scope.kontrak
    yield "pihak_kesatu.nama_kepala_cabang", kontrak.pihak_kesatu.nama_kepala_cabang, ""
    yield "pihak_kedua.nama_penandatangan", kontrak.pihak_kedua.nama_penandatangan, ""
    for index, tenaga in enumerate(kontrak.tenaga_kesehatan):
        yield f"tenaga_kesehatan[{index}].nama", tenaga.nama, tenaga.profesi
    for index, pengguna in enumerate(kontrak.pengguna_aplikasi):
        yield f"pengguna_aplikasi[{index}].nama", pengguna.nama, ""


def _places(scope: CheckScope) -> Iterator[tuple[str, str]]:
    yield "pihak_kedua.nama_faskes", scope.kontrak.pihak_kedua.nama_faskes
    for index, anggota in enumerate(scope.kontrak.jejaring):
        yield f"jejaring[{index}].nama", anggota.nama
