"""Facts that the agreement tells as done: their day is not after the day of signing.

A day between signing and the start of the term is a warning: it may be a slip of what is planned.
A later one blocks, because neither PIHAK can sign today that something happened then. Licences,
decrees and licences of the network after the start have findings of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pks_kit.domain.kontrak import Kontrak
from pks_kit.messages import Message, lookup
from pks_kit.rules.checks.scope import DATA, CheckScope
from pks_kit.rules.findings import Finding, blocking, warning

_OWN_FINDING = ("izin_operasional.tanggal", "penetapan.tanggal", "izin.tanggal")


def check_past_facts(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about documents, trainings and integrations of the future."""
    signed = scope.signed
    for path, day, words in _facts(scope.kontrak):
        told_elsewhere = path.endswith(_OWN_FINDING) and day > scope.start
        if day > signed and not told_elsewhere:
            make = blocking if day > scope.start else warning
            yield make("past.after_signing", path, DATA, fact=words, date=day, signed=signed)
    for index, tenaga in enumerate(scope.kontrak.tenaga_kesehatan):
        if tenaga.tahun_lulus is not None and tenaga.tahun_lulus > signed.year:
            yield blocking(
                "past.graduation",
                f"tenaga_kesehatan[{index}].tahun_lulus",
                DATA,
                name=tenaga.nama,
                year=tenaga.tahun_lulus,
                signed=signed,
            )


def _facts(kontrak: Kontrak) -> Iterator[tuple[str, date, Message]]:
    """Yield place, day and words of everything that is told as done.

    The authority of who signs has a check of its own.
    """
    izin, penetapan = kontrak.faskes.izin_operasional, kontrak.rekening.penetapan
    if izin is not None:
        yield "faskes.izin_operasional.tanggal", izin.tanggal, lookup("past.licence")
    if penetapan is not None:
        yield "rekening.penetapan.tanggal", penetapan.tanggal, lookup("past.decree")
    for index, row in enumerate(kontrak.integrasi):
        if row.status == "sudah":
            words = lookup("past.integration").fill({"system": row.sistem})
            yield f"integrasi[{index}].target", row.target, words
    for index, anggota in enumerate(kontrak.jejaring):
        words = lookup("past.member").fill({"name": anggota.nama})
        yield f"jejaring[{index}].izin.tanggal", anggota.izin.tanggal, words
    for index, dokumen in enumerate(kontrak.dokumen):
        if dokumen.tanggal is not None:
            kind = lookup(f"document.name.{dokumen.jenis}")
            yield f"dokumen[{index}].tanggal", dokumen.tanggal, kind
    for index, tenaga in enumerate(kontrak.tenaga_kesehatan):
        if tenaga.pelatihan_usg is not None:
            words = lookup("past.training").fill({"name": tenaga.nama})
            path = f"tenaga_kesehatan[{index}].pelatihan_usg.tanggal_selesai"
            yield path, tenaga.pelatihan_usg.tanggal_selesai, words
    before = kontrak.perjanjian_sebelumnya
    if before is not None:
        path = "perjanjian_sebelumnya.tanggal_mulai"
        yield path, before.tanggal_mulai, lookup("past.agreement")
