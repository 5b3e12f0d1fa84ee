"""Walk all objects of a file: nothing may run, reach outside, hide or explode.

The walk goes over every object in the newest state, reachable or not, with limits on number
and depth, and never decodes more of a stream than is allowed.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pks_kit.domain.receipt import DATA_ATTACHMENT, RECEIPT_ATTACHMENT
from pks_kit.verification.file.form_loops import forms_repeat
from pks_kit.verification.report.answers import (
    ParserFailure,
    failed,
    guarded,
    indeterminate,
    passed,
)
from pks_kit.verification.report.verdict import Note

if TYPE_CHECKING:
    from pks_kit.verification.file.intake import OpenedFile
    from pks_kit.verification.limits import Limits
    from pks_kit.verification.report.verdict import Check

_RUNNING_ACTIONS = frozenset(
    [
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/ResetForm",
        "/GoToE",
        "/GoToR",
        "/Rendition",
        "/Movie",
        "/Sound",
        "/RichMediaExecute",
        "/GoTo3DView",
        "/Hide",
        "/SetOCGState",
        "/Trans",
        "/Thread",
    ]
)
_RUNNING_ANNOTATIONS = frozenset(
    [
        "/RichMedia",
        "/Movie",
        "/Screen",
        "/Sound",
        "/3D",
        "/FileAttachment",
    ]
)
_OWN_ATTACHMENTS = frozenset({RECEIPT_ATTACHMENT, DATA_ATTACHMENT})
_PROGRAM_ENDINGS = (
    ".exe",
    ".dll",
    ".com",
    ".bat",
    ".cmd",
    ".ps1",
    ".vbs",
    ".vbe",
    ".js",
    ".jse",
    ".wsf",
    ".hta",
    ".scr",
    ".msi",
    ".jar",
    ".apk",
    ".app",
    ".sh",
    ".py",
    ".lnk",
    ".iso",
    ".img",
    ".docm",
    ".xlsm",
    ".pptm",
    ".svg",
    ".html",
    ".htm",
)
_PROGRAM_STARTS = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"PK\x03\x04",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
)
_MOST_FILTERS = 2


@dataclass(slots=True)
class _Found:
    """What the walk met; sets keep the answer short for files that repeat a trick."""

    active: set[str] = field(default_factory=set)
    outside: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    layers: bool = False
    broken: str = ""
    too_much: str = ""
    decoded: int = 0
    pictured: int = 0
    pictures_skipped: bool = False
    visited: int = 0


def look_at_content(opened: OpenedFile, limits: Limits) -> tuple[list[Check], list[Note]]:
    """Check all objects of the newest state.

    Returns:
        Checks ``file.decompression``, ``content.active``, ``content.layers``,
        ``content.attachments`` and notes about links.
    """
    found = _Found()
    walked = guarded(lambda: _walk_all(opened, limits, found))
    if isinstance(walked, ParserFailure):
        return [failed("file.structure", "unreadable", details={"parser": walked.text})], []
    if not found.too_much and guarded(lambda: forms_repeat(opened.pdf)) is not False:
        found.too_much = "forms"
    checks = [_cost(found, limits)]
    if found.pictures_skipped:
        mib = limits.image_bytes // (1024 * 1024)
        checks.append(indeterminate("file.decompression", "pictures", mib=mib))
    if found.broken:
        checks.append(failed("file.structure", "broken_stream", object=found.broken))
    if found.too_much:
        return checks, []
    active = sorted(found.active)
    checks.append(
        failed("content.active", "found", what=", ".join(active), details={"found": active})
        if active
        else passed("content.active", "none")
    )
    if found.outside:
        shown = ", ".join(sorted(found.outside))
        checks.append(failed("content.active", "outside", what=shown))
    if found.layers:
        checks.append(indeterminate("content.layers", "found"))
    checks += _attachments(opened, limits)
    notes = [Note(code="links", params={"links": ", ".join(sorted(found.links)[:10])})]
    return checks, notes if found.links else []


def _cost(found: _Found, limits: Limits) -> Check:
    if found.too_much:
        return failed("file.decompression", "too_much", what=found.too_much)
    mib = max(1, found.decoded // (1024 * 1024))
    return passed("file.decompression", "within", mib=mib)


def _walk_all(opened: OpenedFile, limits: Limits, found: _Found) -> None:
    import pikepdf

    for item in opened.pdf.objects:
        if isinstance(item, pikepdf.Stream):
            _weigh_stream(item, limits, found)
        for dictionary in _dictionaries(item, limits, found):
            _look_at_dictionary(dictionary, found)
        if found.too_much:
            return
    _look_at_catalog(opened.pdf.Root, found)


def _dictionaries(top: Any, limits: Limits, found: _Found) -> Iterator[Any]:
    """Yield the dictionaries inside one object, not following references."""
    import pikepdf

    waiting = [(top, 0)]
    while waiting:
        item, depth = waiting.pop()
        found.visited += 1
        if found.visited > limits.objects or depth > limits.depth:
            found.too_much = "objects"
            return
        if isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
            yield item
            inside = [item[key] for key in item.keys()]  # noqa: SIM118 - a stream is no mapping
        elif isinstance(item, pikepdf.Array):
            inside = list(item)
        else:
            continue
        waiting += [
            (part, depth + 1)
            for part in inside
            if isinstance(part, (pikepdf.Dictionary, pikepdf.Array)) and not part.is_indirect
        ]


def _look_at_dictionary(dictionary: Any, found: _Found) -> None:
    kind = str(dictionary.get("/S", ""))
    if kind in _RUNNING_ACTIONS:
        found.active.add(kind.lstrip("/"))
    if "/JS" in dictionary:
        found.active.add("JavaScript")
    if "/AA" in dictionary and _has_actions(dictionary["/AA"]):
        found.active.add("AA")
    if "/XFA" in dictionary:
        found.active.add("XFA")
    if kind == "/URI" and "/URI" in dictionary:
        found.links.add(str(dictionary["/URI"])[:80])
    subtype = str(dictionary.get("/Subtype", ""))
    if subtype in _RUNNING_ANNOTATIONS and ("/Rect" in dictionary or subtype == "/RichMedia"):
        found.active.add(subtype.lstrip("/"))
    if subtype == "/PS":
        found.active.add("PostScript")
    if "/Ref" in dictionary and subtype == "/Form":
        found.outside.add("Reference XObject")
    if "/OPI" in dictionary:
        found.outside.add("OPI")


def _has_actions(events: Any) -> bool:
    """Return whether ``/AA`` maps events to actions; a font or a picture may have that name too."""
    import pikepdf

    if not isinstance(events, pikepdf.Dictionary) or "/Type" in events:
        return False
    return any(isinstance(one, pikepdf.Dictionary) for one in events.as_dict().values())


def _look_at_catalog(root: Any, found: _Found) -> None:
    import pikepdf

    opening = root.get("/OpenAction")
    is_jump = isinstance(opening, pikepdf.Array) or (
        isinstance(opening, pikepdf.Dictionary) and str(opening.get("/S", "")) == "/GoTo"
    )
    if opening is not None and not is_jump:
        found.active.add("OpenAction")
    if "/JavaScript" in root.get("/Names", pikepdf.Dictionary()):
        found.active.add("JavaScript")
    found.layers = "/OCProperties" in root


def _weigh_stream(stream: Any, limits: Limits, found: _Found) -> None:
    """Count what a stream decodes to without ever holding more than the limit."""
    import pikepdf

    if "/F" in stream:
        found.outside.add("external stream")
    filters = stream.get("/Filter")
    names = [str(one) for one in filters] if isinstance(filters, pikepdf.Array) else []
    if isinstance(filters, pikepdf.Name):
        names = [str(filters)]
    if len(names) > _MOST_FILTERS:
        found.too_much = "filters"
        return
    width, height = stream.get("/Width", 0), stream.get("/Height", 0)
    if isinstance(width, int) and isinstance(height, int) and width * height > limits.pixels:
        found.too_much = "pixels"
        return
    if "/FlateDecode" in names or "/Fl" in names:
        if stream.get("/Subtype") == "/Image" and _weigh_picture(stream, names, limits, found):
            return
        try:
            size = _inflated_size(stream.read_raw_bytes(), names, limits.stream_bytes)
        except zlib.error:
            found.broken = found.broken or "{} {}".format(*stream.objgen)
            return
        found.decoded += size
        if size > limits.stream_bytes or found.decoded > limits.decoded_bytes:
            found.too_much = "bytes"
    elif "/LZWDecode" in names or "/RunLengthDecode" in names:
        # At most about 1400 bytes from each one: the raw length bounds it well enough here.
        found.decoded += 1400 * len(stream.read_raw_bytes())
        if found.decoded > limits.decoded_bytes:
            found.too_much = "bytes"


def _weigh_picture(stream: Any, names: list[str], limits: Limits, found: _Found) -> bool:
    """Weigh a picture that swells to what its size says; return False for any other.

    Pictures are opened one page at a time, so they have a budget of their own.
    """
    expected = _picture_bytes(stream)
    if names not in (["/FlateDecode"], ["/Fl"]) or not 0 < expected <= limits.stream_bytes:
        return False
    if found.pictured + expected > limits.image_bytes:
        found.pictures_skipped = True
        return True
    found.pictured += expected
    raw = stream.read_raw_bytes()
    try:
        return _inflated_size(raw, names, expected) <= expected
    except zlib.error:
        found.broken = found.broken or "{} {}".format(*stream.objgen)
        return True


def _picture_bytes(stream: Any) -> int:
    """Return how many bytes a picture has by its entries, one byte a row for its predictor."""
    width, height = stream.get("/Width", 0), stream.get("/Height", 0)
    bits, space = stream.get("/BitsPerComponent", 1), str(stream.get("/ColorSpace", ""))
    if not all(isinstance(one, int) and one >= 0 for one in (width, height, bits)):
        return 0
    parts = 1 if space == "/DeviceGray" else 3 if space == "/DeviceRGB" else 4
    return int(height) * ((int(width) * int(bits) * parts + 7) // 8 + 1)


def _inflated_size(raw: bytes, names: list[str], limit: int) -> int:
    """Return how much Flate data inflates to, counting no further than ``limit`` + 1.

    A second Flate filter inflates what the first one gave; an ASCII filter in front only shrinks.
    """
    if names[0] in ("/ASCIIHexDecode", "/ASCII85Decode"):
        return limit + 1 if len(raw) * 1032 > limit * 40 else len(raw) * 26
    total = 0
    inflater = zlib.decompressobj()
    second = zlib.decompressobj() if len(names) > 1 and names[1].startswith("/Fl") else None
    waiting = raw
    while waiting and total <= limit:
        part = inflater.decompress(waiting, 1 << 20)
        waiting = inflater.unconsumed_tail
        total += len(part)
        if second is not None:
            total += _second_size(second, part, limit)
        if not part and not waiting:
            break
    return total


def _second_size(inflater: Any, part: bytes, limit: int) -> int:
    total = 0
    while part and total <= limit:
        total += len(inflater.decompress(part, 1 << 20))
        part = inflater.unconsumed_tail
    return total


def _attachments(opened: OpenedFile, limits: Limits) -> list[Check]:
    import pikepdf

    programs, strangers, own = set(), set(), set()
    for item in opened.pdf.objects:
        if not isinstance(item, pikepdf.Dictionary) or "/EF" not in item:
            continue
        name = str(item.get("/UF", item.get("/F", "?")))[:120]
        streams = [item.EF[key] for key in item.EF.keys()]  # noqa: SIM118
        start = guarded(lambda streams=streams: _first_bytes(streams))  # type: ignore[misc]
        bad_start = isinstance(start, ParserFailure) or start.startswith(_PROGRAM_STARTS)
        if name.lower().endswith(_PROGRAM_ENDINGS) or bad_start:
            programs.add(name)
        elif name in _OWN_ATTACHMENTS:
            own.add(name)
        else:
            strangers.add(name)
    if programs:
        return [failed("content.attachments", "program", names=", ".join(sorted(programs)))]
    if strangers:
        return [
            indeterminate("content.attachments", "unexpected", names=", ".join(sorted(strangers)))
        ]
    return [passed("content.attachments", "expected", count=len(own))]


def _first_bytes(streams: list[Any]) -> bytes:
    """Return the first bytes of the first stream; big ones were measured before."""
    for stream in streams:
        start: bytes = stream.read_bytes()[:16]
        return start
    return b""
