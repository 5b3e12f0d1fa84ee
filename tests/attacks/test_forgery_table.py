"""Every forgery of the table is refused with a reason that names what was done."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers

from support import forgeries, signed_files, tamper
from support.judging import failures, judge, unknowns

# What must be among the failed checks when the issued file is known.
REASONS = {
    "byte_of_last_table": "issued.revisions/unreadable",
    "byte_of_byte_range": "signature.integrity/byte_range",
    "cut_by_one_byte": "file.end/extra_bytes",
    "cut_in_half": "file.structure/unreadable",
    "junk_behind": "file.structure/unreadable",
    "junk_in_front": "file.type/not_at_start",
    "older_start": "file.end/extra_bytes",
    "line_ends_of_windows": "issued.prefix/differs_at",
    "cleared_container": "signature.integrity/changed",
    "copied_container": "file.structure/unreadable",
    "other_generation": "file.structure/unreadable",
    "freed_object": "signature.changes/forbidden",
    "redrawn_object": "issued.revisions/replaced_object",
    "unlisted_object": "issued.revisions/unlisted",
    "other_root": "issued.revisions/catalog",
    "hybrid_table": "issued.revisions/replaced_object",
    "compressed": "issued.prefix/differs_at",
    "linearised": "issued.prefix/differs_at",
    "locked": "file.encrypted/restricted",
    "first_pages_only": "content.pages/differ",
    "merged": "content.pages/differ",
    "flattened": "parties.missing/signature",
    "pictures_of_stamps": "parties.missing/stamp",
    "renamed_fields": "issued.prefix/differs_at",
    "certified_by_hand": "issued.prefix/differs_at",
    "resources": "issued.revisions/replaced_object",
    "font": "issued.revisions/replaced_object",
    "image": "issued.revisions/new_object",
    "content_appended": "issued.revisions/new_object",
    "layers": "issued.revisions/catalog",
    "language": "issued.revisions/catalog",
    "outlines": "issued.revisions/catalog",
    "labels": "issued.revisions/catalog",
    "dests": "issued.revisions/catalog",
    "perms": "issued.revisions/catalog",
    "rotated": "issued.revisions/replaced_object",
    "cropped": "issued.revisions/replaced_object",
    "resized": "issued.revisions/replaced_object",
    "user_unit": "issued.revisions/replaced_object",
    "page_action": "content.active/found",
    "page_removed": "content.pages/differ",
    "page_twice": "content.pages/differ",
    "appearance": "issued.revisions/other_field",
    "hidden": "issued.revisions/other_field",
    "renamed": "issued.revisions/unexpected_field",
    "swapped_values": "parties.person/different",
    "other_byte_range": "issued.revisions/replaced_object",
    "same_name": "issued.revisions/several_signatures",
    "empty_field": "issued.revisions/empty_field",
    "text_field": "issued.revisions/not_a_signature_field",
    "field_left_out": "issued.revisions/fields_list",
    "need_appearances": "issued.revisions/form",
    "xfa": "content.active/found",
    "signature_flags": "issued.revisions/unsigned",
    "attachment_replaced": "issued.revisions/replaced_object",
    "attachment_added": "issued.revisions/catalog",
    "title": "issued.revisions/information",
    "dss_with_junk": "issued.revisions/dss_junk",
    "dss_over_content": "issued.revisions/replaced_object",
    "nothing": "issued.revisions/unsigned",
}


def test_table_is_complete() -> None:
    assert set(REASONS) == set(forgeries.FORGERIES)


@pytest.mark.sampled(20)
@pytest.mark.parametrize("name", forgeries.FORGERIES)
def test_forgery_is_refused_with_and_without_the_issued_file(name: str) -> None:
    start, *_, done = signed_files.signed_steps()
    forged = forgeries.FORGERIES[name](done)
    assert forged != done
    report = judge(forged, issued=start, receipt=signed_files.receipt_beside(start))
    assert report.verdict == "failed"
    assert REASONS[name] in failures(report), failures(report)
    assert judge(forged).verdict == "failed"


def test_what_the_table_starts_from_passes() -> None:
    start, *_, done = signed_files.signed_steps()
    assert judge(done, issued=start, receipt=signed_files.receipt_beside(start)).verdict == "passed"
    assert judge(done).verdict == "passed"


# --- forgers with a key of their own ------------------------------------------------------------


def _chain(people: signed_files.World, start: bytes, **more: signed_files.Identity) -> bytes:
    """All four steps by the people of one authority, some replaced."""
    minute = timedelta(minutes=1)
    first = more.get("kepala", people.kepala)
    second = more.get("pimpinan", people.pimpinan)
    stamper = more.get("stamper", people.stamper)
    done = signed_files.sign(start, "TTD_PIHAK_KESATU", first, authority=people)
    stamp = partial(signed_files.stamp, authority=people, identity=stamper)
    done = stamp(done, "METERAI_PIHAK_KESATU", signed_files.SN_1, moment=signed_files.NOW + minute)
    later = signed_files.NOW + 2 * minute
    done = signed_files.sign(done, "TTD_PIHAK_KEDUA", second, authority=people, moment=later)
    return stamp(
        done, "METERAI_PIHAK_KEDUA", signed_files.SN_2, moment=signed_files.NOW + 3 * minute
    )


def _other_agreement() -> bytes:
    return _chain(signed_files.world(), signed_files.issued(4, "ZZZZ-YYYY-XXXX"))


def _other_authority() -> bytes:
    return _chain(signed_files.world("UJI lain"), signed_files.issued())


def _right_names_other_authority() -> bytes:
    return _chain(
        signed_files.world(),
        signed_files.issued(),
        kepala=signed_files.world("UJI lain").kepala,
        pimpinan=signed_files.world("UJI lain").pimpinan,
    )


def _self_signed() -> bytes:
    own = signed_files._certificate(
        signed_files.name("Ratna Kusumawardani", "BPJS Kesehatan"), None
    )
    return _chain(signed_files.world(), signed_files.issued(), kepala=own)


def _people_swapped() -> bytes:
    people = signed_files.world()
    return _chain(people, signed_files.issued(), kepala=people.pimpinan, pimpinan=people.kepala)


def _one_person_for_both() -> bytes:
    people = signed_files.world()
    return _chain(people, signed_files.issued(), pimpinan=people.kepala)


def _stamped_by_a_party() -> bytes:
    people = signed_files.world()
    return _chain(people, signed_files.issued(), stamper=people.pimpinan)


def _stamped_by_somebody() -> bytes:
    """A signature with the shape of a stamp, by somebody who is no stamp authority."""
    somebody = signed_files._certificate(
        signed_files.name("Budi Hartono", "UJI pks-kit"), signed_files.world().root
    )
    return _chain(signed_files.world(), signed_files.issued(), stamper=somebody)


def _unknown_person_in_a_new_field() -> bytes:
    stranger = signed_files._certificate(
        signed_files.name("Orang Lain", "Entah"), signed_files.world("UJI lain").root
    )
    spec = signed_files.fields.SigFieldSpec("Paraf", on_page=0, box=(60, 60, 120, 90))
    done = signed_files.signed_steps()[-1]
    return signed_files.sign(
        done, "Paraf", stranger, authority=signed_files.world("UJI lain"), new_field=spec
    )


def _unknown_person_without_a_box() -> bytes:
    stranger = signed_files._certificate(
        signed_files.name("Orang Lain", "Entah"), signed_files.world("UJI lain").root
    )
    spec = signed_files.fields.SigFieldSpec("Paraf")
    done = signed_files.signed_steps()[-1]
    return signed_files.sign(
        done, "Paraf", stranger, authority=signed_files.world("UJI lain"), new_field=spec
    )


def _third_stamp() -> bytes:
    done = signed_files.signed_steps()[-1]
    hour = signed_files.NOW + timedelta(hours=1)
    return signed_files.stamp(done, "METERAI_PIHAK_KEDUA", "CXCWSRL5JS0HJ15Z000111", moment=hour)


def _timestamps_of_a_stranger() -> bytes:
    people = signed_files.world()
    done = signed_files.signed_steps()[-2]
    spec = signed_files.fields.SigFieldSpec(
        f"Emet{signed_files.SN_2}", on_page=1, box=(250, 300, 320, 370)
    )
    return signed_files.sign(
        done,
        spec.sig_field_name,
        people.stamper,
        authority=signed_files.world("UJI lain"),
        new_field=spec,
        reason=f"[{signed_files.SN_2}] Perjanjian",
        moment=signed_files.NOW + timedelta(minutes=3),
    )


def _signs_a_change_of(change: Callable[[IncrementalPdfFileWriter], None]) -> Callable[[], bytes]:
    """PIHAK KEDUA changes the file inside the very revision that it signs."""

    def forge() -> bytes:
        writer = IncrementalPdfFileWriter(io.BytesIO(signed_files.signed_steps()[2]))
        change(writer)
        target = io.BytesIO()
        signers.PdfSigner(
            signers.PdfSignatureMetadata(field_name="TTD_PIHAK_KEDUA", md_algorithm="sha256"),
            signer=signed_files._signer(signed_files.world().pimpinan),
            timestamper=signed_files.stamper_of(
                signed_files.world(), signed_files.NOW + timedelta(minutes=2)
            ),
        ).sign_pdf(writer, output=target, existing_fields_only=True)
        later = signed_files.NOW + timedelta(minutes=3)
        return signed_files.stamp(
            target.getvalue(), "METERAI_PIHAK_KEDUA", signed_files.SN_2, moment=later
        )

    return forge


def _wider_field(writer: IncrementalPdfFileWriter) -> None:
    for reference in writer.root["/AcroForm"]["/Fields"]:
        field = reference.get_object()
        if field["/T"] == "TTD_PIHAK_KEDUA":
            field[pdf_name("/Rect")] = generic.ArrayObject(
                [generic.NumberObject(edge) for edge in (0, 0, 595, 842)]
            )
            writer.update_container(field)


_FONT = forgeries._font
KEYED: dict[str, tuple[Callable[[], bytes], str]] = {
    "other agreement, same people": (_other_agreement, "issued.agreement/other"),
    "another root": (_other_authority, "signature.trust/no_chain"),
    "right names, another authority": (_right_names_other_authority, "signature.trust/no_chain"),
    "right name, own certificate": (_self_signed, "signature.trust/no_chain"),
    "people swapped": (_people_swapped, "parties.person/different"),
    "one person for both": (_one_person_for_both, "parties.person/different"),
    "unknown person, new field": (_unknown_person_in_a_new_field, "issued.revisions/outside_place"),
    "unknown person, no box": (_unknown_person_without_a_box, "issued.revisions/outside_place"),
    "third stamp": (_third_stamp, "parties.extra/twice"),
    "stamped with the key of a party": (_stamped_by_a_party, "meterai.genuine/by_signer"),
    "last removed": (lambda: signed_files.signed_steps()[3], "parties.missing/stamp"),
    "two removed": (lambda: signed_files.signed_steps()[2], "parties.missing/signature"),
    "nothing signed": (signed_files.issued, "parties.missing/signature"),
    "P2 signs other words": (
        _signs_a_change_of(tamper.changed_content), "issued.revisions/replaced_object"),
    "P2 signs another font": (_signs_a_change_of(_FONT), "issued.revisions/replaced_object"),
    "P2 signs a layer": (_signs_a_change_of(forgeries._layers), "issued.revisions/catalog"),
    "P2 signs a script": (_signs_a_change_of(tamper.script), "content.active/found"),
    "P2 signs a wider field": (_signs_a_change_of(_wider_field), "issued.revisions/field"),
    "P2 signs a turned page": (
        _signs_a_change_of(forgeries._page_entry("/Rotate", lambda: generic.NumberObject(90))),
        "issued.revisions/replaced_object"),
    "P2 signs another attachment": (
        _signs_a_change_of(forgeries._attachment_replaced), "issued.revisions/replaced_object"),
    "P2 signs another title": (
        _signs_a_change_of(forgeries._title), "issued.revisions/information"),
    "P2 signs a page more": (_signs_a_change_of(tamper.new_page), "content.pages/differ"),
    "P2 signs junk in the DSS": (
        _signs_a_change_of(forgeries._dss_with_junk), "issued.revisions/dss_junk"),
    "P2 signs a note": (
        _signs_a_change_of(tamper.new_annotation), "issued.revisions/replaced_object"),
}  # fmt: skip


@pytest.mark.sampled(8)
@pytest.mark.parametrize("name", KEYED)
def test_forger_with_a_key_is_refused(name: str) -> None:
    forge, reason = KEYED[name]
    report = judge(forge(), issued=signed_files.issued())
    assert report.verdict == "failed", unknowns(report)
    assert reason in failures(report), (failures(report), unknowns(report))


@pytest.mark.parametrize(
    ("forge", "reason"),
    [
        (_stamped_by_somebody, "meterai.genuine/other_signer"),
        (_timestamps_of_a_stranger, "signature.time/untrusted"),
    ],
)
def test_forgery_that_only_a_person_can_decide(forge: Callable[[], bytes], reason: str) -> None:
    report = judge(forge(), issued=signed_files.issued())
    assert report.verdict == "indeterminate", failures(report)
    assert reason in unknowns(report)
