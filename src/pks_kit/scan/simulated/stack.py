"""A whole stack of paper out of an issued PDF: printed, signed, dirtied, changed, scanned.

Everything is simulated by our own drawings; nothing was learned from real scans, and what holds
here holds for simulated paper only. One seed gives the same pixels every time; a page looks the
same whatever other pages are in the stack.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from pks_kit.domain.receipt import Receipt
from pks_kit.scan.simulated.devices import (
    Flatbed,
    copier,
    cropped,
    flatbed,
    side_by_side,
    turned,
)
from pks_kit.scan.simulated.dirt import PLACE_KINDS, fold, punch_holes, show_through, staple
from pks_kit.scan.simulated.encode import as_pdf, through_jpeg
from pks_kit.scan.simulated.hands import Place, Plan, TruePlace, fill, places_of
from pks_kit.scan.simulated.phone import Phone, phone
from pks_kit.scan.simulated.printed import Printer, any_printer, printed, rendered
from pks_kit.scan.simulated.sheet import Picture, Points, Random, Sheet
from pks_kit.scan.simulated.tampering import IN_FILE, ON_PAPER, Change, Ground
from pks_kit.scan.simulated.warp import Grid, Taken, Warp, grid_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the stack shall be like.

    Attributes:
        pages: Pages from 1 in any order; None for all.
        device: Scanner or phone.
        copied: Whether a copier made what is scanned.
        printer: The printer; None for some printer.
        signed: Share of the places that get what belongs there.
        states: ``signed`` or ``empty`` by name of the place, ``PARAF_PIHAK_KEDUA@12`` for one page
            only; wins over ``signed``.
        dirt: Share of the places with dirt in them.
        dirt_kinds: Kinds for that, see ``dirt.PLACE_KINDS``.
        page_dirt: Kinds that every page gets, see ``dirt.PAGE_KINDS``.
        crossing: Share of the signatures that run over the sticker.
        initials_mm: Shortest and longest line of a paraf.
        changes: Kinds of tampering, each made once, on a page of its choice or, as in
            ``white_out@12``, on a certain one; see ``IN_FILE`` and ``ON_PAPER``.
        turned: Quarters against the clock; each page takes one of them.
        two_up: Two pages on each scanned sheet.
        cropped: Up to so many mm are missing at every edge.
        shuffled: Pages in any order.
        blank_backs: A blank page after each page.
        dpi: Resolution of paper while it is drawn; less is quicker.
    """

    pages: tuple[int, ...] | None = None
    device: Flatbed | Phone = field(default_factory=Flatbed)
    copied: bool = False
    printer: Printer | None = None
    signed: float = 1.0
    states: Mapping[str, Literal["signed", "empty"]] = field(default_factory=dict)
    dirt: float = 0.0
    dirt_kinds: tuple[str, ...] = PLACE_KINDS
    page_dirt: tuple[str, ...] = ()
    crossing: float = 0.9
    initials_mm: tuple[float, float] = (8, 15)
    changes: tuple[str, ...] = ()
    turned: tuple[int, ...] = (0,)
    two_up: bool = False
    cropped: float = 0.0
    shuffled: bool = False
    blank_backs: bool = False
    dpi: float = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The truth about one issued page in a scan.

    Attributes:
        page: Page number from 1.
        grid: Where its points lie in the picture.
        places: All boxes for the pen.
        changes: What was changed.
        dirt: Kinds of dirt on the whole page.
    """

    page: int
    grid: Grid
    places: tuple[TruePlace, ...]
    changes: tuple[Change, ...]
    dirt: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScannedPage:
    """One page of the scan.

    Attributes:
        picture: RGB or grey, after JPEG where the device writes JPEG.
        dpi: Pixels per inch, as the file says.
        bw: Whether it holds black and white only.
        shows: Issued pages in it: none on a blank back, two on a sheet of two.
    """

    picture: Picture
    dpi: float
    bw: bool
    shows: tuple[Shown, ...]


@dataclass(slots=True, kw_only=True)
class _Paper:
    """A page before the device: its sheet, and what it went through."""

    sheet: Sheet
    steps: tuple[Warp, ...]
    size: tuple[float, float]
    places: tuple[TruePlace, ...]
    changes: tuple[Change, ...]


def scanned(
    pdf: bytes, receipt: Receipt, seed: int, wishes: Wishes | None = None
) -> Iterator[ScannedPage]:
    """Yield the pages of a simulated scan one by one, so that a long one needs little memory.

    Args:
        pdf: The issued file.
        receipt: Its receipt; one of format 1 as ``render.pdf.first_layout.completed`` gives it.
        seed: 0 or more; the same number gives the same pixels.
        wishes: What it shall be like; without it a complete, clean stack on a 200 dpi scanner.

    Raises:
        IndexError: A wished page is not in the file.
        KeyError: No such kind of dirt or tampering.
    """
    wanted = wishes or Wishes()
    order = list(wanted.pages or range(1, receipt.pages + 1))
    common = np.random.default_rng([seed, 0])
    printer = wanted.printer or any_printer(common)
    if wanted.shuffled:
        order = [order[int(one)] for one in common.permutation(len(order))]
    planned = _planned(wanted.changes, order, common)
    waiting: list[tuple[Taken, Shown]] = []
    left_over: list[str] = []
    for number in order:
        random = np.random.default_rng([seed, number])
        kinds = [*left_over, *planned.get(number, ())]
        paper = _paper(pdf, receipt, number, seed, wanted, printer, kinds, random)
        made = [one.kind for one in paper.changes]
        left_over = [one for one in kinds if one not in made]
        taken = _taken(paper, wanted, random)
        shown = Shown(
            page=number,
            grid=grid_of(paper.sheet.placed, (*paper.steps, *taken.steps), *paper.size),
            places=paper.places,
            changes=paper.changes,
            dirt=wanted.page_dirt,
        )
        waiting.append((taken, shown))
        if len(waiting) == 1 + wanted.two_up or number == order[-1]:
            yield _page(waiting, wanted)
            waiting = []
        if wanted.blank_backs:
            yield _blank(taken, wanted)


def stack(
    pdf: bytes, receipt: Receipt, seed: int, wishes: Wishes | None = None
) -> tuple[ScannedPage, ...]:
    """Return all pages of a simulated scan; see :func:`scanned`."""
    return tuple(scanned(pdf, receipt, seed, wishes))


def pdf_of(pages: tuple[ScannedPage, ...], quality: int | None = None) -> bytes:
    """Return the PDF that the device writes: G4 for black and white, else JPEG.

    Args:
        pages: Pages of one stack.
        quality: JPEG quality; the pictures have gone through JPEG once, so 92 without it.
    """
    bw = all(one.bw for one in pages)
    pictures = [one.picture for one in pages]
    chosen = None if bw else 92 if quality is None else quality
    return as_pdf(pictures, dpi=[one.dpi for one in pages], jpeg_quality=chosen)


def _planned(changes: tuple[str, ...], order: list[int], random: Random) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    shuffled = [order[int(one)] for one in random.permutation(len(order))]
    for index, wish in enumerate(changes):
        kind, _, page = wish.partition("@")
        if kind not in IN_FILE and kind not in ON_PAPER:
            raise KeyError(kind)
        found.setdefault(int(page) if page else shuffled[index % len(shuffled)], []).append(kind)
    return found


def _paper(
    pdf: bytes, receipt: Receipt, number: int, seed: int, wishes: Wishes, printer: Printer,
    kinds: list[str], random: Random,
) -> _Paper:  # fmt: skip
    page = rendered(pdf, number, dpi=wishes.dpi, letters=bool(kinds))
    boxes = places_of(receipt, number)
    critical = tuple(one for one in receipt.critical or () if one.page == number)
    ground = Ground(page=page, critical=critical, places=tuple(one.rect for one in boxes))
    for kind in kinds:
        if kind in IN_FILE:
            ground.note(IN_FILE[kind](ground, random))
    sheet = printed(page, printer, random)
    places = fill(sheet, boxes, _plan(boxes, receipt, seed, wishes, random), random)
    for kind in kinds:
        if kind in ON_PAPER:
            ground.note(ON_PAPER[kind](ground, sheet, random))
    for kind in wishes.page_dirt:
        _soil(sheet, kind, pdf, number, receipt.pages, random)
    steps: tuple[Warp, ...] = ()
    if wishes.copied:
        sheet, warp = copier(sheet, random)
        steps = (warp,)
    changes = tuple(ground.made)
    size = (page.width, page.height)
    return _Paper(sheet=sheet, steps=steps, size=size, places=places, changes=changes)


def _plan(
    boxes: tuple[Place, ...], receipt: Receipt, seed: int, wishes: Wishes, random: Random
) -> Plan:
    signed, dirty = set(), {}
    for box in boxes:
        chance, soiled = random.random(), random.random()
        kind = wishes.dirt_kinds[int(random.integers(len(wishes.dirt_kinds)))]
        wish = wishes.states.get(f"{box.name}@{box.page}", wishes.states.get(box.name))
        if wish == "signed" or (wish is None and chance < wishes.signed):
            signed.add(box.name)
        if soiled < wishes.dirt:
            dirty[box.name] = kind
    crossing = bool(random.random() < wishes.crossing)
    return Plan(
        signed=frozenset(signed),
        dirt=dirty,
        crossing=crossing,
        initials_mm=wishes.initials_mm,
        day=receipt.tanggal_mulai,
        seed=seed,
    )


def _soil(sheet: Sheet, kind: str, pdf: bytes, number: int, pages: int, random: Random) -> None:
    if kind == "show_through":
        back = rendered(pdf, number + 1 if number < pages else number, dpi=100).pixels
        show_through(sheet, back, random)
        return
    {"staple": staple, "punch_holes": punch_holes, "fold": fold}[kind](sheet, random)


def _taken(paper: _Paper, wishes: Wishes, random: Random) -> Taken:
    quarters = int(wishes.turned[int(random.integers(len(wishes.turned)))])
    if isinstance(wishes.device, Phone):
        return turned(phone(paper.sheet, wishes.device, random), quarters)
    taken = flatbed(paper.sheet, wishes.device, random)
    if wishes.cropped:
        edges = random.uniform(0, wishes.cropped, 4)
        taken = cropped(taken, *(float(one) for one in edges))
    lying = paper.size[0] > paper.size[1]
    return turned(taken, quarters + lying)


def _page(waiting: list[tuple[Taken, Shown]], wishes: Wishes) -> ScannedPage:
    shows = tuple(shown for _, shown in waiting)
    taken = waiting[0][0]
    if len(waiting) == 2:
        pair = side_by_side(waiting[0][0], waiting[1][0])
        taken = pair[0]
        shows = tuple(
            _moved(shown, both.steps[-1]) for both, shown in zip(pair, shows, strict=True)
        )
    return _finished(taken, wishes, shows)


def _moved(shown: Shown, step: Warp) -> Shown:
    grid = shown.grid
    pixels: Points = step.forward(grid.pixels.reshape(-1, 2)).reshape(grid.pixels.shape)
    moved = Grid(across=grid.across, down=grid.down, pixels=pixels)
    return Shown(
        page=shown.page, grid=moved, places=shown.places, changes=shown.changes, dirt=shown.dirt
    )


def _blank(like: Taken, wishes: Wishes) -> ScannedPage:
    """Return the blank back of a page: paper of the same size."""
    return _finished(Taken(picture=np.full_like(like.picture, 246), dpi=like.dpi), wishes, ())


def _finished(taken: Taken, wishes: Wishes, shows: tuple[Shown, ...]) -> ScannedPage:
    device, picture = wishes.device, taken.picture
    bw = isinstance(device, Flatbed) and device.mode == "bw"
    quality = device.jpeg if isinstance(device, Phone) else device.quality
    if bw:
        picture = np.where(picture > 127, 255, 0).astype(np.uint8)
    elif quality is not None:
        picture = through_jpeg(picture, quality)
    return ScannedPage(picture=picture, dpi=taken.dpi, bw=bw, shows=shows)
