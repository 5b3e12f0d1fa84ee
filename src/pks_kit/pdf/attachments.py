"""Files inside a PDF: reading one of ours, and telling programs from the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pks_kit.limits import RECEIPT_BYTES
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.pdf.stream_weight import swells_beyond

if TYPE_CHECKING:
    from pikepdf import Pdf

_PROGRAM_ENDINGS = (
    *(".exe", ".dll", ".com", ".bat", ".cmd", ".ps1", ".vbs", ".vbe", ".js", ".jse", ".wsf"),
    *(".hta", ".scr", ".msi", ".jar", ".apk", ".app", ".sh", ".py", ".lnk", ".iso", ".img"),
    *(".docm", ".xlsm", ".pptm", ".svg", ".html", ".htm"),
)
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


def embedded_files(pdf: Pdf) -> list[EmbeddedFile]:
    """Return every file inside a PDF; what they swell to must have been measured before."""
    import pikepdf

    found = []
    for item in pdf.objects:
        if not isinstance(item, pikepdf.Dictionary) or "/EF" not in item:
            continue
        name = str(item.get("/UF", item.get("/F", "?")))[:120]
        start = guarded(lambda item=item: _first_bytes(item.EF))  # type: ignore[misc]
        bad_start = isinstance(start, ParserFailure) or start.startswith(_PROGRAM_STARTS)
        is_program = bad_start or name.lower().endswith(_PROGRAM_ENDINGS)
        found.append(EmbeddedFile(name=name, is_program=is_program))
    return found


def _first_bytes(files: Any) -> bytes:
    """Return the first bytes of the first stream."""
    for key in files.keys():  # noqa: SIM118 - no mapping
        start: bytes = files[key].read_bytes()[:16]
        return start
    return b""
