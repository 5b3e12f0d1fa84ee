"""The text and the law of the golden files, for tests that draft or render them again.

Templates and parameters go on; an agreement that was issued before is answered as one of another
template then. What must never change is what the program makes of the same text and the same law,
so ``then.tar.xz`` keeps both as they stood when the second golden files were made.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from unittest.mock import patch

from pks_kit import resources
from pks_kit.rules.law import parameters
from pks_kit.rules.law.parameters import ParameterSet, load_parameters, read_parameters

_ARCHIVE = Path(__file__).with_name("then.tar.xz")


@contextmanager
def text_and_law_of_then(folder: Path) -> Iterator[None]:
    """Draft with the templates and parameters of the golden files.

    Args:
        folder: Where they are unpacked, once for all tests.
    """
    root = _unpacked(folder)
    old, today = read_parameters(root / "parameter"), read_parameters

    def of_then(place: Path) -> ParameterSet:
        """The old values; a parameter that came later, which today's code may ask for, as it is."""
        known = {one.nama for one in old.parameters}
        later = tuple(one for one in today(place).parameters if one.nama not in known)
        return ParameterSet(parameters=(*old.parameters, *later))

    with (
        patch.object(resources, "data_root", lambda: root),
        patch.object(parameters, "read_parameters", of_then),
    ):
        load_parameters.cache_clear()
        try:
            yield
        finally:
            load_parameters.cache_clear()


@cache
def _unpacked(folder: Path) -> Path:
    data = resources.data_root()
    with tarfile.open(_ARCHIVE) as tar:
        tar.extractall(folder, filter="data")
    for name in ("signing", "contoh"):
        (folder / name).symlink_to(data / name)
    for one in (data / "templates").iterdir():
        if not (folder / "templates" / one.name).exists():
            (folder / "templates" / one.name).symlink_to(one)
    return folder
