"""Which page is told for each sheet, whatever made the scan; and what ninety sheets take of memory.

The truth comes from the simulator. ``--memory`` reads one PDF of ninety coloured sheets in a fresh
process and prints the most memory that it ever held.
"""

from __future__ import annotations

import argparse
import io
import json
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import cv2
import numpy as np
import pikepdf

from pks_kit.scan.reading import read_scan
from pks_kit.scan.simulated import encode
from pks_kit.scan.simulated.devices import Flatbed
from pks_kit.scan.simulated.phone import Phone
from pks_kit.scan.simulated.stack import Wishes, scanned
from support import paper_samples

SHEETS = 90
ROWS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("72 grey, light", {"device": Flatbed(dpi=72, mode="grey")}),
    ("100 grey, light", {"device": Flatbed(dpi=100, mode="grey")}),
    ("150 grey, heavy", {"device": Flatbed(dpi=150, mode="grey", severity="heavy", quality=40)}),
    ("150 1-bit, medium", {"device": Flatbed(dpi=150, mode="bw", severity="medium")}),
    ("200 colour, turned", {"device": Flatbed(severity="medium"), "turned": (1, 2, 3)}),
    ("300 1-bit, heavy", {"device": Flatbed(dpi=300, mode="bw", severity="heavy")}),
    ("copy, 200 grey", {"device": Flatbed(mode="grey", severity="medium"), "copied": True}),
    ("150 grey, 14 mm lost", {"device": Flatbed(dpi=150, mode="grey"), "cropped": 14.0}),
    ("phone, good", {"device": Phone(care="good")}),
    ("phone, poor", {"device": Phone(care="poor")}),
    ("phone, chat", {"device": Phone(care="chat")}),
)


def identity(wished: dict[str, Any], seed: int, pages: int) -> dict[str, Any]:
    """Read some pages of an agreement and count what is told of each sheet."""
    issue = paper_samples.issue()
    order = np.random.default_rng(seed).permutation(issue.receipt.pages)[:pages] + 1
    wishes = Wishes(pages=tuple(int(one) for one in order), initials_mm=(12, 25), **wished)
    files, truth = [], []
    for one in scanned(issue.pdf, issue.receipt, seed, wishes):
        dpi = round(one.dpi)
        files.append(
            encode.as_tiff([one.picture], dpi=dpi)
            if one.bw
            else encode.as_jpeg(one.picture, dpi=dpi, quality=80)
        )
        truth.append(one.shows[0].page)
    began = time.process_time()
    facts = read_scan(issue.pdf, issue.receipt, files)
    spent = (time.process_time() - began) / len(files)
    right = sum(
        one.status.startswith("ok") and one.page == page
        for one, page in zip(facts.pages, truth, strict=True)
    )
    wrong = sum(one.page not in (None, page) for one, page in zip(facts.pages, truth, strict=True))
    residuals = [one.residual_mm for one in facts.pages if one.residual_mm is not None]
    return {
        "sheets": len(files),
        "told right": right,
        "told wrong": wrong,
        "statuses": dict(sorted(Counter(one.status for one in facts.pages).items())),
        "not aligned": sum(one.reason == "not_aligned" for one in facts.places),
        "residual mm, median": round(float(np.median(residuals)), 3) if residuals else None,
        "cpu seconds a sheet": round(spent, 2),
    }


def memory(dpi: int) -> dict[str, Any]:
    """Return what one PDF of ninety coloured sheets takes of a fresh process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scan.pdf"
        fresh = multiprocessing.get_context("spawn")
        for job in (_write, _read):
            with fresh.Pool(1) as pool:
                told = pool.apply(job, (str(path), dpi))
        return {"dpi": dpi, "file MB": round(path.stat().st_size / 1e6, 1), **told}


def _write(path: str, dpi: int) -> dict[str, Any]:
    rng, out = np.random.default_rng(dpi), pikepdf.new()
    for number in range(SHEETS):
        page = paper_samples.printed(number % paper_samples.issue().receipt.pages + 1)
        height, width = page.shape
        lying = cv2.getRotationMatrix2D((width / 2, height / 2), rng.normal(0, 0.5), 0.99)
        moved = cv2.warpAffine(page, lying, (width, height), borderValue=(250, 250, 250))
        grey = cv2.resize(moved, None, fx=dpi / 300, fy=dpi / 300, interpolation=cv2.INTER_AREA)
        noisy = np.clip(grey * 0.9 + 12 + rng.normal(0, 2, grey.shape), 0, 255).astype(np.uint8)
        colour = np.dstack([noisy] * 3)
        colour[dpi // 2 : dpi, dpi : 2 * dpi] = (60, 40, 170)
        with pikepdf.open(io.BytesIO(encode.as_pdf([colour], dpi=dpi, jpeg_quality=70))) as one:
            out.pages.extend(one.pages)
    out.save(path)
    return {}


def _read(path: str, dpi: int) -> dict[str, Any]:
    issue = paper_samples.issue()
    began = time.process_time()
    facts = read_scan(issue.pdf, issue.receipt, [Path(path).read_bytes()])
    spent = time.process_time() - began
    return {
        "sheets": len(facts.pages),
        "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "cpu seconds a sheet": round(spent / len(facts.pages), 2),
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", type=int, default=12)
    parser.add_argument("--memory", type=int, metavar="DPI", help="measure memory instead")
    given = parser.parse_args()
    if given.memory:
        print(json.dumps(memory(given.memory)))
        return
    for name, wished in ROWS:
        print(f"{name}: {json.dumps(identity(dict(wished), given.seed, given.pages))}", flush=True)


if __name__ == "__main__":
    main()
