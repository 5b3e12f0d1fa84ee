"""Checks of documents: the mandatory ones, their dates and their files.

Levels (docs/sumber.md 1.6, 6.5, 6.11, 7, 13.6):

* no list of documents at all needs a person (``manual``): the branch may keep the list elsewhere;
* with a list, an absolute requirement (persyaratan mutlak) that it lacks blocks, and so does one
  whose file is no PDF, is empty or is larger than the upload takes; a document that lies in HFIS
  already is listed without ``berkas``;
* what stands only in the list whose original was lost (``dokumen_wajib`` is remembered) and not
  among those that a public text confirms is a warning that says so: unconfirmed law stops nobody;
* the accreditation certificate may be left out, its absence is only information;
* the file of any other document is a warning: the upload would fail, not the agreement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from pks_kit.domain.kontrak import Dokumen, Kontrak
from pks_kit.domain.sifat_faskes import SIFAT
from pks_kit.messages import Message, lookup
from pks_kit.rules.checks.scope import CheckScope
from pks_kit.rules.findings import Finding, blocking, info, manual, warning

_DOCUMENTS = "Petunjuk teknis HFIS, dokumen dan peringatan halaman utama"
_ORIGINALS = "Sosialisasi PKS FKTP 2024, dokumen persyaratan mutlak"
_CONFIRMED = "dokumen_wajib.terkonfirmasi"
_ACCREDITATION = frozenset({"sertifikat_akreditasi", "komitmen_akreditasi"})
_REGISTRATION = frozenset({"permohonan_registrasi", "izin_operasional", "bukti_pma"})


def check_dates(
    scope: CheckScope, path: str, issued: date | None, ends: date | None
) -> Iterator[Finding]:
    """Yield findings about the dates of a document that has ``tanggal`` and ``berlaku_sampai``."""
    if ends is None:
        return
    if issued is not None and issued > ends:
        yield blocking(
            "document.end_before_date",
            f"{path}.berlaku_sampai",
            _DOCUMENTS,
            given=issued,
            end=ends,
        )
    elif scope.ends_soon(ends):
        code = "document.expired" if ends < scope.day else "document.ends_soon"
        yield warning(code, f"{path}.berlaku_sampai", _DOCUMENTS, end=ends, months=scope.months)


def check_mandatory(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about mandatory documents of the kind that are not listed."""
    if scope.sifat.penunjang:
        return
    groups = _mandatory(scope)
    basis = scope.aturan.legal_basis(_rule_name(scope))
    if not scope.kontrak.dokumen:
        yield manual("document.no_list", "dokumen", basis, documents=_named(groups))
        return
    given = {dokumen.jenis for dokumen in scope.kontrak.dokumen}
    for group in groups:
        if given & set(group):
            continue
        if set(group) <= _ACCREDITATION:
            if scope.kontrak.faskes.akreditasi is None:
                yield info("document.no_accreditation", "dokumen", basis)
        elif set(group) & _confirmed(scope):
            sure = scope.aturan.legal_basis(_CONFIRMED)
            yield blocking("document.missing", "dokumen", sure, document=_named((group,)))
        else:
            named = _named((group,))
            yield warning("document.missing_unconfirmed", "dokumen", basis, document=named)


def _confirmed(scope: CheckScope) -> frozenset[str]:
    return frozenset(str(scope.aturan.value(_CONFIRMED)).split())


def _rule_name(scope: CheckScope) -> str:
    return f"dokumen_wajib.{scope.kontrak.faskes.jenis}"


def _mandatory(scope: CheckScope) -> tuple[tuple[str, ...], ...]:
    """Return the absolute requirements of the kind of facility; supporting facilities have none."""
    if scope.sifat.penunjang:
        return ()
    rule = str(scope.aturan.value(_rule_name(scope)))
    return mandatory_documents(rule, bool(scope.kontrak.jejaring))


def mandatory_documents(rule: str, has_jejaring: bool) -> tuple[tuple[str, ...], ...]:
    """Return the documents of a ``dokumen_wajib`` rule; one of each group is enough.

    Args:
        rule: For example ``sip sertifikat_akreditasi/komitmen_akreditasi pks_jejaring?``.
        has_jejaring: Whether words with ``?`` count.
    """
    words = [word for word in rule.split() if has_jejaring or not word.endswith("?")]
    return tuple(tuple(word.rstrip("?").split("/")) for word in words)


def _named(groups: tuple[tuple[str, ...], ...]) -> Message:
    def joined(language: str, word: str) -> str:
        return ", ".join(
            f" {word} ".join(
                lookup(f"document.name.{kind}").in_language(language) for kind in group
            )
            for group in groups
        )

    return Message(joined("id", "atau"), joined("en", "or"))


def check_documents(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about each listed document: dates, number, file type and size."""
    absolute = {kind for group in _mandatory(scope) for kind in group} & _confirmed(scope)
    for index, dokumen in enumerate(scope.kontrak.dokumen):
        path = f"dokumen[{index}]"
        yield from check_dates(scope, path, dokumen.tanggal, dokumen.berlaku_sampai)
        yield from _number(scope.kontrak, dokumen, path)
        yield from _file(scope, dokumen, path, blocking if dokumen.jenis in absolute else warning)


def _number(kontrak: Kontrak, dokumen: Dokumen, path: str) -> Iterator[Finding]:
    izin = kontrak.faskes.izin_operasional
    if dokumen.jenis != "izin_operasional" or izin is None or dokumen.nomor is None:
        return
    if dokumen.nomor != izin.nomor:
        yield warning(
            "document.number_differs",
            f"{path}.nomor",
            _DOCUMENTS,
            given=dokumen.nomor,
            expected=izin.nomor,
        )


def _file(
    scope: CheckScope, dokumen: Dokumen, path: str, make: Callable[..., Finding]
) -> Iterator[Finding]:
    name, size = dokumen.berkas, dokumen.ukuran_bita
    if name is None:
        yield info(
            "document.no_file", f"{path}.berkas", _ORIGINALS, document=_named(((dokumen.jenis,),))
        )
    elif not name.casefold().endswith(".pdf"):
        yield make("document.not_pdf", f"{path}.berkas", _ORIGINALS, file=name)
    if size == 0:
        yield make("document.empty_file", f"{path}.ukuran_bita", _ORIGINALS)
    limit = _size_limit(scope.kontrak, dokumen)
    if size is None or limit is None:
        return
    maximum = scope.aturan.whole(limit)
    if size > maximum:
        basis = scope.aturan.legal_basis(limit)
        yield make("document.too_large", f"{path}.ukuran_bita", basis, size=size, maximum=maximum)


def _size_limit(kontrak: Kontrak, dokumen: Dokumen) -> str | None:
    """Return the parameter that limits a file, or None: no source limits the other files."""
    if dokumen.jenis == "pks_jejaring" and _with_midwife(kontrak, dokumen):
        return "dokumen.pks_bidan_bita"
    registers = any(other.jenis == "permohonan_registrasi" for other in kontrak.dokumen)
    if registers and SIFAT[kontrak.faskes.jenis].klinik and dokumen.jenis in _REGISTRATION:
        return "dokumen.registrasi_bita"
    return None


def _with_midwife(kontrak: Kontrak, dokumen: Dokumen) -> bool:
    """Return whether an agreement is with a midwife; without a number it may be."""
    members = [
        anggota
        for anggota in kontrak.jejaring
        if dokumen.nomor is None or anggota.nomor_pks_jejaring == dokumen.nomor
    ]
    return any(anggota.jenis == "bidan" for anggota in members)
