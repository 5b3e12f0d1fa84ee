"""A file of a batch that was signed elsewhere, and comes back as the bytes that continue ours.

A scan is a picture and is judged as paper. This is the issued file itself with more behind it, so
its beginning tells whose it is, and it becomes the newest revision of its signing session.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pks_kit.errors import InputError, PksKitError
from pks_kit.files import NamedFile, read_limited
from pks_kit.json_types import Count, Name, Text
from pks_kit.ledger import kinds
from pks_kit.ledger.agreements import AgreementStage, agreements
from pks_kit.ledger.ports import Ledger
from pks_kit.limits import PDF_BYTES
from pks_kit.messages import Message, lookup
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.plan import PlannedRow
from pks_kit.pipelines.batching.row import issued_files
from pks_kit.pipelines.requests.clock import Clock
from pks_kit.pipelines.requests.given import FileInput, TextInput
from pks_kit.pipelines.sign_all import SessionRequest, sign_all
from pks_kit.pipelines.signing.session_request import PartyTools
from pks_kit.pipelines.verify import VerifyRequest, verify
from pks_kit.pipelines.verifying.ledger_lookup import LedgerToAsk
from pks_kit.policy.signing_profile import load_profile, profile_names
from pks_kit.resources import signing_root

ELECTRONIC = "elektronik"
_COMPLETE = (AgreementStage.LENGKAP, AgreementStage.DIARSIPKAN)
_OF_STEPS = (
    *(kinds.PERJANJIAN, kinds.TERBIT, kinds.LANGKAH_MULAI, kinds.LANGKAH_SELESAI),
    *(kinds.LANGKAH_GAGAL, kinds.LANGKAH_TIDAK_PASTI, kinds.SELESAI),
)
"""What tells how far an agreement is signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedElsewhere:
    """A file that continues an issued file of the batch.

    Attributes:
        file: Its name.
        name: Name of the facility.
        number: Number of the row.
        verdict: Verdict on the file; empty when nobody could judge it.
        problem: Why it was not taken over; null when it was.
        unchanged: Whether it is the file that lies here already, as it went out.
        complete: Whether the agreement is complete by it; one that a party signs with a pen is not,
            whatever the file says.
    """

    file: Name
    name: Text
    number: Count
    verdict: Text
    problem: Message | None
    unchanged: bool
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiving:
    """With what such files are judged and taken over.

    Attributes:
        place: Folder of the batch.
        rows: Issued rows by agreement.
        ledger: Ledger of the batch.
        sessions: Folder of the signing sessions.
        trust: Authorities.
        clock: Tells the moment, with zone.
        progress: Called with the name of each file before its work.
    """

    place: BatchFolder
    rows: Mapping[str, PlannedRow]
    ledger: Ledger
    sessions: Path
    trust: Sequence[TextInput]
    clock: Clock
    progress: Callable[[str], None]


def complete_by_ledger(ledger: LedgerToAsk, rows: Sequence[PlannedRow]) -> set[str]:
    """Return the ids of kontrak elektronik that are complete, wherever they were signed.

    The ledger is read once for all of them, and not at all when there are none.

    Raises:
        LedgerError: It cannot be read.
    """
    wanted = {one.agreement_id for one in rows if one.cara_kontrak == ELECTRONIC}
    if not wanted:
        return set()
    events = [
        one for kind in _OF_STEPS for one in ledger.events(jenis=kind) if one.perjanjian in wanted
    ]
    root = signing_root()
    profiles = [load_profile(root, name) for name in profile_names(root)]
    found = agreements(sorted(events, key=lambda one: one.nomor), profiles)
    return {one.perjanjian for one in found if one.tahap in _COMPLETE}


def take_over(
    given: Sequence[FileInput], wanted: Receiving
) -> tuple[list[SignedElsewhere], list[FileInput]]:
    """Take over what continues an issued file of the batch; return what is something else too.

    Raises:
        InputError: A file that is named cannot be read.
        LedgerError: The ledger cannot be read or written.
    """
    beginnings = _beginnings(wanted)
    taken: list[SignedElsewhere] = []
    others: list[FileInput] = []
    for one in given:
        inside = list(_files_in(one))
        found = [(file, row) for file in inside if (row := _whose(file, beginnings)) is not None]
        if not found:
            others.append(one)
            continue
        taken += [_taken(file, wanted.rows[row], wanted) for file, row in found]
        known = {id(file) for file, _ in found}
        others += [file for file in inside if id(file) not in known]
    return taken, others


