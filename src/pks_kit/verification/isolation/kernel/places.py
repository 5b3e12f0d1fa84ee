"""What a child may read beside the file that was handed to it."""

from __future__ import annotations

import contextlib
import sys
import sysconfig
from functools import cache
from pathlib import Path

from pks_kit.resources import signing_root, templates_root

_OF_THE_SYSTEM = (
    "/usr",
    "/lib",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/fonts",
    "/etc/ssl/openssl.cnf",
    "/dev/null",
    "/dev/urandom",
)
"""Libraries, zone data and fonts. Of ``/etc`` and ``/dev`` no folder as a whole: keys lie there."""


_NEVER = ("/etc", "/home", "/tmp", "/var")  # noqa: S108 - refused, not used


def readable_places(*more: Path) -> tuple[Path, ...]:
    """Return interpreter, packages, libraries, zone data, fonts and our data folders.

    Folders in which people keep their own files are not among them: no home folder, no folder of a
    checkout or of a virtual environment as a whole.

    Args:
        *more: Further places, for example another folder of signing profiles.
    """
    own = _own_places()
    added = tuple(one for one in more if not any(one.is_relative_to(place) for place in own))
    return own + added


@cache
def _own_places() -> tuple[Path, ...]:
    """Return what every child may read; a warm process finds it out once."""
    packages = [sysconfig.get_path(kind) for kind in ("stdlib", "platstdlib", "purelib", "platlib")]
    libraries = [f"{prefix}/lib" for prefix in (sys.base_prefix, sys.prefix)]
    imported = sys.path if sys.flags.safe_path else sys.path[1:]  # else first the script's folder
    ours = (str(signing_root()), str(templates_root()))  # by both the data are found
    wanted = {*_OF_THE_SYSTEM, *libraries, *packages, *imported, *ours} - {""}
    never = [Path(place) for place in _NEVER]
    with contextlib.suppress(RuntimeError):  # a user without a home
        never.append(Path.home())
    places: list[Path] = []
    for place in sorted(Path(one) for one in wanted):
        holds_homes = any(one.is_relative_to(place) for one in never)
        inside = any(place.is_relative_to(one) for one in places)
        if place.is_absolute() and place.exists() and not holds_homes and not inside:
            places.append(place)
    return tuple(places)
