"""Scans that came back stay in the folder of their batch: what came of an agreement grows.

``kembali`` holds every scan once under its hash, and for each agreement a list of the sheets that
count for it. The scan lies there before the list names it, and the list before any verdict is
written down, so that whoever is stopped in between loses nothing.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from pks_kit.errors import InputError
from pks_kit.files import read_limited
from pks_kit.pipelines.batching import folder as places
from pks_kit.pipelines.verifying.earlier_scans import EarlierScan
from pks_kit.pipelines.verifying.returned_files import ENDINGS, TakenFile
from pks_kit.verification.limits import Limits

_LIST_BYTES = 1 << 24


class KeptScans:
    """The scans of one batch."""

    def __init__(self, folder: Path, settled: Collection[str] = (), handed: str = "") -> None:
        """Create it.

        Args:
            folder: Where they lie.
            settled: Agreements that are complete: what comes of them is judged alone, and takes
                nothing back.
            handed: When what comes now was handed in; what was handed in after it is never judged
                without it.
        """
        self._folder = folder
        self._handed = handed
        self._settled = settled

    def of(self, agreement_id: str) -> tuple[EarlierScan, ...]:
        """Return what came before and is judged with what comes now, the first handed in first.

        Of a complete agreement that is all of it where some was handed in after what comes now.
        """
        found = self.all_of(agreement_id)
        return () if self._comes_alone(agreement_id, found) else found

    def _comes_alone(self, agreement_id: str, known: Collection[EarlierScan]) -> bool:
        later = any(one.handed > self._handed for one in known)
        return agreement_id in self._settled and not later

    def all_of(self, agreement_id: str) -> tuple[EarlierScan, ...]:
        """Return what came of an agreement and counts, the first handed in first."""
        found: dict[str, EarlierScan] = {}
        for several in self._lists(agreement_id).values():
            for one in several:
                path = self._folder / str(one["berkas"])
                before = found.get(one["sha256"])
                sheets = {*one["lembar"], *(before.sheets if before else ())}
                handed = max(str(one.get("masuk", "")), before.handed if before else "")
                if path.is_file():
                    found[one["sha256"]] = EarlierScan(
                        name=one["nama"],
                        sha256=one["sha256"],
                        sheets=tuple(sorted(sheets)),
                        given=path,
                        handed=handed,
                    )
        return tuple(sorted(found.values(), key=lambda one: one.handed))

    def paths_of(self, agreement_id: str) -> tuple[Path, ...]:
        """Return where these scans lie, the oldest first."""
        scans = self.all_of(agreement_id)
        return tuple(one.given for one in scans if isinstance(one.given, Path))

    def named(self, agreement_id: str) -> Iterator[tuple[str, Path]]:
        """Yield where these scans lie, under both names that answers call them by."""
        for one in self.all_of(agreement_id):
            if isinstance(one.given, Path):
                yield one.name, one.given
                yield one.told_apart, one.given

    def keep(
        self,
        agreement_id: str,
        edition: str | None,
        sheets: Mapping[str, tuple[TakenFile, list[int]]],
    ) -> None:
        """Keep what counts for an issue of an agreement, instead of what counted before.

        What comes of a complete agreement is kept beside the scans that made it complete.
        """
        known = self._lists(agreement_id)
        # one that came before keeps the name it came by, whatever it is told apart as now
        names = {one["sha256"]: one["nama"] for several in known.values() for one in several}
        told = []
        for sha256, (file, numbers) in sheets.items():
            name = sha256 + _ending(file.told.file)
            path = self._folder / name
            if not path.is_file():
                places.keep({path: file.content(Limits())}, read_only=True)
            called = names.get(sha256, Path(file.told.file).name)
            told.append(
                {
                    "berkas": name,
                    "nama": called,
                    "sha256": sha256,
                    "lembar": sorted(numbers),
                    "masuk": file.handed,
                }
            )
        key = edition or ""
        if self._comes_alone(agreement_id, self.all_of(agreement_id)):
            here = {one["sha256"] for one in told}
            told = [*(one for one in known.get(key, ()) if one["sha256"] not in here), *told]
        places.keep({self._list(agreement_id): json.dumps(known | {key: told}).encode() + b"\n"})

    def _list(self, agreement_id: str) -> Path:
        return self._folder / f"{agreement_id}.json"

    def _lists(self, agreement_id: str) -> dict[str, list[dict[str, Any]]]:
        path = self._list(agreement_id)
        if not path.is_file():
            return {}
        try:
            known = json.loads(read_limited(path, _LIST_BYTES))
            return {str(edition): list(several) for edition, several in known.items()}
        except (AttributeError, TypeError, ValueError) as error:
            raise InputError("batch.bad_kept_scans", file=str(path)) from error


def _ending(name: str) -> str:
    ending = Path(name).suffix.lower()
    return ending if ending in ENDINGS else ".pdf"
