"""What must be refused, and with which reason. Each case is made from a file that passes."""

from __future__ import annotations

import asyncio
import re
from io import BytesIO
from types import SimpleNamespace

import pikepdf
import pytest
from pyhanko.pdf_utils.generic import NameObject, NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

from pks_kit.domain.receipt import RecordedPlace
from pks_kit.errors import InputError, PksKitError, SigningError, UsageError
from pks_kit.pipelines.signing.one_step import _check_drawable
from pks_kit.policy.box_look import BoxLook
from pks_kit.policy.signing_profile import load_profile
from pks_kit.resources import signing_root
from pks_kit.signing.step.plan import Wanted, check_person, plan_step
from pks_kit.signing.step.state import read_state
from support.signing_world import (
    NOW,
    PLACES,
    build_pdf,
    later,
    make_issued,
    sandbox_timestamps,
    sign_once,
    stamp_once,
)


def refused(pdf: bytes, receipt, wanted: Wanted) -> PksKitError:
    profile = load_profile(signing_root(), receipt.profile)
    with pytest.raises(PksKitError) as caught:
        plan_step(read_state(pdf, receipt, profile), profile, wanted)
    assert "{" not in caught.value.text.id
    assert "{" not in caught.value.text.en
    return caught.value


def by(peran: str, jenis: str = "tanda_tangan") -> Wanted:
    return Wanted(jenis=jenis, peran=peran)


# --- turn ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("done", "wanted", "first"),
    [
        (0, by("pihak_kedua"), "p1_tanda_tangan"),
        (0, by("pihak_kesatu", "meterai"), "p1_tanda_tangan"),
        (1, by("pihak_kedua"), "p1_meterai"),
        (2, by("pihak_kedua", "meterai"), "p2_tanda_tangan"),
        (1, Wanted(jenis="tanda_tangan", tempat="TTD_JEJARING_1"), "p1_meterai"),
    ],
)
def test_out_of_turn(issued, steps, done, wanted, first):
    error = refused((issued.pdf, *steps)[done], issued.receipt, wanted)
    assert error.code == "signing.out_of_turn"
    assert error.params["first"] == first


@pytest.mark.parametrize(
    ("done", "wanted"),
    [
        (1, by("pihak_kesatu")),
        (2, by("pihak_kesatu", "meterai")),
        (4, by("pihak_kedua")),
        (4, by("pihak_kedua", "meterai")),
    ],
)
def test_twice(issued, steps, done, wanted):
    error = refused((issued.pdf, *steps)[done], issued.receipt, wanted)
    assert error.code == "signing.already_done"
    assert error.params["time"].tzinfo is not None


def test_a_jejaring_place_may_be_signed_after_the_stamp_of_pihak_kesatu(issued, steps, sandbox):
    step = asyncio.run(sign_once(steps[1], issued.receipt, sandbox, "jejaring_1", now=later(5)))
    assert step.added.place.name == "TTD_JEJARING_1"
    # and the order of the profile goes on behind it
    after = asyncio.run(sign_once(step.pdf, issued.receipt, sandbox, "pihak_kedua", now=later(6)))
    assert after.state.filled[-2:] == ("TTD_JEJARING_1", "TTD_PIHAK_KEDUA")


def test_a_manual_contract_has_no_electronic_step(tmp_path):
    issued = make_issued(tmp_path, profile="elektronik")
    profile = load_profile(signing_root(), "elektronik").model_copy(update={"langkah": ()})
    state = read_state(issued.pdf, issued.receipt, profile)
    with pytest.raises(UsageError) as caught:
        plan_step(state, profile, by("pihak_kesatu"))
    assert caught.value.code == "signing.no_such_step"


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (Wanted(jenis="tanda_tangan", tempat="TTD_TIDAK_ADA"), "signing.place_unknown"),
        (Wanted(jenis="meterai", tempat="TTD_PIHAK_KESATU"), "signing.place_unknown"),
        (
            Wanted(jenis="tanda_tangan", peran="pihak_kedua", tempat="TTD_PIHAK_KESATU"),
            "signing.place_of_other",
        ),
    ],
)
def test_a_wrong_place(issued, wanted, code):
    assert refused(issued.pdf, issued.receipt, wanted).code == code


# --- changed since issued ----------------------------------------------------------------------


