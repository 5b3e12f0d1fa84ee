"""Find the data folders (``templates``, ``signing``, ``contoh``) in a wheel or a checkout.

This is the only place that knows where they are: inside an installed wheel they lie in
``pks_kit/_data``, in a checkout at the top of the repository.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pks_kit.errors import UsageError

_PACKAGE = Path(__file__).resolve().parent
_ADDENDUM = "addendum-"
"""Samples whose names begin so hold an addendum, which is another input model."""


@cache
def data_root() -> Path:
    """Return the folder that holds ``templates``, ``signing`` and ``contoh``.

    Raises:
        UsageError: ``setup.no_data`` when the installation is incomplete.
    """
    for candidate in (_PACKAGE / "_data", _PACKAGE.parent.parent):
        if (candidate / "templates").is_dir() and (candidate / "signing").is_dir():
            return candidate
    raise UsageError("setup.no_data", folder=str(_PACKAGE))


def templates_root() -> Path:
    """Return the folder of all template versions and lampiran."""
    return data_root() / "templates"


def signing_root() -> Path:
    """Return the folder of signing profiles, trust anchors and appearances."""
    return data_root() / "signing"


def samples_root() -> Path:
    """Return the folder of sample contract data."""
    return data_root() / "contoh"


def contract_samples() -> tuple[Path, ...]:
    """Return the sample files that hold contract data, by name."""
    return tuple(path for path in _samples() if not path.name.startswith(_ADDENDUM))


def addendum_samples() -> tuple[Path, ...]:
    """Return the sample files that hold an addendum to one of the sample contracts, by name."""
    return tuple(path for path in _samples() if path.name.startswith(_ADDENDUM))


def letter_sample(jenis: str) -> Path:
    """Return the sample file that holds the data of a kind of letter."""
    return samples_root() / "surat" / f"{jenis}.yml"


def settings_sample() -> Path:
    """Return the sample of a settings file: every kind of key, service and distributor once."""
    return data_root() / "contoh" / "pengaturan" / "pengaturan.yml"


def _samples() -> list[Path]:
    return sorted(samples_root().glob("*.yml"))
