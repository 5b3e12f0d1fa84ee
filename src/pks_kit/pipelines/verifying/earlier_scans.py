"""Scans of earlier deliveries are judged together with what comes now, as if handed in at once.

Only agreements of which something comes now are looked up, and only the sheets that counted for
them enter again; which of two pictures of one page counts is decided as among files of one call:
the newest, unless it lacks ink that an older one has.
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
_SHOWN = frozenset({"ok", "ok_without_code", "edition_unknown"})


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierScan:
    """A scan that came before, as it counts for one agreement.

    Attributes:
        name: What its file was called.
        sha256: Its hash.
        sheets: Its sheets that count.
        given: Where its content is.
    """

    name: str
    sha256: str
    sheets: tuple[int, ...]
    given: FileInput

    @property
    def told_apart(self) -> str:
        """Return what it is called beside a newer file of the same name."""
        return f"{self.sha256[:8]}-{self.name}"


class ScansKept(Protocol):
    """Where scans lie from one delivery to the next."""

    def of(self, agreement_id: str) -> Sequence[EarlierScan]:
        """Return what came before of an agreement and is to be judged again, the oldest first."""
        ...

    def keep(
        self,
        agreement_id: str,
        edition: str | None,
        sheets: Mapping[str, tuple[TakenFile, list[int]]],
    ) -> None:
        """Keep what counts for an issue of an agreement, instead of what counted before."""
        ...


@dataclass(frozen=True, slots=True)
class AllFiles:
    """Files of earlier deliveries, then those that came now.

    Attributes:
        files: All of them.
        sheets: Which of their sheets are whose.
        earlier: How many of them came before.
    """

    files: Sequence[TakenFile]
    sheets: Sorted
    earlier: int = 0

    def dropped(self, one: ReadStack) -> frozenset[Place]:
        """Return earlier sheets of an agreement that do not count any more.

        Another sheet took the place of their page, or shows what nobody could read on them.
        """
        before = [place for place in one.stack.places if place[0] < self.earlier]
        return frozenset(before) - counting(one, before)


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


def with_earlier(
    files: Sequence[TakenFile],
    sheets: Sorted,
    kept: ScansKept | None,
    limits: Limits,
    *,
    isolated: bool,
) -> AllFiles:
    """Return what came now behind what came before of the same agreements.

    A file that came before and comes again counts once, as one of now; one that is not there any
    more, or is another one, counts not at all.

    Args:
        files: What came now.
        sheets: Whose their sheets are.
        kept: Where earlier scans lie; None: nowhere.
        limits: What a file may cost.
        isolated: Look in a child process.

    Raises:
        UsageError: ``paper.no_extra``.
        VerificationError: ``verify.no_child``.
    """
    now = {one.told.sha256 for one in files}
    names = {one.told.file for one in files}
    wanted: dict[str, EarlierScan] = {}
    whose: dict[str, dict[str, tuple[int, ...]]] = {}
    for agreement_id in sheets.own if kept is not None else ():
        for scan in kept.of(agreement_id) if kept is not None else ():
            if scan.sha256 not in now:
                wanted.setdefault(scan.sha256, scan)
                whose.setdefault(scan.sha256, {})[agreement_id] = scan.sheets
    before: list[TakenFile] = []
    own: dict[str, list[Place]] = {one: [] for one in sheets.own}
    offered: dict[Place, tuple[str, ...]] = {}
    for sha256, scan in wanted.items():
        (taken,) = take_in((scan.given,), limits, isolated=isolated)
        if taken.told.state != "read" or taken.told.sha256 != sha256:
            continue
        name = scan.told_apart if scan.name in names else scan.name
        names.add(name)
        for sheet in taken.seen.sheets:
            place = len(before), sheet.number
            takers = [one for one, several in whose[sha256].items() if sheet.number in several]
            says = {code.agreement_id for code in sheet.codes}
            for one in takers:
                if one in says:
                    own[one].append(place)
            if takers and not says:
                offered[place] = tuple(takers)
        before.append(replace(taken, told=replace(taken.told, file=name)))
    shift = len(before)

    def moved(places: Collection[Place]) -> tuple[Place, ...]:
        return tuple((index + shift, number) for index, number in places)

    return AllFiles(
        files=[*before, *files],
        sheets=Sorted(
            {one: (*own[one], *moved(places)) for one, places in sheets.own.items()},
            offered | {moved((place,))[0]: ids for place, ids in sheets.offered.items()},
        ),
        earlier=shift,
    )
