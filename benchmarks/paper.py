"""How well simulated paper is read: identity, places, values, CPU seconds for a sheet.

Each line is one scanner and one state of the paper. The truth comes from the simulator; nothing of
it was seen by what is measured.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from pks_kit.scan.reading import read_scan
from pks_kit.scan.simulated import encode
from pks_kit.scan.simulated.devices import Flatbed
from pks_kit.scan.simulated.stack import Wishes, scanned
from pks_kit.scan.simulated.tampering import IN_FILE, ON_PAPER
from support import paper_samples

DIGIT = ("changed_digit",)
TAMPERED = tuple(one for one in (*IN_FILE, *ON_PAPER) if one != "changed_digit")
ROWS: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = (
    ("200 colour, plain", {"mode": "colour", "dpi": 200}, {"signed": 0.65}),
    ("150 grey, plain", {"mode": "grey", "dpi": 150}, {"signed": 0.65}),
    ("300 1-bit, plain", {"mode": "bw", "dpi": 300}, {"signed": 0.65}),
    ("200 colour, dirt", {"mode": "colour", "dpi": 200}, {"signed": 0.0, "dirt": 0.9}),
    ("150 grey, dirt", {"mode": "grey", "dpi": 150}, {"signed": 0.0, "dirt": 0.9}),
    ("200 colour, a digit changed", {"mode": "colour", "dpi": 200}, {"changes": DIGIT}),
    ("200 colour, tampered", {"mode": "colour", "dpi": 200}, {"changes": TAMPERED}),
    ("100 grey, plain", {"mode": "grey", "dpi": 100}, {"signed": 0.65}),
    ("200 grey of a copy, plain", {"mode": "grey", "dpi": 200}, {"signed": 0.65, "copied": True}),
)  # fmt: skip


def measure(
    device: dict[str, Any], wished: dict[str, Any], seed: int, pages: int
) -> dict[str, Any]:
    """Make a stack, read it, compare with the truth."""
    issue = paper_samples.issue()
    signing = sorted({one.page for one in issue.receipt.places})
    rest = [one for one in range(1, issue.receipt.pages + 1) if one not in signing]
    chosen = tuple((signing + rest)[:pages])
    kinds = wished.pop("changes", ())
    more = {
        "changes": tuple(
            f"{kinds[place % len(kinds)]}@{one}" for place, one in enumerate(chosen) if kinds
        )
    }
    wishes = Wishes(
        pages=chosen,
        device=Flatbed(severity="medium", **device),
        **wished,
        **more,
    )
    files, shown = [], []
    for one in scanned(issue.pdf, issue.receipt, seed, wishes):
        dpi = round(one.dpi)
        one_bit = device["mode"] == "bw"
        files.append(
            encode.as_pdf([one.picture], dpi=dpi, jpeg_quality=None)
            if one_bit
            else encode.as_jpeg(one.picture, dpi=dpi, quality=70)
        )
        shown += one.shows
    began = time.process_time()
    facts = read_scan(issue.pdf, issue.receipt, files)
    spent = (time.process_time() - began) / len(files)
    decided = {one.id: one.decision for one in facts.places}
    counted: Counter[str] = Counter()
    for page in shown:
        for one in page.places:
            counted[f"{one.state} as {decided[one.id]}"] += 1
    planted = Counter(one.kind for page in shown for one in page.changes)
    met = Counter(
        one.kind
        for page in shown
        for one in page.changes
        if any(told.page == page.page and _meet(told.box, one.rect) for told in facts.changes)
    )
    beside = sum(
        not any(
            page.page == told.page and _meet(told.box, one.rect)
            for page in shown
            for one in page.changes
        )
        for told in facts.changes
    )
    return {
        "sheets": len(files),
        "identified": sum(one.status == "ok" for one in facts.pages),
        "places": dict(sorted(counted.items())),
        "changes found": {kind: f"{met[kind]} of {count}" for kind, count in planted.items()},
        "changes told beside": beside,
        "cpu seconds a sheet": round(spent, 2),
    }


def _meet(one: tuple[float, ...], other: tuple[float, ...], room: float = 6) -> bool:
    across = one[0] - room < other[2] and other[0] < one[2] + room
    return across and one[1] - room < other[3] and other[1] < one[3] + room


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", type=int, default=12)
    parser.add_argument("--only", default="", help="rows whose name holds this")
    given = parser.parse_args()
    for name, device, wished in ROWS:
        if given.only not in name:
            continue
        print(
            f"{name}: {json.dumps(measure(device, dict(wished), given.seed, given.pages))}",
            flush=True,
        )


if __name__ == "__main__":
    main()
