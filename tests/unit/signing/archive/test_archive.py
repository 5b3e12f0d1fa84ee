"""A finished agreement becomes B-LTA, offline, and everybody agrees; later it is prolonged."""

from __future__ import annotations

import asyncio
import hashlib
import re
import subprocess
from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.pdf_embedded import (
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)

from pks_kit.errors import SigningError
from pks_kit.pdf.layout import open_sound
from pks_kit.pdf.signatures import find_signatures
from pks_kit.pipelines.extend import archive_agreement
from pks_kit.pki.anchors import read_anchors
from pks_kit.pki.chains import Trust, read_trust, split_crls
from pks_kit.policy.signing_profile import load_profile
from pks_kit.resources import signing_root
from pks_kit.signing.archive.archive import ArchiveJob, archive
from pks_kit.signing.sandbox.authority import Sandbox
from pks_kit.signing.step.state import read_state
from pks_kit.verification.examination import Examination
from pks_kit.verification.examine import examine
from support.signing_world import (
    NOW,
    later,
    make_sandbox,
    sandbox_timestamps,
    sign_once,
)

PROFILE = load_profile(signing_root(), "elektronik")


def trust_in(sandbox: Sandbox, *, lists: bool = True) -> Trust:
    root = sandbox.root.public_bytes(serialization.Encoding.DER)
    return read_trust([root], sandbox.crls if lists else ())


def job_at(sandbox: Sandbox, minutes: int, **more) -> ArchiveJob:
    now = later(minutes)
    stamper = sandbox_timestamps(more.pop("stamper", sandbox), now)
    trust = more.pop("trust", None) or trust_in(sandbox)
    return ArchiveJob(trust=trust, timestamps=stamper, now=now, **more)


def archived(issued, pdf: bytes, job: ArchiveJob):
    return asyncio.run(archive_agreement(pdf, issued.receipt, PROFILE, job))


@pytest.fixture(scope="session")
def first(issued, steps, sandbox):
    return archived(issued, steps[-1], job_at(sandbox, 20))


@pytest.fixture(scope="session")
def second(issued, first, sandbox):
    return archived(issued, first.pdf, job_at(sandbox, 30))


def code_of(call, *arguments) -> str:
    with pytest.raises(SigningError) as caught:
        call(*arguments)
    assert "{" not in caught.value.text.id + caught.value.text.hint_en
    return caught.value.code


def last_seal(pdf):
    """The certificate behind the newest document timestamp."""
    return find_signatures(open_sound(pdf))[-1].embedded.signer_cert


@pytest.mark.slow
def test_it_says_what_was_sealed_and_until_when(first, second, sandbox):
    end = sandbox.tsa.certificate.not_valid_after_utc
    assert (first.field, first.until, first.previous_until) == ("ARSIP_1", end, None)
    assert first.time == later(20)
    assert len(first.covered) == 4
    assert (second.field, second.previous_until) == ("ARSIP_2", end)
    assert second.covered == (*first.covered, "ARSIP_1")
    assert second.until == last_seal(second.pdf).not_valid_after == end


def test_nothing_before_it_changes(issued, steps, first, second):
    assert first.pdf.startswith(steps[-1])
    assert second.pdf.startswith(first.pdf)
    before = read_state(steps[-1], issued.receipt, PROFILE)
    after = read_state(second.pdf, issued.receipt, PROFILE)
    assert after.filled == before.filled
    assert [seen.kind for seen in after.signatures[4:]] == ["timestamp", "timestamp"]


def test_every_signature_has_its_own_entry_with_material(second):
    reader = PdfFileReader(BytesIO(second.pdf))
    store = reader.root["/DSS"]
    for found in reader.embedded_signatures[:-1]:
        contents = found.pkcs7_content.hex().upper().encode("ascii")  # as it stands in the file
        name = DocumentSecurityStore.sig_content_identifier(contents)
        entry = store["/VRI"][name]
        assert len(entry["/CRL"]) == 2
        # signer, timestamp authority, issuing authority, root
        assert len(entry["/Cert"]) == (3 if found.field_name == "ARSIP_1" else 4)
    assert len(store["/CRLs"]) == 2


