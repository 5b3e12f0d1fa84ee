"""Letters in ZIP files whose names say what they hold: of what day, to how many, which part."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pks_kit.domain.tanggal import WIB
from pks_kit.files import NamedFile
from pks_kit.web.work.task import MadeFile

if TYPE_CHECKING:
    from pks_kit.web.work.shop import Shop

MOST_LETTERS = 50
"""So many files in one ZIP, so that no more of them is in memory."""


def packed(shop: Shop, letters: Sequence[tuple[str, Path]], peran: str) -> Iterator[MadeFile]:
    """Put letters into the store, some of them in a ZIP; all of one letter are in the same.

    Args:
        shop: The shop.
        letters: What each is called, and where it lies; those of one letter beside each other.
        peran: What they are of the result; their ZIP is called so.
    """
    parts = list(_parts(letters))
    day = shop.clock().astimezone(WIB).date().isoformat()
    for number, part in enumerate(parts, 1):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            for called, path in part:
                archive.write(path, called)
        words = [peran.replace("_", "-"), day, f"{len({_stem(one) for one, _ in part})}-surat"]
        if len(parts) > 1:
            words.append(f"bagian-{number}-dari-{len(parts)}")
        yield shop.keep(NamedFile(f"{'-'.join(words)}.zip", content.getvalue()), peran)


def _parts(letters: Sequence[tuple[str, Path]]) -> Iterator[list[tuple[str, Path]]]:
    part: list[tuple[str, Path]] = []
    for called, path in letters:
        if len(part) >= MOST_LETTERS and _stem(called) != _stem(part[-1][0]):
            yield part
            part = []
        part.append((called, path))
    if part:
        yield part


def _stem(called: str) -> str:
    return called.rpartition(".")[0] or called