def flip(pdf: bytes, index: int) -> bytes:
    return pdf[:index] + bytes([pdf[index] ^ 1]) + pdf[index + 1 :]


def test_one_changed_byte_of_the_issued_file(issued):
    where = issued.pdf.index(b"Helvetica")
    error = refused(flip(issued.pdf, where), issued.receipt, by("pihak_kesatu"))
    assert error.code == "signing.changed_since_issued"


def test_changed_bytes_of_a_signed_revision(issued, steps):
    """Sampled over the first signature revision outside the signature value itself."""
    profile = load_profile(signing_root(), "elektronik")
    start = len(issued.pdf)
    value = re.search(rb"/Contents <[0-9A-Fa-f]+>", steps[0][start:])
    inside = range(start + value.start() + 11, start + value.end() - 1)
    accepted = []
    for index in [i for i in range(start, len(steps[0]), 61) if i not in inside]:
        try:
            read_state(flip(steps[0], index), issued.receipt, profile)
        except PksKitError:
            continue
        accepted.append(index)
    assert accepted == []


def test_changed_bytes_of_a_signature_value(issued, steps):
    """Signed attributes, signature, and the timestamp inside; certificates above are for trust."""
    found = PdfFileReader(BytesIO(steps[0])).embedded_signatures[0]
    token = found.signer_info["unsigned_attrs"][0]["values"][0]["content"]
    parts = (
        found.signer_info["signature"].contents,
        found.signer_info["signed_attrs"].contents,
        found.signer_cert.dump(),
        token["encap_content_info"]["content"].contents,
        token["signer_infos"][0]["signature"].contents,
    )
    profile = load_profile(signing_root(), "elektronik")
    for part in parts:
        middle = part[len(part) // 2 - 8 : len(part) // 2 + 8].hex().upper().encode()
        assert steps[0].count(middle) == 1
        pdf = flip(steps[0], steps[0].index(middle) + 9)
        with pytest.raises(PksKitError) as caught:
            read_state(pdf, issued.receipt, profile)
        assert caught.value.code in ("signing.earlier_broken", "pdf.unreadable")


def test_a_file_that_is_shorter_than_the_issued_one(issued):
    error = refused(issued.pdf[:-10], issued.receipt, by("pihak_kesatu"))
    assert error.code == "signing.changed_since_issued"


def append(pdf: bytes, change) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def draw_on_page_one(writer):
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    stream = writer.allocate_placeholder()
    from pyhanko.pdf_utils.generic import ArrayObject, StreamObject

    drawing = StreamObject(stream_data=b"1 0 0 rg 70 700 400 80 re f")
    writer.add_object(drawing, obj_stream=None, idnum=stream.idnum)
    page["/Contents"] = ArrayObject([page.raw_get("/Contents"), stream])
    writer.update_container(page)


def move_a_field(writer):
    field = writer.root["/AcroForm"]["/Fields"][1].get_object()
    field["/Rect"][0] = NumberObject(10)
    writer.update_container(field)


def rotate_page_two(writer):
    page = writer.root["/Pages"]["/Kids"][1].get_object()
    page[NameObject("/Rotate")] = NumberObject(90)
    writer.update_container(page)


@pytest.mark.parametrize("change", [draw_on_page_one, move_a_field, rotate_page_two])
@pytest.mark.parametrize("done", [0, 1, 4])
def test_an_appended_revision(issued, steps, change, done):
    pdf = append((issued.pdf, *steps)[done], change)
    profile = load_profile(signing_root(), "elektronik")
    with pytest.raises(SigningError) as caught:
        read_state(pdf, issued.receipt, profile)
    # a field that is moved after it was signed is already noticed as a misplaced signature
    displaced = change is move_a_field and done == 4
    expected = "signing.earlier_broken" if displaced else "signing.unexpected_revision"
    assert caught.value.code == expected


def test_bytes_after_the_end(issued, steps):
    for pdf in (issued.pdf, steps[0]):
        with pytest.raises(SigningError) as caught:
            read_state(
                pdf + b"% nothing\n",
                issued.receipt,
                load_profile(signing_root(), "elektronik"),
            )
        assert caught.value.code in ("signing.unexpected_revision", "signing.earlier_broken")


def test_a_second_document_appended_whole_with_its_own_cross_references(issued):
    other = bytearray(build_pdf(issued.receipt.without_issued()))
    base = len(issued.pdf)
    start = int(re.search(rb"startxref\s+(\d+)", other)[1])
    table = other[start:]
    moved = re.sub(
        rb"(\d{10}) (\d{5}) n",
        lambda found: b"%010d %s n" % (int(found[1]) + base, found[2]),
        table,
    )
    moved = re.sub(rb"startxref\s+\d+", b"startxref\n%d" % (start + base), moved)
    pdf = issued.pdf + bytes(other[:start]) + moved
    if b"xref" not in moved[:10]:
        pytest.skip("cross-reference stream")
    error = refused(pdf, issued.receipt, by("pihak_kesatu"))
    assert error.code == "signing.unexpected_revision"


def test_a_drawing_that_comes_together_with_the_first_signature(issued, sandbox):
    """The first signature covers it, so a look at signatures alone finds nothing wrong."""
    writer = IncrementalPdfFileWriter(BytesIO(issued.pdf))
    draw_on_page_one(writer)
    pdf = _foreign_signature(writer, sandbox, "TTD_PIHAK_KESATU")
    error = refused(pdf, issued.receipt, by("pihak_kesatu", "meterai"))
    assert error.code == "signing.unexpected_revision"


# --- earlier steps -----------------------------------------------------------------------------


def _foreign_signature(
    writer, sandbox, field: str, *, box=None, timestamps=True, certify=False, reason=None
) -> bytes:
    signer = PdfSigner(
        PdfSignatureMetadata(
            field_name=field,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            certify=certify,
            reason=reason,
        ),
        sandbox.signers["pihak_kesatu"].signer(),
        timestamper=sandbox_timestamps(sandbox).timestamper() if timestamps else None,
        new_field_spec=None
        if box is None
        else SigFieldSpec(sig_field_name=field, on_page=1, box=box),
    )
    return asyncio.run(signer.async_sign_pdf(writer)).getvalue()


@pytest.mark.parametrize(
    ("options", "trouble"),
    [
        ({"field": "TTD_PIHAK_KESATU", "timestamps": False}, "timestamp"),
        ({"field": "TTD_PIHAK_KESATU", "certify": True}, "certified"),
        ({"field": "Lain", "box": (10, 10, 90, 90)}, "place"),
        (
            {
                "field": "EmetUJI0000000000000000000",
                "box": (10, 10, 500, 800),
                "reason": "[UJI0000000000000000000] x",
            },
            "place",
        ),
        (
            {
                "field": "EmetUJI0000000000000000000",
                "box": (255, 420, 325, 490),
                "reason": "[UJI1111111111111111111] x",
            },
            "meterai_number",
        ),
    ],
)
def test_an_earlier_signature_that_is_not_sound(issued, sandbox, options, trouble):
    from pks_kit.messages import lookup

    pdf = _foreign_signature(IncrementalPdfFileWriter(BytesIO(issued.pdf)), sandbox, **options)
    error = refused(pdf, issued.receipt, by("pihak_kesatu", "meterai"))
    assert error.code == "signing.earlier_broken"
    assert lookup(f"signing.trouble.{trouble}").en in error.params["reason"]


def test_a_stamp_that_was_put_before_its_signature(issued, sandbox):
    writer = IncrementalPdfFileWriter(BytesIO(issued.pdf))
    pdf = _foreign_signature(
        writer,
        sandbox,
        "EmetUJI0000000000000000000",
        box=(255, 420, 325, 490),
        reason="[UJI0000000000000000000] x",
    )
    error = refused(pdf, issued.receipt, by("pihak_kesatu"))
    assert error.code == "signing.earlier_out_of_turn"


def test_a_removed_signature_is_a_file_that_does_not_hold_it(issued, steps):
    """Cutting back to an earlier revision is not forgery: the steps are simply still to do."""
    profile = load_profile(signing_root(), "elektronik")
    state = read_state(steps[0], issued.receipt, profile)
    assert plan_step(state, profile, by("pihak_kesatu", "meterai")).kode == "p1_meterai"


# --- the document itself -----------------------------------------------------------------------


def reissued(tmp_path, change, **options):
    """Issue a file that was changed before it was issued: only its content is at fault."""
    import hashlib

    issued = make_issued(tmp_path, **options)
    with pikepdf.open(BytesIO(issued.pdf)) as pdf:
        change(pdf)
        out = BytesIO()
        pdf.save(
            out,
            **({"encryption": pikepdf.Encryption(owner="x", user="")} if change is encrypt else {}),
        )
    content = out.getvalue()
    record = issued.receipt.issued.model_copy(
        update={"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    )
    return content, issued.receipt.model_copy(update={"issued": record})


def encrypt(pdf):
    """Saved with encryption by ``reissued``."""


def add_script(pdf):
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def add_launch_in_annotation(pdf):
    pdf.pages[0].Annots.append(
        pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Link,
                Rect=[0, 0, 9, 9],
                A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="x"),
            )
        )
    )


