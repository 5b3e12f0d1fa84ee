"""The sample contract for tests, whole or with changes."""

from __future__ import annotations

import copy
import re
from functools import cache
from pathlib import Path
from typing import Any

from pks_kit.domain.kontrak import Kontrak
from pks_kit.inputs import load_kontrak

SAMPLE = Path(__file__).resolve().parents[2] / "contoh" / "klinik-pratama-rawat-inap.yml"
_PART = re.compile(r"([^.\[\]]+)|\[([0-9]+)\]")


@cache
def sample() -> Kontrak:
    return load_kontrak(SAMPLE).kontrak


@cache
def _plain() -> dict[str, Any]:
    return sample().model_dump(mode="json")


def changed(**changes: Any) -> Kontrak:
    """Return the sample with values replaced; ``__`` in a name stands for a dot."""
    return changed_at({name.replace("__", "."): value for name, value in changes.items()})


def changed_at(changes: dict[str, Any]) -> Kontrak:
    """Return the sample with the values at paths such as ``tenaga_kesehatan[0].sip`` replaced."""
    data = copy.deepcopy(_plain())
    for path, value in changes.items():
        parts = [int(index) if index else key for key, index in _PART.findall(path)]
        place: Any = data
        for part in parts[:-1]:
            place = place[part]
        place[parts[-1]] = value
    return Kontrak.model_validate(data)
