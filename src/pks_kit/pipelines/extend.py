"""Archive a finished agreement as PAdES B-LTA, or prolong its archive before it ends."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from pks_kit.domain.receipt import Receipt
from pks_kit.errors import PksKitError, SigningError, UsageError
from pks_kit.files import read_limited, refuse_over_input, write_atomic
from pks_kit.json_types import Moment, Ordinal, Sha256
from pks_kit.limits import ANCHOR_FILE_BYTES, PDF_BYTES
from pks_kit.pipelines.sign import find_receipt
from pks_kit.pki.anchors import read_anchors
from pks_kit.pki.chains import Trust, read_trust, split_crls
from pks_kit.pki.revocation_http import CRL_LIMIT
from pks_kit.policy.signing_profile import SigningProfile, load_profile, next_steps
from pks_kit.resources import signing_root
from pks_kit.signing.archive.archive import Archived, ArchiveJob, archive
from pks_kit.signing.step.state import read_state

if TYPE_CHECKING:
    from pks_kit.pki.revocation_http import RevocationSource
    from pks_kit.signing.ports import TimeStamperSource


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendRequest:
    """A finished agreement and what its archive needs.

    Attributes:
        pdf: The file.
        output: Where to write the result.
        clock: Gives the present time, with a time zone.
        timestamps: Authority of the document timestamp.
        trust: PEM or DER files with certificates of authorities to trust.
        crls: PEM or DER files with revocation lists, for certificates that name none or whose
            services cannot be reached.
        source: Where to fetch revocation data; None for no network.
        receipt: Receipt with the hash of the issued file; None looks for
            ``<slug>.receipt.json`` beside the PDF.
        force: Replace an existing output.
        progress: Called with the message code of each step before it starts.
    """

    pdf: Path
    output: Path
    clock: Callable[[], datetime]
    timestamps: TimeStamperSource
    trust: tuple[Path, ...]
    crls: tuple[Path, ...] = ()
    source: RevocationSource | None = None
    receipt: Path | None = None
    force: bool = False
    progress: Callable[[str], None] = field(default=lambda _step: None)


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
        output: The file written.
        sha256: Its hash.
        size: Its size in bytes.
    """

    field: str
    authority: str
    time: Moment
    until: Moment
    previous_until: Moment | None
    signatures: tuple[str, ...]
    is_uji: Annotated[bool, Field(alias="test")]
    output: Path
    sha256: Sha256
    size: Ordinal


def extend(request: ExtendRequest) -> ExtendResult:
    """Archive or prolong; see :func:`extend_async`.

    Raises:
        UsageError: ``sign.running_loop`` inside a running event loop; await ``extend_async`` there.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(extend_async(request))
    raise UsageError("sign.running_loop")


async def extend_async(request: ExtendRequest) -> ExtendResult:
    """Archive a finished agreement and write the result.

    Raises:
        UsageError: Arguments that cannot work together, an output that exists.
        InputError: A file is missing, too large or malformed.
        SigningError: Refused (see ``archive`` in ``signing/lifetime``); nothing was written.
    """
    trust = _checked(request)
    request.progress("extend.step.check")
    before = read_limited(request.pdf, PDF_BYTES)
    receipt = find_receipt(request.pdf, request.receipt, before)
    profile = load_profile(signing_root(), receipt.profile)
    job = ArchiveJob(
        trust=trust, timestamps=request.timestamps, now=request.clock(), source=request.source
    )
    request.progress("extend.step.act")
    archived = await archive_agreement(before, receipt, profile, job)
    request.progress("extend.step.write")
    write_atomic(request.output, archived.pdf)
    return ExtendResult(
        field=archived.field,
        authority=archived.authority,
        time=archived.time,
        until=archived.until,
        previous_until=archived.previous_until,
        signatures=archived.covered,
        is_uji=request.timestamps.is_uji,
        output=request.output,
        sha256=hashlib.sha256(archived.pdf).hexdigest(),
        size=len(archived.pdf),
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
    state = read_state(before, receipt, profile)
    left = next_steps(profile, state.filled)
    if left:
        raise SigningError("archive.unfinished", steps=", ".join(step.kode for step in left))
    if job.timestamps.is_uji and not all(seen.is_uji for seen in state.signatures):
        raise SigningError("signing.mixed_test_and_real")
    archived = await archive(before, job)
    try:
        found = read_state(archived.pdf, receipt, profile, passed=before)
    except PksKitError as error:
        raise SigningError("archive.result_wrong", reason=error.code) from error
    if found.filled != state.filled or found.signatures[-1].kind != "timestamp":
        raise SigningError("archive.result_wrong", reason="count")
    return archived


def _checked(request: ExtendRequest) -> Trust:
    read = (request.pdf, *request.trust, *request.crls)
    refuse_over_input(request.output, *read, *([request.receipt] if request.receipt else []))
    if request.output.exists() and not request.force:
        raise UsageError("sign.exists", file=str(request.output))
    if not request.trust:
        raise UsageError("archive.no_trust")
    return read_trust_files(request.trust, request.crls)


def read_trust_files(roots: Sequence[Path], crls: Sequence[Path]) -> Trust:
    """Return anchors and revocation lists from files, PEM or DER.

    Raises:
        InputError: A file is missing, too large or malformed.
    """
    anchors = [
        anchor.der
        for path in roots
        for anchor in read_anchors(read_limited(path, ANCHOR_FILE_BYTES), path.name, {})
    ]
    lists = [one for path in crls for one in split_crls(read_limited(path, CRL_LIMIT))]
    return read_trust(anchors, lists)