def add_xfa(pdf):
    pdf.Root.AcroForm.XFA = pdf.make_stream(b"<xdp/>")


def rotate(pdf):
    pdf.pages[1].Rotate = 90


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (encrypt, "pdf.restricted"),
        (add_script, "pdf.active_content"),
        (add_launch_in_annotation, "pdf.active_content"),
        (add_xfa, "pdf.active_content"),
        (rotate, "signing.page_rotated"),
    ],
)
def test_a_document_that_no_contract_looks_like(tmp_path, change, code):
    pdf, receipt = reissued(tmp_path, change)
    assert refused(pdf, receipt, by("pihak_kesatu")).code == code


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"hello", b"%PDF-1.7\n" + bytes(9000)])
def test_something_that_is_no_pdf(issued, content):
    import hashlib

    record = issued.receipt.issued.model_copy(
        update={"sha256": hashlib.sha256(content).hexdigest(), "size": max(len(content), 1)}
    )
    receipt = issued.receipt.model_copy(update={"issued": record})
    profile = load_profile(signing_root(), "elektronik")
    with pytest.raises(InputError) as caught:
        read_state(content, receipt, profile)
    assert caught.value.code == "pdf.unreadable"


def moved(name: str, **changes) -> tuple[RecordedPlace, ...]:
    return tuple(p.model_copy(update=changes) if p.name == name else p for p in PLACES)


