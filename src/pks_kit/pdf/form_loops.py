"""Form XObjects that draw themselves or each other so often that drawing would never end.

PDFium follows such forms to a depth, and two calls on each level double the work each time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pks_kit.pdf.objects import ObjectKey
from pks_kit.pdf.parsing import guarded

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

_MOST_DRAWINGS = 20_000
"""Most forms drawn below one form, counted by the names in its resources."""
_NAME = re.compile(rb"/[^\0\t\n\f\r ()<>\[\]{}/%]*")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")


def forms_repeat(pdf: Pdf) -> bool:
    """Return whether a form contains itself, or draws more than 20,000 forms below it."""
    forms = [item for item in pdf.objects if _is_form(item)]
    if not _repeat({item.objgen: _forms_of(item) for item in forms}):
        return False
    # resources shared by many forms list more than one of them draws; this costs more
    return _repeat({item.objgen: _forms_of(item, drawn_only=True) for item in forms})


def _repeat(inside: dict[ObjectKey, list[ObjectKey]]) -> bool:
    drawn: dict[ObjectKey, int] = {}
    return any(_too_many(start, inside, drawn) for start in inside)


def _too_many(
    start: ObjectKey, inside: dict[ObjectKey, list[ObjectKey]], drawn: dict[ObjectKey, int]
) -> bool:
    """Count the drawings below a form without recursion; finished counts are kept in ``drawn``."""
    open_now: set[ObjectKey] = set()
    waiting = [start]
    while waiting:
        form = waiting[-1]
        if form in drawn:
            waiting.pop()
            continue
        missing = [one for one in inside[form] if one in inside and one not in drawn]
        if missing:
            if form in open_now:
                return True  # it was waiting for something that waits for it
            open_now.add(form)
            waiting += missing
            continue
        drawn[form] = 1 + sum(drawn.get(one, 1) for one in inside[form])
        if drawn[form] > _MOST_DRAWINGS:
            return True
        waiting.pop()
    return False


def _is_form(item: Object) -> bool:
    import pikepdf

    return isinstance(item, pikepdf.Stream) and (
        item.get("/Subtype") == "/Form" or item.get("/PatternType") == 1
    )


def _forms_of(form: Object, *, drawn_only: bool = False) -> list[ObjectKey]:
    """Return the forms and patterns in the resources of one, or only those that it mentions."""
    import pikepdf

    found: list[ObjectKey] = []
    mentioned = guarded(lambda: _names_in(form.read_bytes())) if drawn_only else None
    resources = form.get("/Resources")
    for kind in ("/XObject", "/Pattern"):
        held = resources.get(kind) if isinstance(resources, pikepdf.Dictionary) else None
        if isinstance(held, pikepdf.Dictionary):
            found += [
                one.objgen
                for name, one in held.as_dict().items()
                if isinstance(one, pikepdf.Stream)
                and (not isinstance(mentioned, frozenset) or name.encode() in mentioned)
            ]
    return found


def _names_in(content: bytes) -> frozenset[bytes]:
    """Return every name in a content stream, whatever it is there for."""
    return frozenset(
        _ESCAPE.sub(lambda code: bytes([int(code[1], 16)]), name) for name in _NAME.findall(content)
    )
