"""What came of one row, as facts that travel between processes, and what follows from an error."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import Literal

from pks_kit.errors import (
    FindingsError,
    InputError,
    LedgerError,
    NotInForceError,
    PksKitError,
    RenderError,
    SigningError,
    TemplateError,
    UnknownOutcomeError,
    UsageError,
)
from pks_kit.messages import Message

RowState = Literal[
    "waiting", "working", "parked", "with_other", "done", "refused", "failed", "cancelled"
]
"""``parked``: a service or the ledger is out of reach, it is tried again; ``with_other``: this side
has done what it can, the other party signs; ``refused``: by its data; ``failed``: by us."""

ShownState = RowState | Literal["interrupted"]
"""What people are told: ``interrupted`` is called ``working`` by a book whose run lives no more."""

Reached = Literal["", "drafted", "signed", "verified", "sent"]
"""How far a row is; empty: nothing of it stands."""

NO_WORDS = Message("", "")

LETTER_REFUSED = "batch.letter_refused"
"""Code of an agreement whose covering letter was not written; it is signed all the same."""

ENDED: frozenset[RowState] = frozenset({"with_other", "done", "refused", "failed", "cancelled"})

_STOPS = (
    *("token.pin_incorrect", "token.pin_locked", "token.pin_last_try", "token.pin_expired"),
    *("token.pin_not_set", "token.removed", "token.not_found", "csc.pin_needed"),
    *("key.passphrase", "service.login", "meterai.login_refused", "meterai.quota_empty"),
    *("meterai.token_refused", "ledger.disk_full", "ledger.chain_broken", "ledger.read_only"),
    *("ledger.guards", "settings.no_party"),
)
"""Codes after which nothing else may be tried: three wrong PINs lock a token, a wrong password
locks an account, and a broken ledger must not be written to."""
_FULL = (errno.ENOSPC, errno.EDQUOT)

_LATER = frozenset({502, 503, 504})
_SETTLE_SECONDS = 130
"""When a purchase without an answer may be asked about; a session believes it after 120 s."""
_BUSY_SECONDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RowOutcome:
    """What came of one attempt.

    Attributes:
        number: Number of the row in the plan.
        state: What it is now.
        stage: How far it is: empty, ``drafted``, ``signed``, ``verified`` or ``sent``.
        code: Why, when it did not go on; empty otherwise.
        words: The same for people.
        verdict: Verdict on the finished file; empty before.
        file: Name of the file reached so far.
        steps: Signing steps done in this attempt.
        service: Who could not be reached; empty otherwise.
        wait: Seconds after which it may be tried again; 0: when the service may be asked again.
        note: Code of what a person should know although it went on; empty otherwise.
        proved: Whether pages of its structure are known to be those of the layout engine.
        stops: Whether the whole run must stop.
        cpu: Processor seconds of this attempt, without those of guarded children.
    """

    number: int
    state: RowState
    stage: Reached = ""
    code: str = ""
    words: Message = NO_WORDS
    verdict: str = ""
    file: str = ""
    steps: tuple[str, ...] = ()
    service: str = ""
    wait: float = 0.0
    note: str = ""
    proved: bool = False
    stops: bool = False
    cpu: float = 0.0


def outcome_of(error: PksKitError, number: int, stage: Reached) -> RowOutcome:
    """Return what an error means for its row and for the run."""
    state, wait, service = _meaning(error)
    return RowOutcome(
        number=number,
        state=state,
        stage=stage,
        code=error.code,
        words=error.text,
        service=service,
        wait=wait,
        stops=error.code in _STOPS or _is_full(error),
    )


def _meaning(error: PksKitError) -> tuple[RowState, float, str]:
    if error.code == "store.busy":
        return "parked", _BUSY_SECONDS, ""
    if error.code == "meterai.too_soon":
        seconds = error.params.get("seconds")
        return "parked", float(seconds) if isinstance(seconds, int) else _SETTLE_SECONDS, ""
    if isinstance(error, UnknownOutcomeError):
        return "parked", _SETTLE_SECONDS, _service(error)
    if isinstance(error, SigningError | LedgerError) and error.http_status in _LATER:
        return "parked", 0.0, _service(error)
    if isinstance(error, InputError | FindingsError | NotInForceError | UsageError | SigningError):
        return "refused", 0.0, ""
    if isinstance(error, RenderError | TemplateError):
        return "failed", 0.0, ""
    return "failed", 0.0, ""


def _service(error: PksKitError) -> str:
    if isinstance(error, LedgerError):
        return str(error.params["place"]) if error.code == "store.unavailable" else "ledger"
    named = error.params.get("service") or error.params.get("name")
    return str(named) if named else "service"


def _is_full(error: BaseException | None) -> bool:
    """Return whether there was no room on the disk."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _FULL:
            return True
        error = error.__cause__
    return False
