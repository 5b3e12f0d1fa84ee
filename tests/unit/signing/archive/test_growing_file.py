"""An archive of our own file, written by bytes: what the parsers write, seen alike by everybody."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.pdf_embedded import (
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)

from pks_kit.domain.ledger_head import AnchoredHead, heads_in_pdf
from pks_kit.errors import InputError, SigningError
from pks_kit.foreign import HERE, Question
from pks_kit.pdf.prefix.own_files import own_files as written_here
from pks_kit.pipelines.extend import archive_agreement
from pks_kit.pki.chains import Trust, read_trust
from pks_kit.pki.dss import entry_name
from pks_kit.pki.material import ValidationMaterial
from pks_kit.policy.signing_profile import load_profile
from pks_kit.resources import signing_root
from pks_kit.signing.archive import growing_file
from pks_kit.signing.archive.archive import ArchiveJob, archive
from pks_kit.signing.archive.dss import add_to_store
from pks_kit.signing.archive.own_revisions import own_store
from pks_kit.signing.archive.signed_parts import signed_parts
from pks_kit.signing.sandbox.authority import SandboxTimestamps
from pks_kit.signing.step.state import StateOf, read_state
from support import signed_files
from support.outside_files import seen_nothing
from support.own_files import OwnFiles, archived_files, now, own_files

pytestmark = pytest.mark.slow


class Counting:
    """Answers here, and tells what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def ask(self, question: Question[Any], *files: bytes) -> Any:
        self.asked.append(type(question).__name__)
        return HERE.ask(question, *files)


@pytest.fixture
def files() -> OwnFiles:
    """Return files that this process has just written; others may have made it forget them."""
    found: OwnFiles = own_files.__wrapped__()
    return found


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    yield
    seen_nothing()


def _trust(files: OwnFiles) -> Trust:
    root = files.sandbox.root.public_bytes(serialization.Encoding.DER)
    return read_trust([root], files.sandbox.crls)


def _job(files: OwnFiles, looks: Any, **more: Any) -> ArchiveJob:
    times = SandboxTimestamps(key=files.sandbox.tsa, clock=now)
    return ArchiveJob(trust=_trust(files), timestamps=times, now=now(), looks=looks, **more)


def _state(files: OwnFiles, pdf: bytes, **more: Any) -> Any:
    return read_state(pdf, files.receipt, load_profile(signing_root(), "elektronik"), **more)


def _archived(files: OwnFiles, pdf: bytes, job: ArchiveJob) -> Any:
    profile = load_profile(signing_root(), files.receipt.profile)
    return asyncio.run(archive_agreement(pdf, files.receipt, profile, job))


def _contents(pdf: bytes) -> Any:
    """Return what a file stores, by contents, whatever the numbers of its objects."""
    store = PdfFileReader(BytesIO(pdf)).root["/DSS"]

    def of(holder: Any, key: str) -> list[bytes]:
        return sorted(bytes(one.get_object().data) for one in holder.get(key, ()))

    entries = {
        str(name): {key: of(entry, key) for key in ("/Cert", "/OCSP", "/CRL")}
        for name, entry in ((name, store["/VRI"][name]) for name in store["/VRI"])
    }
    return {key: of(store, key) for key in ("/Certs", "/OCSPs", "/CRLs")}, entries


def test_nobody_opens_a_file_that_this_process_wrote(files: OwnFiles) -> None:
    looks = Counting()
    first = _archived(files, files.steps[-1], _job(files, looks))
    second = _archived(files, first.pdf, _job(files, looks))
    assert looks.asked == []
    assert (first.field, second.field) == ("ARSIP_1", "ARSIP_2")
    assert second.previous_until == first.until
    assert written_here.of(second.pdf) is not None


def test_it_stores_what_the_parsers_store(files: OwnFiles) -> None:
    last = files.steps[-1]
    own = asyncio.run(archive(last, _job(files, HERE), _state(files, last)))
    other = asyncio.run(archive(last, _job(files, HERE)))
    assert _contents(own.pdf) == _contents(other.pdf)
    assert replace(own, pdf=b"", time=now()) != own
    assert replace(own, pdf=b"", time=other.time) == replace(other, pdf=b"")
    again = asyncio.run(archive(own.pdf, _job(files, HERE), _state(files, own.pdf)))
    also = asyncio.run(archive(own.pdf, _job(files, HERE)))
    lists = _contents(own.pdf)[0]
    assert _contents(again.pdf)[0] == _contents(also.pdf)[0] == lists
    assert _contents(again.pdf)[1] == _contents(also.pdf)[1]
    assert len(_contents(again.pdf)[1]) == 5