def _beginnings(wanted: Receiving) -> dict[int, dict[str, str]]:
    """Return the agreements of issued files by their size and hash."""
    found: dict[int, dict[str, str]] = {}
    for event in wanted.ledger.events(jenis=kinds.TERBIT):
        if event.perjanjian in wanted.rows:
            size, sha256 = int(event.isi["size"]), str(event.isi["sha256"])
            found.setdefault(size, {})[sha256] = event.perjanjian
    return found


def _files_in(given: FileInput) -> Iterator[FileInput]:
    if isinstance(given, Path) and given.is_dir():
        yield from sorted(one for one in given.rglob("*") if one.is_file())
    else:
        yield given


def _whose(given: FileInput, beginnings: Mapping[int, Mapping[str, str]]) -> str | None:
    """Return the agreement whose issued file another one continues."""
    if not beginnings or not isinstance(given, Path | NamedFile):
        return None
    name = given.name
    if not name.lower().endswith(".pdf"):
        return None
    try:
        content = _content(given)
    except InputError:
        return None  # whoever looks at scans tells what is wrong with it
    running, at = hashlib.sha256(), 0
    for size in sorted(beginnings):
        if size >= len(content):
            return None
        running.update(memoryview(content)[at:size])
        at = size
        if (found := beginnings[size].get(running.hexdigest())) is not None:
            return found
    return None


def _content(given: Path | NamedFile) -> bytes:
    return read_limited(given, PDF_BYTES) if isinstance(given, Path) else given.content


def _taken(given: FileInput, row: PlannedRow, wanted: Receiving) -> SignedElsewhere:
    if not isinstance(given, Path | NamedFile):
        raise AssertionError("only named files are matched")
    wanted.progress(given.name)
    file = NamedFile(given.name, _content(given))
    verdict, problem = "", None
    # before it is taken over: then every file lies here
    unchanged = _lies_here(file, row, wanted.place)
    try:
        verdict, problem = _judged_and_kept(file, row, wanted)
    except PksKitError as error:
        if isinstance(error, InputError) and error.code == "file.unwritable":
            raise
        problem = error.text
    return SignedElsewhere(
        file=file.name,
        name=row.name,
        number=row.number,
        verdict=verdict,
        problem=problem,
        unchanged=unchanged,
        complete=problem is None and row.cara_kontrak == ELECTRONIC,
    )


def _lies_here(file: NamedFile, row: PlannedRow, place: BatchFolder) -> bool:
    """Return whether a file is the finished one of the batch, byte by byte."""
    issued = issued_files(place, row)
    if issued is None:
        return False
    ours = place.finished / issued[0].name
    if not ours.is_file() or ours.stat().st_size != len(file.content):
        return False
    return read_limited(ours, PDF_BYTES) == file.content


def _judged_and_kept(
    file: NamedFile, row: PlannedRow, wanted: Receiving
) -> tuple[str, Message | None]:
    issued = issued_files(wanted.place, row)
    if issued is None:
        return "", lookup("batch.electronic.no_issued")
    pdf, receipt = issued
    judged = verify(
        VerifyRequest(pdf=file, issued=pdf, receipt=receipt, trust=wanted.trust, clock=wanted.clock)
    )
    if judged.verdict == "failed":
        words = next(one.message for one in judged.report.checks if one.status == "failed")
        return judged.verdict, words
    roles = {step.peran for step in load_profile(signing_root(), row.cara_kontrak).langkah}
    # no party has a tool here: whatever was done elsewhere is taken over, and nothing is done
    result = sign_all(
        SessionRequest(
            pdf=file,
            folder=wanted.sessions,
            ledger=wanted.ledger,
            tools={role: PartyTools() for role in sorted(roles)},
            output=wanted.place.finished / pdf.name,
            receipt=receipt,
            clock=wanted.clock,
        )
    )
    return judged.verdict, lookup("batch.electronic.waiting") if result.waiting else None
