"""A ZIP that is no evidence file is called what it is."""

from __future__ import annotations

import io
import zipfile

from pks_kit.verification.evidence_file import (
    README,
    REQUIRED,
    Refused,
    claims_to_be_ours,
    pack,
    unpack,
)


def test_an_evidence_file_whose_files_speak_of_office_files_is_none() -> None:
    files = {name: b"word/document.xml" for name in REQUIRED}
    assert unpack(pack(files)) == files
    assert README in files
    assert claims_to_be_ours(pack(files))


def test_another_archive_is_only_told_to_be_none_of_ours() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.txt", "x")
    assert unpack(target.getvalue()) == Refused("unexpected", "a.txt")


def test_a_zip_is_taken_for_ours_by_the_names_in_it_alone() -> None:
    def named(*names: str, method: int = zipfile.ZIP_DEFLATED) -> bytes:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", method) as archive:
            for name in names:
                archive.writestr(name, "x" * 100)
        return target.getvalue()

    assert claims_to_be_ours(named("a.pdf", "akhir.pdf"))  # packed again: still ours, and altered
    assert claims_to_be_ours(named("bukti/laporan.json"))
    assert claims_to_be_ours(named(*(f"{n}.txt" for n in range(50)), "terbit.pdf"))
    assert not claims_to_be_ours(named("PKS final.pdf", "PKS/Klinik/KTP.jpg", "manifest.json"))
    assert not claims_to_be_ours(named("bukan-akhir.pdf"))
    assert not claims_to_be_ours(b"%PDF-1.7 akhir.pdf")
