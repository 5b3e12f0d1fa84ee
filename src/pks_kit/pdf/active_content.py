"""What in a PDF may run or reach outside, one dictionary at a time: the list that all share.

A word is judged by what stands behind it, for writers are free in naming: a font called ``AA`` or
a picture called ``JS`` runs nothing.
"""

from __future__ import annotations

from typing import Any

import pikepdf

RUNNING_ACTIONS = frozenset(
    f"/{name}"
    for name in (
        *("JavaScript", "Launch", "SubmitForm", "ImportData", "ResetForm", "GoToE", "GoToR"),
        *("Rendition", "Movie", "Sound", "RichMediaExecute", "GoTo3DView", "Hide"),
        *("SetOCGState", "Trans", "Thread"),
    )
)
"""Actions (ISO 32000-2, table 201) that do more than show another place or offer a link."""

RUNNING_ANNOTATIONS = frozenset({"/RichMedia", "/Movie", "/Screen", "/Sound", "/3D",
                                 "/FileAttachment"})  # fmt: skip
"""Annotations that play, run or hand out something."""

_EVENTS = frozenset(
    f"/{name}"
    for name in (
        *("E", "X", "D", "U", "Fo", "Bl", "PO", "PC", "PV", "PI", "O", "C", "K", "F", "V"),
        *("WC", "WS", "DS", "WP", "DP"),
    )
)
"""Trigger events of annotations, pages, fields and documents (ISO 32000-2, 12.6.3)."""
_HOLDS_SOMETHING_RUNNING = {
    "/JS": "JavaScript",
    "/XFA": "XFA",
    "/RichMediaContent": "RichMedia",
    "/RichMediaSettings": "RichMedia",
}


def running_parts(dictionary: pikepdf.Object) -> set[str]:
    """Return what runs in one dictionary (or that of a stream), without slashes."""
    found = set()
    keys = dictionary.keys()  # one question to the library instead of one for each entry
    if "/S" in keys and (kind := str(dictionary["/S"])) in RUNNING_ACTIONS:
        found.add(kind.lstrip("/"))
    for entry in keys & _HOLDS_SOMETHING_RUNNING.keys():
        if not _is_resource(dictionary[entry]):
            found.add(_HOLDS_SOMETHING_RUNNING[entry])
    if "/AA" in keys and _has_actions(dictionary["/AA"]):
        found.add("AA")
    subtype = str(dictionary["/Subtype"]) if "/Subtype" in keys else ""
    if subtype in RUNNING_ANNOTATIONS and ("/Rect" in keys or subtype == "/RichMedia"):
        found.add(subtype.lstrip("/"))
    if subtype == "/PS":
        found.add("PostScript")
    return found


def outside_parts(dictionary: pikepdf.Object) -> set[str]:
    """Return what of one dictionary stands outside the file."""
    found = set()
    if "/Ref" in dictionary and str(dictionary.get("/Subtype", "")) == "/Form":
        found.add("Reference XObject")
    if isinstance(dictionary, pikepdf.Stream):
        if "/F" in dictionary:
            found.add("external stream")
        if "/OPI" in dictionary:
            found.add("OPI")
    return found


def running_at_opening(root: pikepdf.Object) -> set[str]:
    """Return what the catalogue starts when the file is opened, whatever it calls itself."""
    found = set()
    opening = root.get("/OpenAction")
    is_jump = isinstance(opening, pikepdf.Array) or (
        isinstance(opening, pikepdf.Dictionary) and str(opening.get("/S", "")) == "/GoTo"
    )
    if opening is not None and not is_jump:
        found.add("OpenAction")
    if "/JavaScript" in root.get("/Names", pikepdf.Dictionary()):
        found.add("JavaScript")
    if "/XFA" in root.get("/AcroForm", pikepdf.Dictionary()):
        found.add("XFA")
    return found


def _has_actions(events: Any) -> bool:
    """Return whether ``/AA`` maps events to actions, also when it calls itself something else."""
    if not isinstance(events, pikepdf.Dictionary):
        return False
    actions = {
        event for event, one in events.as_dict().items() if isinstance(one, pikepdf.Dictionary)
    }
    return bool(actions if "/Type" not in events else actions & _EVENTS)


def _is_resource(value: Any) -> bool:
    """Return whether a value is a font, picture, pattern, colour space or name of that name."""
    if isinstance(value, pikepdf.Stream):
        return "/PatternType" in value or str(value.get("/Subtype", "")) in ("/Form", "/Image")
    if isinstance(value, pikepdf.Dictionary):
        return str(value.get("/Type", "")) in ("/Font", "/Pattern", "/ExtGState", "/OCG")
    if isinstance(value, pikepdf.Array):
        return len(value) > 0 and isinstance(value[0], pikepdf.Name)
    return isinstance(value, pikepdf.Name)