def test_pyhanko_trusts_every_signature_from_the_file_alone(second, sandbox):
    reader = PdfFileReader(BytesIO(second.pdf))
    root = trust_in(sandbox).roots[0]

    def context(moment):
        return DocumentSecurityStore.read_dss(reader).as_validation_context(
            {
                "trust_roots": [root], "allow_fetching": False, "moment": moment,
                "revocation_mode": "require", "retroactive_revinfo": True,
            }
        )  # fmt: skip

    async def validate():
        for found in reader.embedded_regular_signatures:
            status = await async_validate_pdf_signature(
                found, context(later(15)), ts_validation_context=context(later(15))
            )
            assert status.bottom_line, status.pretty_print_details()
        for found in reader.embedded_timestamp_signatures:
            status = await async_validate_pdf_timestamp(found, context(later(35)))
            assert status.intact
            assert status.valid
            assert status.trusted

    asyncio.run(validate())


@pytest.mark.slow
def test_pyhanko_calls_it_lta_by_the_ades_rules(second, sandbox):
    from pyhanko.sign.validation.policy_decl import (
        PdfSignatureValidationSpec,
        SignatureValidationSpec,
    )
    from pyhanko_certvalidator.context import CertValidationPolicySpec
    from pyhanko_certvalidator.policy_decl import (
        REQUIRE_REVINFO,
        CertRevTrustPolicy,
    )
    from pyhanko_certvalidator.registry import SimpleTrustManager

    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build([trust_in(sandbox).roots[0]]),
        revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO, retroactive_revinfo=True),
    )
    spec = PdfSignatureValidationSpec(SignatureValidationSpec(cert_validation_policy=policy))
    reader = PdfFileReader(BytesIO(second.pdf))
    for found in reader.embedded_regular_signatures:
        result = asyncio.run(ades_lta_validation(found, spec))
        assert result.ades_subindic.name == "OK", result


def test_the_verifier_accepts_it_and_knows_that_nothing_was_revoked(issued, second, sandbox):
    report = examine(
        Examination(
            content=second.pdf,
            issued=issued.pdf,
            receipt=issued.receipt,
            anchors=tuple(read_anchors(sandbox.root_pem, "root.pem", {})),
            signing_root=signing_root(),
            now=later(60),
            kit_version="0",
        )
    )
    # the small sample prints no agreement numbers
    assert {check.code for check in report.checks if check.status != "passed"} <= {
        "content.numbers"
    }
    assert {one.revocation for one in report.signatures} == {"not_revoked"}
    assert [one.kind for one in report.revisions][-4:] == ["dss", "timestamp", "dss", "timestamp"]


def test_poppler_and_qpdf_agree(second, tmp_path):
    path = tmp_path / "b-lta.pdf"
    path.write_bytes(second.pdf)
    said = subprocess.run(["pdfsig", path], capture_output=True, text=True, check=False).stdout
    assert said.count("Signature is Valid.") == 4
    checked = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=True)
    assert "No syntax or stream encoding errors" in checked.stdout