def test_what_is_remembered_of_it_is_what_the_parsers_find(files: OwnFiles) -> None:
    first = _archived(files, files.steps[-1], _job(files, HERE)).pdf
    second = _archived(files, first, _job(files, HERE)).pdf
    assert files.receipt.issued is not None
    for content in (first, second):
        told = _state(files, content)
        found = StateOf(receipt=files.receipt, good=files.receipt.issued.size).answer((content,))
        assert (told.layout, told.signatures) == (found.layout, found.signatures)
        assert found.base is not None
        own = growing_file.GrowingFile(pdf=content, looks=HERE, state=told)
        signed, stored = own.parts()
        parsed, read = signed_parts(content)
        assert [(one.field, one.entry, one.is_timestamp) for one in signed] == [
            (one.field, one.entry, one.is_timestamp) for one in parsed
        ]
        assert [_subjects(one) for one in signed] == [_subjects(one) for one in parsed]
        assert stored.signatures == read.signatures
        assert _dumped(stored.material) == _dumped(read.material)


def _subjects(one: Any) -> list[Any]:
    return [
        (who.certificate.dump(), [other.dump() for other in who.brought], who.moment)
        for who in one.subjects
    ]


def _dumped(material: ValidationMaterial) -> list[list[bytes]]:
    kinds = (material.certificates, material.ocsps, material.crls)
    return [[one.dump() for one in kind] for kind in kinds]


def test_a_file_of_ours_from_another_process_is_read_by_a_child_and_grows_by_bytes(
    files: OwnFiles,
) -> None:
    seen_nothing()
    looks = Counting()
    first = _archived(files, files.steps[-1], _job(files, looks))
    assert looks.asked == ["StateOf", "SignedParts"]
    seen_nothing()
    looks = Counting()
    _archived(files, first.pdf, _job(files, looks))
    assert looks.asked == ["StateOf", "SignedParts"]
    assert written_here.of(first.pdf) is None


def test_any_other_file_takes_the_road_of_the_parsers(files: OwnFiles) -> None:
    looks = Counting()
    last = files.steps[-1]
    state = replace(_state(files, last), known=None)
    asyncio.run(archive(last, _job(files, looks), state))
    assert looks.asked == [
        *("SignedParts", "StoreRevision", "SealRevision", "SignedParts", "SignedParts")
    ]


def test_the_head_of_a_ledger_stands_under_the_timestamp(files: OwnFiles) -> None:
    head = AnchoredHead(ledger="a" * 64, nomor=12, hash="b" * 64)
    found = _archived(files, files.steps[-1], _job(files, HERE, head=head)).pdf
    assert heads_in_pdf(found) == (head,)
    seen_nothing()
    told = _state(files, found)
    assert told.known is not None
    assert told.signatures[-1].kind == "timestamp"


def test_pyhanko_calls_every_signature_valid_by_its_own_comparison() -> None:
    files, pdf = own_files(), archived_files()[1]
    reader = PdfFileReader(BytesIO(pdf))
    roots = list(_trust(files).roots)

    def context() -> Any:
        return DocumentSecurityStore.read_dss(reader).as_validation_context(
            {
                "trust_roots": roots,
                "allow_fetching": False,
                "moment": now() + timedelta(minutes=1),
                "revocation_mode": "require",
                "retroactive_revinfo": True,
            }
        )

    async def validate() -> None:
        for found in reader.embedded_regular_signatures:
            status: Any = await async_validate_pdf_signature(
                found, context(), ts_validation_context=context()
            )
            assert status.bottom_line, status.pretty_print_details()
            assert status.modification_level == (
                ModificationLevel.FORM_FILLING
                if found is not reader.embedded_regular_signatures[-1]
                else ModificationLevel.LTA_UPDATES
            )
        for found in reader.embedded_timestamp_signatures:
            status = await async_validate_pdf_timestamp(found, context())
            assert status.intact
            assert status.valid
            assert status.trusted
            assert status.modification_level <= ModificationLevel.LTA_UPDATES

    asyncio.run(validate())
    names = set(reader.root["/DSS"]["/VRI"])
    sealed = {entry_name(pdf, one.byte_range) for one in reader.embedded_signatures[:-1]}
    assert names == sealed


