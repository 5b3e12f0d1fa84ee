"""What browsers fetch beside the pages: each under a name with its hash, kept for a year."""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "static"
_SERVED = (".css", ".js", ".svg")
_HASH_LETTERS = 12
_KEPT_SECONDS = 31_536_000
CACHED = f"public, max-age={_KEPT_SECONDS}, immutable"
"""A name with a hash never gets another content."""


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file that browsers fetch.

    Attributes:
        content: Its bytes.
        media: Its media type.
    """

    content: bytes
    media: str


@cache
def static_files() -> dict[str, StaticFile]:
    """Return all files by the names under which they are served."""
    return {
        hashed: StaticFile(path.read_bytes(), _media(path)) for path, hashed in _names().items()
    }


@cache
def static_name(name: str) -> str:
    """Return the name under which a file is served: ``desk.css`` is ``desk-1f0c….css``.

    Raises:
        KeyError: There is none of that name.
    """
    return {path.name: hashed for path, hashed in _names().items()}[name]


def _names() -> dict[Path, str]:
    found = {}
    for path in sorted(FOLDER.iterdir()):
        if path.suffix in _SERVED:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()[:_HASH_LETTERS]
            found[path] = f"{path.stem.replace('.', '-')}-{digest}{path.suffix}"
    return found


def _media(path: Path) -> str:
    if path.suffix == ".js":
        return "text/javascript; charset=utf-8"
    return mimetypes.guess_type(path.name)[0] or "application/octet-stream"
