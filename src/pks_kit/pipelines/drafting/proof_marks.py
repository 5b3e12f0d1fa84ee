"""Marks that the pages of a structure were proved, so that a run proves it once.

A process that laid a structure out on both roads, and found the same pages, leaves a small file in
the folder of the run. Other processes, other machines and the run that goes on after a crash find
it and need not do it again. A mark tells all that its proof rests on: text, parameters, fonts,
libraries, the code that makes pages, and what was compiled. It is believed only where every byte of
it is what this process would write now; whoever removes marks has structures proved again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from pydantic_core import to_json

from pks_kit.errors import InputError
from pks_kit.files import read_limited
from pks_kit.pipelines.drafting.issue import Prepared, css_of
from pks_kit.render.pdf.flow.fingerprint import fingerprint

Structure = tuple[str, str, str]
"""Version of the text, kind of facility, method."""

_MARK_BYTES = 16_384
_RENDER = Path(__file__).resolve().parents[2] / "render"


class ProofMarks:
    """The marks of one run.

    Args:
        folder: Where they stand; made when the first one is kept.
        compiled: Folder with compiled templates; None when nothing was read from there.
    """

    def __init__(self, folder: Path, compiled: Path | None) -> None:
        self._folder = folder
        self._compiled = compiled

    def stands(self, structure: Structure, prepared: Prepared) -> bool:
        """Return whether a structure was proved with exactly what makes pages here and now."""
        wanted = self._mark(structure, prepared)
        try:
            return wanted is not None and read_limited(self._at(wanted), _MARK_BYTES) == wanted
        except InputError:
            return False

    def mark(self, structure: Structure, prepared: Prepared) -> Mapping[Path, bytes]:
        """Return the mark of a structure whose proof succeeded, to be kept where it stands.

        Empty when nobody can say what lays pages out on this machine.
        """
        mark = self._mark(structure, prepared)
        return {} if mark is None else {self._at(mark): mark}

    def _at(self, mark: bytes) -> Path:
        return self._folder / f"{hashlib.sha256(mark).hexdigest()}.json"

    def _mark(self, structure: Structure, prepared: Prepared) -> bytes | None:
        """Return the mark of a structure; None when the libraries cannot be asked."""
        laid_with = fingerprint(css_of(prepared))
        if laid_with is None:
            return None
        receipt = prepared.receipt
        return to_json(
            {
                "structure": structure,
                "template": receipt.template.sha256,
                "parameters": receipt.parameters_sha256,
                "layout": receipt.printed_layout,
                "versions": dict(sorted(receipt.versions.items())),
                "laid_with": laid_with,
                "code": _code(),
                "compiled": self._compile(laid_with),
            }
        )

    def _compile(self, laid_with: str) -> str:
        """Return the hash of what was compiled for these libraries; empty when nothing was."""
        if self._compiled is None:
            return ""
        file = self._compiled / f"{laid_with}.sqlite"
        try:
            now = file.stat()
            return _hashed(file, now.st_mtime_ns, now.st_size)
        except OSError:
            return ""


@lru_cache(maxsize=4)
def _hashed(file: Path, _changed: int, _size: int) -> str:
    """Return the hash of a file as it is since it was last changed."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@cache
def _code() -> str:
    """Return the hash of the code that makes pages."""
    digest = hashlib.sha256()
    for file in sorted(_RENDER.rglob("*.py")):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
