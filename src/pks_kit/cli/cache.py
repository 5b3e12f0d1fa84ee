"""Where compiled templates are kept: the user's cache folder, unless the person says otherwise."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

CHOSEN_FOLDER: Final = "PKS_KIT_CACHE"
"""Environment variable with another folder; empty for none."""

_OWN: Final = "pks-kit"


def cache_folder() -> Path | None:
    """Return the folder, which need not be there yet; None when nothing is to be kept."""
    chosen = os.environ.get(CHOSEN_FOLDER)
    if chosen is not None:
        return Path(chosen).absolute() if chosen else None
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "")
    else:
        base = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(base):  # noqa: PTH117 - an empty text is no path
        return Path(base) / _OWN
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / _OWN
    return home / ".cache" / _OWN
