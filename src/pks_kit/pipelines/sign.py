"""Sign or stamp one place of one agreement: a PDF in, the same PDF with one more revision out.

It holds no passphrase: key and services come with the request. Whatever is refused is refused
before the key is used or a meterai is bought.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from pks_kit.domain.companion import companion_kind
from pks_kit.domain.receipt import Receipt
from pks_kit.errors import SigningError, UsageError
from pks_kit.files import NamedFile
from pks_kit.foreign import Looks
from pks_kit.ledger.describe import describe_agreement
from pks_kit.limits import PDF_BYTES
from pks_kit.net.plain import plain_services
from pks_kit.pdf.prefix.running import sha256_of
from pks_kit.pipelines.inside.contract_data import requirements_before
from pks_kit.pipelines.inside.looks import LooksInside
from pks_kit.pipelines.requests.background import in_background, in_own_loop
from pks_kit.pipelines.requests.checked import verb
from pks_kit.pipelines.requests.clock import moment
from pks_kit.pipelines.requests.given import (
    Content,
    FileInput,
    ReceiptInput,
    read_file,
    read_receipt,
)
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
from pks_kit.signing.growth import check_growth_since_issued
from pks_kit.signing.step.check_result import StepChecked
from pks_kit.signing.step.embedded_receipt import embedded_receipt
from pks_kit.signing.step.plan import Planned, Wanted, plan_step
from pks_kit.signing.step.state import read_state
from pks_kit.verification.report.verdict import Note

__all__ = ["SignRequest", "SignResult", "sign", "sign_async"]

_SAFE_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")


@verb
def sign(request: SignRequest) -> SignResult:
    """Do one step of the signing profile.

    The services of the request are awaited in an event loop that lives for this call.

    Raises:
        UsageError: Arguments that cannot work together, an unknown place or step;
            ``sign.running_loop`` inside a running event loop, where ``sign_async`` is awaited
            instead; ``request.type``.
        InputError: A file is missing, too large or malformed.
        SigningError: The step was refused or failed.
        FindingsError: ``signing.requirements``: nobody has signed, and the data inside lack an
            absolute requirement.
        UnknownOutcomeError: A service may have acted.
    """
    return in_own_loop(_sign(request))


sign_async = in_background(sign)


async def _sign(request: SignRequest) -> SignResult:
    _check_request(request)
    request.progress("sign.step.check")
    looks = LooksInside()
    read = read_file(request.pdf, PDF_BYTES, "pdf")
    receipt = find_receipt(request.pdf, request.receipt, read, looks)
    profile = load_profile(signing_root(), receipt.profile)
    state = read_state(read.content, receipt, profile, looks=looks)
    looks.remark(*requirements_before(read.content, receipt, looks, state.filled))
    planned = plan_step(state, profile, _wanted(request))
    now = moment(request.clock)
    request.progress("sign.step.act")
    checked = await _act(
        request,
        Situation(
            before=read.content,
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
            looks=looks,
        ),
    )
    used = (request.signer, request.timestamps, request.service, request.meterai)
    return replace(
        _result(receipt, planned, checked, profile, looks.notes), without_tls=plain_services(*used)
    )


def _check_request(request: SignRequest) -> None:
    one_of(request.signer, request.service, request.meterai)
    if request.signer is not None and request.timestamps is None:
        raise UsageError("sign.no_timestamps")
    if request.peran is None and request.tempat is None:
        raise UsageError("sign.who")


def _wanted(request: SignRequest) -> Wanted:
    return Wanted(
        jenis="tanda_tangan" if request.meterai is None else "meterai",
        peran=request.peran,
        tempat=request.tempat,
    )


def find_receipt(
    pdf: FileInput, beside: ReceiptInput | None, read: Content, looks: Looks
) -> Receipt:
    """Return the receipt with the hash of the issued file, after comparing it with the PDF.

    Args:
        pdf: The PDF as it was given.
        beside: Its receipt; None looks for ``<slug>.receipt.json`` beside a PDF that is a path.
        read: What was read from the PDF.
        looks: Where the PDF is opened; one that outgrew its receipt is not.

    Raises:
        SigningError: ``signing.no_receipt``, ``signing.receipt_mismatch``, ``pdf.grown``;
            ``signing.companion``, ``signing.letter`` for a summary, a cover or a letter, which
            are no agreement.
        InputError: A file is missing or malformed.
        NotLookedError: ``pdf.not_looked``.
    """
    receipt = None if beside is None else read_receipt(beside, "receipt")
    if receipt is not None:
        check_growth_since_issued(read.content, receipt)
    kind = companion_kind(read.content)
    if kind is not None:
        code = "signing.letter" if kind == "surat" else "signing.companion"
        raise SigningError(code, file=read.shown, kind=kind)
    inside = embedded_receipt(read.content, read.shown, looks)
    if beside is None:
        if not _SAFE_SLUG.fullmatch(inside.slug):
            raise SigningError("signing.no_receipt", file="<slug>.receipt.json")
        name = f"{inside.slug}.receipt.json"
        if not isinstance(pdf, Path) or not pdf.with_name(name).is_file():
            raise SigningError("signing.no_receipt", file=name)
        beside = pdf.with_name(name)
    receipt = receipt or read_receipt(beside, "receipt")
    if receipt.without_issued() != inside:
        name = str(beside) if isinstance(beside, Path) else "receipt"
        raise SigningError("signing.receipt_mismatch", file=name)
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
        order=order_for(
            receipt,
            planned.place,
            planned.place.name.lower(),
            situation.before,
            situation.looks,
        ),
        clock=request.clock,
    )
    checked = await stamp(situation, purchase)
    if checked.added.sn is None:
        raise SigningError("signing.result_wrong", reason="serial number")
    purchase.done(checked.added.sn, sha256_of(checked.pdf))
    return checked


def _result(
    receipt: Receipt,
    planned: Planned,
    checked: StepChecked,
    profile: SigningProfile,
    notes: tuple[Note, ...],
) -> SignResult:
    added = checked.added
    if added.time is None:
        raise SigningError("signing.result_wrong", reason="timestamp")
    return SignResult(
        step=planned.kode,
        kind="meterai" if planned.place.kind == "meterai" else "tanda_tangan",
        place=planned.place.name,
        field=added.field,
        signer=added.signer,
        sn=added.sn,
        time=added.time,
        is_uji=added.is_uji,
        file=NamedFile(f"{receipt.slug}-{planned.kode}.pdf", checked.pdf),
        sha256=sha256_of(checked.pdf),
        size=len(checked.pdf),
        next=tuple(step.kode for step in next_steps(profile, checked.state.filled)),
        skew_seconds=None if checked.skew is None else int(checked.skew.total_seconds()),
        notes=notes,
    )
