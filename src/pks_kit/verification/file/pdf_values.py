"""Compare PDF values of two revisions, and the metadata of two states of a document."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as Tree

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_MAY_CHANGE = frozenset(
    {"ModifyDate", "MetadataDate", "CreateDate", "Producer", "CreatorTool", "xmptk", "about"}
)
_MOST_METADATA = 1024 * 1024


def equal_values(first: Any, second: Any) -> bool:
    """Return whether two PDF values are the same, references compared by number.

    Streams are the same when their dictionaries and their encoded bytes are.
    """
    waiting = [(first, second)]
    while waiting:
        old, new = waiting.pop()
        if old is None or new is None:
            if old is not new:
                return False
            continue
        if hasattr(old, "reference") or hasattr(new, "reference"):
            if _number(old) != _number(new):
                return False
            continue
        pairs = _inside(old, new)
        if pairs is None:
            return False
        waiting += pairs
    return True


def _number(value: Any) -> tuple[int, int] | None:
    reference = getattr(value, "reference", None)
    return (reference.idnum, reference.generation) if reference is not None else None


def _inside(old: Any, new: Any) -> list[tuple[Any, Any]] | None:
    """Return the pairs to compare next, or None when the two differ here."""
    from pyhanko.pdf_utils import generic

    if isinstance(old, generic.DictionaryObject):
        if not isinstance(new, generic.DictionaryObject) or set(old) != set(new):
            return None
        if isinstance(old, generic.StreamObject) != isinstance(new, generic.StreamObject):
            return None
        if getattr(old, "encoded_data", b"") != getattr(new, "encoded_data", b""):
            return None
        return [(old.raw_get(entry), new.raw_get(entry)) for entry in old]
    if isinstance(old, generic.ArrayObject):
        if not isinstance(new, generic.ArrayObject) or len(old) != len(new):
            return None
        return [(old.raw_get(place), new.raw_get(place)) for place in range(len(old))]
    if isinstance(old, (generic.TextStringObject, generic.ByteStringObject)):
        is_text = isinstance(new, (generic.TextStringObject, generic.ByteStringObject))
        return [] if is_text and old.original_bytes == new.original_bytes else None
    return [] if type(old) is type(new) and old == new else None


def same_metadata(before: Any, after: Any) -> bool:
    """Return whether only dates and producer of the XMP metadata changed.

    A viewer shows the title from here in its window; it may not change after issue. A writer that
    keeps the stored bytes and loses only their filter (iText) leaves nothing else to read.
    """
    if after is None:
        return before is None
    kept = getattr(before, "encoded_data", None)
    if kept and "/Filter" not in after and kept == getattr(after, "encoded_data", b""):
        return True
    old = _facts(before) if before is not None else set()
    new = _facts(after)
    return old is not None and new is not None and old == new


def _facts(stream: Any) -> set[tuple[str, str]] | None:
    """Return all values of an XMP packet but the ones that may change; None: not readable."""
    raw: bytes = stream.data if hasattr(stream, "data") else b""
    if len(raw) > _MOST_METADATA or b"<!" in raw:
        return None
    try:
        root = Tree.fromstring(raw)  # noqa: S314 - no declarations, so no entities
    except Tree.ParseError:
        return None
    found: set[tuple[str, str]] = set()
    _walk(root, "", found)
    return found


def _walk(element: Tree.Element, name: str, found: set[tuple[str, str]]) -> None:
    own = name if element.tag.startswith(_RDF) else element.tag
    for attribute, value in element.attrib.items():
        if attribute.startswith(_RDF) or attribute.endswith("}lang"):
            continue
        _keep(attribute, value, found)
    _keep(own, (element.text or "").strip(), found)
    for child in element:
        _walk(child, own, found)


def _keep(name: str, value: str, found: set[tuple[str, str]]) -> None:
    if value and name.rpartition("}")[2] not in _MAY_CHANGE:
        found.add((name, value))
