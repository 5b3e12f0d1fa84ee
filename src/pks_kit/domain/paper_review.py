"""What a person is to decide about a scan, worst first, and what decisions amount to.

The machine's answer is never changed. A person says something beside it, and the rules here tell
what that is worth: overruling the machine needs a reason; a changed critical value is accepted by
two persons of different names or by the number of an addendum, never by one person alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pks_kit.domain.nama_orang import name_words, surely_different
from pks_kit.domain.paper import (
    DecidedItem,
    ItemState,
    PaperChange,
    PaperFacts,
    PaperOpinion,
    PersonDecision,
    change_key,
    not_compared_key,
)
from pks_kit.domain.rect import Rect, hull, overlap

ItemGroup = Literal["sheet", "value", "text", "place"]

FOREIGN = ("other_agreement", "other_edition", "other_page_count")
SHEET = "sheet"
CHOICES: dict[ItemGroup, tuple[PersonDecision, PersonDecision]] = {
    "sheet": ("harmless", "again"),
    "value": ("same", "changed"),
    "text": ("same", "changed"),
    "place": ("signed", "empty"),
}
"""What can be said of each group: first what accepts it, then what sends it back."""

_TWO_PERSONS = ("value", "disturbed")
"""Kinds of changes in critical values that one person alone cannot accept."""
_AT_VALUES = ("addition", "missing")
_AT = 11.0
"""Points around a critical value that the picture of its question shows too."""
_BESIDE_X, _BESIDE_Y = 34.0, 10.0
"""Points between two strokes, or two lost words, that a person sees as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewItem:
    """One thing to decide.

    Attributes:
        key: Its name in this review; pictures carry it too.
        place: Its name in the ledger: the same, but ``sheet`` for a sheet.
        group: Which rules hold for it.
        kind: Kind of the place or change; ``not_compared``; ``sheet``.
        machine: What the machine said.
        machine_reason: Why, as a code; may be empty.
        page: Page of the agreement.
        scan_page: Sheet, through all files.
        file: Which of the files, from 1.
        file_page: Sheet in that file.
        rect: Where on the page; None for sheets.
        peran: Whose place it is.
        signer: Whose place it is, by name and office, where several persons have the same role.
        path: Path of a critical value.
        issued: What was issued there.
        read: What fits better.
        size: Millimetres of ink of an addition; values that were not compared.
        edition: Edition that a sheet shows.
    """

    key: str
    place: str
    group: ItemGroup
    kind: str
    machine: str
    machine_reason: str = ""
    page: int | None
    scan_page: int
    file: int
    file_page: int
    rect: Rect | None = None
    peran: str = ""
    signer: str = ""
    path: str = ""
    issued: str = ""
    read: str = ""
    size: float = 0.0
    edition: str = ""

    @property
    def is_open(self) -> bool:
        """Return whether the machine leaves it to a person, or says that it is not in order."""
        return self.machine != "signed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperDecision:
    """One decision of one person, as the ledger keeps it.

    Attributes:
        scan_sha256: Hash of the file that shows it.
        scan_page: Sheet in that file.
        page: Page of the agreement.
        place: As :class:`ReviewItem`.
        edition: Edition of the agreement.
        crop_sha256: Hash of the picture that the person saw; None when there was none.
        opinion: What was said, by whom, when and why.
    """

    scan_sha256: str
    scan_page: int
    page: int | None
    place: str
    edition: str | None
    crop_sha256: str | None
    opinion: PaperOpinion


def review_items(facts: PaperFacts) -> tuple[ReviewItem, ...]:
    """Return everything that can be decided, worst first; settled places come last.

    Args:
        facts: What a scan shows.
    """
    by_sheet = {one.scan_page: (one.file, one.file_page) for one in facts.pages}
    found = [*_sheets(facts)]
    changes = grouped(facts.changes)
    found += _of_kinds(("value", "disturbed"), changes, by_sheet)
    for part in facts.unjudged:
        file, file_page = by_sheet.get(part.scan_page, (1, part.scan_page))
        key = not_compared_key(part.page)
        found.append(
            ReviewItem(
                key=key, place=key, group="value", kind="not_compared", machine="not_compared",
                page=part.page, scan_page=part.scan_page, file=file, file_page=file_page,
                size=part.values,
            )
        )  # fmt: skip
    found += _of_kinds(("addition", "missing", "unprinted"), changes, by_sheet)
    places = sorted(
        (one for one in facts.places if one.scan_page is not None),
        key=lambda one: (_ORDER[one.decision], _KINDS.index(one.kind), one.peran, one.page),
    )
    for place in places:
        scan_page = place.scan_page or 1
        file, file_page = by_sheet.get(scan_page, (1, scan_page))
        found.append(
            ReviewItem(
                key=place.id, place=place.id, group="place", kind=place.kind,
                machine=place.decision, machine_reason=place.reason, page=place.page,
                scan_page=scan_page, file=file, file_page=file_page, rect=place.rect,
                peran=place.peran, signer=place.signer or "",
            )
        )  # fmt: skip
    return tuple(found)


