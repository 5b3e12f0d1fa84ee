"""What the ledger knows about an upload: its issued file, its final file, its meterai.

The issued file is found by the agreement id of the embedded receipt, or, when the receipt was torn
out, by the hash of the beginning of the upload. Whoever has the ledger therefore needs no copy of
the issued file: when the hash of the beginning is right, the beginning *is* the issued file.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pks_kit.domain.receipt import RECEIPT_ATTACHMENT, IssuedFile, Receipt, parse_receipt
from pks_kit.errors import InputError
from pks_kit.ledger import kinds
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.signing.revision_store import RevisionStore
from pks_kit.verification.isolation.parent import run_task_guarded
from pks_kit.verification.isolation.protocol import EmbeddedTexts, Job
from pks_kit.verification.isolation.tasks import read_embedded
from pks_kit.verification.report.answers import failed, indeterminate, passed
from pks_kit.verification.report.verdict import Check, Note, VerifyReport

if TYPE_CHECKING:
    from pks_kit.ledger.ports import Event
    from pks_kit.verification.limits import Limits

_AGREEMENT = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,79}")


class LedgerToAsk(Protocol):
    """The two questions that verification puts to a ledger."""

    def events(self, perjanjian: str | None = None, jenis: str | None = None) -> tuple[Event, ...]:
        """Return events in order, all or those of one agreement or kind."""
        ...

    def events_with_sn(self, sn: str) -> tuple[Event, ...]:
        """Return every event of every agreement that names a meterai by serial number."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownIssue:
    """What the ledger says about the beginning of an upload.

    Attributes:
        agreement: Id of the agreement in the ledger; empty when it is not there.
        issued: The issued bytes, when they are at hand.
        receipt: Receipt with the issued identity of the ledger, when the bytes are not.
        checks: Answers so far.
    """

    agreement: str = ""
    issued: bytes | None = None
    receipt: Receipt | None = None
    checks: tuple[Check, ...] = ()


def look_up(
    content: bytes,
    ledger: LedgerToAsk,
    *,
    issued: bytes | None,
    receipt: Receipt | None,
    sessions: Path | None,
    limits: Limits,
    isolated: bool = True,
) -> KnownIssue:
    """Find the issued file of an upload in the ledger.

    Args:
        content: The upload.
        ledger: The ledger.
        issued: The issued file, if it was given as well; it must be the one of the ledger.
        receipt: The receipt beside the issued file, if it was given; likewise.
        sessions: Folder of the signing sessions, in which the issued bytes may lie.
        limits: What reading the upload may cost.
        isolated: Read the upload in a child process.

    Raises:
        LedgerError: The ledger or the folder of revisions is broken.
        InputError: A stored revision cannot be read.
        VerificationError: ``verify.no_child``.
    """
    within = 0 < len(content) <= limits.file_bytes
    inside = _embedded(content, limits, isolated=isolated) if within else None
    named = receipt or inside
    event = _by_id(ledger, named.agreement_id if named else "")
    if event is None:
        event = _by_content(content, ledger.events(jenis=kinds.TERBIT))
        if event is None:
            shown = named.agreement_id[:80] if named else "?"
            way = "not_found" if issued is None else "only_given"
            return KnownIssue(
                issued=issued,
                receipt=receipt,
                checks=(indeterminate("issued.ledger", way, agreement=shown),),
            )
    checks = _compare(event, named, issued, receipt)
    sha256, size = str(event.isi["sha256"]), int(event.isi["size"])
    known = content[:size] if _sha256(content[:size]) == sha256 else None
    if known is None and issued is not None and _sha256(issued) == sha256:
        known = issued
    if known is None and sessions is not None:
        known = _stored(sessions, event.perjanjian, sha256)
    if receipt is None and known is None and inside is not None:
        receipt = inside
    if receipt is not None:
        identity = IssuedFile(file=str(event.isi["file"]), sha256=sha256, size=size)
        receipt = receipt.model_copy(update={"issued": identity})
    return KnownIssue(
        agreement=event.perjanjian, issued=known, receipt=receipt, checks=tuple(checks)
    )


def ledger_checks(
    known: KnownIssue, content: bytes, report: VerifyReport, ledger: LedgerToAsk
) -> tuple[tuple[Check, ...], tuple[Note, ...]]:
    """Compare a judged upload with the final file and the meterai of the ledger.

    Returns:
        ``issued.ledger``, ``issued.final``, ``meterai.unique``; and notes.

    Raises:
        LedgerError: The ledger is broken.
    """
    final, notes = _final(known.agreement, content, ledger) if known.agreement else ([], [])
    numbers = sorted({one.serial_number for one in report.signatures if one.serial_number})
    agreement = known.agreement or report.agreement_id
    stamps = [_serial(sn, agreement, ledger.events_with_sn(sn)) for sn in numbers]
    return (*known.checks, *final, *stamps), tuple(notes)


