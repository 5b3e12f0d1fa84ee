"""Forged and spoiled files: each refused, for the right reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from pyhanko.pdf_utils.generic import pdf_name

from pks_kit.verification.agreement.meterai import check_stamps
from pks_kit.verification.agreement.parties import _name_check
from pks_kit.verification.report.verdict import SignatureReport
from pks_kit.verification.signatures.judge import JudgedSignature
from support import signed_files, tamper
from support.judging import failures, judge, unknowns


def _files() -> tuple[bytes, ...]:
    return signed_files.signed_steps()


# --- bytes ------------------------------------------------------------------------------------


def test_changed_byte_in_an_early_content_stream() -> None:
    start, *_, done = _files()
    place = done.index(b"stream") + 12
    report = judge(tamper.replaced_byte(done, place), issued=start)
    assert "issued.prefix/differs_at" in failures(
        report
    ) or "file.structure/unreadable" in failures(report)
    assert report.verdict == "failed"


def test_changed_byte_in_a_signed_range_is_told_by_every_later_signature() -> None:
    done = _files()[-1]
    place = done.index(b"Baris 3") if b"Baris 3" in done else done.index(b"/MediaBox") + 12
    report = judge(tamper.replaced_byte(done, place))
    assert "signature.integrity/changed" in failures(report)
    assert {s.intact for s in report.signatures} == {False}


@pytest.mark.parametrize("which", [0, 1, 2, 3])
def test_changed_byte_inside_a_container(which: int) -> None:
    done = _files()[-1]
    begin, _ = tamper.containers(done)[which]
    spoiled = bytearray(done)
    place = begin + 900  # inside the certificates or the signed attributes
    spoiled[place] = ord("0") if spoiled[place] != ord("0") else ord("1")
    report = judge(bytes(spoiled))
    # a copy of a certificate that nobody needed is odd, everything else is wrong
    assert report.verdict != "passed"
    codes = {c.code for c in report.checks if c.status != "passed"}
    assert codes & {"signature.integrity", "signature.trust"}


def test_changed_padding_of_the_last_container() -> None:
    """No signature covers these bytes; they still may not change."""
    start, *_, done = _files()
    _, end = tamper.containers(done)[-1]
    spoiled = bytearray(done)
    spoiled[end - 9] = ord("7")
    report = judge(bytes(spoiled), issued=start)
    assert report.verdict != "passed"
    assert "signature.integrity/unusual_encoding" in unknowns(report)


def test_letter_case_of_the_last_container() -> None:
    start, *_, done = _files()
    begin, end = tamper.containers(done)[-1]
    spoiled = bytearray(done)
    place = next(n for n in range(begin + 50, end) if chr(spoiled[n]) in "abcdefABCDEF")
    spoiled[place] ^= 0x20
    report = judge(bytes(spoiled), issued=start)
    assert unknowns(report) == {"signature.integrity/unusual_encoding"}


def test_extra_bytes_after_the_end() -> None:
    start, *_, done = _files()
    for extra in (b"\0", b"\n\n", b"% tambahan\n", b"PK\x03\x04"):
        report = judge(done + extra, issued=start)
        assert "file.end/extra_bytes" in failures(report), extra
    hidden = judge(done + b"<script>1</script>\n%%EOF\n", issued=start)
    assert hidden.verdict == "failed"


def test_bytes_in_front() -> None:
    report = judge(b"GIF89a" + _files()[-1])
    assert failures(report) == {"file.type/not_at_start"} or report.verdict == "failed"
    assert "file.type/not_at_start" in failures(report)


# --- revisions --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (tamper.new_annotation, "replaced_object"),
        (tamper.changed_content, "replaced_object"),
        (tamper.new_page, "replaced_object"),
        (tamper.other_catalog_entry, "catalog"),
        (tamper.script, "catalog"),
        (tamper.swapped_pages, "replaced_object"),
        (tamper.stamp_picture, "replaced_object"),
        (tamper.emptied_field, "other_field"),
        (tamper.moved_field, "other_field"),
    ],
)
@pytest.mark.parametrize("known", [True, False])
def test_appended_revision(change: Callable[..., None], reason: str, known: bool) -> None:
    start, *_, done = _files()
    report = judge(tamper.appended(done, change), issued=start if known else None)
    code = "issued.revisions" if known else "file.revisions"
    assert f"{code}/{reason}" in failures(report), failures(report)
    assert report.revisions[-1].kind == "unexpected"
    assert report.revisions[-1].number == 5


def test_appended_change_is_described_with_object_and_page() -> None:
    start, *_, done = _files()
    report = judge(tamper.appended(done, tamper.changed_content), issued=start)
    told = [c for c in report.checks if c.code == "issued.revisions" and c.page]
    assert [(c.reason, c.page, c.params["what"]) for c in told] == [
        ("replaced_object", 2, "/Contents")
    ]


def test_change_before_the_next_signature_is_blamed_on_its_revision() -> None:
    """P2 changes a page and signs it: P2's own signature is intact, the change is still refused."""
    start, _, two, *_ = _files()
    changed = tamper.appended(two, tamper.changed_content)
    signed = signed_files.sign(changed, "TTD_PIHAK_KEDUA", signed_files.world().pimpinan)
    report = judge(signed, issued=start)
    assert "issued.revisions/replaced_object" in failures(report)
    assert "signature.changes/forbidden" in failures(report)
    assert report.signatures[-1].intact


