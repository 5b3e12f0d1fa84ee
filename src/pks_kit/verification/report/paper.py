"""What the facts of a scan mean: complete, to be sent back, or for a person to look at.

All answers rest on what can be seen. That somebody signed is never said, only that a place is not
empty any more; so even a complete scan carries the note that it proves nothing about who signed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from pks_kit.domain.page_list import page_list
from pks_kit.domain.paper import ItemState, PaperFacts, PaperPlace, ScannedPage
from pks_kit.domain.paper_review import FOREIGN, ReviewItem, review_items
from pks_kit.domain.tanda_tangan import PIHAK
from pks_kit.messages import Message, lookup
from pks_kit.verification.report.answers import failed, indeterminate, local_time, passed
from pks_kit.verification.report.paper_words import value_name
from pks_kit.verification.report.verdict import Check, Note
from pks_kit.visible_text import one_line

_SHOWN = 12
_OF_TEXT = ("addition", "missing", "unprinted")
_PRINTED_OTHERWISE = ("other_edition", "other_page_count")


def paper_checks(facts: PaperFacts) -> tuple[Check, ...]:
    """Return the answers to a scan.

    Args:
        facts: What was seen, and what persons decided.
    """
    known = _Standing(facts)
    return (*_pages(known), *_places(known), *_values(known), *_text(known))


def paper_notes(facts: PaperFacts) -> tuple[Note, ...]:
    """Return what is to be said beside: what a scan cannot prove, and what to send back."""
    known = _Standing(facts)
    notes = [Note(code="paper_visual")]
    for status in ("double", "replaced", "less_ink"):
        unused = [one for one in facts.pages if one.status == status]
        if unused:
            pages = _pages_of(one.page for one in unused if one.page)
            told: dict[str, str | int] = {"sheets": _sheets(unused), "pages": pages}
            notes.append(Note(code=f"paper_{status}", params=told))
    if facts.decided:
        count = len(facts.decided)
        notes.append(Note(code="paper_decided", params={"count": count, "who": who_decided(facts)}))
    own, places = _by_owner([*known.empty, *known.unsure_of_idle])
    if own:
        notes.append(Note(code="paper_own_places", params={"what": place_list(own)}))
    reprint, again = known.asked_again()
    if reprint or again or places:
        wanted = [lookup("paper.again.pages").fill({"pages": _pages_of(again)})] if again else []
        if reprint:
            wanted.append(_reprint(reprint, facts.edition, known.refused))
        if places:
            wanted.append(lookup("paper.again.places").fill({"places": place_list(places)}))
        # one Indonesian text to copy into a letter or a chat: the facility reads Indonesian
        notes.append(
            Note(code="paper_send_back", params={"what": " ".join(one.id for one in wanted)})
        )
    return tuple(notes)


def _by_owner(
    places: Iterable[PaperPlace],
) -> tuple[list[PaperPlace], list[PaperPlace]]:
    """Return the places of BPJS Kesehatan, which no facility can fill, and those of others."""
    several = [*places]
    own = [one for one in several if one.peran == PIHAK[0]]
    return own, [one for one in several if one.peran != PIHAK[0]]


def _whose(place: PaperPlace) -> str:
    """Return who fills in a place: a party, or one of several persons in the same role."""
    return place.peran if place.peran in PIHAK else place.id.partition("_")[2]


def _reprint(pages: Iterable[int], edition: str | None, refused: Iterable[ReviewItem]) -> Message:
    named = lookup("paper.again.edition").fill({"edition": edition}) if edition else Message("", "")
    differs = _differing(refused)
    what = lookup("paper.again.differs").fill({"values": differs}) if differs else Message("", "")
    return lookup("paper.again.reprint").fill(
        {"pages": _pages_of(pages), "edition": named.id, "what": what.id}
    )


def _differing(refused: Iterable[ReviewItem]) -> str:
    """Return which values were changed, and where; never what was or is printed there."""
    found: dict[str, set[int]] = defaultdict(set)
    for one in refused:
        if one.group in ("value", "text") and one.kind != "unprinted" and one.page:
            named = one.group == "value" and one.path
            found[value_name(one.path) if named else lookup("paper.again.text").id].add(one.page)
    told = [
        lookup("paper.again.value").fill({"name": name, "pages": _pages_of(pages)}).id
        for name, pages in found.items()
    ]
    left = len(told) - _SHOWN
    return "; ".join(told[:_SHOWN]) + (f"; +{left}" if left > 0 else "")


def who_decided(facts: PaperFacts) -> str:
    """Return who decided something, how much, and when last: ``Siti Rahma (3, 02-03-2026)``."""
    by: dict[str, list[datetime]] = defaultdict(list)
    for item in facts.decided:
        for opinion in item.opinions:
            by[one_line(opinion.by)].append(opinion.at)
    return ", ".join(f"{name} ({len(at)}; {local_time(max(at))})" for name, at in by.items())


class _Standing:
    """What stands after machine and persons have spoken."""

    def __init__(self, facts: PaperFacts) -> None:
        self.facts = facts
        self.items = review_items(facts)
        state: dict[str, ItemState] = {one.item: one.state for one in facts.decided}
        self._state = state
        self._places = {one.id: one for one in facts.places}
        self.refused = [
            one for one in self.items if one.group != "place" and state.get(one.key) == "refused"
        ]
        self.waiting = [one for one in self.items if state.get(one.key) == "waiting"]

    def left(self, *kinds: str) -> list[ReviewItem]:
        """Return what nobody has decided yet, of some answers of the machine."""
        settled = ("accepted", "refused")
        return [
            one for one in self.items
            if one.machine in kinds and self._state.get(one.key) not in settled
        ]  # fmt: skip

    @property
    def empty(self) -> list[PaperPlace]:
        """Return the places that stand empty, by the machine or by a person's word."""
        return [
            self._places[one.key] for one in self.items
            if one.group == "place" and (
                self._state.get(one.key) == "refused"
                or (one.machine == "empty" and self._state.get(one.key) is None)
            )
        ]  # fmt: skip

    def asked_again(self) -> tuple[list[int], list[int]]:
        """Return the pages that must be printed anew, and those that need a better scan only.

        A page that was changed, or printed from another file, does not get better by scanning.
        """
        missing = set(self.facts.missing)
        anew = {one.page for one in self.refused if one.group != "sheet"}
        anew |= {one.page for one in self.refused if one.machine in _PRINTED_OTHERWISE}
        anew |= {
            one.page for one in self.facts.pages
            if one.status in _PRINTED_OTHERWISE and one.page in missing
        }  # fmt: skip
        again = missing | {one.page for one in self.refused}
        return sorted(one for one in anew if one), sorted(one for one in again - anew if one)

    @property
    def unsure_of_idle(self) -> list[PaperPlace]:
        """Return unsure places of whoever has done nothing else: they are asked for with the rest.

        A printed rule that came out dark makes a place unsure; among places that all stand empty
        nobody needs to be told apart from it.
        """
        idle = {_whose(one) for one in self.empty}
        open_ = {one.id for one in (*self.empty, *self.unsure)}
        idle -= {_whose(one) for one in self.facts.places if one.id not in open_}
        return [one for one in self.unsure if _whose(one) in idle]

    @property
    def unsure(self) -> list[PaperPlace]:
        """Return the places that a person must look at."""
        return [self._places[one.key] for one in self.left("unsure")]