def test_description_and_xmp_are_not_touched(issued, sandbox):
    with pikepdf.open(BytesIO(issued.pdf)) as pdf:
        with pdf.open_metadata() as packet:
            packet["pdfaid:part"] = "3"
        out = BytesIO()
        pdf.save(out)
    content = out.getvalue()
    record = issued.receipt.issued.model_copy(
        update={"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    )
    receipt = issued.receipt.model_copy(update={"issued": record})
    signed = asyncio.run(sign_once(content, receipt, sandbox, "pihak_kesatu")).pdf
    result = asyncio.run(archive(signed, job_at(sandbox, 20))).pdf
    reader = PdfFileReader(BytesIO(result))
    assert reader.xrefs.get_last_change(reader.root.raw_get("/Metadata").reference) == 0
    assert reader.xrefs.get_last_change(reader.trailer.raw_get("/Info").reference) == 0


# --- refusals --------------------------------------------------------------------------------


def test_an_unfinished_agreement(issued, steps, sandbox):
    assert code_of(archived, issued, steps[2], job_at(sandbox, 20)) == "archive.unfinished"


def test_an_unsigned_file(issued, sandbox):
    async def run():
        await archive(issued.pdf, job_at(sandbox, 20))

    assert code_of(asyncio.run, run()) == "archive.no_signature"


def test_without_revocation_lists(issued, steps, sandbox):
    job = job_at(sandbox, 20, trust=trust_in(sandbox, lists=False))
    assert code_of(archived, issued, steps[-1], job) == "archive.revocation_unknown"


def test_with_another_root(issued, steps, sandbox):
    job = job_at(sandbox, 20, trust=trust_in(make_sandbox()))
    assert code_of(archived, issued, steps[-1], job) == "archive.untrusted"


def test_a_timestamp_authority_that_nobody_trusts(issued, steps, sandbox):
    job = job_at(sandbox, 20, stamper=make_sandbox())
    assert code_of(archived, issued, steps[-1], job) == "archive.untrusted"


@pytest.mark.slow
def test_material_cannot_be_collected_after_the_certificates_ended(issued, steps, sandbox):
    young = make_sandbox(NOW + timedelta(days=800))
    late = ArchiveJob(
        trust=trust_in(sandbox),
        timestamps=sandbox_timestamps(young, NOW + timedelta(days=800)),
        now=NOW + timedelta(days=800),
    )
    assert code_of(archived, issued, steps[-1], late) == "archive.too_late"


def test_an_archive_that_lapsed_is_not_prolonged(issued, first, sandbox):
    young = make_sandbox(NOW + timedelta(days=800))
    both = Trust(
        roots=trust_in(sandbox).roots + trust_in(young).roots,
        given=trust_in(sandbox).given.joined(trust_in(young).given),
    )
    late = ArchiveJob(
        trust=both,
        timestamps=sandbox_timestamps(young, NOW + timedelta(days=800)),
        now=NOW + timedelta(days=800),
    )
    assert code_of(archived, issued, first.pdf, late) == "archive.lapsed"


@pytest.mark.slow
def test_an_archive_prolonged_in_time_outlives_its_certificates(issued, first, sandbox):
    """Signers and first authority end after two years; a younger authority carries on."""
    young = make_sandbox(NOW + timedelta(days=700))
    both = Trust(
        roots=trust_in(sandbox).roots + trust_in(young).roots,
        given=trust_in(sandbox).given.joined(trust_in(young).given),
    )
    when = NOW + timedelta(days=700)
    job = ArchiveJob(trust=both, timestamps=sandbox_timestamps(young, when), now=when)
    prolonged = archived(issued, first.pdf, job)
    assert prolonged.until > prolonged.previous_until
    # the young authority was not known to the file before: its material follows its timestamp
    state = read_state(prolonged.pdf, issued.receipt, PROFILE)
    assert not state.signatures[-1].covers_file
    again = ArchiveJob(
        trust=both,
        timestamps=sandbox_timestamps(young, when + timedelta(days=200)),
        now=when + timedelta(days=200),
    )
    assert archived(issued, prolonged.pdf, again).field == "ARSIP_3"


def test_broken_lists_are_named(sandbox):
    from pks_kit.errors import InputError

    for lists, code in (([b"x"], "archive.no_crl"), ([sandbox.root_pem], "archive.no_crl")):
        with pytest.raises(InputError) as caught:
            read_trust([], lists)
        assert caught.value.code == code
    assert re.match(rb"0", split_crls(sandbox.crls[0])[0])