_ORDER = {"unsure": 0, "empty": 1, "signed": 2}
_KINDS = ("tanda_tangan", "meterai", "stempel", "tanggal", "paraf")


def _sheets(facts: PaperFacts) -> Iterable[ReviewItem]:
    asked = {*FOREIGN, "unreadable", "double_differs"}
    if facts.edition is not None:
        asked.add("edition_unknown")
    for one in facts.pages:
        if one.status in asked:
            yield ReviewItem(
                key=f"{SHEET}_{one.scan_page}", place=SHEET, group="sheet", kind=SHEET,
                machine=one.status, page=one.page, scan_page=one.scan_page, file=one.file,
                file_page=one.file_page, edition=one.edition or "",
            )  # fmt: skip


def _of_kinds(
    kinds: Sequence[str], changes: Sequence[PaperChange], by_sheet: dict[int, tuple[int, int]]
) -> list[ReviewItem]:
    return [_of_change(one, by_sheet) for kind in kinds for one in changes if one.kind == kind]


def _of_change(change: PaperChange, by_sheet: dict[int, tuple[int, int]]) -> ReviewItem:
    key = change_key(change)
    file, file_page = by_sheet.get(change.scan_page, (1, change.scan_page))
    return ReviewItem(
        key=key, place=key, group="value" if change.kind in _TWO_PERSONS else "text",
        kind=change.kind, machine=change.kind, page=change.page, scan_page=change.scan_page,
        file=file, file_page=file_page, rect=change.box, path=change.path or "",
        issued=change.issued or "", read=as_written(change.issued or "", change.read or ""),
        size=change.margin,
    )  # fmt: skip


def as_written(issued: str, read: str) -> str:
    """Return what was read with the signs of what was issued; letters and digits were compared."""
    letters = iter(read)
    told = [next(letters, "") if sign.isalnum() else sign for sign in issued]
    return "".join(told) if read and next(letters, None) is None else read


def grouped(changes: Sequence[PaperChange]) -> tuple[PaperChange, ...]:
    """Return changes as a person sees them, each place once.

    Strokes and lost words beside each other are one. What lies at a critical value that is asked
    about belongs to that question, which has the stricter rules; so does the same value under
    another path.
    """
    found: list[PaperChange] = []
    for change in changes:
        if change.kind in _TWO_PERSONS:
            found.append(change)
            continue
        joined = change
        while True:
            near = next((one for one in found if _beside(one, joined)), None)
            if near is None:
                break
            found.remove(near)
            words = " ".join(filter(None, (near.issued, joined.issued)))
            joined = replace(
                joined, box=hull((near.box, joined.box)), issued=words[:200] or None,
                margin=round(near.margin + joined.margin, 2),
            )  # fmt: skip
        found.append(joined)
    values = _of_one_place([one for one in found if one.kind in _TWO_PERSONS])
    return tuple(
        one
        for one in found
        if one in values
        or (one.kind in _AT_VALUES and not any(_lies_at(one, value) for value in values))
        or one.kind not in (*_AT_VALUES, *_TWO_PERSONS)
    )


def _of_one_place(values: Sequence[PaperChange]) -> list[PaperChange]:
    """Return values of different places: of one that is printed once, what fits better counts."""
    kept: list[PaperChange] = []
    for one in sorted(values, key=lambda change: _TWO_PERSONS.index(change.kind)):
        if not any(_lies_at(one, other) and _lies_at(other, one) for other in kept):
            kept.append(one)
    return kept


def _lies_at(one: PaperChange, value: PaperChange) -> bool:
    """Return whether something lies wholly at a value, as a person sees it."""
    if (one.page, one.scan_page) != (value.page, value.scan_page):
        return False
    if one.kind in _TWO_PERSONS:
        return overlap(one.box, value.box)
    left, bottom, right, top = value.box
    return (
        one.box[0] >= left - _AT
        and one.box[2] <= right + _AT
        and one.box[1] >= bottom - _AT
        and one.box[3] <= top + _AT
    )


