"""The receipt of a signing session: what was reached, and the head of the ledger then.

It stands beside the published file and goes where that goes, so that the head is kept by others
without anybody's care.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pks_kit.domain.ledger_head import AnchoredHead
from pks_kit.json_form import to_json
from pks_kit.json_types import Moment, Ordinal, Sha256
from pks_kit.net.plain import PlainService

if TYPE_CHECKING:
    from datetime import datetime

    from pks_kit.pipelines.signing.session_request import SessionResult

SUFFIX = ".sesi.json"
"""Ends the name of a receipt in place of ``.pdf``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionReceipt:
    """What a session reached.

    Attributes:
        agreement_id: Id of the agreement.
        file: Name of the published file.
        sha256: Its hash.
        size: Its size in bytes.
        time: When this was written.
        done: Steps done in this run.
        waiting: Steps of the profile that somebody else must do.
        ledger_head: The last event of the ledger; None when the ledger tells none.
        without_tls: Services that got credentials without TLS, by a written exception.
        format: Name of this form.
    """

    agreement_id: str
    file: str
    sha256: Sha256
    size: Ordinal
    time: Moment
    done: tuple[str, ...]
    waiting: tuple[str, ...]
    ledger_head: AnchoredHead | None
    without_tls: tuple[PlainService, ...] = ()
    format: Literal["pks-kit-session/1"] = "pks-kit-session/1"


def session_receipt(result: SessionResult, moment: datetime) -> bytes:
    """Return the receipt of a session as it is written beside the file."""
    receipt = SessionReceipt(
        agreement_id=result.agreement_id,
        file=result.file.name,
        sha256=result.sha256,
        size=result.size,
        time=moment,
        done=tuple(one.step for one in result.done),
        waiting=result.waiting,
        ledger_head=result.ledger_head,
        without_tls=result.without_tls,
    )
    text = json.dumps(to_json(receipt), ensure_ascii=False, sort_keys=True, indent=2)
    return text.encode() + b"\n"
