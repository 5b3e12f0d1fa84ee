"""What reading a large workbook costs: cells of 26,000 rows, beside openpyxl read-only.

Both read the same bytes in fresh processes of the same run, in turn; the quotient of their CPU
seconds says more than either, since machines differ. Ours also tells formulas, hidden rows, merged
cells and stored digits, and refuses what is hostile; openpyxl only gives values.

``ROWS`` rows of the main sheet, as many columns as the sample fills. ``--facilities N`` takes N
invented facilities with all their lists instead, and also makes contract data of them.
"""

from __future__ import annotations

import argparse
import io
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from pks_kit.inputs.workbook import parse_book, write_workbook
from pks_kit.inputs.workbook.grid import CellsOf

ROWS = 26_000
ROUNDS = 3


def many_rows(count: int) -> bytes:
    """Return a workbook with so many rows on its main sheet."""
    import openpyxl

    from support.workbook_cells import sample_sheets

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Kontrak")
    labels, keys, first = sample_sheets()["Kontrak"][:3]
    sheet.append(labels)
    sheet.append(keys)
    for number in range(count):
        sheet.append([f"K{number:06}", *first[1:]])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def many_facilities(count: int) -> bytes:
    """Return a workbook with invented facilities of all kinds."""
    from support.facilities import facilities

    return write_workbook({f"F{at:05}": one for at, (_, one) in enumerate(facilities(count))})


def read(which: str, content: bytes) -> int:
    """Read a workbook one way and return how many cells hold something."""
    if which == "openpyxl":
        import openpyxl

        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        rows = (row for sheet in book for row in sheet.iter_rows(values_only=True))
        return sum(value is not None for row in rows for value in row)
    if which == "data":
        return sum(one.kontrak is not None for one in parse_book(content, "buku.xlsx").facilities)
    grids = CellsOf(source="buku.xlsx").answer((content,))
    return sum(len(cells) for grid in grids.sheets for cells in grid.rows.values())


def one_process(which: str, path: Path) -> None:
    """Read in this process and print count, CPU seconds and megabytes."""
    content = path.read_bytes()
    before = time.process_time()
    count = read(which, content)
    spent = time.process_time() - before
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(count, f"{spent:.2f}", most)


def measured(which: str, path: Path) -> tuple[int, float, int]:
    """Return count, CPU seconds and megabytes of a fresh process."""
    command = [sys.executable, __file__, "--one", which, str(path)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return int(told[0]), float(told[1]), int(told[2])


def main() -> None:
    """Measure, or read once when asked to by itself."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", nargs=2, metavar=("WHICH", "PATH"))
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--facilities", type=int, default=0)
    given = parser.parse_args()
    if given.one:
        one_process(given.one[0], Path(given.one[1]))
        return
    content = many_facilities(given.facilities) if given.facilities else many_rows(given.rows)
    ways = ["cells", "openpyxl", *(["data"] if given.facilities else [])]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "buku.xlsx"
        path.write_bytes(content)
        runs = [[measured(way, path) for way in ways] for _ in range(ROUNDS)]
    best = {
        way: min((run[at] for run in runs), key=lambda one: one[1]) for at, way in enumerate(ways)
    }
    for way, (count, spent, most) in best.items():
        print(f"{way}: {count} read, {spent} CPU s, {most} MB")
    print(f"cells / openpyxl: {best['cells'][1] / best['openpyxl'][1]:.2f} of the CPU seconds")


if __name__ == "__main__":
    main()
