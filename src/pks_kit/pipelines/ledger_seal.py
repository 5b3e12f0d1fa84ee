"""Seal the head of a ledger with a timestamp of an authority (RFC 3161)."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field

from pks_kit.domain.ledger_head import AnchoredHead
from pks_kit.domain.secret import Secret
from pks_kit.errors import LedgerError, SigningError
from pks_kit.files import NamedFile
from pks_kit.json_form import to_json
from pks_kit.json_types import Moment
from pks_kit.ledger.seal import DIGEST, Seal, judge_seal, sealed_digest
from pks_kit.net.plain import PlainService, plain_services
from pks_kit.pipelines.ledger import LedgerInput, opened_ledger
from pks_kit.pipelines.requests.background import in_background, in_own_loop
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pki.chains import Trust
from pks_kit.signing.ports import TimeStamperSource

SUFFIX = ".segel.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerSealRequest(Request):
    """Which ledger to seal, and by whom.

    Attributes:
        ledger: The ledger, open or where it is.
        timestamps: The authority; it gets to see a hash and nothing else.
        password: Password of a PostgreSQL ledger that is not open yet.
    """

    ledger: LedgerInput
    timestamps: TimeStamperSource
    password: Secret | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerSealResult:
    """The seal.

    Attributes:
        file: The seal; keep copies where whoever may write to the ledger may not.
        head: What it is over.
        time: Time that the authority states.
        authority: Common name of the authority.
        is_uji: Whether this is the test authority of the sandbox.
        without_tls: The authority, when what may be the key of an account went to it without TLS.
    """

    file: Annotated[NamedFile, Field(alias="output")] = field(repr=False)
    head: AnchoredHead
    time: Moment
    authority: str
    is_uji: Annotated[bool, Field(alias="test")]
    without_tls: tuple[PlainService, ...] = ()


@verb
def ledger_seal(request: LedgerSealRequest) -> LedgerSealResult:
    """Check a ledger and have its head timestamped.

    Raises:
        LedgerError: ``ledger.not_intact``, ``ledger.nothing_to_seal``; it cannot be opened or read.
        SigningError: ``timestamp.unavailable``, ``timestamp.bad_answer``.
        UsageError: ``sign.running_loop`` inside a running event loop, where ``ledger_seal_async``
            is awaited instead; ``request.type``.
    """
    return in_own_loop(_seal(request))


ledger_seal_async = in_background(ledger_seal)


async def _seal(request: LedgerSealRequest) -> LedgerSealResult:
    with opened_ledger(request.ledger, request.password) as ledger:
        head = ledger.anchor()
        if head is None:
            raise LedgerError("ledger.nothing_to_seal", ledger=ledger.shown)
        if not ledger.verify().intact:
            raise LedgerError("ledger.not_intact", ledger=ledger.shown)
    stamper = request.timestamps.timestamper()
    token = (await stamper.async_timestamp(sealed_digest(head), DIGEST)).dump()
    found = await judge_seal(head, token, Trust(roots=()))
    if found.time is None:
        raise SigningError("timestamp.bad_answer", tsa=request.timestamps.name)
    seal = Seal(
        head=head,
        time=found.time,
        authority=found.authority,
        token=base64.b64encode(token).decode("ascii"),
    )
    text = json.dumps(to_json(seal), ensure_ascii=False, sort_keys=True, indent=2)
    return LedgerSealResult(
        file=NamedFile(f"{head.nomor:08d}-{head.hash[:16]}{SUFFIX}", text.encode() + b"\n"),
        head=head,
        time=found.time,
        authority=found.authority,
        is_uji=request.timestamps.is_uji,
        without_tls=plain_services(request.timestamps),
    )
