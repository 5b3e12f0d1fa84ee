"""QR codes as vector shapes."""

from __future__ import annotations

from functools import lru_cache

QUIET_ZONE = 4
"""Modules of white that a reader needs on every side (ISO/IEC 18004)."""

MASK = 3
"""One fixed mask: readers take any, and trying all eight costs most of the time."""


@lru_cache(maxsize=256)
def qr_matrix(text: str) -> tuple[tuple[bool, ...], ...]:
    """Return the modules of a QR code from the top row down, error correction M, no border."""
    import qrcode

    code = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_M, border=0, mask_pattern=MASK
    )
    code.add_data(text)
    code.make(fit=True)
    return tuple(tuple(bool(module) for module in row) for row in code.modules)


def qr_runs(text: str) -> tuple[int, tuple[tuple[int, int, int], ...]]:
    """Return the size in modules and the dark runs as (row from the top, first column, length)."""
    matrix = qr_matrix(text)
    runs = []
    for row, modules in enumerate(matrix):
        start: int | None = None
        for column, dark in enumerate((*modules, False)):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                runs.append((row, start, column - start))
                start = None
    return len(matrix), tuple(runs)


def qr_svg(text: str) -> str:
    """Return an inline SVG picture of the code with its quiet zone, for HTML."""
    size, runs = qr_runs(text)
    full = size + 2 * QUIET_ZONE
    path = "".join(
        f"M{column + QUIET_ZONE} {row + QUIET_ZONE}h{length}v1h-{length}z"
        for row, column, length in runs
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {full} {full}" class="qr">'
        f'<path d="{path}" fill="#000"/></svg>'
    )
