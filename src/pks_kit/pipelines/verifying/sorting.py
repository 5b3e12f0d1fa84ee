"""Sort sheets by what their page codes say: which sheet belongs to which agreement.

Nothing is guessed. A sheet without a readable code is offered to the agreements of its own file,
or, when nothing in its file can be read, to the few of the call; whether it is one of their pages
is decided by their pages and by the digits in the header, never here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pks_kit.domain.sheet_codes import FileSeen, SheetSeen

MOST_OFFERED = 4
"""Agreements to which a sheet is offered whose file holds no readable code at all."""

MOST_LOOSE = 64
"""Sheets of such files that are offered to anybody; they are held together when they are read."""

Place = tuple[int, int]
"""Number of a file in the call, from 0, and of a sheet in it, from 1."""


@dataclass(frozen=True, slots=True)
class Sorted:
    """Which sheets are whose.

    Attributes:
        own: Agreement -> sheets with its page code.
        offered: Sheet without a readable code -> agreements that may try it.
    """

    own: Mapping[str, tuple[Place, ...]]
    offered: Mapping[Place, tuple[str, ...]]

    def offered_to(self, agreement_id: str) -> tuple[Place, ...]:
        """Return the sheets that an agreement may try."""
        return tuple(place for place, ids in self.offered.items() if agreement_id in ids)


def sort_sheets(files: Sequence[FileSeen], *, named: Iterable[str] = ()) -> Sorted:
    """Sort the sheets of all files.

    Args:
        files: What the first look found; an empty one for a file that could not be looked at.
        named: Agreements whose issued file was named: sheets of a file in which no code can be
            read are offered to them too.
    """
    own: dict[str, list[Place]] = {}
    for index, file in enumerate(files):
        for sheet in file.sheets:
            for agreement_id in dict.fromkeys(code.agreement_id for code in sheet.codes):
                own.setdefault(agreement_id, []).append((index, sheet.number))
    everybody = tuple(dict.fromkeys((*own, *named)))
    offered: dict[Place, tuple[str, ...]] = {}
    loose = 0
    for index, file in enumerate(files):
        here = tuple(dict.fromkeys(code.agreement_id for one in file.sheets for code in one.codes))
        if not here and len(everybody) <= MOST_OFFERED and loose < MOST_LOOSE:
            here = everybody
            loose += len(file.sheets)
        for sheet in file.sheets:
            if not sheet.codes and sheet.state not in ("blank", "cover"):
                offered[index, sheet.number] = here
    return Sorted({one: tuple(places) for one, places in own.items()}, offered)


def of_editions(
    sheets: Sequence[tuple[Place, SheetSeen]], agreement_id: str, editions: Sequence[str | None]
) -> list[tuple[Place, ...]]:
    """Share the sheets of one agreement among several issues of it.

    A sheet goes to the issue of its edition; one of no known edition to every issue that has
    sheets, or to the last one when none has.

    Args:
        sheets: Sheets with its page code.
        agreement_id: The agreement.
        editions: Editions of its issues.
    """
    shares: list[list[Place]] = [[] for _ in editions]
    left: list[Place] = []
    for place, sheet in sheets:
        says = {one.edition for one in sheet.codes if one.agreement_id == agreement_id}
        takers = [index for index, edition in enumerate(editions) if edition in says]
        for index in takers:
            shares[index].append(place)
        if not takers:
            left.append(place)
    takers = [index for index, share in enumerate(shares) if share] or [len(editions) - 1]
    for index in takers:
        shares[index] = sorted({*shares[index], *left})
    return [tuple(share) for share in shares]