@pytest.mark.parametrize("number", [0, 1])
def test_poppler_and_qpdf_agree(number: int, tmp_path: Path) -> None:
    path = tmp_path / "arsip.pdf"
    path.write_bytes(archived_files()[number])
    said = subprocess.run(["pdfsig", path], capture_output=True, text=True, check=False).stdout
    assert said.count("Signature is Valid.") == 4
    checked = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=True)
    assert "No syntax or stream encoding errors" in checked.stdout


def _answer() -> bytes:
    """Return an OCSP answer that brings a certificate along; nobody asks here who signed it."""
    key, certificate = signed_files.world().root.key, signed_files.world().root.certificate
    made = ocsp.OCSPResponseBuilder().add_response(
        cert=certificate,
        issuer=certificate,
        algorithm=hashes.SHA256(),
        cert_status=ocsp.OCSPCertStatus.GOOD,
        this_update=now(),
        next_update=None,
        revocation_time=None,
        revocation_reason=None,
    )
    made = made.responder_id(ocsp.OCSPResponderEncoding.HASH, certificate)
    return (
        made.certificates([certificate])
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.DER)
    )


def test_answers_are_stored_with_the_certificates_in_them(files: OwnFiles) -> None:
    from asn1crypto import ocsp as answers

    answer = answers.OCSPResponse.load(_answer())
    pdf = files.steps[-1]
    known = _state(files, pdf).known
    entries = [
        ("/" + "A" * 40, ValidationMaterial(ocsps=(answer,), crls=_trust(files).given.crls)),
        ("/" + "B" * 40, ValidationMaterial(ocsps=(answer,))),
    ]
    own = pdf + own_store(pdf, known, ValidationMaterial(), entries)
    other = add_to_store(pdf, entries)
    assert _contents(own) == _contents(other)
    lists, named = _contents(own)
    assert [len(lists[key]) for key in ("/Certs", "/OCSPs", "/CRLs")] == [1, 1, 2]
    assert named["/" + "B" * 40]["/Cert"] == lists["/Certs"]


# --- what is refused ------------------------------------------------------------------------------


class OtherBytes:
    """An authority that timestamps something else."""

    def __init__(self, times: SandboxTimestamps) -> None:
        self._times = times
        self.is_uji = True

    def timestamper(self) -> Any:
        real = self._times.timestamper()

        class Lying:
            async def async_timestamp(self, digest: bytes, algorithm: str) -> Any:
                return await real.async_timestamp(bytes(reversed(digest)), algorithm)

        return Lying()


def test_a_token_over_other_bytes(files: OwnFiles) -> None:
    job = _job(files, looks := Counting())
    job = replace(job, timestamps=OtherBytes(SandboxTimestamps(key=files.sandbox.tsa, clock=now)))  # type: ignore[arg-type]
    with pytest.raises(SigningError) as caught:
        _archived(files, files.steps[-1], job)
    assert caught.value.code == "archive.result_wrong"
    assert looks.asked[-1] == "StateOf"  # the parsers looked at what the bytes did not prove


def test_a_writer_that_slips_is_found_out(files: OwnFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    real = growing_file.own_store
    monkeypatch.setattr(
        growing_file, "own_store", lambda *given: real(*given).replace(b"/Certs", b"/Kerts")
    )
    looks = Counting()
    found = _archived(files, files.steps[-1], _job(files, looks))
    assert looks.asked[0] == "StoreRevision"
    assert _contents(found.pdf)[0]["/Certs"]


def test_without_lists_it_is_refused_as_ever(files: OwnFiles) -> None:
    root = files.sandbox.root.public_bytes(serialization.Encoding.DER)
    job = replace(_job(files, looks := Counting()), trust=read_trust([root]))
    with pytest.raises(SigningError) as caught:
        _archived(files, files.steps[-1], job)
    assert caught.value.code == "archive.revocation_unknown"
    assert looks.asked == []


def test_an_unfinished_file_and_one_with_another_byte(files: OwnFiles) -> None:
    with pytest.raises(SigningError) as caught:
        _archived(files, files.steps[2], _job(files, HERE))
    assert caught.value.code == "archive.unfinished"
    last = files.steps[-1]
    for place in (1000, last.rindex(b"/Reason") + 12):
        changed = last[:place] + bytes((last[place] ^ 1,)) + last[place + 1 :]
        with pytest.raises((SigningError, InputError)):
            _archived(files, changed, _job(files, HERE))
