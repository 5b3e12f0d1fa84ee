"""Small tools for the objects of a PDF."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pikepdf import Pdf

ObjectKey = tuple[int, int]
"""Number and generation of an object of a PDF."""


def entry_of(dictionary: Any, entry: str, default: Any = None) -> Any:
    """Return an entry with its reference followed (pyHanko's ``get`` does not follow it)."""
    return dictionary[entry] if entry in dictionary else default  # noqa: SIM401


def read_all(pdf: Pdf) -> None:
    """Read every object of a file before any of them is written down.

    qpdf 12 ends the process when a dictionary that is being written down leads to an object that
    cannot be read and was not asked for before.

    Args:
        pdf: The file as qpdf sees it.
    """
    for _ in pdf.objects:
        pass


def words_in(value: Any, default: str = "?") -> str:
    """Return the words of a text or name of pikepdf or pyHanko, as people may be shown them.

    Args:
        value: An entry of a foreign file. Anything else in the place of a text has no words: its
            description by a library would carry what the file holds into messages and reports.
        default: What is returned then.
    """
    import pikepdf

    is_text = isinstance(value, (str, bytes, pikepdf.String, pikepdf.Name))
    return str(value) if is_text else default


def annotations_of(page: Any) -> Iterator[Any]:
    """Yield the annotations of pikepdf's page; entries that are none (``null``) are left out."""
    import pikepdf

    listed = page.get("/Annots")
    for one in listed if isinstance(listed, pikepdf.Array) else ():
        if isinstance(one, pikepdf.Dictionary):
            yield one