def test_unsigned_harmless_revision_at_the_end_is_refused() -> None:
    start, *_, done = _files()
    report = judge(tamper.appended(done, lambda writer: writer.update_root()), issued=start)
    assert failures(report) == {"issued.revisions/unsigned"}
    assert report.revisions[-1].kind == "unexpected"


def test_removed_last_signature() -> None:
    start, _, _, three, _ = _files()
    report = judge(three, issued=start)
    assert failures(report) == {"parties.missing/stamp"}


def test_removed_first_signature_by_leaving_its_revision_out() -> None:
    people, start = signed_files.world(), signed_files.issued()
    content = signed_files.stamp(start, "METERAI_PIHAK_KESATU", signed_files.SN_1)
    content = signed_files.sign(content, "TTD_PIHAK_KEDUA", people.pimpinan)
    content = signed_files.stamp(content, "METERAI_PIHAK_KEDUA", signed_files.SN_2)
    report = judge(content, issued=start)
    assert failures(report) == {"parties.missing/signature"}
    missing = next(c for c in report.checks if c.code == "parties.missing")
    assert missing.params["place"] == "TTD_PIHAK_KESATU"
    assert signed_files.KEPALA in missing.message.id


def test_saved_again_destroys_everything() -> None:
    start, *_, done = _files()
    report = judge(tamper.saved_again(done), issued=start)
    assert {"issued.prefix/differs_at", "issued.prefix/other"} & failures(report)
    assert "signature.integrity/byte_range" in failures(report) or (
        "signature.integrity/changed" in failures(report)
    )


def test_object_for_which_the_file_was_waiting() -> None:
    """A number that old objects may point at is filled by an appended revision."""
    start, *_, done = _files()
    report = judge(tamper.with_object(done, 21, b"<< /Type /Waiting >>"), issued=start)
    assert report.verdict == "failed"
    assert {f for f in failures(report) if f.startswith("issued.revisions/")}


def test_revision_that_points_back_at_old_bytes() -> None:
    start, *_, done = _files()
    old = start.index(b" 0 obj", 400) - 1
    number = int(start[old : old + 1])
    report = judge(tamper.with_object(done, number, b"", place=old), issued=start)
    assert report.verdict == "failed"


def test_other_title_in_the_metadata() -> None:
    """Viewers show this title in their window; dates and producer may change, the title not."""
    start, *_, done = _files()
    number = int(re.findall(rb"/Metadata (\d+) 0 R", done)[-1])
    packet = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        b'xmlns:dc="http://purl.org/dc/elements/1.1/" rdf:about=""><dc:title><rdf:Alt>'
        b'<rdf:li xml:lang="id">PKS 2031</rdf:li></rdf:Alt></dc:title></rdf:Description>'
        b"</rdf:RDF></x:xmpmeta>"
    )
    body = b"<< /Type /Metadata /Subtype /XML /Length %d >>\nstream\n%s\nendstream"
    forged = tamper.with_object(done, number, body % (len(packet), packet))
    assert "issued.revisions/metadata" in failures(judge(forged, issued=start))


# --- people, order, stamps --------------------------------------------------------------------


def test_wrong_person() -> None:
    start, *_ = _files()
    stranger = signed_files._certificate(
        signed_files.name("Budi Hartono", "Klinik Lain"), signed_files.world().root
    )
    one = signed_files.sign(start, "TTD_PIHAK_KESATU", stranger)
    report = judge(one, issued=start)
    assert "parties.person/different" in failures(report)


def test_similar_name_is_for_a_person_to_decide() -> None:
    start, *_ = _files()
    similar = signed_files._certificate(
        signed_files.name("RATNA KUSUMAWARDHANI", "BPJS"), signed_files.world().root
    )
    report = judge(signed_files.sign(start, "TTD_PIHAK_KESATU", similar), issued=start)
    assert "parties.person/similar" in unknowns(report)
    told = next(c for c in report.checks if c.code == "parties.person")
    assert "RATNA KUSUMAWARDHANI" in told.message.en
    assert signed_files.KEPALA in told.message.en


