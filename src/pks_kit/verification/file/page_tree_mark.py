"""The mark that iText leaves in the page tree: ``/ITXT`` with its own version, for no reader.

iText up to version 4, OpenPDF and what is built on them (JSignPdf, pdftk) write the root of the
page tree again with that one entry in every revision, so a second signature by such a program
touches an object that it changes for nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pks_kit.verification.file.pdf_values import equal_values

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import HistoricalResolver
    from pyhanko.sign.diff_analysis.rules_api import ReferenceUpdate

_MARK = "/ITXT"
_LONGEST = 200


def is_marked_only(before: Any, after: Any) -> bool:
    """Return whether a page tree got the mark, a short text of its own, and nothing else."""
    from pyhanko.pdf_utils import generic

    if not all(isinstance(one, generic.DictionaryObject) for one in (before, after)):
        return False
    if isinstance(after, generic.StreamObject) or str(after.get("/Type", "")) != "/Pages":
        return False
    mark = after.raw_get(_MARK) if _MARK in after else None
    if not isinstance(mark, (generic.TextStringObject, generic.ByteStringObject)):
        return False
    others = (set(before) | set(after)) - {_MARK}
    return len(mark) <= _LONGEST and all(
        one in before and one in after and equal_values(before.raw_get(one), after.raw_get(one))
        for one in others
    )


def marks(old: HistoricalResolver, new: HistoricalResolver) -> Iterator[ReferenceUpdate]:
    """Yield the root of the page tree when a revision gave it the mark and nothing else."""
    from pyhanko.pdf_utils.reader import RawPdfPath
    from pyhanko.sign.diff_analysis.rules_api import Context, ReferenceUpdate

    reference = new.root.get_value_as_reference("/Pages", optional=True)
    before = old.root.get_value_as_reference("/Pages", optional=True)
    if reference is None or reference != before:
        return
    if is_marked_only(old(reference), new(reference)):
        context = Context.from_absolute(old, RawPdfPath("/Root", "/Pages"))
        yield ReferenceUpdate(reference, context_checked=context)