def _pages(known: _Standing) -> Iterator[Check]:
    facts = known.facts
    wrong = known.left(*FOREIGN)
    unread = known.left("unreadable")
    differing = known.left("double_differs")
    unknown = known.left("edition_unknown")
    refused = [one for one in known.refused if one.group == "sheet"]
    without = [one for one in facts.pages if one.status == "ok_without_code"]
    if facts.missing:
        yield failed(
            "paper.pages", "missing", "visual", pages=_pages_of(facts.missing),
            count=len(facts.missing),
        )  # fmt: skip
    for status in FOREIGN:
        sheets = [one for one in wrong if one.machine == status]
        if sheets:
            answer = failed if facts.missing else indeterminate
            yield answer("paper.sheets", status, "visual", sheets=_sheets(sheets))
    if unread:
        # unread sheets hurt nobody while every page is there
        answer = failed if facts.missing else indeterminate
        yield answer("paper.sheets", "unreadable", "visual", sheets=_sheets(unread))
    if differing:
        yield indeterminate("paper.sheets", "double_differs", "visual", sheets=_sheets(differing))
    if unknown:
        yield indeterminate("paper.sheets", "edition_unknown", "visual", sheets=_sheets(unknown))
    if refused:
        yield failed("paper.sheets", "again", "visual", sheets=_sheets(refused))
    if without:
        yield passed(
            "paper.sheets", "without_code", "visual", sheets=_sheets(without),
        )  # fmt: skip
    if not (facts.missing or wrong or unread or differing or refused):
        yield passed(
            "paper.pages", "complete", "visual",
            count=len({one.page for one in facts.pages if one.page}),
        )  # fmt: skip