def test_a_stamp_place_without_room(tmp_path, sandbox):
    tiny = moved("METERAI_PIHAK_KESATU", rect=(255, 420, 285, 450))
    issued = make_issued(tmp_path, places=tiny)
    signed = asyncio.run(sign_once(issued.pdf, issued.receipt, sandbox, "pihak_kesatu"))
    error = refused(signed.pdf, issued.receipt, by("pihak_kesatu", "meterai"))
    assert error.code == "signing.no_room"


def test_a_stamp_place_over_a_signature(tmp_path, sandbox):
    over = moved("METERAI_PIHAK_KESATU", rect=(200, 420, 270, 490))
    issued = make_issued(tmp_path, places=over)
    signed = asyncio.run(sign_once(issued.pdf, issued.receipt, sandbox, "pihak_kesatu"))
    error = refused(signed.pdf, issued.receipt, by("pihak_kesatu", "meterai"))
    assert error.code == "signing.no_room"


def test_a_stamp_place_off_the_page(tmp_path, sandbox):
    off = moved("METERAI_PIHAK_KESATU", rect=(560, 420, 630, 490))
    issued = make_issued(tmp_path, places=off)
    signed = asyncio.run(sign_once(issued.pdf, issued.receipt, sandbox, "pihak_kesatu"))
    error = refused(signed.pdf, issued.receipt, by("pihak_kesatu", "meterai"))
    assert error.code == "signing.place_differs"


def test_a_receipt_whose_places_are_not_those_of_the_file(issued):
    places = moved("TTD_PIHAK_KESATU", rect=(70, 300, 250, 380))
    receipt = issued.receipt.model_copy(update={"places": places})
    assert refused(issued.pdf, receipt, by("pihak_kesatu")).code == "signing.place_differs"


def test_a_receipt_without_the_issued_hash(issued):
    error = refused(issued.pdf, issued.receipt.without_issued(), by("pihak_kesatu"))
    assert error.code == "signing.receipt_not_issued"


# --- people and worlds -------------------------------------------------------------------------


