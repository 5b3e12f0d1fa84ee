"""Which branch offices a new workbook names: equal data once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pks_kit.inputs.workbook.layout import branch_table

_FIRST_NAME = "cabang"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offices:
    """Branches of the facilities of a workbook.

    Attributes:
        data: Key of a branch -> data of a facility that has it.
        of_facility: Key of a facility -> key of its branch.
    """

    data: dict[str, dict[str, Any]] = field(default_factory=dict)
    of_facility: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, facilities: Mapping[str, dict[str, Any]], wanted: Mapping[str, str]) -> Offices:
        """Return the branches of facilities.

        Args:
            facilities: Key of each facility and its data as JSON.
            wanted: Key of a facility -> how its branch should be called; without one it is
                ``cabang``. Data that differ from those of a branch of that name get a number.
        """
        found = cls()
        known: dict[str, str] = {}
        for key, data in facilities.items():
            alike = json.dumps([_value(data, column.path) for column in branch_table().columns])
            if alike not in known:
                name = wanted.get(key) or _FIRST_NAME
                number = 1
                while (shown := name if number == 1 else f"{name}-{number}") in found.data:
                    number += 1
                known[alike] = shown
                found.data[shown] = data
            found.of_facility[key] = known[alike]
        return found


def _value(data: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        data = data.get(part) if isinstance(data, dict) else None
    return data
