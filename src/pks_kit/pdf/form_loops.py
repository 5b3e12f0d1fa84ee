"""Form XObjects that draw themselves or each other so often that drawing would never end.

PDFium follows such forms to a depth, and two calls on each level double the work each time.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from pks_kit.pdf.objects import ObjectKey
from pks_kit.pdf.parsing import ParserFailure, guarded

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

_MOST_DRAWINGS = 20_000
"""Most forms drawn below one form."""
_WHITE = b"\0\t\n\f\r "
_REGULAR = rb"[^\0\t\n\f\r ()<>\[\]{}/%]"
_DRAWS = re.compile(rb"(?<!%b)(?:Do|scn|SCN)(?!%b)" % (_REGULAR, _REGULAR))
"""Operators that draw a form, or fill with a pattern, by the name in front of them."""
_ENDS_WORD = tuple(bytes([one]) for one in b"\0\t\n\f\r ()<>[]{}/%")
_NUMBER = re.compile(rb"[-+.0-9]{1,40}")
_MOST_BETWEEN = 256
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")


def forms_repeat(pdf: Pdf) -> bool:
    """Return whether a form contains itself, or draws more than 20,000 forms below it."""
    inside = {item.objgen: _drawn_by(item) for item in pdf.objects if _is_form(item)}
    drawn: dict[ObjectKey, int] = {}
    return any(_too_many(start, inside, drawn) for start in inside)


def _too_many(
    start: ObjectKey, inside: dict[ObjectKey, Counter[ObjectKey]], drawn: dict[ObjectKey, int]
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
        drawn[form] = 1 + sum(drawn.get(one, 1) * times for one, times in inside[form].items())
        if drawn[form] > _MOST_DRAWINGS:
            return True
        waiting.pop()
    return False


def _is_form(item: Object) -> bool:
    import pikepdf

    return isinstance(item, pikepdf.Stream) and (
        item.get("/Subtype") == "/Form" or item.get("/PatternType") == 1
    )


def _drawn_by(form: Object) -> Counter[ObjectKey]:
    """Return how often a form draws each other one, or fills with each pattern.

    Faces of buttons often share one dictionary of resources that lists them all, so what is listed
    says little. Where the content cannot be read, everything listed counts as drawn.
    """
    import pikepdf

    found: Counter[ObjectKey] = Counter()
    resources = form.get("/Resources")
    listed = {
        name.encode(): one.objgen
        for kind in ("/XObject", "/Pattern")
        if isinstance(resources, pikepdf.Dictionary)
        and isinstance(held := resources.get(kind), pikepdf.Dictionary)
        for name, one in held.as_dict().items()
        if isinstance(one, pikepdf.Stream)
    }
    if not listed:
        return found
    drawn = guarded(lambda: _drawn_in(form.read_bytes()))
    if isinstance(drawn, ParserFailure):
        return Counter(listed.values())
    for name, times in drawn.items():
        for key in listed.values() if name is None else filter(None, [listed.get(name)]):
            found[key] += times
    return found


def _drawn_in(content: bytes) -> Counter[bytes | None]:
    """Return how often a content stream draws what it calls by each name, slash included.

    None stands for drawings of which it is not clear what they draw, as behind a comment.
    """
    found: Counter[bytes | None] = Counter()
    for match in _DRAWS.finditer(content):
        name = _name_before(content, match.start())
        if name != b"":
            found[name] += 1
    return found


def _name_before(content: bytes, place: int) -> bytes | None:
    """Return the name in front of an operator; empty for a number, None when it is not clear."""
    before = content[max(0, place - _MOST_BETWEEN) : place]
    written = before.rstrip(_WHITE)
    begin = max(written.rfind(mark) for mark in _ENDS_WORD) + 1
    if written[begin - 1 : begin] == b"/":
        begin -= 1
    word = written[begin:]
    is_cut = begin == 0 and place > _MOST_BETWEEN
    if b"%" in before or not word or is_cut:
        return None
    if word.startswith(b"/"):
        return _ESCAPE.sub(lambda code: bytes([int(code[1], 16)]), word)
    return b"" if _NUMBER.fullmatch(word) else None
