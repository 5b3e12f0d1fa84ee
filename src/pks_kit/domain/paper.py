"""What a scan says: one answer for every sheet, every expected page and every place.

Rectangles are PDF points of the issued page, lower left and upper right corner, as in the receipt.
Nothing here proves who signed: the evidence of paper is visual.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from pks_kit.domain.rect import Rect
from pks_kit.json_types import IF_KNOWN, Moment, Sha256

MOST_SHEETS = 4096
_MOST_ENTRIES = 1 << 15

_Sheet = Annotated[int, Field(ge=1, le=MOST_SHEETS)]
_Page = Annotated[int, Field(ge=1, le=9999)]
_Short = Annotated[str, Field(max_length=200)]
_Number = Annotated[float, Field(allow_inf_nan=False)]
_LISTED = Field(max_length=_MOST_ENTRIES, fail_fast=True)

PageStatus = Literal[
    "ok",
    "ok_without_code",
    "double",
    "double_differs",
    "replaced",
    "less_ink",
    "other_edition",
    "edition_unknown",
    "other_agreement",
    "other_page_count",
    "unreadable",
    "blank",
    "cover",
]
Decision = Literal["signed", "empty", "unsure"]
PaperPlaceKind = Literal["tanda_tangan", "meterai", "stempel", "tanggal", "paraf"]
ChangeKind = Literal["value", "disturbed", "addition", "missing", "unprinted"]
PersonDecision = Literal["signed", "empty", "same", "changed", "harmless", "again"]
ItemState = Literal["accepted", "refused", "waiting"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedPage:
    """One sheet of the scan.

    Attributes:
        scan_page: Number of the sheet from 1, through all files in the order given.
        page: Page of the agreement that it shows; None when that could not be told.
        agreement_id: Agreement of its page code; None without a readable code.
        edition: Edition of its page code; None without one, and on pages of the first layout.
        status: What it is to the agreement that it is compared with; ``double``: another sheet of
            the same file shows the page better, ``double_differs``: and this one shows something
            that was not issued, or cannot be compared; ``replaced``: a later file brought it again;
            ``less_ink``: another sheet, perhaps an earlier one, has ink in places that are empty
            here.
        dpi: Resolution, measured at the page code or from the size of the sheet.
        residual_mm: How far matched blocks lie from where they should, median; None when the
            sheet could not be laid over its page.
        file: Which of the files held it, from 1.
        file_page: Its number in that file, from 1.
        turned: Quarter turns (counter-clockwise) by which it lay on the glass.
        colours: Whether the picture has colours, only greys, or only black and white.
    """

    scan_page: _Sheet
    page: _Page | None = None
    agreement_id: _Short | None = None
    edition: _Short | None = None
    status: PageStatus
    dpi: _Number | None = None
    residual_mm: _Number | None = None
    file: _Sheet = 1
    file_page: _Sheet = 1
    turned: int = 0
    colours: Literal["colour", "grey", "bilevel"] = "grey"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperPlace:
    """What was seen at one place.

    Attributes:
        id: Name of the place in the receipt; initials are ``PARAF_`` with party and page.
        page: Page of the agreement.
        scan_page: Sheet on which it was looked at; None when that page is missing.
        kind: What belongs there.
        peran: Whose place it is.
        rect: Where it is on the issued page.
        decision: ``signed``, ``empty`` or ``unsure``; for a stamp, date or meterai ``signed``
            means that it is there.
        reason: Why, as a code of the catalogue (``paper.place.<reason>``).
        margin: How far the measure is from the nearest bound, 0 for none, negative when unsure.
        crossed: For a meterai: whether the pen crosses its edge; None when that is not sure.
        signer: Whose place it is, by name and office, where several persons have the same role;
            None where the role tells it.
    """

    id: _Short
    page: _Page
    scan_page: _Sheet | None
    kind: PaperPlaceKind
    peran: _Short
    rect: Rect
    decision: Decision
    reason: _Short
    margin: _Number = 0.0
    crossed: bool | None = None
    signer: Annotated[str | None, Field(max_length=300), IF_KNOWN] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperChange:
    """Something on the paper that was not issued, outside every place.

    Attributes:
        page: Page of the agreement.
        scan_page: Sheet that shows it.
        kind: ``value``: another letter fits a critical value better; ``disturbed``: something lies
            over one; ``addition``: ink that nobody issued; ``missing``: print that is not there;
            ``unprinted``: the electronic signature or meterai of a place is not on the paper.
        box: Where on the issued page.
        path: Path of the critical value in the data, else None.
        issued: What was issued there, for values and missing words.
        read: What fits the picture better, for ``value``.
        margin: How much better it fits, or millimetres of ink.
    """

    page: _Page
    scan_page: _Sheet
    kind: ChangeKind
    box: Rect
    path: _Short | None = None
    issued: _Short | None = None
    read: _Short | None = None
    margin: _Number = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class UnjudgedPart:
    """Values of a page that could not be compared, because nothing vouches for the place."""

    page: _Page
    scan_page: _Sheet
    values: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperOpinion:
    """What one person said about one thing; the machine's answer stays beside it.

    Attributes:
        by: Name of the person.
        decision: ``signed`` or ``empty`` of a place, ``same`` or ``changed`` of text and values,
            ``harmless`` or ``again`` of a sheet.
        reason: Why, in the person's words.
        addendum: Number of the addendum that covers a changed value.
        at: When, UTC.
    """

    by: _Short
    decision: PersonDecision
    reason: Annotated[str | None, Field(max_length=500)] = None
    addendum: _Short | None = None
    at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedItem:
    """Something that persons decided, with what the machine had said.

    Attributes:
        item: Name of the thing in this review: id of a place, or a name of a change or sheet.
        kind: Kind of place or change, or ``sheet``.
        page: Page of the agreement; None when that could not be told.
        scan_page: Sheet that shows it.
        machine: What the machine said: decision of a place, kind of a change, status of a sheet.
        machine_reason: Why, as a code; empty where the answer says it all.
        state: ``accepted``: it stands in nobody's way any more; ``refused``: it goes back to the
            facility; ``waiting``: one more person must say the same.
        opinions: The last word of each person, in order.
    """

    item: _Short
    kind: _Short
    page: _Page | None
    scan_page: _Sheet
    machine: _Short
    machine_reason: _Short
    state: ItemState
    opinions: Annotated[tuple[PaperOpinion, ...], _LISTED]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFacts:
    """Everything that a scan says about one agreement.

    Attributes:
        agreement_id: Agreement that it was compared with.
        edition: Its edition; None for issues of the first layout.
        pages: One for each sheet, in the order of the scan.
        missing: Pages of the agreement that no sheet shows.
        places: One for each place that a hand uses.
        changes: What was found outside the places.
        unjudged: Values that could not be compared.
        thresholds: Version of the numbers that decided.
        files: Hash of each file of the scan, in the order given.
        decided: What persons decided about this scan, by the ledger.
    """

    agreement_id: _Short
    edition: _Short | None
    pages: Annotated[tuple[ScannedPage, ...], _LISTED]
    missing: Annotated[tuple[_Page, ...], _LISTED]
    places: Annotated[tuple[PaperPlace, ...], _LISTED]
    changes: Annotated[tuple[PaperChange, ...], _LISTED]
    unjudged: Annotated[tuple[UnjudgedPart, ...], _LISTED] = ()
    thresholds: int = 1
    files: Annotated[tuple[Sha256, ...], _LISTED] = ()
    decided: Annotated[tuple[DecidedItem, ...], _LISTED] = ()


def change_key(change: PaperChange) -> str:
    """Return the name of a change: its kind, page and rectangle in whole points."""
    return "_".join((change.kind, f"{change.page:04d}", *(f"{round(at)}" for at in change.box)))


def not_compared_key(page: int) -> str:
    """Return the name of the values of a page that could not be compared."""
    return f"not_compared_{page:04d}"