def _embedded(content: bytes, limits: Limits, *, isolated: bool) -> Receipt | None:
    found: EmbeddedTexts | ParserFailure | None
    if isolated:
        # one part of the time of the whole answer; it is found by its bytes as well
        short = limits.lasting(limits.cpu_seconds / 3)
        found = run_task_guarded(Job(task="embedded", limits=short), (content,))[0].embedded
    else:
        found = guarded(lambda: read_embedded(content))
    if found is None or isinstance(found, ParserFailure) or found.receipt is None:
        return None
    try:
        return parse_receipt(found.receipt.encode(), RECEIPT_ATTACHMENT)
    except InputError:
        return None  # the examination itself says that it is unreadable


def _by_id(ledger: LedgerToAsk, agreement: str) -> Event | None:
    if not _AGREEMENT.fullmatch(agreement):
        return None
    return next(iter(ledger.events(agreement, kinds.TERBIT)), None)


def _by_content(content: bytes, issues: Iterable[Event]) -> Event | None:
    """Find the issued file with which the upload begins; one walk over its bytes is enough."""
    running = hashlib.sha256()
    done = 0
    for event in sorted(issues, key=lambda one: int(one.isi["size"])):
        size = int(event.isi["size"])
        if not 0 < size <= len(content):
            continue
        running.update(content[done:size])
        done = size
        if running.hexdigest() == event.isi["sha256"]:
            return event
    return None


def _compare(
    event: Event, named: Receipt | None, issued: bytes | None, receipt: Receipt | None
) -> list[Check]:
    """What was given and what the upload says of itself must be what the ledger says."""
    sha256 = str(event.isi["sha256"])
    wrong = []
    if named is not None and named.agreement_id != event.perjanjian:
        wrong.append(
            failed(
                "issued.ledger",
                "other_agreement",
                expected=event.perjanjian,
                found=named.agreement_id[:80],
            )
        )
    if receipt is not None and receipt.issued is not None and receipt.issued.sha256 != sha256:
        wrong.append(failed("issued.ledger", "other_receipt", agreement=event.perjanjian))
    if issued is not None and _sha256(issued) != sha256:
        wrong.append(failed("issued.ledger", "other_file", agreement=event.perjanjian))
    found = passed(
        "issued.ledger",
        "found",
        agreement=event.perjanjian,
        nomor=event.nomor,
        details={"sha256": sha256},
    )
    return wrong or [found]


def _stored(sessions: Path, agreement: str, sha256: str) -> bytes | None:
    store = RevisionStore(sessions / agreement)
    first = next(iter(store.revisions()), None)
    content = store.read(first) if first is not None else b""
    return content if _sha256(content) == sha256 else None


def _final(agreement: str, content: bytes, ledger: LedgerToAsk) -> tuple[list[Check], list[Note]]:
    """Is this the file that was published at the end, or an earlier one, or another one?"""
    ends = [
        (str(one.isi["sha256"]), int(one.isi["size"]))
        for one in ledger.events(agreement, kinds.SELESAI)
    ]
    if not ends:
        return [], [Note(code="final_not_known", params={"agreement": agreement})]
    own = _sha256(content)
    if any(sha256 == own for sha256, _ in ends):
        return [passed("issued.final", "same", agreement=agreement)], []
    if any(_sha256(content[:size]) == sha256 for sha256, size in ends if size < len(content)):
        return [passed("issued.final", "continued", agreement=agreement)], []
    for step in ledger.events(agreement, kinds.LANGKAH_SELESAI):
        if step.isi["sesudah_sha256"] == own:
            earlier = str(step.isi["langkah"])
            return [indeterminate("issued.final", "earlier", agreement=agreement, step=earlier)], []
    return [failed("issued.final", "other", agreement=agreement, expected=ends[-1][0][:16])], []


def _serial(sn: str, agreement: str, events: tuple[Event, ...]) -> Check:
    """One meterai is good for one agreement, and the ledger knows for which it was bought."""
    others = sorted({one.perjanjian for one in events if one.perjanjian != agreement})
    if others:
        shown = ", ".join(others[:3])
        return failed("meterai.unique", "other_agreement", sn=sn, agreement=shown)
    if not events:
        return indeterminate("meterai.unique", "not_in_ledger", sn=sn)
    bought = any(one.jenis == kinds.METERAI_TERBIT for one in events)
    reason = "bought" if bought else "recorded"
    return passed("meterai.unique", reason, sn=sn, agreement=agreement)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
