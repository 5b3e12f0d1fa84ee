"""What became of every file that came back: none is taken without a word about it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Annotated, Literal

from pks_kit.files import read_limited
from pks_kit.json_types import HIDDEN, Name, Text, shown
from pks_kit.limits import PDF_BYTES
from pks_kit.messages import Message, lookup
from pks_kit.pdf.prefix.running import sha256_of
from pks_kit.pipelines.batching.electronic import SignedElsewhere
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.plan import PlannedRow
from pks_kit.pipelines.batching.row import issued_files
from pks_kit.pipelines.returned import ReturnedResult
from pks_kit.pipelines.verifying.returned_agreement import PaperVerdict, ReturnedAgreement
from pks_kit.pipelines.verifying.returned_files import FileState, ReturnedFile

FileOutcome = Literal[
    "complete", "incomplete", "needs_person", "other_agreement", "only_drafted", "unsorted",
    "taken_over",
    "not_taken_over", "issued", "same_file", "signed_file", "no_pictures", "not_a_scan", "empty",
    "not_looked", "unreadable", "passed_over",
]  # fmt: skip
"""What became of a file. Of several agreements on one file the worst verdict counts."""

_WORST_FIRST: tuple[PaperVerdict, ...] = ("incomplete", "needs_person", "complete")
_MAY_BE_OURS: tuple[FileState, ...] = ("signed_file", "no_pictures")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedFile:
    """One file that was given, and what became of it.

    Attributes:
        file: Its name; below a folder that was given, the path in it.
        outcome: What became of it.
        words: The same in words.
        names: Facilities whose agreements are on it.
    """

    file: Name
    outcome: FileOutcome
    words: Annotated[Message, HIDDEN]
    names: tuple[Text, ...] = ()

    @shown()
    def text(self) -> Message:
        """What became of it, in words."""
        return self.words


def with_issued(
    returned: ReturnedResult, place: BatchFolder, rows: Iterable[PlannedRow]
) -> ReturnedResult:
    """Return the same, files among them that a batch drafted and no ledger knows yet.

    Args:
        returned: What was found on the files.
        place: Folder of the batch.
        rows: Rows that may be issued.
    """
    sizes = {one.size for one in returned.files if one.state in _MAY_BE_OURS}
    if not sizes:
        return returned
    ours: dict[str | None, str] = {}
    for row in rows:
        issued = issued_files(place, row)
        if issued is not None and row.agreement_id and issued[0].stat().st_size in sizes:
            ours[sha256_of(read_limited(issued[0], PDF_BYTES))] = row.agreement_id
    files = tuple(
        replace(one, state="issued", agreement_id=ours[one.sha256])
        if one.state in _MAY_BE_OURS and one.sha256 in ours
        else one
        for one in returned.files
    )
    return replace(returned, files=files)


def received_files(
    returned: ReturnedResult,
    electronic: Sequence[SignedElsewhere],
    planned: Mapping[str | None, PlannedRow],
    drafts: Mapping[str | None, PlannedRow] = MappingProxyType({}),
) -> tuple[ReceivedFile, ...]:
    """Return what became of every file.

    Args:
        returned: What was found on the files that may be scans.
        electronic: Files that continue issued ones.
        planned: Rows of the batch by agreement.
        drafts: Those that are no more than drafts.
    """
    on_file: dict[str, list[ReturnedAgreement]] = {}
    for agreement in returned.agreements:
        for name in dict.fromkeys(sheet.file for sheet in agreement.sheets):
            on_file.setdefault(name, []).append(agreement)
    scans = (
        _scan(one, on_file.get(one.file, ()), planned, drafts)
        if one.state == "read"
        else _no_scan(one, planned)
        for one in returned.files
    )
    return (*_signed(electronic), *scans)


def _signed(electronic: Sequence[SignedElsewhere]) -> Iterator[ReceivedFile]:
    for one in electronic:
        outcome, code = _outcome_of(one)
        verdict = lookup(f"batch_report.verdict.{one.verdict}") if one.verdict else ""
        why = one.problem or Message("", "")
        words = lookup(code).fill({"names": one.name, "why": why, "verdict": verdict})
        yield ReceivedFile(file=one.file, outcome=outcome, names=(one.name,), words=words)


def _outcome_of(one: SignedElsewhere) -> tuple[FileOutcome, str]:
    """Return what became of a file that continues an issued one, and the code of its words."""
    if one.problem is not None:
        return "not_taken_over", "batch.file.not_taken_over"
    if one.unchanged:
        return "issued", f"batch.file.{'finished_here' if one.complete else 'waits_for_pen'}"
    return "taken_over", f"batch.file.{'taken_over' if one.complete else 'taken_over_pen'}"


def _scan(
    one: ReturnedFile,
    here: Collection[ReturnedAgreement],
    planned: Mapping[str | None, PlannedRow],
    drafts: Mapping[str | None, PlannedRow],
) -> ReceivedFile:
    # of a draft that no ledger knows the sheets tell no more than the id
    names = tuple(
        row.name
        if (row := planned.get(each.agreement_id) or drafts.get(each.agreement_id))
        else each.shown_name
        for each in here
    )
    ours = [each for each in here if each.agreement_id in planned]
    outcome: FileOutcome = "unsorted"
    if ours:
        outcome = min((each.verdict for each in ours), key=_WORST_FIRST.index)
    elif any(each.agreement_id in drafts for each in here):
        outcome = "only_drafted"
    elif here:
        outcome = "other_agreement"
    words = lookup(f"batch.file.{outcome}").fill({"names": ", ".join(names), "sheets": one.sheets})
    return ReceivedFile(file=one.file, outcome=outcome, names=names, words=words)


def _no_scan(one: ReturnedFile, planned: Mapping[str | None, PlannedRow]) -> ReceivedFile:
    if one.state == "read":
        raise AssertionError("a file that was read is told by its sheets")
    row = planned.get(one.agreement_id)
    if one.state != "issued" or row is None:
        return ReceivedFile(file=one.file, outcome=one.state, words=one.text)
    words = lookup("batch.file.issued").fill({"names": row.name})
    return ReceivedFile(file=one.file, outcome="issued", names=(row.name,), words=words)