def _places(known: _Standing) -> Iterator[Check]:
    facts, empty, unsure = known.facts, known.empty, known.unsure
    own, others = _by_owner(empty)
    for reason, several in (("empty", others), ("empty_own", own)):
        if several:
            yield failed(
                "paper.places", reason, "visual", places=place_list(several), count=len(several)
            )
    if unsure:
        yield indeterminate(
            "paper.places", "unsure", "visual", places=place_list(unsure), count=len(unsure)
        )
    if not empty and not unsure and not facts.missing:
        yield passed("paper.places", "used", "visual", count=len(facts.places))


def _values(known: _Standing) -> Iterator[Check]:
    facts = known.facts
    changed, disturbed = known.left("value"), known.left("disturbed")
    refused = [one for one in known.refused if one.group == "value"]
    for one in changed[:_SHOWN]:
        yield indeterminate(
            "paper.values", "other_fits", "visual", page=one.page, path=one.path or "?",
            issued=one.issued or "?", read=one.read or "?",
        )  # fmt: skip
    if len(changed) > _SHOWN:
        yield indeterminate("paper.values", "more", "visual", count=len(changed) - _SHOWN)
    if disturbed:
        yield indeterminate(
            "paper.values", "disturbed", "visual", pages=_item_pages(disturbed),
            count=len(disturbed),
        )  # fmt: skip
    if known.waiting:
        yield indeterminate(
            "paper.values", "second_person", "visual", pages=_item_pages(known.waiting),
            count=len(known.waiting),
        )  # fmt: skip
    if refused:
        yield failed(
            "paper.values", "changed", "visual", pages=_item_pages(refused), count=len(refused)
        )
    amended = _addenda(facts)
    if amended:
        yield passed("paper.values", "amended", "visual", addenda=", ".join(amended))
    parts = known.left("not_compared")
    unjudged = sum(round(one.size) for one in parts)
    if unjudged:
        yield indeterminate(
            "paper.values", "not_compared", "visual", count=unjudged, pages=_item_pages(parts),
        )  # fmt: skip
    if not (changed or disturbed or unjudged or refused or amended or facts.missing):
        yield passed("paper.values", "same", "visual")


def _addenda(facts: PaperFacts) -> list[str]:
    """Return the addenda by which persons accepted changed values."""
    taken = (one for one in facts.decided if one.state == "accepted")
    return sorted({two.addendum for one in taken for two in one.opinions if two.addendum})


def _text(known: _Standing) -> Iterator[Check]:
    refused = [one for one in known.refused if one.group == "text"]
    for kind in _OF_TEXT:
        found = known.left(kind)
        if found:
            yield indeterminate(
                "paper.text", kind, "visual", pages=_item_pages(found), count=len(found)
            )
    if refused:
        yield failed(
            "paper.text", "changed", "visual", pages=_item_pages(refused), count=len(refused)
        )
    # of a page that nobody saw nothing is said
    if not known.facts.missing and not refused and not known.left(*_OF_TEXT):
        yield passed("paper.text", "same", "visual")


def _item_pages(items: Iterable[ReviewItem]) -> str:
    return _pages_of(one.page for one in items if one.page)


def _sheets(sheets: Iterable[ScannedPage | ReviewItem]) -> str:
    return _pages_of(one.scan_page for one in sheets)


def _pages_of(pages: Iterable[int]) -> str:
    return page_list(pages, "-")  # goes into chats and letters, where a plain sign survives


def place_list(places: Iterable[PaperPlace]) -> str:
    """Return places for people, of one kind and party together: ``paraf PIHAK KEDUA hlm. 1-9``.

    Where several persons have the same role it is told whose they are.
    """
    pages: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for one in places:
        signer = f" ({one_line(one.signer)})" if one.signer else ""
        pages[one.kind, one.peran, signer].append(one.page)
    return "; ".join(
        f"{kind.replace('_', ' ')} {peran.replace('_', ' ').upper()}{signer}"
        f" hlm. {_pages_of(numbers)}"
        for (kind, peran, signer), numbers in pages.items()
    )


def reason_words(place: PaperPlace) -> Message:
    """Return why a place was decided as it was."""
    return lookup(f"paper.place.{place.reason}")
