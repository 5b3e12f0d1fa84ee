"""Files inside a PDF: reading one of ours, and telling programs from the rest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pks_kit.limits import RECEIPT_BYTES
from pks_kit.pdf.objects import words_in
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.pdf.stream_weight import swells_beyond

if TYPE_CHECKING:
    from pikepdf import Pdf

_PROGRAM_ENDINGS = (
    *(".exe", ".dll", ".com", ".bat", ".cmd", ".ps1", ".vbs", ".vbe", ".js", ".jse", ".wsf"),
    *(".hta", ".scr", ".msi", ".jar", ".apk", ".app", ".sh", ".py", ".lnk", ".iso", ".img"),
    *(".docm", ".xlsm", ".pptm", ".svg", ".html", ".htm"),
)
_NAMES = ("/UF", "/F")
_PLATFORMS = frozenset({"/F", "/UF", "/DOS", "/Mac", "/Unix"})
"""Entries of ``/EF`` (ISO 32000-2, table 43)."""
_PROGRAM_STARTS = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"PK\x03\x04",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedFile:
    """A file inside a PDF, wherever it hangs.

    Attributes:
        name: Its name, cut to 120 characters.
        is_program: Whether its name or its first bytes are those of a program, or unreadable.
    """

    name: str
    is_program: bool


def attachment(pdf: Pdf, name: str) -> bytes | None:
    """Return an attached file by name; None when there is none.

    Raises:
        ValueError: It is larger than ``RECEIPT_BYTES``.
        Exception: Whatever a malformed file provokes.
    """
    spec = pdf.attachments.get(name)
    if spec is None:
        return None
    attached = spec.get_file()
    if swells_beyond(attached.obj, RECEIPT_BYTES):  # the stated size may lie
        raise ValueError(f"{name} is too large")
    return attached.read_bytes()


def names_files(dictionary: Any) -> bool:
    """Return whether a dictionary, wherever it stands, names files inside the PDF (``/EF``)."""
    import pikepdf

    if "/EF" not in dictionary or isinstance(dictionary, pikepdf.Stream):
        return False
    files = dictionary["/EF"]
    is_map = isinstance(files, pikepdf.Dictionary) and bool(_PLATFORMS & files.keys())
    # an object of its own is never mistaken for resources that happen to be called EF
    return is_map or bool(dictionary.is_indirect)


def embedded_files(pdf: Pdf, specs: Iterable[Any]) -> list[EmbeddedFile]:
    """Return every file inside a PDF; what they swell to must have been measured before.

    Args:
        pdf: The file.
        specs: All dictionaries of it that name files (:func:`names_files`).
    """
    found = [_described(words_in(one.get("/UF", one.get("/F"))), one) for one in specs]
    listed = guarded(lambda: _listed(pdf))
    # a list that cannot be read may hand out what nobody saw here
    if isinstance(listed, ParserFailure):
        listed = [EmbeddedFile(name="?", is_program=False)]
    return found + listed


def _listed(pdf: Pdf) -> list[EmbeddedFile]:
    """Return what the catalogue lists under another name than its own: viewers show either."""
    import pikepdf

    names = pdf.Root.get("/Names", pikepdf.Dictionary())
    if "/EmbeddedFiles" not in names:
        return []
    top = names["/EmbeddedFiles"]
    if not isinstance(top, pikepdf.Dictionary):
        raise ValueError("the list of attachments is no tree")
    tree = pikepdf.NameTree(top, auto_repair=False)
    return [
        _described(words_in(name), spec)
        for name, spec in tree.items()
        if "/EF" in spec and words_in(name) not in {words_in(spec.get(key)) for key in _NAMES}
    ]


def _described(name: str, spec: Any) -> EmbeddedFile:
    starts = guarded(lambda: _first_bytes(spec["/EF"]))
    bad_start = isinstance(starts, ParserFailure) or any(
        start.startswith(_PROGRAM_STARTS) for start in starts
    )
    is_program = bad_start or name.lower().endswith(_PROGRAM_ENDINGS)
    return EmbeddedFile(name=name[:120], is_program=is_program)


def _first_bytes(files: Any) -> list[bytes]:
    """Return the first bytes of each stream: every platform may have one of its own."""
    return [files[key].read_bytes()[:16] for key in files.keys()]  # noqa: SIM118 - no mapping