def test_wrong_order() -> None:
    people, start = signed_files.world(), signed_files.issued()
    content = signed_files.sign(start, "TTD_PIHAK_KEDUA", people.pimpinan)
    content = signed_files.sign(content, "TTD_PIHAK_KESATU", people.kepala)
    content = signed_files.stamp(content, "METERAI_PIHAK_KESATU", signed_files.SN_1)
    content = signed_files.stamp(content, "METERAI_PIHAK_KEDUA", signed_files.SN_2)
    assert failures(judge(content, issued=start)) == {"parties.order/wrong"}


def test_times_against_the_order() -> None:
    people, start = signed_files.world(), signed_files.issued()
    later = signed_files.NOW + signed_files.timedelta(hours=1)
    content = signed_files.sign(start, "TTD_PIHAK_KESATU", people.kepala, moment=later)
    content = signed_files.stamp(content, "METERAI_PIHAK_KESATU", signed_files.SN_1)
    assert "parties.order/wrong_times" in failures(judge(content, issued=start))


def test_stamp_picture_without_signature_is_no_stamp() -> None:
    start, _, _, three, _ = _files()
    report = judge(tamper.appended(three, tamper.stamp_picture), issued=start)
    assert "parties.missing/stamp" in failures(report)
    assert "issued.revisions/replaced_object" in failures(report)


def test_stamp_outside_its_place() -> None:
    start, one, *_ = _files()
    content = signed_files.stamp(
        one, "METERAI_PIHAK_KESATU", signed_files.SN_1, box=(400, 700, 470, 770)
    )
    report = judge(content, issued=start)
    assert {
        "issued.revisions/outside_place",
        "meterai.place/outside",
        "parties.missing/stamp",
    } <= failures(report)


def test_stamp_numbers_that_disagree() -> None:
    start, one, *_ = _files()
    content = signed_files.stamp(
        one, "METERAI_PIHAK_KESATU", signed_files.SN_1, reason_sn=signed_files.SN_2
    )
    assert "meterai.serial/disagrees" in failures(judge(content, issued=start))


def test_stamp_number_used_twice() -> None:
    start, _, two, *_ = _files()
    people = signed_files.world()
    later = signed_files.NOW + signed_files.timedelta(minutes=30)
    content = signed_files.sign(two, "TTD_PIHAK_KEDUA", people.pimpinan, moment=later)
    spec = signed_files.fields.SigFieldSpec("sig1700000000000", on_page=1, box=(250, 300, 320, 370))
    content = signed_files.sign(
        content,
        "sig1700000000000",
        people.stamper,
        new_field=spec,
        reason=f"[{signed_files.SN_1}] Akta",
        moment=signed_files.NOW + signed_files.timedelta(hours=1),
    )
    report = judge(content, issued=start)
    assert failures(report) == {"meterai.unique/twice"}
    assert "meterai.serial" in {c.code for c in report.checks if c.reason == "reason_only"}


def test_no_timestamp() -> None:
    start, *_ = _files()
    one = signed_files.sign(start, "TTD_PIHAK_KESATU", signed_files.world().kepala, timestamp=False)
    assert "signature.time/missing" in failures(judge(one, issued=start))


def test_certificate_out_of_date_when_it_signed() -> None:
    start, *_ = _files()
    old = signed_files._certificate(
        signed_files.name("Ratna Kusumawardani", "BPJS Kesehatan"),
        signed_files.world().root,
        days=10,
        start=signed_files.NOW - signed_files.timedelta(days=30),
    )
    report = judge(signed_files.sign(start, "TTD_PIHAK_KESATU", old), issued=start)
    assert "signature.trust/outside_validity" in failures(report)


def test_field_that_the_profile_does_not_know() -> None:
    start, *_, done = _files()
    spec = signed_files.fields.SigFieldSpec("Signature9", on_page=1, box=(300, 600, 400, 650))
    more = signed_files.sign(done, "Signature9", signed_files.world().kepala, new_field=spec)
    report = judge(more, issued=start)
    assert {f for f in failures(report) if f.startswith("issued.revisions/")}


def test_two_fields_with_one_signature() -> None:
    start, *_, done = _files()

    def shared(writer: tamper.IncrementalPdfFileWriter) -> None:
        fields = [f.get_object() for f in writer.root["/AcroForm"]["/Fields"]]
        names = {str(field["/T"]): field for field in fields}
        names["TTD_JEJARING_1"][pdf_name("/V")] = names["TTD_PIHAK_KESATU"].raw_get("/V")
        writer.update_container(names["TTD_JEJARING_1"])

    report = judge(tamper.appended(done, shared), issued=start)
    assert "signature.integrity/shared" in failures(report)


# --- other files ------------------------------------------------------------------------------