def test_the_key_of_somebody_else(issued, sandbox):
    with pytest.raises(SigningError) as caught:
        asyncio.run(
            sign_once(
                issued.pdf,
                issued.receipt,
                sandbox,
                "pihak_kesatu",
                source=sandbox.signers["pihak_kedua"],
            )
        )
    assert caught.value.code == "signing.name_differs"


def _printed(name: str) -> RecordedPlace:
    return SimpleNamespace(nama=name)  # type: ignore[return-value]


@pytest.mark.parametrize(
    "certificate",
    ["KLINIK RATNA WIDYANINGRUM", "PT Ratna Widyaningrum", "RATNA WIDYANINGRUM, CV", "BPJS Senja"],
)
def test_an_organisation_never_signs_for_a_person(certificate):
    for accepted in (None, certificate):
        with pytest.raises(SigningError) as caught:
            check_person(certificate, _printed("dr. Ratna Widyaningrum, M.Kes."), accepted)
        assert caught.value.code == "signing.name_of_organisation"


@pytest.mark.parametrize(
    "certificate", ["Ratna Widyaningrum + Budi Hartono", "Klinik Senja + Ratna Widyaningrum"]
)
def test_several_names_are_told_as_several(certificate):
    with pytest.raises(SigningError) as caught:
        check_person(certificate, _printed("dr. Ratna Widyaningrum, M.Kes."), None)
    assert caught.value.code == "signing.name_differs"
    assert "beberapa nama" in caught.value.text.id
    assert "several names" in caught.value.text.en


@pytest.mark.parametrize(
    ("certificate", "code"),
    [
        ("(tanpa nama / no name)", "signing.no_name"),
        ("3201014107650001", "signing.no_name"),
        ("RATNA\u202e WIDYANINGRUM", "signing.name_hides"),
        ("RATNA WIDYA\u200bNINGRUM", "signing.name_hides"),
    ],
)
def test_no_name_and_hidden_signs_are_never_accepted(certificate, code):
    for accepted in (None, certificate):
        with pytest.raises(SigningError) as caught:
            check_person(certificate, _printed("dr. Ratna Widyaningrum, M.Kes."), accepted)
        assert caught.value.code == code
        text = caught.value.text
        assert not {"\u202e", "\u200b"} & set(text.id + text.en + text.hint_id + text.hint_en)


@pytest.mark.parametrize(
    "certificate",
    [
        "RATNA SRI WIDYANINGRUM",
        "R. S. Widyaningrum Ratna",
        "Ratna Widyaningrum, Budi Hartono",
        "Ratna Widyaningrum + Klinik Senja",
        "Budi Hartono",
    ],
)
def test_further_names_and_others_sign_only_when_somebody_says_so(certificate):
    place = _printed("dr. Ratna Widyaningrum, M.Kes.")
    for accepted in (None, "Ratna Widyaningrum"):
        with pytest.raises(SigningError) as caught:
            check_person(certificate, place, accepted)
        assert caught.value.code == "signing.name_differs"
        assert "--nama-sertifikat" in caught.value.text.hint_id
        assert "nama_diterima" in caught.value.text.hint_id
    check_person(certificate, place, certificate)


@pytest.mark.parametrize(("name", "issuer"), [("RATNA 陳", "Penerbit"), ("RATNA", "発行者")])
def test_a_name_that_cannot_be_drawn_is_told_with_the_way_out(name, issuer):
    identity = SimpleNamespace(name=name, issuer=issuer)
    for look in (None, BoxLook()):
        with pytest.raises(SigningError) as caught:
            _check_drawable(identity, look)
        assert (caught.value.code, caught.value.exit_code) == ("signing.name_not_drawable", 20)
        assert "--tampilan" in caught.value.text.hint_id
    _check_drawable(identity, BoxLook(penerbit=False))
    _check_drawable(SimpleNamespace(name="ÉMILIA MA’RUF", issuer="Penerbit"), None)


def test_apostrophes_of_every_kind_are_one():
    for sign in "'’‘`ʼ´":
        check_person(f"AHMAD MA{sign}RUF", _printed("Ahmad Ma’ruf"), None)


def test_stamping_a_place_twice_makes_no_second_stamp(issued, steps, sandbox):
    with pytest.raises(SigningError) as caught:
        asyncio.run(stamp_once(steps[1], issued.receipt, sandbox, "pihak_kesatu", now=NOW))
    assert caught.value.code == "signing.already_done"
