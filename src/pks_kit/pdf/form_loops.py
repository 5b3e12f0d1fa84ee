"""Form XObjects that draw themselves or each other so often that drawing would never end.

PDFium follows such forms to a depth, and two calls on each level double the work each time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pks_kit.pdf.objects import ObjectKey

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

_MOST_DRAWINGS = 20_000
"""Most forms drawn below one form, counted by the names in its resources."""


def forms_repeat(pdf: Pdf) -> bool:
    """Return whether a form contains itself, or draws more than 20,000 forms below it."""
    inside = {item.objgen: _forms_of(item) for item in pdf.objects if _is_form(item)}
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


def _forms_of(form: Object) -> list[ObjectKey]:
    import pikepdf

    found: list[ObjectKey] = []
    resources = form.get("/Resources")
    for kind in ("/XObject", "/Pattern"):
        held = resources.get(kind) if isinstance(resources, pikepdf.Dictionary) else None
        if isinstance(held, pikepdf.Dictionary):
            values = held.as_dict().values()
            found += [one.objgen for one in values if isinstance(one, pikepdf.Stream)]
    return found
