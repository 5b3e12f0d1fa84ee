"""Texts and letters that a batch wrote: replaced and taken away while nobody changed them.

A list beside the plan tells the hash of each. What stands in the same folder and is not in it, or
was changed since (a letter to which somebody added its number by hand), belongs to people: it is
neither replaced nor deleted, and it is told.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from pathlib import Path

from pks_kit.errors import InputError
from pks_kit.files import read_limited
from pks_kit.limits import PDF_BYTES
from pks_kit.pipelines.batching.folder import BatchFolder, keep

_LIST = "surat-ditulis.json"
_LIST_BYTES = 32 << 20


class OwnLetters:
    """The list of one batch, read once.

    Args:
        place: Folder of the batch, or of its rehearsal.
    """

    def __init__(self, place: BatchFolder) -> None:
        self._root = place.path
        self._known: dict[str, list[str]] = {}
        try:
            known = json.loads(read_limited(self._root / _LIST, _LIST_BYTES))
            for name, hashes in known.items():
                self._known[str(name)] = [str(one) for one in hashes]
        except (AttributeError, InputError, TypeError, ValueError):
            self._known.clear()  # nothing is called ours, so nothing is taken away

    def settle(
        self, folder: Path, contents: Mapping[Path, bytes], stays: Collection[Path] = ()
    ) -> list[Path]:
        """Write files into a folder of the batch, and take away what was written there before.

        Args:
            folder: The folder.
            contents: What is to stand in it.
            stays: Files of earlier days that still hold.

        Returns:
            Files that were left as they are because they are not, or not any more, ours.

        Raises:
            InputError: ``file.unwritable``.
        """
        there = sorted(folder.iterdir()) if folder.is_dir() else []
        foreign = [one for one in there if not self._is_ours(one)]
        new = {path: content for path, content in contents.items() if path not in foreign}
        gone = [one for one in there if one not in foreign and one not in (*new, *stays)]
        wanted = {*contents, *stays, *(self._root / name for name in self._known)}
        # the list first, with old and new: however it ends, what stands there is known as ours
        hashes = {self._name(one): hashlib.sha256(new[one]).hexdigest() for one in new}
        for name, sha256 in hashes.items():
            self._known.setdefault(name, []).append(sha256)
        if new:
            self._save()
        keep(new)
        for one in gone:
            one.unlink(missing_ok=True)
            self._known.pop(self._name(one), None)
        self._known |= {name: [sha256] for name, sha256 in hashes.items()}
        if new or gone:
            self._save()
        return [one for one in foreign if one in wanted]

    def _name(self, path: Path) -> str:
        return path.relative_to(self._root).as_posix()

    def _is_ours(self, path: Path) -> bool:
        known = self._known.get(self._name(path))
        if known is None:
            return False
        try:
            return hashlib.sha256(read_limited(path, PDF_BYTES)).hexdigest() in known
        except InputError:
            return False

    def _save(self) -> None:
        content = json.dumps(dict(sorted(self._known.items())), indent=0).encode() + b"\n"
        keep({self._root / _LIST: content})
