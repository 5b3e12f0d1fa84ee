"""Check an evidence file offline: container, hashes, events, and the final PDF once more.

What lies in the file convinces nobody by itself: certificates are trusted only when they are given
or pinned, and the report in it is compared with a new one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pydantic import ValidationError

from pks_kit.domain.evidence import EvidenceManifest
from pks_kit.domain.receipt import Receipt, parse_receipt
from pks_kit.errors import PksKitError
from pks_kit.json_form import to_json
from pks_kit.ledger import kinds
from pks_kit.ledger.export import events_in
from pks_kit.ledger.stored import StoredEvent, own_hash
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.pipelines.verifying.evidence_pages import (
    anchors_file,
    certificates_in,
    maker,
    not_of_any_version,
    other_than_made,
)
from pks_kit.pipelines.verifying.evidence_paper import crop_checks, crop_notes, is_about_others
from pks_kit.verification import evidence_file as bundle
from pks_kit.verification.report.answers import failed, indeterminate, passed
from pks_kit.verification.report.verdict import (
    Check,
    EvidenceContainer,
    JudgedFile,
    Note,
    VerifyReport,
    read_report,
)

if TYPE_CHECKING:
    from pks_kit.ledger.ports import Event
    from pks_kit.pipelines.verifying.ledger_lookup import LedgerToAsk
    from pks_kit.verification.report.pictures import Examined

_OUR_YEARS = range(2000, 2200)
"""Years in which this program may have run; the file is judged as of its own moment."""
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
    opened: OpenedEvidence, again: Examined, ledger: LedgerToAsk | None
) -> tuple[Check, ...]:
    """Compare what lies in an evidence file with itself, a new report, and a ledger.

    Args:
        opened: Result of :func:`open_evidence`.
        again: The final PDF in it, judged again as of the moment of the report inside, with what
            lies in the evidence file alone, and with pictures.
        ledger: Ledger that must hold the same events; None when there is none at hand.

    Raises:
        LedgerError: The ledger is broken.
    """
    checks = [*opened.checks, _together(opened), *crop_checks(opened.files, opened.events)]
    checks += _report(opened, again)
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
    made = () if opened.manifest.maker == maker() else (Note(code="bundle_other_maker"),)
    made = (*made, *crop_notes(opened.events, believed=ledger is not None))
    listed = opened.manifest.ledger
    if listed is None:
        return (*made, Note(code="bundle_no_events"))
    if ledger is not None:
        return made
    head = listed.head
    return (*made, Note(code="bundle_head", params={"nomor": head.nomor, "hash": head.hash}))


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
        manifest = EvidenceManifest.model_validate_json(content)
    except (ValidationError, ValueError, RecursionError):
        return None
    return manifest if manifest.examined_at.year in _OUR_YEARS else None


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
    scans = bundle.scans_in(files)
    judged = _sha256(scans[0]) if scans else final
    wrong += [name for name in bundle.HTML.values() if judged.encode() not in files[name]]
    certificates = certificates_in(files.get(bundle.ANCHORS, b""))
    trusted = tuple(sorted(hashlib.sha256(one).hexdigest() for one in certificates))
    if trusted != manifest.anchors or anchors_file(certificates) != files.get(bundle.ANCHORS, b""):
        wrong.append(bundle.ANCHORS)
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


def _report(opened: OpenedEvidence, again: Examined) -> list[Check]:
    """The report inside must be about this file and say what a new one says, and so its pages."""
    content, files = opened.files[bundle.REPORT], dict(opened.files)
    earlier = guarded(lambda: read_report(content[:_MOST_TEXT]))
    if isinstance(earlier, ParserFailure):
        return [failed("bundle.report", "unreadable")]
    report, manifest = again.report, opened.manifest
    other = earlier.sha256 != report.sha256 or is_about_others(earlier, files)
    if other or earlier.verdict != manifest.verdict:
        return [failed("bundle.report", "other_file")]
    wrong = _differences(earlier, report)
    is_ours = manifest.maker == maker()
    if not wrong:
        wrong = (
            other_than_made(files, again, earlier, manifest.examined_at)
            if is_ours
            else not_of_any_version(files, earlier)
        )
    if wrong:
        return [indeterminate("bundle.report", "differs", codes=", ".join(wrong)[:300])]
    pages = [passed("bundle.pages", "same")] if is_ours else []
    return [passed("bundle.report", "same"), *pages]


def _differences(earlier: VerifyReport, report: VerifyReport) -> list[str]:
    """Return what the two reports say differently: codes of checks and notes, or names of fields.

    A second rendering and answers of the network are in no evidence file; notes about the machine
    that judged say nothing about the file.
    """
    was, now = _answers(earlier), _answers(report)
    wrong = sorted({code for code, *_ in was ^ now})
    names = (
        "file", "agreement_id", "jenis", "compared_with_issued", "signatures", "revisions", "paper",
    )  # fmt: skip
    wrong += [name for name in names if getattr(earlier, name) != getattr(report, name)]
    return wrong + sorted({one.code for one in _notes(earlier) ^ _notes(report)})


def _answers(report: VerifyReport) -> set[_Answer]:
    return {
        _Answer(one.code, one.reason, one.status, one.evidence, one.field, one.page, _text(one))
        for one in report.checks
        if not one.code.startswith("render.") and one.code != "signature.revocation"
    }


class _Answer(NamedTuple):
    code: str
    reason: str
    status: str
    evidence: str
    field: str | None
    page: int | None
    more: str


class _Said(NamedTuple):
    code: str
    params: str


def _text(check: Check) -> str:
    return json.dumps([check.params, to_json(check).get("details")], sort_keys=True)


def _notes(report: VerifyReport) -> set[_Said]:
    return {
        _Said(one.code, json.dumps(dict(one.params), sort_keys=True))
        for one in report.notes
        if one.code not in _OF_THE_MACHINE
    }


_OF_THE_MACHINE = frozenset(
    ["not_isolated", "reads_not_limited", "acts_not_limited", "no_bubblewrap", "no_pictures"]
)
"""Notes about the machine that judged."""


@dataclass(frozen=True, slots=True)
class EventsInside:
    """The events of an evidence file as a ledger; a ``LedgerToAsk``."""

    known: tuple[Event, ...]

    def events(self, perjanjian: str | None = None, jenis: str | None = None) -> tuple[Event, ...]:
        """Return events in order, all or those of one agreement or kind."""
        return tuple(
            one
            for one in self.known
            if perjanjian in (None, one.perjanjian) and jenis in (None, one.jenis)
        )

    def events_with_sn(self, sn: str) -> tuple[Event, ...]:
        """Return every event that names a meterai by serial number, in order."""
        kinds_with = (kinds.METERAI_BUBUH, kinds.METERAI_TERBUBUH, kinds.LANGKAH_SELESAI)
        return tuple(
            one
            for one in self.known
            if one.unik == kinds.sn_unik(sn)
            or (one.jenis in kinds_with and sn in str(one.isi.get("sn", "")))
        )


def events_inside(opened: OpenedEvidence) -> EventsInside | None:
    """Return the events of an evidence file, or None when it holds none that fit."""
    if not opened.events:
        return None
    return EventsInside(tuple(one.as_event() for one in opened.events))


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
