"""Sign or stamp one place of one agreement: a PDF in, the same PDF with one more revision out.

The pipeline reads like a table of contents. It reads no clock and no environment, and it holds
no passphrase: key, services and clock come with the request. Whatever is refused is refused
before the key is used or a meterai is bought.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pks_kit.domain.profil import SigningProfile, load_profile, next_steps
from pks_kit.domain.receipt import Receipt, parse_receipt
from pks_kit.errors import InputError, SigningError, UsageError
from pks_kit.files import read_limited, refuse_over_input, write_atomic
from pks_kit.pipelines.sign_request import SignRequest, SignResult
from pks_kit.resources import signing_root
from pks_kit.signing.embedded import RECEIPT_LIMIT, embedded_receipt
from pks_kit.signing.ports import (
    MeteraiOrder,
    MeteraiProvider,
    SigningIdentity,
    StampJob,
)
from pks_kit.signing.preflight import Planned, Wanted, check_not_mixed, check_person, plan_step
from pks_kit.signing.reading import PDF_LIMIT
from pks_kit.signing.result import StepChecked, check_result
from pks_kit.signing.state import AgreementState, read_state

if TYPE_CHECKING:
    from pks_kit.render.appearance import AppearanceFacts

__all__ = ["SignRequest", "SignResult", "sign", "sign_async"]

_SAFE_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")


def sign(request: SignRequest) -> SignResult:
    """Sign or stamp; see :func:`sign_async`.

    Raises:
        UsageError: ``sign.running_loop`` inside a running event loop; await ``sign_async`` there.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(sign_async(request))
    raise UsageError("sign.running_loop")


async def sign_async(request: SignRequest) -> SignResult:
    """Do one step of the signing profile and write the result.

    Raises:
        UsageError: Arguments that cannot work together, an unknown place or step, an output
            that exists.
        InputError: A file is missing, too large or malformed.
        SigningError: The step was refused or failed; nothing was written.
    """
    _check_request(request)
    request.progress("sign.step.check")
    before = read_limited(request.pdf, PDF_LIMIT)
    receipt = _find_receipt(request, before)
    profile = load_profile(signing_root(), receipt.profile)
    state = read_state(before, receipt, profile)
    planned = plan_step(state, profile, _wanted(request))
    now = request.clock()
    request.progress("sign.step.act")
    after = await _act(request, before, state, planned, now)
    request.progress("sign.step.result")
    checked = check_result(before, after, state, planned, profile, now)
    request.progress("sign.step.write")
    write_atomic(request.output, checked.pdf)
    return _result(request, planned, checked, profile)


def _check_request(request: SignRequest) -> None:
    if (request.signer is None) == (request.meterai is None):
        raise UsageError("sign.key_or_meterai")
    if request.signer is not None and request.timestamps is None:
        raise UsageError("sign.no_timestamps")
    if request.peran is None and request.tempat is None:
        raise UsageError("sign.who")
    refuse_over_input(request.output, request.pdf, *([request.receipt] if request.receipt else []))
    if request.output.exists() and not request.force:
        raise UsageError("sign.exists", file=str(request.output))
    if request.output.is_file() and not _is_pdf(request.output):
        raise UsageError("sign.replaces_no_pdf", file=str(request.output))


def _is_pdf(path: Path) -> bool:
    """Return whether ``force`` may replace a file: never a key, a receipt or contract data."""
    try:
        with path.open("rb") as stream:
            return b"%PDF-" in stream.read(1024)
    except OSError as error:
        raise InputError("file.unreadable", file=str(path), reason=error.strerror) from error


def _wanted(request: SignRequest) -> Wanted:
    return Wanted(
        jenis="meterai" if request.signer is None else "tanda_tangan",
        peran=request.peran,
        tempat=request.tempat,
    )


def _find_receipt(request: SignRequest, pdf: bytes) -> Receipt:
    """Return the receipt with the hash of the issued file, after comparing it with the PDF."""
    inside = embedded_receipt(pdf, str(request.pdf))
    path = request.receipt
    if path is None:
        if not _SAFE_SLUG.fullmatch(inside.slug):
            raise SigningError("signing.no_receipt", file="<slug>.receipt.json")
        path = request.pdf.with_name(f"{inside.slug}.receipt.json")
        if not path.is_file():
            raise SigningError("signing.no_receipt", file=path.name)
    receipt = parse_receipt(read_limited(path, RECEIPT_LIMIT), str(path))
    if receipt.without_issued() != inside:
        raise SigningError("signing.receipt_mismatch", file=str(path))
    return receipt


