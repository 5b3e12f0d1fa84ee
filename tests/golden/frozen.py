"""A clock that stands where a test puts it, without knowing where the product reads the time.

Only the commands read the clock, always with ``datetime.now``. So every module of ``pks_kit`` that
says ``datetime.now(`` gets a class in the place of ``datetime`` that differs in nothing else.
"""

from __future__ import annotations

import importlib
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from unittest.mock import patch


class Clock:
    """The time that is read; a second later at each reading."""

    def __init__(self, start: datetime) -> None:
        self.moment = start

    def set(self, moment: str) -> None:
        """Put the clock to a time in ISO 8601 with zone."""
        self.moment = datetime.fromisoformat(moment)

    def read(self, zone=None) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment.astimezone(zone) if zone else self.moment.replace(tzinfo=None)


@contextmanager
def frozen(moment: str):
    """Run with a standing clock; yields the :class:`Clock`."""
    clock = Clock(datetime.fromisoformat(moment))

    class Meta(type):
        def __instancecheck__(cls, value: object) -> bool:
            return isinstance(value, datetime)

    class Standing(datetime, metaclass=Meta):
        def __new__(cls, *parts, **more):
            return datetime(*parts, **more)  # noqa: DTZ001 the zone is among the parts

        @classmethod
        def now(cls, tz=None):
            return clock.read(tz)

    patches = []
    for module in _modules():
        if getattr(module, "datetime", None) is datetime:
            patches.append(patch.object(module, "datetime", Standing))
    assert patches, "nothing in pks_kit reads the clock by datetime.now"
    for one in patches:
        one.start()
    try:
        yield clock
    finally:
        for one in patches:
            one.stop()


@cache
def _modules() -> tuple[ModuleType, ...]:
    """Import every module of the product that reads the clock."""
    found = []
    spec = find_spec("pks_kit")
    root = Path(spec.submodule_search_locations[0])
    for path in sorted(root.rglob("*.py")):
        if "datetime.now(" in path.read_text(encoding="utf-8"):
            parts = path.relative_to(root).with_suffix("").parts
            dotted = [one for one in parts if one != "__init__"]
            found.append(importlib.import_module(".".join(("pks_kit", *dotted))))
    return tuple(found)
