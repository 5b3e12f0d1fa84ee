"""Ways through the finished file: named destinations, bookmarks, links."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from pks_kit.errors import RenderError
from pks_kit.render.html_inline import LINK_SCHEME
from pks_kit.render.pdf.request import Bookmark

_PRINT = 4


def resolve_links(page: Any, known: frozenset[str]) -> None:
    """Turn the private addresses of a page's links into jumps to named destinations.

    Raises:
        RenderError: ``render.pdf.dead_link`` when a clause is not in the document,
            ``render.pdf.foreign_link`` when a link leads out of it.
    """
    from pikepdf import String

    for annotation in page.obj.get("/Annots", ()):
        action = annotation.get("/A")
        target = str(action.get("/URI", "")) if action is not None else ""
        if not target.startswith(LINK_SCHEME):
            raise RenderError("render.pdf.foreign_link", target=target[:80])
        alamat = target.removeprefix(LINK_SCHEME)
        if alamat not in known:
            raise RenderError("render.pdf.dead_link", target=alamat)
        del annotation["/A"]
        annotation["/Dest"] = String(alamat)
        annotation["/F"] = _PRINT


def add_destinations(pdf: Any, destinations: dict[str, Any]) -> None:
    """Write a name tree of destinations; names are clause addresses."""
    from pikepdf import Array, Dictionary, String

    names = Array()
    for alamat in sorted(destinations):
        names.append(String(alamat))
        names.append(destinations[alamat])
    _names(pdf).Dests = pdf.make_indirect(Dictionary(Names=names))


def _names(pdf: Any) -> Any:
    from pikepdf import Dictionary

    if "/Names" not in pdf.Root:
        pdf.Root.Names = pdf.make_indirect(Dictionary())
    return pdf.Root.Names


def add_bookmarks(pdf: Any, bookmarks: tuple[Bookmark, ...]) -> None:
    """Write the outline, one level, each entry leading to a named destination."""
    from pikepdf import Dictionary, Name, String

    if not bookmarks:
        return
    outlines = pdf.make_indirect(Dictionary(Type=Name.Outlines, Count=len(bookmarks)))
    entries = [
        pdf.make_indirect(
            Dictionary(Title=String(one.title), Parent=outlines, Dest=String(one.alamat))
        )
        for one in bookmarks
    ]
    for before, after in pairwise(entries):
        before.Next = after
        after.Prev = before
    outlines.First, outlines.Last = entries[0], entries[-1]
    pdf.Root.Outlines = outlines