async def _act(
    request: SignRequest, before: bytes, state: AgreementState, planned: Planned, now: datetime
) -> bytes:
    if request.signer is not None and request.timestamps is not None:
        return await _sign(request, before, state, planned, now)
    if request.meterai is None:
        raise UsageError("sign.key_or_meterai")
    return await _stamp(request, request.meterai, before, state, planned, now)


async def _sign(
    request: SignRequest, before: bytes, state: AgreementState, planned: Planned, now: datetime
) -> bytes:
    from pks_kit.render.appearance import render_appearance
    from pks_kit.signing.appearance import pdf_page
    from pks_kit.signing.step import FieldJob, sign_field, software

    if request.signer is None or request.timestamps is None:
        raise UsageError("sign.key_or_meterai")
    identity = await request.signer.identity(now)
    check_person(identity.name, planned.place, request.nama_diterima)
    check_not_mixed(state, is_uji=identity.is_uji, timestamps_are_uji=request.timestamps.is_uji)
    picture = render_appearance(_appearance_facts(identity, state.receipt, planned, now))
    job = FieldJob(
        field=planned.place.name,
        new_box=None,
        picture=pdf_page(picture),
        name=identity.name,
        reason=request.alasan or f"Menandatangani {_agreement(state.receipt)}",
        location=request.lokasi,
        now=now,
        software=software("pks-kit"),
    )
    return await sign_field(before, job, identity.signer, request.timestamps)


async def _stamp(
    request: SignRequest,
    provider: MeteraiProvider,
    before: bytes,
    state: AgreementState,
    planned: Planned,
    now: datetime,
) -> bytes:
    check_not_mixed(state, is_uji=provider.is_uji, timestamps_are_uji=provider.is_uji)
    receipt, place = state.receipt, planned.place
    first = place.peran == "pihak_kesatu"
    meterai = await provider.issue(
        MeteraiOrder(
            document_sha256=hashlib.sha256(before).hexdigest(),
            document_name=request.pdf.name,
            document_number=receipt.nomor_kesatu if first else receipt.nomor_kedua,
            document_date=receipt.tanggal_mulai,
            peran=place.peran,
            payer=receipt.nama_kesatu if first else receipt.nama_kedua,
        )
    )
    return await provider.stamp(
        StampJob(
            pdf=before,
            meterai=meterai,
            box=planned.box,
            alasan=request.alasan or _agreement(receipt),
            lokasi=request.lokasi,
            now=now,
        )
    )


def _agreement(receipt: Receipt) -> str:
    return f"Perjanjian Nomor {receipt.nomor_kesatu} dan {receipt.nomor_kedua}"


def _appearance_facts(
    identity: SigningIdentity, receipt: Receipt, planned: Planned, now: datetime
) -> AppearanceFacts:
    from pks_kit.render.appearance import AppearanceFacts

    return AppearanceFacts(
        width=planned.box.width,
        height=planned.box.height,
        nama=planned.place.nama,
        jabatan=planned.place.jabatan,
        sertifikat=identity.name,
        penerbit=identity.issuer,
        waktu=now,
        agreement_id=receipt.agreement_id,
        is_uji=identity.is_uji,
    )


def _result(
    request: SignRequest, planned: Planned, checked: StepChecked, profile: SigningProfile
) -> SignResult:
    added = checked.added
    if added.time is None:
        raise SigningError("signing.result_wrong", reason="timestamp")
    return SignResult(
        step=planned.kode,
        kind=added.kind,
        place=planned.place.name,
        field=added.field,
        signer=added.signer,
        sn=added.sn,
        time=added.time,
        is_uji=added.is_uji,
        output=request.output,
        sha256=hashlib.sha256(checked.pdf).hexdigest(),
        size=len(checked.pdf),
        next=tuple(step.kode for step in next_steps(profile, checked.state.filled)),
        skew_seconds=None if checked.skew is None else int(checked.skew.total_seconds()),
    )