def test_file_of_another_agreement() -> None:
    done = _files()[-1]
    other = signed_files.issued(4, "ZZZZ-YYYY-XXXX")
    report = judge(done, issued=other)
    assert "issued.agreement/other" in failures(report)
    assert {"issued.prefix/other", "issued.prefix/differs_at"} & failures(report)


def test_receipt_of_another_agreement() -> None:
    start, *_, done = _files()
    receipt = signed_files.receipt_beside(start, "ZZZZ-YYYY-XXXX")
    assert "issued.agreement/other" in failures(judge(done, receipt=receipt))


def test_same_agreement_issued_with_other_words() -> None:
    done = _files()[-1]
    other = signed_files.issued(4, lines=("Tarif lain",))
    assert {"issued.prefix/differs_at"} <= failures(judge(done, issued=other))


def test_receipt_says_other_hash() -> None:
    start, *_, done = _files()
    receipt = signed_files.receipt_beside(start[:-1] + b"x")
    assert "issued.prefix/other" in failures(judge(done, receipt=receipt))


def test_receipt_and_issued_file_that_do_not_belong_together() -> None:
    start, *_, done = _files()
    receipt = signed_files.receipt_beside(start + b"x")
    report = judge(done, issued=start, receipt=receipt)
    assert failures(report) == {"issued.receipt/other_bytes"}


def test_file_shorter_than_issued() -> None:
    start = signed_files.issued()
    assert "issued.prefix/shorter" in failures(judge(signed_files.plain_pdf(), issued=start))


# --- the revision of the first signature: no earlier signature watches it -----------------------


def _first_signature_with(change: Callable[..., None]) -> bytes:
    """P1 itself changes the issued file in the very revision that it signs."""
    import io

    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers

    writer = IncrementalPdfFileWriter(io.BytesIO(signed_files.issued()))
    change(writer)
    target = io.BytesIO()
    signers.PdfSigner(
        signers.PdfSignatureMetadata(field_name="TTD_PIHAK_KESATU", md_algorithm="sha256"),
        signer=signed_files._signer(signed_files.world().kepala),
        timestamper=signed_files.stamper_of(signed_files.world()),
    ).sign_pdf(writer, output=target, existing_fields_only=True)
    return target.getvalue()


def _content_as_certificate(writer: tamper.IncrementalPdfFileWriter) -> None:
    """Replace a page's content and excuse it by listing it as validation material."""
    tamper.changed_content(writer)
    content = tamper.page_of(writer, 1).raw_get("/Contents")
    writer.root[tamper.pdf_name("/DSS")] = tamper.generic.DictionaryObject(
        {tamper.pdf_name("/Certs"): tamper.generic.ArrayObject([content])}
    )
    writer.update_root()


def _content_as_appearance(writer: tamper.IncrementalPdfFileWriter) -> None:
    """Replace a page's content and excuse it as the appearance of the field."""
    tamper.changed_content(writer)
    content = tamper.page_of(writer, 1).raw_get("/Contents")
    field = writer.root["/AcroForm"]["/Fields"][0].get_object()
    field[tamper.pdf_name("/MK")] = tamper.generic.DictionaryObject(
        {tamper.pdf_name("/I"): content}
    )
    writer.update_container(field)


@pytest.mark.parametrize(
    "change",
    [
        tamper.changed_content,
        tamper.new_annotation,
        tamper.stamp_picture,
        tamper.new_page,
        tamper.swapped_pages,
        tamper.script,
        _content_as_certificate,
        _content_as_appearance,
    ],
)
def test_changes_inside_the_first_signed_revision(change: Callable[..., None]) -> None:
    report = judge(_first_signature_with(change), issued=signed_files.issued())
    assert report.signatures[0].intact
    assert report.signatures[0].modification == "none"
    found = {f for f in failures(report) if f.startswith("issued.revisions/")}
    assert found, failures(report)


def test_first_signature_without_changes_is_expected() -> None:
    """The counterpart of the test above: the same writer, nothing changed."""
    report = judge(_first_signature_with(lambda writer: None), issued=signed_files.issued())
    assert not {f for f in failures(report) if f.startswith("issued.")}


def test_a_signature_that_cannot_be_read_is_not_called_somebody_elses() -> None:
    person = SignatureReport(field="TTD_PIHAK_KESATU", kind="signature")
    stamp = SignatureReport(field="EmetUJI1", kind="meterai", serial_number="UJI1")
    unread = tuple(
        JudgedSignature(found=SimpleNamespace(reason=""), report=one, checks=())
        for one in (person, stamp)
    )
    (genuine,) = [
        check
        for check in check_stamps(unread, (), has_task=False)
        if check.code == "meterai.genuine"
    ]
    assert genuine.status == "indeterminate"
    named = _name_check("pihak_kesatu", person, "Bagas Rekaswara")
    assert named.status == "failed"
    assert "signed by ;" not in named.message.en
    assert "cannot be read" in named.message.en
