"""Check an evidence file offline: container, hashes, events, and the final PDF once more.

What lies in the file convinces nobody by itself: certificates are trusted only when they are given
or pinned, and the report in it is compared with a new one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import ValidationError

from pks_kit.domain.evidence import EvidenceManifest
from pks_kit.domain.receipt import Receipt, parse_receipt
from pks_kit.errors import PksKitError
from pks_kit.ledger import kinds
from pks_kit.ledger.export import events_in
from pks_kit.ledger.stored import StoredEvent, own_hash
from pks_kit.verification import evidence_file as bundle
from pks_kit.verification.report.answers import (
    ParserFailure,
    failed,
    guarded,
    indeterminate,
    passed,
)
from pks_kit.verification.report.verdict import (
    Check,
    EvidenceContainer,
    JudgedFile,
    Note,
    VerifyReport,
    read_report,
)

if TYPE_CHECKING:
    from pks_kit.pipelines.verifying.ledger_lookup import LedgerToAsk

_MOST_TEXT = 32 << 20
"""Largest manifest, report or list of events in bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedEvidence:
    """An evidence file whose container, manifest and hashes are right.

    Attributes:
        files: Content by name.
        manifest: Its manifest.
        receipt: The receipt in it; None when it is none.
        events: The events in it; empty when there are none.
        checks: Answers so far.
    """

    files: Mapping[str, bytes]
    manifest: EvidenceManifest
    receipt: Receipt | None
    events: tuple[StoredEvent, ...]
    checks: tuple[Check, ...]


def open_evidence(content: bytes, kit_version: str, limit: int) -> OpenedEvidence | VerifyReport:
    """Open an evidence file, or say why it is none; never raises because of the file.

    Args:
        content: The file.
        kit_version: Version to write into a report that ends here.
        limit: Most bytes.
    """
    files = bundle.unpack(content, limit)
    if isinstance(files, bundle.Refused):
        what = files.what or "-"
        refused = failed("bundle.container", files.reason, what=what)
        return _ended(content, kit_version, (refused,))
    checks = [passed("bundle.container", "canonical", count=len(files))]
    manifest = _manifest(files[bundle.MANIFEST])
    if manifest is None:
        broken = failed("bundle.manifest", "invalid")
        return _ended(content, kit_version, (*checks, broken))
    hashes = _hashes(files, manifest)
    checks.append(hashes)
    if hashes.status == "failed":
        return _ended(content, kit_version, tuple(checks))
    receipt = guarded(lambda: parse_receipt(files[bundle.RECEIPT], bundle.RECEIPT))
    events, more = _events(files, manifest)
    checks += more
    return OpenedEvidence(
        files=files,
        manifest=manifest,
        receipt=None if isinstance(receipt, ParserFailure) else receipt,
        events=events,
        checks=tuple(checks),
    )


def evidence_checks(
    opened: OpenedEvidence, report: VerifyReport, ledger: LedgerToAsk | None
) -> tuple[Check, ...]:
    """Compare what lies in an evidence file with itself, a new report, and a ledger.

    Args:
        opened: Result of :func:`open_evidence`.
        report: New report on the final PDF in it.
        ledger: Ledger that must hold the same events; None when there is none at hand.

    Raises:
        LedgerError: The ledger is broken.
    """
    checks = [*opened.checks, _together(opened), _report(opened, report)]
    if ledger is not None and opened.events:
        agreement = opened.manifest.agreement_id
        known = {one.hash for one in ledger.events(agreement)}
        same = all(one.hash in known for one in opened.events)
        answer = passed if same else failed
        reason = "same" if same else "differs"
        checks.append(answer("bundle.ledger", reason, agreement=agreement))
    return tuple(checks)


def evidence_notes(opened: OpenedEvidence, ledger: LedgerToAsk | None) -> tuple[Note, ...]:
    """Say what an evidence file cannot prove by itself."""
    listed = opened.manifest.ledger
    if listed is None:
        return (Note(code="bundle_no_events"),)
    if ledger is not None:
        return ()
    head = listed.head
    return (Note(code="bundle_head", params={"nomor": head.nomor, "hash": head.hash}),)


def _ended(content: bytes, kit_version: str, checks: tuple[Check, ...]) -> VerifyReport:
    sha256 = hashlib.sha256(content).hexdigest()
    return VerifyReport(
        file=JudgedFile(sha256=sha256, size=len(content)),
        kit_version=kit_version,
        checks=checks,
        notes=(Note(code="stopped_early"),),
        bundle=EvidenceContainer(sha256=sha256, size=len(content)),
    )


def _manifest(content: bytes) -> EvidenceManifest | None:
    if len(content) > _MOST_TEXT:
        return None
    try:
        return EvidenceManifest.model_validate_json(content)
    except (ValidationError, ValueError, RecursionError):
        return None


def _hashes(files: Mapping[str, bytes], manifest: EvidenceManifest) -> Check:
    """Every file must be listed with its hash, and nothing else may be listed."""
    listed = {name: (one.sha256, one.size) for name, one in manifest.files.items()}
    found = {
        name: (hashlib.sha256(content).hexdigest(), len(content))
        for name, content in files.items()
        if name != bundle.MANIFEST
    }
    wrong = sorted(
        name for name in listed.keys() | found.keys() if listed.get(name) != found.get(name)
    )
    if wrong:
        return failed("bundle.hashes", "differ", names=", ".join(wrong)[:300])
    return passed("bundle.hashes", "same", count=len(found))


