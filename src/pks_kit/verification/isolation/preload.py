"""What a warm process has loaded before a file comes, so that its children start at once."""

from __future__ import annotations

import contextlib
import sys
from importlib import import_module
from types import ModuleType

from pks_kit.errors import PksKitError
from pks_kit.policy.document_policy import PKS_FINAL, load_policy
from pks_kit.policy.signing_profile import load_profile
from pks_kit.resources import signing_root

_USUAL = "elektronik"
"""The contract method of most files."""

_LIGHT = (
    "encodings.utf_16_le",
    "pikepdf",
    "pks_kit.domain.receipt",
    "pks_kit.verification.examine",
    "pks_kit.verification.isolation.sandbox",
    "pks_kit.verification.isolation.child",
)
"""What every file needs."""

_FIRST = ("pks_kit.pdf.patient_reader", "cryptography.hazmat.backends.openssl.backend")
"""What the first child of an unsigned file needs."""

_AGAIN = ("pypdfium2", "pks_kit.verification.report.changes", "pks_kit.verification.second_look")
"""What the second child of any file needs."""

_BASE = (
    "cryptography.hazmat.backends.openssl.backend",
    "pypdfium2",
    "pks_kit.verification.report.changes",
    "pks_kit.verification.report.pictures",
    "pks_kit.verification.second_look",
    "pks_kit.verification.signatures.signed_ranges",
    "pyhanko.pdf_utils.filters",
    "pyhanko.pdf_utils.reader",
    "pyhanko.sign.diff_analysis",
    "pyhanko.sign.validation.dss",
    "pyhanko.sign.validation.generic_cms",
    "pyhanko.sign.validation.pdf_embedded",
    "pyhanko_certvalidator",
    "lxml.etree",
)
"""What nearly every signed file needs."""

_REST = (
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.ImageChops",
    "PIL.ImageDraw",
    "PIL.ImageOps",
    "PIL.Jpeg2KImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.PngImagePlugin",
    "PIL.PpmImagePlugin",
    "PIL.TiffImagePlugin",
    "pks_kit.pipelines.inside.child",
    "pks_kit.verification.isolation.tasks",
    "pks_kit.verification.isolation.unproven_chains",
)
"""What only some files, or only pictures, need."""


def preload_light() -> None:
    """Load what every file needs, signed or not.

    Raises:
        ImportError: A library is missing.
    """
    _leave_out_http()
    _load(_LIGHT)
    from pks_kit.verification.isolation.kernel.places import readable_places

    readable_places()  # looks at every folder once
    preload_shared()


def preload_shared() -> None:
    """Load what host and children both need; a host that is copied does it before.

    Raises:
        ImportError: A library is missing.
    """
    from pks_kit.json_form import adapter
    from pks_kit.messages import lookup
    from pks_kit.verification.isolation.protocol import Answers, Job

    _read_usual_policy()
    lookup("")  # reads the catalogue, where some checks find words for their parameters
    for form in (Job, Answers):
        adapter(form)


def preload_for(*, again: bool) -> None:
    """Load, in a child before its limits hold, what an unsigned file needs and is not loaded yet.

    Args:
        again: For the second child of a file.

    Raises:
        ImportError: A library is missing.
    """
    _load(_AGAIN if again else _FIRST)


def preload_base() -> None:
    """Load what nearly every signed file needs beside that.

    Raises:
        ImportError: A library is missing.
    """
    _load(_BASE)
    from pks_kit.pdf.hex_strings import read_hex_strings_at_once
    from pks_kit.pki.prepared_names import prepare_names_once

    read_hex_strings_at_once()
    prepare_names_once()


def _read_usual_policy() -> None:
    """Read what most files are judged by, which both children of a file need.

    What is kept is found again by its text; a child that is given another folder reads that.
    """
    root = signing_root()
    with contextlib.suppress(PksKitError):  # whoever needs it says what is wrong with it
        load_policy(root, PKS_FINAL + _USUAL)
        load_profile(root, _USUAL)


def preload_rest() -> None:
    """Load the rest; worth it for a process that is asked more than once."""
    _load(_REST)
    from pks_kit.verification.isolation.exercise import exercise

    exercise()


def _load(names: tuple[str, ...]) -> None:
    for name in names:
        import_module(name)


class _NoHttp(ModuleType):
    """Stands for aiohttp: names can be taken from it, nothing in it works."""

    __path__: list[str] = []  # noqa: RUF012 - the import system wants a plain list

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        absent = type(name, (Exception,), {})
        setattr(self, name, absent)
        return absent


def _leave_out_http() -> None:
    """Keep the HTTP client of pyHanko out of a process that has no network anyway.

    ``pyhanko.sign`` imports aiohttp unconditionally for its timestamp client. That is a fifth of
    what the imports of a verification cost, and code that a hostile file should not find.
    """
    sys.modules.setdefault("aiohttp", _NoHttp("aiohttp"))
