"""Who takes part in judging many scans: where they are kept, whose turn it is, who looks on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pks_kit.pipelines.verifying.earlier_scans import ScansKept, counting

if TYPE_CHECKING:
    from pks_kit.domain.paper_pictures import PaperPicture
    from pks_kit.pipelines.verifying.returned_agreement import ReadStack, ReturnedAgreement
    from pks_kit.pipelines.verifying.returned_files import TakenFile
    from pks_kit.pipelines.verifying.sorting import Place

Looked = Callable[["ReturnedAgreement", Sequence["PaperPicture"]], None]
"""Takes what was read of an agreement, with pictures of what a person is to look at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Who takes part.

    Attributes:
        kept: Where scans lie from one delivery to the next; those that count are kept there before
            a verdict is written down. None: nowhere.
        alone: Keeps everybody else out while one agreement is judged and written down.
        looked: Called with each agreement that was judged; None cuts no pictures out.
        counted: Called with how many sheets were read, and of how many.
        handed: Tells by the name of a file when it was handed in; empty: not known.
    """

    kept: ScansKept | None = None
    alone: Callable[[], AbstractContextManager[None]] = nullcontext
    looked: Looked | None = None
    counted: Callable[[int, int], None] = field(default=lambda _done, _whole: None)
    handed: Callable[[str], str] = field(default=lambda _name: "")


def keep(
    kept: ScansKept, one: ReadStack, places: Collection[Place], files: Sequence[TakenFile]
) -> None:
    """Keep the sheets that count, file by file in the order in which these were handed in."""
    sheets: dict[str, tuple[TakenFile, list[int]]] = {}
    for index, number in sorted(counting(one, places), key=one.numbers.__getitem__):
        told = files[index].told
        sheets.setdefault(told.sha256 or "", (files[index], []))[1].append(number)
    issue = one.stack.issue
    kept.keep(one.stack.agreement_id, issue.receipt.edition if issue else None, sheets)
