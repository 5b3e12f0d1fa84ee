"""Sign or stamp one place of one agreement: a PDF in, the same PDF with one more revision out.

The pipeline reads like a table of contents. It reads no clock and no environment, and it holds
no passphrase: key, services and clock come with the request. Whatever is refused is refused
before the key is used or a meterai is bought.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from pathlib import Path

from pks_kit.domain.receipt import Receipt, parse_receipt
from pks_kit.errors import InputError, SigningError, UsageError
from pks_kit.files import read_limited, refuse_over_input, write_atomic
from pks_kit.ledger.describe import describe_agreement
from pks_kit.pdf.layout import PDF_LIMIT
from pks_kit.pipelines.signing.one_step import (
    Situation,
    Words,
    one_of,
    sign_with_key,
    sign_with_service,
    stamp,
)
from pks_kit.pipelines.signing.purchase import MeteraiPurchase, order_for, refuse_unpaid_ledger
from pks_kit.pipelines.signing.sign_request import SignRequest, SignResult
from pks_kit.policy.signing_profile import SigningProfile, load_profile, next_steps
from pks_kit.resources import signing_root
from pks_kit.signing.step.check_result import StepChecked
from pks_kit.signing.step.embedded_receipt import RECEIPT_LIMIT, embedded_receipt
from pks_kit.signing.step.plan import Planned, Wanted, plan_step
from pks_kit.signing.step.state import read_state

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
    receipt = find_receipt(request.pdf, request.receipt, before)
    profile = load_profile(signing_root(), receipt.profile)
    state = read_state(before, receipt, profile)
    planned = plan_step(state, profile, _wanted(request))
    now = request.clock()
    request.progress("sign.step.act")
    checked = await _act(
        request,
        Situation(
            before=before,
            state=state,
            planned=planned,
            profile=profile,
            now=now,
            words=Words(
                alasan=request.alasan,
                lokasi=request.lokasi,
                nama_diterima=request.nama_diterima,
                tampilan=request.tampilan,
            ),
        ),
    )
    request.progress("sign.step.write")
    write_atomic(request.output, checked.pdf)
    return _result(request, planned, checked, profile)


def _check_request(request: SignRequest) -> None:
    one_of(request.signer, request.service, request.meterai)
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
        jenis="tanda_tangan" if request.meterai is None else "meterai",
        peran=request.peran,
        tempat=request.tempat,
    )


def find_receipt(pdf: Path, beside: Path | None, content: bytes) -> Receipt:
    """Return the receipt with the hash of the issued file, after comparing it with the PDF.

    Args:
        pdf: The PDF.
        beside: Its receipt; None looks for ``<slug>.receipt.json`` beside it.
        content: Bytes of the PDF.

    Raises:
        SigningError: ``signing.no_receipt``, ``signing.receipt_mismatch``.
        InputError: A file is missing or malformed.
    """
    inside = embedded_receipt(content, str(pdf))
    path = beside
    if path is None:
        if not _SAFE_SLUG.fullmatch(inside.slug):
            raise SigningError("signing.no_receipt", file="<slug>.receipt.json")
        path = pdf.with_name(f"{inside.slug}.receipt.json")
        if not path.is_file():
            raise SigningError("signing.no_receipt", file=path.name)
    receipt = parse_receipt(read_limited(path, RECEIPT_LIMIT), str(path))
    if receipt.without_issued() != inside:
        raise SigningError("signing.receipt_mismatch", file=str(path))
    return receipt


async def _act(request: SignRequest, situation: Situation) -> StepChecked:
    if request.service is not None:
        return await sign_with_service(situation, request.service)
    if request.signer is not None and request.timestamps is not None:
        return await sign_with_key(
            situation, request.signer, request.timestamps, request.revocation
        )
    if request.meterai is None:
        raise UsageError("sign.key_or_meterai")
    refuse_unpaid_ledger(request.meterai, request.ledger)
    planned, receipt = situation.planned, situation.receipt
    if request.ledger is not None:
        describe_agreement(request.ledger, receipt, situation.profile, waktu=situation.now)
    purchase = MeteraiPurchase(
        provider=request.meterai,
        ledger=request.ledger,
        perjanjian=receipt.agreement_id,
        langkah=planned.place.name.lower(),
        order=order_for(receipt, planned.place, planned.place.name.lower(), situation.before),
        clock=request.clock,
    )
    checked = await stamp(situation, purchase)
    if checked.added.sn is None:
        raise SigningError("signing.result_wrong", reason="serial number")
    purchase.done(checked.added.sn, hashlib.sha256(checked.pdf).hexdigest())
    return checked


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
