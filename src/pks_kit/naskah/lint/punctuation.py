"""How list items end (warnings): semicolon, conjunction on the second-last item, full stop.

Practice after UU 12/2011 Lampiran II (docs/sumber.md 13.3). A list whose items are all sentences
(each ends with a full stop, as the definitions of Pasal 1) is in order as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pks_kit.naskah.lint.findings import LintFinding
from pks_kit.naskah.lint.passages import words_of
from pks_kit.naskah.lint.skeleton import is_expression
from pks_kit.naskah.numbering import NumberedPart
from pks_kit.naskah.parsed import ParsedBlock, ParsedItem, ParsedList, ParsedParagraph

_CONJUNCTION = re.compile(r";\s(?:dan|atau|dan/atau)$")


def punctuation_findings(part: NumberedPart) -> Iterator[LintFinding]:
    """Yield a warning for each item that ends in an unusual way."""
    file = part.parsed.part.file
    for block in part.parsed.isi:
        if isinstance(block, ParsedList):
            for line, expected in _list_ends(block, part, outermost=True):
                yield LintFinding(
                    file=file,
                    line=line,
                    code="lint.item_end",
                    level="warning",
                    params={"expected": expected},
                )


def _list_ends(
    block: ParsedList, part: NumberedPart, *, outermost: bool
) -> Iterator[tuple[int, str]]:
    """Yield line and expected ending of each item that does not end so."""
    if not block.numbered:
        return
    is_ayat = part.levels.get(block) == "ayat"
    ends = [_end(item) for item in block.butir]
    sentences = all(end is None or end.endswith((".", ":")) for end in ends)
    for index, (item, end) in enumerate(zip(block.butir, ends, strict=True)):
        yield from _inside(item, part, is_ayat=is_ayat)
        if end is None or sentences:
            continue
        expected = _expected(len(block.butir) - 1 - index, is_ayat=is_ayat, outermost=outermost)
        if expected and not _matches(end, expected):
            yield item.line, expected


def _expected(items_after: int, *, is_ayat: bool, outermost: bool) -> str:
    if is_ayat:
        return "«.»"
    if items_after == 0:
        # Below another tabulated item the ending belongs to that item.
        return "«.»" if outermost else ""
    return "«; dan» / «; atau» / «; dan/atau»" if items_after == 1 else "«;»"


def _matches(end: str, expected: str) -> bool:
    if expected == "«.»":
        return end.endswith(".")
    if expected == "«;»":
        return end.endswith(";")
    return bool(_CONJUNCTION.search(end))


def _inside(item: ParsedItem, part: NumberedPart, *, is_ayat: bool) -> Iterator[tuple[int, str]]:
    previous: ParsedBlock | None = None
    for block in item.isi:
        if isinstance(block, ParsedList):
            if isinstance(previous, ParsedParagraph) and not _ends_with_colon(previous):
                yield previous.line, "«:»"
            yield from _list_ends(block, part, outermost=is_ayat and block is item.isi[-1])
        previous = block


def _ends_with_colon(paragraph: ParsedParagraph) -> bool:
    text = words_of(paragraph.isi)
    return text.endswith(":") or is_expression(text[-1])


def _end(item: ParsedItem) -> str | None:
    """Return the last words of an item; None when something else than words ends it."""
    last = item.isi[-1]
    if isinstance(last, ParsedList):
        return _end(last.butir[-1]) if last.numbered else None
    if not isinstance(last, ParsedParagraph):
        return None
    text = words_of(last.isi).rstrip()
    return None if is_expression(text[-1]) else text[-12:]
