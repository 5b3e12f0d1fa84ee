"""pks-kit: draft, sign, stamp and verify the PKS of BPJS Kesehatan with primary-care facilities.

The library behind the command line. Every command is a function of the same name here
(``pks-kit ledger show`` is ``ledger_show``): one request in, one result out, nothing written. Each
has an ``_async`` form that leaves an event loop free. ``docs/library.md`` shows how they are used.

Names are imported when first used, so that ``import pks_kit`` stays fast. They are listed once, in
``__init__.pyi``, where type checkers read them too.
"""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path


@cache
def _public() -> dict[str, str]:
    """Return every public name and the module that holds it."""
    import ast  # the command line never asks, and starts sooner

    stub = Path(__file__).with_suffix(".pyi").read_text(encoding="utf-8")
    return {
        alias.name: f"{node.module}"
        for node in ast.parse(stub).body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def __getattr__(name: str) -> object:
    """Import a public name on first use."""
    if name == "__all__":
        return sorted(_public())
    # the import system asks for names of its own, such as __path__ of a module run by -m
    home = None if name.startswith("__") else _public().get(name)
    if home is None:
        raise AttributeError(f"module 'pks_kit' has no attribute {name!r}")
    return getattr(importlib.import_module(home), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(_public())