def _events(
    files: Mapping[str, bytes], manifest: EvidenceManifest
) -> tuple[tuple[StoredEvent, ...], list[Check]]:
    """Each event must fit its hash, its neighbours, and the stretch of the chain written down."""
    if (bundle.EVENTS in files) != (manifest.ledger is not None):
        return (), [failed("bundle.events", "not_as_listed")]
    if manifest.ledger is None:
        return (), []
    content = files[bundle.EVENTS]
    if len(content) > _MOST_TEXT:
        return (), [failed("bundle.events", "unreadable")]
    try:
        events = events_in(content, bundle.EVENTS)
    except PksKitError:
        return (), [failed("bundle.events", "unreadable")]
    altered = [one.nomor for one in events if own_hash(one) != one.hash]
    if altered or not events:
        nomor = altered[0] if altered and type(altered[0]) is int else 0
        return (), [failed("bundle.events", "altered", nomor=nomor)]
    wrong = _unchained(events, files.get(bundle.CHAIN), manifest)
    if wrong is not None:
        return events, [failed("bundle.events", "unchained", nomor=wrong)]
    reason = "chained" if bundle.CHAIN in files else "chained_alone"
    head = manifest.ledger.head
    told = passed("bundle.events", reason, count=len(events), nomor=head.nomor, hash=head.hash)
    return events, [told]


def _unchained(
    events: tuple[StoredEvent, ...], chain: bytes | None, manifest: EvidenceManifest
) -> int | None:
    """Return the number of the first event that does not fit the chain; None when all fit."""
    ledger = manifest.ledger
    stretch = _stretch(chain) if chain is not None else None
    last = None
    for one in events:
        wrong = one.perjanjian != manifest.agreement_id
        if last is not None:
            wrong |= one.nomor <= last.nomor
            wrong |= one.nomor == last.nomor + 1 and one.hash_sebelum != last.hash
        if stretch is not None:
            wrong |= stretch.get(one.nomor) != one.hash
            wrong |= one.nomor > 1 and stretch.get(one.nomor - 1) != one.hash_sebelum
        if ledger is not None:
            wrong |= one.nomor > ledger.head.nomor
            wrong |= one.nomor == ledger.head.nomor and one.hash != ledger.head.hash
        if wrong:
            return int(one.nomor)
        last = one
    return 0 if ledger is not None and len(events) != ledger.events else None


def _stretch(content: bytes) -> dict[int, str]:
    found = {}
    for line in content.decode("ascii", "replace").splitlines():
        nomor, _, digest = line.partition(" ")
        if nomor.isascii() and nomor.isdigit() and len(nomor) < 16:
            found[int(nomor)] = digest
    return found


def _together(opened: OpenedEvidence) -> Check:
    """All parts must speak about the same agreement and the same bytes."""
    wrong = _apart(opened)
    if wrong:
        return failed("bundle.parts", "apart", names=", ".join(wrong))
    return passed("bundle.parts", "together", agreement=opened.manifest.agreement_id)


def _apart(opened: OpenedEvidence) -> list[str]:
    files, manifest, receipt = opened.files, opened.manifest, opened.receipt
    issued, final = _sha256(files[bundle.ISSUED]), _sha256(files[bundle.FINAL])
    wrong = []
    if receipt is None or receipt.agreement_id != manifest.agreement_id:
        wrong.append(bundle.RECEIPT)
    elif receipt.issued is None or receipt.issued.sha256 != issued:
        wrong.append(bundle.ISSUED)
    if not files[bundle.FINAL].startswith(files[bundle.ISSUED]):
        wrong.append(bundle.FINAL)
    wrong += [name for name in bundle.HTML.values() if final.encode() not in files[name]]
    noted = [(one.jenis, _facts(one)) for one in opened.events]
    if any(jenis == kinds.TERBIT and facts != issued for jenis, facts in noted):
        wrong.append(f"{bundle.EVENTS} ({kinds.TERBIT})")
    ends = [facts for jenis, facts in noted if jenis == kinds.SELESAI]
    if ends and final not in ends:
        wrong.append(f"{bundle.EVENTS} ({kinds.SELESAI})")
    return sorted(set(wrong))


def _facts(event: StoredEvent) -> str:
    """Return the hash of a file that an event names; its own hash was found right before."""
    isi = json.loads(event.isi)
    return str(isi.get("sha256", ""))


def _report(opened: OpenedEvidence, report: VerifyReport) -> Check:
    """The report inside must be about this file, and a new one should say the same."""
    content = opened.files[bundle.REPORT]
    earlier = guarded(lambda: read_report(content[:_MOST_TEXT]))
    if isinstance(earlier, ParserFailure):
        return failed("bundle.report", "unreadable")
    if earlier.sha256 != report.sha256 or earlier.verdict != opened.manifest.verdict:
        return failed("bundle.report", "other_file")
    was = {(one.code, one.reason, one.field) for one in earlier.checks if _repeated(one)}
    now = {(one.code, one.reason, one.field) for one in report.checks if _repeated(one)}
    if was != now:
        codes = ", ".join(sorted({code for code, _, _ in was ^ now}))
        return indeterminate("bundle.report", "differs", codes=codes[:300])
    return passed("bundle.report", "same")


def _repeated(check: Check) -> bool:
    """Return whether a check needs the files alone: no ledger, second rendering or network."""
    alone = not check.code.startswith("render.") and check.code != "signature.revocation"
    return alone and (check.code, check.reason) not in _WITH_LEDGER


_WITH_LEDGER = frozenset(
    [
        ("meterai.unique", reason)
        for reason in ("bought", "recorded", "not_in_ledger", "other_agreement")
    ]
    + [("issued.final", reason) for reason in ("same", "continued", "earlier", "other")]
    + [
        ("issued.ledger", reason)
        for reason in ("found", "not_found", "other_agreement", "other_receipt", "other_file")
    ]
)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
