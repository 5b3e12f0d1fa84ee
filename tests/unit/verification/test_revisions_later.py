"""What later revisions of files by others may do, and what they may not."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from pks_kit.verification.report.verdict import VerifyReport
from pks_kit.verification.revisions.material_kept import Stored, lost_material
from support import forgeries, signed_files, tamper, third_party_pdfs
from support.judging import failures, judge, unknowns

Writer = IncrementalPdfFileWriter


def signed() -> bytes:
    return third_party_pdfs.by_hand(third_party_pdfs.base())


def about(report: VerifyReport, code: str) -> set[str]:
    return {f"{one.status}/{one.reason}" for one in report.checks if one.code == code}


# --- a field that nobody signed -------------------------------------------------------------------


def with_field(
    look: bytes | None, *, rect: tuple[int, ...] = (60, 500, 400, 800), kids: bool = False
) -> Callable[[Writer], None]:
    def change(writer: Writer) -> None:
        page = tamper.page_of(writer, 0)
        widget = generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/Widget"),
                pdf_name("/F"): generic.NumberObject(4),
                pdf_name("/P"): generic.IndirectObject(*_key(page), writer),
                pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, rect)),
            }
        )
        own = {
            pdf_name("/FT"): pdf_name("/Sig"),
            pdf_name("/T"): generic.TextStringObject("Paraf"),
        }
        if look is not None:
            widget[pdf_name("/AP")] = generic.DictionaryObject(
                {pdf_name("/N"): writer.add_object(_face(look))}
            )
        if kids:
            shown = writer.add_object(widget)
            field = writer.add_object(
                generic.DictionaryObject({**own, pdf_name("/Kids"): generic.ArrayObject([shown])})
            )
        else:
            widget.update(own)
            shown = field = writer.add_object(widget)
        form = writer.root["/AcroForm"]
        form["/Fields"].append(field)
        writer.update_container(form)
        page["/Annots"].append(shown)
        writer.update_container(page)

    return change


def _key(page: generic.DictionaryObject) -> tuple[int, int]:
    reference = page.container_ref
    return reference.idnum, reference.generation


def _face(content: bytes) -> generic.StreamObject:
    return generic.StreamObject(
        {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 340, 300))),
        },
        stream_data=content,
    )


WHITE_BOX = b"1 1 1 rg 0 0 340 300 re f"


@pytest.mark.parametrize("kids", [False, True], ids=["merged", "with a kid"])
def test_a_field_without_signature_that_draws_over_the_page_fails(kids: bool) -> None:
    report = judge(tamper.appended(signed(), with_field(WHITE_BOX, kids=kids)))
    assert "file.revisions/drawn_field" in failures(report)


@pytest.mark.parametrize("look", [None, b"", b"% DSBlank\n"])
def test_a_field_without_signature_that_draws_nothing_is_for_a_person(look: bytes | None) -> None:
    report = judge(tamper.appended(signed(), with_field(look)))
    assert failures(report) == set()
    assert "file.revisions/empty_field" in unknowns(report)


def test_a_field_that_covers_nothing_may_have_a_face() -> None:
    report = judge(tamper.appended(signed(), with_field(WHITE_BOX, rect=(0, 0, 0, 0))))
    assert "file.revisions/drawn_field" not in failures(report)


def test_an_empty_field_that_gets_a_face_later_fails_as_well() -> None:
    empty = tamper.appended(signed(), with_field(None))

    def paint(writer: Writer) -> None:
        field = next(one.get_object() for one in writer.root["/AcroForm"]["/Fields"]
                     if one.get_object()["/T"] == "Paraf")  # fmt: skip
        field[pdf_name("/AP")] = generic.DictionaryObject(
            {pdf_name("/N"): writer.add_object(_face(WHITE_BOX))}
        )
        writer.update_container(field)

    assert judge(tamper.appended(empty, paint)).verdict == "failed"


# --- order of the fields --------------------------------------------------------------------------


def test_a_new_field_may_stand_first_in_the_list() -> None:
    hand = third_party_pdfs.Hand(name="Signature2", first=True)
    report = judge(third_party_pdfs.by_hand(signed(), hand))
    assert failures(report) == set()
    assert about(report, "file.revisions") == {"passed/expected"}


@pytest.mark.parametrize("place", [0, 1])
def test_a_new_field_without_a_number_is_refused_wherever_it_stands(place: int) -> None:
    def change(writer: Writer) -> None:
        form = writer.root["/AcroForm"]
        own = {pdf_name("/FT"): pdf_name("/Sig"), pdf_name("/T"): generic.TextStringObject("B")}
        form["/Fields"].insert(place, generic.DictionaryObject(own))
        writer.update_container(form)

    report = judge(tamper.appended(signed(), change))
    assert "file.revisions/fields_list" in failures(report) | unknowns(report)


# --- objects that are freed -----------------------------------------------------------------------


def with_litter() -> tuple[bytes, int]:
    content = third_party_pdfs.by_hand(third_party_pdfs.base())
    number = int(pikepdf.open(io.BytesIO(content)).trailer.Size)
    return forgeries._revision(
        third_party_pdfs.base(),
        b"%d 0 obj\nnull\nendobj\n" % number,
        b"%d 1\n@ 00000 n \n" % number,
    ), number


def test_a_second_signature_may_free_what_nothing_uses() -> None:
    base, number = with_litter()
    one = third_party_pdfs.by_hand(base)
    two = third_party_pdfs.by_hand(one, third_party_pdfs.Hand(name="Signature2", frees=(number,)))
    report = judge(two)
    assert failures(report) == set()
    assert "file.revisions/unreadable" not in unknowns(report)
    assert all(sign.intact for sign in report.signatures)


@pytest.mark.slow
def test_what_something_still_uses_may_not_be_freed() -> None:
    one = signed()
    with pikepdf.open(io.BytesIO(one)) as pdf:
        contents = pdf.pages[0].obj.Contents
        number = (contents if contents.is_indirect else contents[0]).objgen[0]
    two = third_party_pdfs.by_hand(one, third_party_pdfs.Hand(name="Signature2", frees=(number,)))
    assert "file.revisions/removed" in failures(judge(two))
    for entry in (b"0000000000 00000 f \n", b"0000000000 00001 f \n"):
        freed = forgeries._revision(one, b"", b"%d 1\n" % number + entry)
        assert judge(freed).verdict == "failed", entry


# --- validation material --------------------------------------------------------------------------


def archived_again(content: bytes, keep: bool = True) -> bytes:
    """Write the store anew: the same certificates under other numbers."""

    def change(writer: Writer) -> None:
        old = writer.root["/DSS"]
        store = generic.DictionaryObject()
        for entry in ("/Certs", "/CRLs"):
            copies = [
                writer.add_object(generic.StreamObject(stream_data=one.get_object().data))
                for one in old[entry]
            ]
            store[pdf_name(entry)] = generic.ArrayObject(copies if keep else copies[1:])
        writer.root[pdf_name("/DSS")] = writer.add_object(store)
        writer.update_root()

    return tamper.appended(content, change)


def test_the_same_material_under_other_numbers_is_not_lost() -> None:
    content = third_party_pdfs.with_dss(signed())
    report = judge(archived_again(content))
    assert failures(report) == set()
    assert "file.revisions/dss_lost" not in unknowns(report)
    assert "file.revisions/dss_lost" in unknowns(judge(archived_again(content, keep=False)))


def test_our_own_file_may_lose_no_material() -> None:
    start, *_, done = signed_files.signed_steps()
    lost = archived_again(third_party_pdfs.with_dss(done), keep=False)
    assert "issued.revisions/dss_lost" in failures(judge(lost, issued=start))


def answer(
    status: str,
    day: int,
    who: str = "kepala",
    by: signed_files.Identity | None = None,
    brings: tuple[x509.Certificate, ...] = (),
) -> Stored:
    people = signed_files.world()
    answering = by or people.root
    moment = signed_files.NOW + timedelta(days=day)
    is_revoked = status == "revoked"
    empty = ocsp.OCSPResponseBuilder()
    made = (
        (empty.certificates(brings) if brings else empty)
        .add_response(
            cert=getattr(people, who).certificate,
            issuer=people.root.certificate,
            algorithm=hashes.SHA1(),  # noqa: S303 - names a certificate, as all programs do
            cert_status=ocsp.OCSPCertStatus.REVOKED if is_revoked else ocsp.OCSPCertStatus.GOOD,
            this_update=moment,
            next_update=None,
            revocation_time=signed_files.NOW if is_revoked else None,
            revocation_reason=None,
        )
        .responder_id(ocsp.OCSPResponderEncoding.HASH, answering.certificate)
        .sign(answering.key, hashes.SHA256())
    )
    content = made.public_bytes(serialization.Encoding.DER)
    return Stored(kind="answer", content=content, object=(day, 0))


def authority() -> Stored:
    der = signed_files.world().root.certificate.public_bytes(serialization.Encoding.DER)
    return Stored(kind="certificate", content=der, object=(99, 0))


def responder(
    usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.OCSP_SIGNING, *, own: bool = False
) -> signed_files.Identity:
    """Somebody whom the authority (or, when ``own``, nobody but himself) appointed."""
    root, key = signed_files.world().root, ec.generate_private_key(ec.SECP256R1())
    subject = signed_files.name("Penjawab", "UJI pks-kit")
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(root.certificate.subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(signed_files.NOW - timedelta(days=1))
        .not_valid_after(signed_files.NOW + timedelta(days=9000))
        .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        .sign(key if own else root.key, hashes.SHA256())
    )
    return replace(root, certificate=made, key=key)


@pytest.mark.parametrize(
    ("before", "after", "lost"),
    [
        (answer("good", 1), answer("good", 2), []),
        (answer("good", 1), answer("revoked", 2), []),
        (answer("good", 2), answer("good", 1), [(2, 0)]),
        (answer("revoked", 1), answer("good", 2), [(1, 0)]),
        (answer("good", 1), answer("good", 2, "pimpinan"), [(1, 0)]),
        (Stored(kind="answer", content=b"rusak", object=(7, 0)), answer("good", 2), [(7, 0)]),
        (Stored(kind="list", content=b"x", object=(7, 0)), answer("good", 2), [(7, 0)]),
    ],
)
def test_only_a_newer_answer_that_takes_no_revocation_back_replaces_one(
    before: Stored, after: Stored, lost: list[tuple[int, int]]
) -> None:
    assert lost_material([authority(), before], [authority(), after]) == lost
    assert lost_material([before], [after, before]) == []


def _garbled(one: Stored) -> Stored:
    return replace(one, content=one.content[:-1] + bytes([one.content[-1] ^ 1]))


def test_a_newer_answer_must_be_signed_by_who_may_speak_for_the_authority() -> None:
    before, gone = answer("good", 1), [(1, 0)]
    appointed, other = responder(), responder(own=True)
    time_stamper = responder(ExtendedKeyUsageOID.TIME_STAMPING)
    cases = {
        "the authority": (answer("good", 2), []),
        "a byte of the signature": (_garbled(answer("good", 2)), gone),
        "appointed": (answer("good", 2, by=appointed, brings=(appointed.certificate,)), []),
        "appointed by nobody": (answer("good", 2, by=other, brings=(other.certificate,)), gone),
        "another use": (
            answer("good", 2, by=time_stamper, brings=(time_stamper.certificate,)),
            gone,
        ),
        "a certificate that is not there": (answer("good", 2, by=appointed), gone),
        "another person": (answer("good", 2, by=signed_files.world().pimpinan), gone),
    }
    told = {
        name: lost_material([authority(), before], [authority(), after])
        for name, (after, _) in cases.items()
    }
    assert told == {name: lost for name, (_, lost) in cases.items()}


def test_who_answered_before_may_answer_again_where_the_authority_is_not_stored() -> None:
    appointed, stranger = responder(), responder(own=True)
    before = answer("good", 1, by=appointed, brings=(appointed.certificate,))
    again = answer("good", 2, by=appointed)
    other = answer("good", 2, by=stranger, brings=(stranger.certificate,))
    assert lost_material([before], [again]) == []
    assert lost_material([before], [other]) == [(1, 0)]
    assert lost_material([answer("good", 1)], [answer("good", 2)]) == [(1, 0)]
