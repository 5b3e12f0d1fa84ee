"""Begins every Python program whose environment :func:`support.shared_pages.taking_part` made.

A module that is shared is changed when the program loads it; nothing is loaded for that.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

_SHARED = ("pks_kit.render.pdf.parts", "pks_kit.render.pdf.roads", "pks_kit.naskah.assemble")


class _Sharing:
    """Finds the shared modules where they are, and lets them share once they are loaded."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in _SHARED:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is None or spec.loader is None:
            return spec
        run = spec.loader.exec_module

        def run_and_share(module: ModuleType) -> None:
            run(module)
            from support.shared_pages import SHARED

            SHARED[name](module)

        spec.loader.exec_module = run_and_share  # type: ignore[method-assign]
        return spec


sys.meta_path.insert(0, _Sharing())
