"""What decides how a leaf is set, as one name: nothing kept under another name is ever read.

The style sheet, the fonts, the code that reads boxes and the libraries that make them. Template
files are not among it: their words are in the key of each leaf, so another text finds no leaf of
the old one. Pango and HarfBuzz belong to the system and change without the program; they are asked
themselves, without WeasyPrint, whose import would cost more than all the leaves.
"""

from __future__ import annotations

import ctypes
import hashlib
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path

from pks_kit.render.fonts import FACES
from pks_kit.render.html_labels import label_css
from pks_kit.render.page_geometry import sheet_css
from pks_kit.render.pdf.base_css import BASE_CSS

_PACKAGES = ("weasyprint", "pydyf", "tinycss2", "tinyhtml5", "cssselect2", "Pyphen", "fonttools")
_LIBRARIES = {
    "pango": (
        *("libpango-1.0-0", "pango-1.0-0", "pango-1.0"),
        *("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll"),
    ),
    "hb": (
        *("libharfbuzz-0", "harfbuzz", "harfbuzz-0.0"),
        *("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0.dll"),
    ),
}
"""Names in the order in which WeasyPrint tries them (``weasyprint.text.ffi``)."""

_FLOW = Path(__file__).resolve().parent
_CODE = (*sorted(_FLOW.glob("*.py")), *(_FLOW.parent / n for n in ("parts.py", "boxes.py")),
         _FLOW.parents[1] / "elements.py")  # fmt: skip


@lru_cache(maxsize=8)
def fingerprint(css: str) -> str | None:
    """Return the name under which leaves of a style sheet are kept.

    None when the libraries of the system cannot be asked; then nothing is kept.

    Args:
        css: The template's style sheet.
    """
    libraries = library_versions()
    if libraries is None:
        return None
    digest = hashlib.sha256()
    # the addresses of the fonts are no part of it, their content is
    for piece in (css, BASE_CSS, sheet_css(), label_css(), *libraries, *_file_digests()):
        content = piece.encode()
        digest.update(b"%d\n" % len(content) + content)
    return digest.hexdigest()[:32]


@cache
def library_versions() -> tuple[str, ...] | None:
    """Return name and version of every library that sets leaves; None when one cannot be asked."""
    try:
        loaded = [f"{name} {_loaded_version(name)}" for name in _LIBRARIES]
    except (OSError, AttributeError):
        return None
    return *(f"{name} {version(name)}" for name in _PACKAGES), *loaded


def _loaded_version(name: str) -> str:
    """Return the version that a library of the system says of itself.

    Raises:
        OSError: It is not there.
        AttributeError: It does not say.
    """
    ask = getattr(_load(name), f"{name}_version_string")
    ask.restype = ctypes.c_char_p
    return bytes(ask()).decode("ascii")


def _load(name: str) -> ctypes.CDLL:
    for one in _LIBRARIES[name]:
        try:
            return ctypes.CDLL(one)
        except OSError:
            continue
    raise OSError(name)


@cache
def _file_digests() -> tuple[str, ...]:
    return tuple(_digests())


def _digests() -> Iterator[str]:
    for path in (*_CODE, *(face.path for face in FACES)):
        yield f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}"
