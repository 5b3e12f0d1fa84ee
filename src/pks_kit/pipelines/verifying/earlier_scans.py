"""Scans of earlier deliveries are judged together with what comes now, as if handed in at once.

Only agreements of which something comes now are looked up, and only the sheets that counted for
them enter again; which of two pictures of one page counts is decided as among files of one call:
the one that was handed in last, unless it lacks ink that an older one has. A delivery may be read
later than one that was handed in after it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from pks_kit.pipelines.verifying.returned_files import TakenFile, take_in
from pks_kit.pipelines.verifying.sorting import Place, Sorted

if TYPE_CHECKING:
    from pks_kit.domain.paper import PaperFacts
    from pks_kit.pipelines.requests.given import FileInput
    from pks_kit.pipelines.verifying.returned_agreement import ReadStack
    from pks_kit.verification.limits import Limits

_DO_NOT_COUNT = frozenset(
    {
        *("replaced", "less_ink", "other_edition", "other_agreement", "other_page_count"),
        *("blank", "cover"),
    }
)
"""What a sheet is that another one replaced, or that is of something else."""
_GAVE_WAY = frozenset({"replaced", "less_ink", "double"})
_SHOWN = frozenset({"ok", "ok_without_code", "edition_unknown"})


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierScan:
    """A scan that came before, as it counts for one agreement.

    Attributes:
        name: What its file was called.
        sha256: Its hash.
        sheets: Its sheets that count.
        given: Where its content is.
        handed: When it was handed in last; empty: before that was written down.
    """

    name: str
    sha256: str
    sheets: tuple[int, ...]
    given: FileInput
    handed: str = ""

    @property
    def told_apart(self) -> str:
        """Return what it is called beside a newer file of the same name."""
        return f"{self.sha256[:8]}-{self.name}"


class ScansKept(Protocol):
    """Where scans lie from one delivery to the next."""

    def of(self, agreement_id: str) -> Sequence[EarlierScan]:
        """Return what came before and is to be judged again, the first handed in first."""
        ...

    def keep(
        self,
        agreement_id: str,
        edition: str | None,
        sheets: Mapping[str, tuple[TakenFile, list[int]]],
    ) -> None:
        """Keep what counts for an issue of an agreement, instead of what counted before."""
        ...


class AllFiles:
    """Files that came now, then those of earlier deliveries that are judged with them.

    Places never change: what is found later stands behind all others. Which picture of a page is
    the newest is told by when its file was handed in, not by when it was read.

    Args:
        files: What came now.
        sheets: Whose their sheets are.
        kept: Where earlier scans lie; None: nowhere.
        limits: What a file may cost.
        isolated: Look in a child process.

    Attributes:
        files: All of them.
        now: How many of them came now.

    Raises:
        UsageError: ``paper.no_extra``.
        VerificationError: ``verify.no_child``.
    """

    def __init__(
        self,
        files: Sequence[TakenFile],
        sheets: Sorted,
        kept: ScansKept | None,
        limits: Limits,
        *,
        isolated: bool,
    ) -> None:
        self.files = list(files)
        self.now = len(files)
        self._own = {one: [*places] for one, places in sheets.own.items()}
        self._offered = dict(sheets.offered)
        self._kept, self._limits, self._isolated = kept, limits, isolated
        self._at = {one.told.sha256: index for index, one in enumerate(files)}
        self._names = {one.told.file for one in files}
        self._looked: dict[str, tuple[EarlierScan, ...]] = {}
        for agreement_id in sheets.own:
            self.look(agreement_id)

    @property
    def sheets(self) -> Sorted:
        """Return which sheets are whose."""
        return Sorted({one: tuple(places) for one, places in self._own.items()}, self._offered)

    def look(self, agreement_id: str) -> None:
        """Take in what came before of an agreement, instead of what was taken in of it so far.

        A file that came before and comes again counts once, as one of now, at the moment at which
        it was handed in last; one that is not there any more, or is another one, counts not at all.

        Raises:
            UsageError: ``paper.no_extra``.
            VerificationError: ``verify.no_child``.
        """
        if self._kept is None:
            return
        self.note(agreement_id)
        own = [one for one in self._own.get(agreement_id, ()) if one[0] < self.now]
        self._own[agreement_id] = own
        for place, takers in [*self._offered.items()]:
            if place[0] >= self.now and agreement_id in takers:
                self._offered[place] = tuple(one for one in takers if one != agreement_id)
        for scan in self._looked[agreement_id]:
            index = self._taken(scan)
            if index is None:
                continue
            file = self.files[index]
            if scan.handed > file.handed:
                file = self.files[index] = replace(file, handed=scan.handed)
            if index < self.now:
                continue
            for sheet in file.seen.sheets:
                if sheet.number not in scan.sheets:
                    continue
                says, place = {code.agreement_id for code in sheet.codes}, (index, sheet.number)
                if agreement_id in says:
                    own.append(place)
                if not says:
                    self._offered[place] = (*self._offered.get(place, ()), agreement_id)

    def note(self, agreement_id: str) -> None:
        """Remember what is kept of an agreement now."""
        if self._kept is not None:
            self._looked[agreement_id] = tuple(self._kept.of(agreement_id))

    def is_stale(self, agreement_id: str) -> bool:
        """Return whether a delivery that was read between kept something else of an agreement."""
        if self._kept is None or agreement_id not in self._looked:
            return False
        return tuple(self._kept.of(agreement_id)) != self._looked[agreement_id]

    def dropped(self, one: ReadStack) -> frozenset[Place]:
        """Return sheets of an agreement that were handed in before the newest and do not count.

        Another sheet took the place of their page, or shows what nobody could read on them.
        """
        turns = {place: self.files[place[0]].turn for place in one.stack.places}
        newest = max(turns.values())
        before = [place for place, turn in turns.items() if turn < newest]
        return frozenset(before) - counting(one, before)

    def replaced_now(self, one: ReadStack, places: Collection[Place]) -> frozenset[Place]:
        """Return which of some sheets came now, and gave way to sheets that are newer.

        Whoever handed them in is told so; they count for nothing.
        """
        pages = one.read.facts.pages if one.read.facts is not None else ()
        gave_way = {page.scan_page for page in pages if page.status in _GAVE_WAY}
        return frozenset(
            place for place in places if place[0] < self.now and one.numbers[place] in gave_way
        )

    def _taken(self, scan: EarlierScan) -> int | None:
        if scan.sha256 not in self._at:
            (taken,) = take_in((scan.given,), self._limits, isolated=self._isolated)
            if taken.told.state != "read" or taken.told.sha256 != scan.sha256:
                return None
            name = scan.told_apart if scan.name in self._names else scan.name
            self._names.add(name)
            self._at[scan.sha256] = len(self.files)
            told = replace(taken.told, file=name)
            self.files.append(replace(taken, told=told, handed=scan.handed, earlier=True))
        return self._at[scan.sha256]


def counting(one: ReadStack, places: Collection[Place]) -> frozenset[Place]:
    """Return which of some sheets count for the agreement that they were compared with."""
    facts = one.read.facts
    if facts is None:
        return frozenset(places)
    return frozenset(place for place in places if _counts(facts, one.numbers[place]))


def _counts(facts: PaperFacts, sheet: int) -> bool:
    shown = {page.page for page in facts.pages if page.status in _SHOWN}
    for page in facts.pages:
        if page.scan_page != sheet or page.agreement_id not in (None, facts.agreement_id):
            continue
        if page.status == "unreadable":
            if page.page is not None and page.page not in shown:
                return True
        elif page.status not in _DO_NOT_COUNT:
            return True
    return False
