"""Places by the hundred: fields cut out of a page, simulated, scanned and decided one by one.

A whole sheet costs two CPU seconds and holds ten places; a field costs a tenth. The truth tells how
a field lies, with an error as large as alignment leaves it; whole sheets are in ``paper.py``.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import zlib
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, cast

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import cv2
import numpy as np

from pks_kit.domain.rect import Rect
from pks_kit.scan.alignment import Alignment
from pks_kit.scan.blocks import weights_at
from pks_kit.scan.issued import HandPlace
from pks_kit.scan.pictures import Colours
from pks_kit.scan.places import decide
from pks_kit.scan.simulated.devices import Flatbed, copier, flatbed
from pks_kit.scan.simulated.encode import through_jpeg
from pks_kit.scan.simulated.hands import Place, Plan, TruePlace, fill, places_of
from pks_kit.scan.simulated.printed import Rendered, any_printer, printed, rendered
from pks_kit.scan.simulated.warp import Grid, grid_of
from pks_kit.scan.view import view_of
from support import paper_samples

CUTS: dict[str, tuple[int, Rect]] = {
    "field": (17, (0, 420, 595.2, 700.08)),
    "foot": (3, (380.16, 0, 595.2, 110.16)),
}
"""Page and points: both parties sign in the one, initials stand in the other."""
DEVICES = {
    "c200": Flatbed(dpi=200, mode="colour", severity="medium"),
    "g150": Flatbed(dpi=150, mode="grey", severity="medium"),
    "b300": Flatbed(dpi=300, mode="bw", severity="medium"),
    "b200": Flatbed(dpi=200, mode="bw", severity="medium"),
    "g100": Flatbed(dpi=100, mode="grey", severity="light"),
    "copy": Flatbed(dpi=200, mode="grey", severity="medium"),
}
PAPER = {"plain": (0.65, 0.0), "empty": (0.0, 0.0), "dirt": (0.0, 0.9)}
"""Share of places that are signed, and that are dirty."""
_LEFT_OVER_MM = 0.075
_STEP = 8


@dataclass(frozen=True)
class Part:
    """The part of an issued page, with as much of a page as reading asks for."""

    width: float
    height: float
    fine: Any


@dataclass(frozen=True)
class Sure:
    """An alignment that vouches for everything: what lies there is known.

    ``where`` tells for each pixel of the part at 150 dpi where it lies in the scan.
    """

    page: Part
    dpi: float
    where: Any

    def vouched(self, x: float, y: float) -> bool:
        return True

    def warped(
        self, picture: Any, left: float, top: float, width: int, height: int, dpi: float
    ) -> Any:
        """As alignment does it."""
        if self.dpi / dpi > 1.3:
            picture = cv2.GaussianBlur(picture, (0, 0), 0.4 * self.dpi / dpi)
        nothing: Any = None
        return cv2.remap(
            picture, self.where, nothing, cv2.INTER_LINEAR, borderValue=(245, 245, 245)
        )


@cache
def cut(name: str) -> tuple[Rendered, tuple[Place, ...], Any]:
    """A part of an issued page, its places in its own points, and how it was issued at 150 dpi."""
    issue = paper_samples.issue()
    number, (left, bottom, right, top) = CUTS[name]
    page = rendered(issue.pdf, number, dpi=300)
    scale = 300 / 72
    rows = round((page.height - top) * scale), round((page.height - bottom) * scale)
    pixels = page.pixels[rows[0] : rows[1], round(left * scale) : round(right * scale)]
    height, width = (one / scale for one in pixels.shape[:2])
    low = page.height - min(rows[1], page.pixels.shape[0]) / scale
    moved = [
        replace(one, rect=cast(Rect, tuple(np.subtract(one.rect, (left, low, left, low)))))
        for one in places_of(issue.receipt, number)
    ]
    inside = tuple(
        one for one in moved
        if min(one.rect[:2]) > 4 and one.rect[2] < width and one.rect[3] < height
    )  # fmt: skip
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    size = round(width * 200 / 72), round(height * 200 / 72)
    fine = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    part = Rendered(page=1, pixels=pixels, dpi=300, width=width, height=height, letters=())
    return part, inside, Part(width, height, fine)


def one(
    name: str, seed: int, device: str, paper: str
) -> tuple[dict[str, TruePlace], dict[str, Any]]:
    """Simulate and decide one part: the truth, and what was answered."""
    part, boxes, issued = cut(name)
    random = np.random.default_rng([seed, zlib.crc32(name.encode())])
    sheet = printed(replace(part, pixels=part.pixels.copy()), any_printer(random), random)
    signed, dirty = PAPER[paper]
    plan = Plan(
        signed=frozenset(box.name for box in boxes if random.random() < signed),
        dirt={box.name: _kind(random) for box in boxes if random.random() < dirty},
        crossing=bool(random.random() < 0.9),
        initials_mm=(8, 15),
        day=paper_samples.issue().receipt.tanggal_mulai,
        seed=seed,
    )
    truth = {box.name: box for box in fill(sheet, boxes, plan, random)}
    steps: tuple[Any, ...] = ()
    if device == "copy":
        sheet, warp = copier(sheet, random)
        steps = (warp,)
    scanner = DEVICES[device]
    taken = flatbed(sheet, scanner, random)
    bilevel = scanner.mode == "bw"
    picture = taken.picture if bilevel else through_jpeg(taken.picture, 70)
    grid = grid_of(sheet.placed, (*steps, *taken.steps), part.width, part.height)
    colours: Colours = "bilevel" if bilevel else "colour" if picture.ndim == 3 else "grey"
    lying = cast(Alignment, Sure(issued, taken.dpi, _where(grid, issued, taken.dpi, random)))
    view = view_of(lying, picture, colours)
    hands = [
        HandPlace(
            id=box.name, kind=cast(Any, box.kind), kode=box.kode, peran=box.kode or box.who,
            page=1, rect=box.rect,
        )
        for box in boxes
    ]  # fmt: skip
    found = decide(view, lying, hands, 1)
    return truth, {place.id: place for place in found.places}


def _kind(random: Any) -> str:
    from pks_kit.scan.simulated.dirt import PLACE_KINDS

    return PLACE_KINDS[int(random.integers(len(PLACE_KINDS)))]


def _where(grid: Grid, part: Part, dpi: float, random: Any) -> Any:
    """Where the pixels of a part lie in its scan, a little beside where they should be."""
    columns, rows = round(part.width * 150 / 72), round(part.height * 150 / 72)
    x, y = np.meshgrid(np.arange(0, columns + _STEP, _STEP), np.arange(0, rows + _STEP, _STEP))
    flat = x.ravel(), y.ravel()
    points = np.stack(
        [(flat[0] + 0.5) * 72 / 150, part.height - (flat[1] + 0.5) * 72 / 150], axis=1
    )
    at = grid.where(points).reshape((*x.shape, 2)) - 0.5
    error = random.normal(0, 1, (3, 4, 2)).astype(np.float32) * _LEFT_OVER_MM * dpi / 25.4
    at = at + cv2.resize(error, at.shape[1::-1], interpolation=cv2.INTER_CUBIC)
    across = weights_at(np.arange(columns) / _STEP, at.shape[1])
    down = weights_at(np.arange(rows) / _STEP, at.shape[0])
    return np.stack([down @ at[:, :, axis] @ across.T for axis in (0, 1)], axis=2).astype(
        np.float32
    )


def main() -> None:
    """Print how places were decided, by kind and by dirt."""
    parser = argparse.ArgumentParser()
    parser.add_argument("device", choices=DEVICES)
    parser.add_argument("paper", choices=PAPER)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=40, help="parts of each cut")
    given = parser.parse_args()
    counted: Counter[tuple[str, str, str]] = Counter()
    began = time.process_time()
    for seed in range(given.seed, given.seed + given.count):
        for name in CUTS:
            truth, told = one(name, seed, given.device, given.paper)
            for place in truth.values():
                decision = told[place.name].decision
                counted[(place.kind, place.state, decision)] += 1
                for kind in place.dirt if place.state == "dirty" else ():
                    counted[(f"({kind})", place.state, decision)] += 1
    for (kind, state, decision), count in sorted(counted.items()):
        print(f"{kind:20} {state:7} as {decision:7} {count}")
    print(f"{time.process_time() - began:.0f} CPU seconds")


if __name__ == "__main__":
    main()