def _beside(one: PaperChange, other: PaperChange) -> bool:
    if (one.kind, one.page, one.scan_page) != (other.kind, other.page, other.scan_page):
        return False
    across = max(one.box[0], other.box[0]) - min(one.box[2], other.box[2])
    down = max(one.box[1], other.box[1]) - min(one.box[3], other.box[3])
    return across <= _BESIDE_X and down <= _BESIDE_Y


def refusal(item: ReviewItem, decision: str, reason: str, addendum: str) -> str | None:
    """Return why a decision cannot be taken, as a code of the catalogue; None when it can.

    Args:
        item: What is decided.
        decision: What the person says.
        reason: Why, in the person's words.
        addendum: Number of an addendum.
    """
    accepts, _ = CHOICES[item.group]
    if decision not in CHOICES[item.group]:
        return "paper.decide.no_choice"
    if addendum.strip() and not (item.kind in _TWO_PERSONS and decision == "changed"):
        return "paper.decide.addendum_elsewhere"
    if addendum.strip() and not any(sign.isdigit() for sign in addendum):
        return "paper.decide.addendum_number"
    if any(sign.isalnum() for sign in reason):
        return None
    if item.group == "sheet" and decision == accepts:
        return "paper.decide.reason_for_sheet"
    if item.group == "place" and item.machine not in ("unsure", decision):
        return "paper.decide.reason_to_overrule"
    return None


def decided(
    items: Iterable[ReviewItem],
    decisions: Iterable[PaperDecision],
    files: Sequence[str],
    crops: dict[str, str],
    edition: str | None,
) -> tuple[DecidedItem, ...]:
    """Return what persons decided about the things of a scan, by the rules.

    A decision counts for the same sheet of the same file, or for the same picture of the place,
    so that it stays valid when only other pages were sent again.

    Args:
        items: Things of the scan.
        decisions: Decisions of the agreement in the order in which they were taken.
        files: Hash of each file of the scan.
        crops: Hash of the scanned picture by key, as far as pictures were made.
        edition: Edition of the agreement.
    """
    by_place: dict[str, list[PaperDecision]] = {}
    for decision in decisions:
        if decision.edition == edition:
            by_place.setdefault(decision.place, []).append(decision)
    found = []
    for item in items:
        own = [
            one.opinion
            for one in by_place.get(item.place, ())
            if one.page == item.page and _same_picture(item, one, files, crops)
            and refusal(item, one.opinion.decision, one.opinion.reason or "",
                        one.opinion.addendum or "") is None
        ]  # fmt: skip
        if own:
            state, opinions = standing(item, own)
            found.append(
                DecidedItem(
                    item=item.key, kind=item.kind, page=item.page, scan_page=item.scan_page,
                    machine=item.machine, machine_reason=item.machine_reason, state=state,
                    opinions=opinions,
                )
            )  # fmt: skip
    return tuple(found)


def _same_picture(
    item: ReviewItem, one: PaperDecision, files: Sequence[str], crops: dict[str, str]
) -> bool:
    known = files[item.file - 1] if item.file <= len(files) else None
    if known == one.scan_sha256 and one.scan_page == item.file_page:
        return True
    return one.crop_sha256 is not None and crops.get(item.key) == one.crop_sha256


def standing(
    item: ReviewItem, opinions: Sequence[PaperOpinion]
) -> tuple[ItemState, tuple[PaperOpinion, ...]]:
    """Return what opinions amount to, and the last word of each person.

    Args:
        item: What they are about.
        opinions: In the order in which they were said; at least one.
    """
    last: dict[str, PaperOpinion] = {}
    for one in opinions:
        last.pop(_person(one.by), None)
        last[_person(one.by)] = one
    kept = tuple(last.values())
    accepts, _ = CHOICES[item.group]
    if item.kind not in _TWO_PERSONS:
        return ("accepted" if kept[-1].decision == accepts else "refused"), kept
    changed = [one for one in kept if one.decision != accepts]
    if changed:
        return ("accepted" if all(one.addendum for one in changed) else "refused"), kept
    return ("accepted" if _two_persons(kept) else "waiting"), kept


def _two_persons(opinions: Sequence[PaperOpinion]) -> bool:
    """Return whether two of the names surely belong to different persons, titles apart."""
    names = [one.by for one in opinions]
    return any(
        surely_different(one, other) for at, one in enumerate(names) for other in names[at + 1 :]
    )


def _person(name: str) -> str:
    return " ".join(name_words(name)) or name.casefold()
