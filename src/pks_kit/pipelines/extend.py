"""Archive a finished agreement as PAdES B-LTA, or prolong its archive before it ends."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field

from pks_kit.domain.ledger_head import AnchoredHead
from pks_kit.domain.receipt import Receipt
from pks_kit.errors import NotLookedError, PksKitError, SigningError, UsageError
from pks_kit.files import NamedFile
from pks_kit.json_types import Moment, Ordinal, Sha256
from pks_kit.limits import ANCHOR_FILE_BYTES, PDF_BYTES
from pks_kit.net.plain import PlainService, plain_services
from pks_kit.pipelines.inside.looks import LooksInside
from pks_kit.pipelines.requests.background import in_background, in_own_loop
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pipelines.requests.clock import Clock, moment, system_clock
from pks_kit.pipelines.requests.given import FileInput, ReceiptInput, TextInput, read_file
from pks_kit.pipelines.sign import find_receipt
from pks_kit.pki.anchors import read_anchors
from pks_kit.pki.chains import Trust, read_trust, split_crls
from pks_kit.pki.revocation_http import CRL_LIMIT, RevocationSource
from pks_kit.policy.signing_profile import SigningProfile, load_profile, next_steps
from pks_kit.resources import signing_root
from pks_kit.signing.archive.archive import Archived, ArchiveJob, archive
from pks_kit.signing.ports import TimeStamperSource
from pks_kit.signing.step.state import read_state
from pks_kit.verification.report.verdict import Note


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendRequest(Request):
    """A finished agreement and what its archive needs.

    Attributes:
        pdf: The file.
        timestamps: Authority of the document timestamp.
        trust: PEM or DER files with certificates of authorities to trust.
        crls: PEM or DER files with revocation lists, for certificates that name none or whose
            services cannot be reached.
        source: Where to fetch revocation data; None for no network.
        receipt: Receipt with the hash of the issued file; None looks for
            ``<slug>.receipt.json`` beside the PDF, which must then be a path.
        head: Head of the ledger that the document timestamp shall cover, as
            ``SqlLedger.anchor`` gives it; None for none.
        progress: Called with the message code of each step before it starts.
        clock: Gives the present time, with a time zone.
    """

    pdf: FileInput
    timestamps: TimeStamperSource
    trust: Sequence[TextInput]
    crls: Sequence[TextInput] = ()
    source: RevocationSource | None = None
    receipt: ReceiptInput | None = None
    head: AnchoredHead | None = None
    progress: Callable[[str], None] = field(default=lambda _step: None)
    clock: Clock = system_clock


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendResult:
    """What was done.

    Attributes:
        field: Field of the new document timestamp.
        authority: Common name of its authority.
        time: Time that it states.
        until: End of its certificate; extend again before.
        previous_until: The same of the document timestamp before, or None.
        signatures: Fields of the signatures and timestamps that it seals, in order.
        is_uji: Whether the authority is that of the sandbox.
        file: The PDF with validation data and document timestamp.
        sha256: Its hash.
        size: Its size in bytes.
        notes: What the machine lacked that should hold while files from outside are opened.
        without_tls: The authority, when what may be the key of an account went to it without TLS.
    """

    field: str
    authority: str
    time: Moment
    until: Moment
    previous_until: Moment | None
    signatures: tuple[str, ...]
    is_uji: Annotated[bool, Field(alias="test")]
    file: Annotated[NamedFile, Field(alias="output")]
    sha256: Sha256
    size: Ordinal
    notes: tuple[Note, ...] = ()
    without_tls: tuple[PlainService, ...] = ()


@verb
def extend(request: ExtendRequest) -> ExtendResult:
    """Archive a finished agreement, or prolong its archive.

    Raises:
        UsageError: ``archive.no_trust``; ``sign.running_loop`` inside a running event loop, where
            ``extend_async`` is awaited instead; ``request.type``.
        InputError: A file is missing, too large or malformed.
        SigningError: Refused; see :func:`~pks_kit.signing.archive.archive.archive`.
    """
    return in_own_loop(_extend(request))


extend_async = in_background(extend)


async def _extend(request: ExtendRequest) -> ExtendResult:
    if not request.trust:
        raise UsageError("archive.no_trust")
    trust = read_trust_files(request.trust, request.crls)
    request.progress("extend.step.check")
    read = read_file(request.pdf, PDF_BYTES, "pdf")
    looks = LooksInside()
    receipt = find_receipt(request.pdf, request.receipt, read, looks)
    profile = load_profile(signing_root(), receipt.profile)
    job = ArchiveJob(
        trust=trust,
        timestamps=request.timestamps,
        now=moment(request.clock),
        source=request.source,
        looks=looks,
        head=request.head,
    )
    request.progress("extend.step.act")
    archived = await archive_agreement(read.content, receipt, profile, job)
    return ExtendResult(
        field=archived.field,
        authority=archived.authority,
        time=archived.time,
        until=archived.until,
        previous_until=archived.previous_until,
        signatures=archived.covered,
        is_uji=request.timestamps.is_uji,
        file=NamedFile(f"{receipt.slug}-arsip.pdf", archived.pdf),
        sha256=hashlib.sha256(archived.pdf).hexdigest(),
        size=len(archived.pdf),
        notes=looks.notes,
        without_tls=plain_services(request.timestamps),
    )


async def archive_agreement(
    before: bytes, receipt: Receipt, profile: SigningProfile, job: ArchiveJob
) -> Archived:
    """Archive the bytes of a finished agreement, with every check before and after.

    Args:
        before: The file.
        receipt: Receipt with the hash of the issued file.
        profile: Signing profile of the receipt.
        job: Anchors, timestamps, time, network.

    Raises:
        SigningError: As ``archive`` and ``read_state``; ``archive.unfinished`` when steps of the
            profile are left, ``signing.mixed_test_and_real`` for a sandbox timestamp over real
            signatures.
    """
    state = read_state(before, receipt, profile, looks=job.looks)
    left = next_steps(profile, state.filled)
    if left:
        raise SigningError("archive.unfinished", steps=", ".join(step.kode for step in left))
    if job.timestamps.is_uji and not all(seen.is_uji for seen in state.signatures):
        raise SigningError("signing.mixed_test_and_real")
    archived = await archive(before, job, state)
    try:
        found = read_state(archived.pdf, receipt, profile, passed=before, looks=job.looks)
    except NotLookedError:
        raise
    except PksKitError as error:
        raise SigningError("archive.result_wrong", reason=error.code) from error
    if found.filled != state.filled or found.signatures[-1].kind != "timestamp":
        raise SigningError("archive.result_wrong", reason="count")
    return archived


def read_trust_files(roots: Sequence[TextInput], crls: Sequence[TextInput]) -> Trust:
    """Return anchors and revocation lists from files, PEM or DER.

    Raises:
        InputError: A file is missing, too large or malformed.
    """
    anchors: list[bytes] = []
    for index, given in enumerate(roots):
        read = read_file(given, ANCHOR_FILE_BYTES, f"trust[{index}]")
        anchors += [anchor.der for anchor in read_anchors(read.content, read.name, {})]
    lists = [
        one
        for index, given in enumerate(crls)
        for one in split_crls(read_file(given, CRL_LIMIT, f"crls[{index}]").content)
    ]
    return read_trust(anchors, lists)
