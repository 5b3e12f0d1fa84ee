"""The receipt that a drafted PDF carries inside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pks_kit.domain.receipt import RECEIPT_ATTACHMENT, Receipt, parse_receipt
from pks_kit.errors import SigningError
from pks_kit.pdf.layout import open_reader, refusing_broken_pdf

RECEIPT_LIMIT = 1 << 20
"""Largest receipt in bytes."""

_COMPRESSED_LIMIT = 1 << 16
_DEPTH = 8


def embedded_receipt(pdf: bytes, source: str) -> Receipt:
    """Return the receipt embedded in a PDF.

    It tells which agreement this claims to be. It proves nothing: whoever changes the file can
    change it too, and it cannot hold the hash of the file.

    Raises:
        SigningError: ``signing.no_receipt_inside``, ``pdf.encrypted``.
        InputError: ``pdf.unreadable``, ``receipt.invalid``.
    """
    reader = open_reader(pdf)
    with refusing_broken_pdf():
        tree = _child(_child(reader.root, "/Names"), "/EmbeddedFiles")
        for name, specification in _entries(tree, 0):
            if name == RECEIPT_ATTACHMENT:
                stream = specification["/EF"]["/F"]
                if len(stream.encoded_data) > _COMPRESSED_LIMIT:
                    break
                content = bytes(stream.data)
                return parse_receipt(content[: RECEIPT_LIMIT + 1], source)
    raise SigningError("signing.no_receipt_inside", file=source)


def _entries(node: Any, depth: int) -> Iterator[tuple[str, Any]]:
    if node is None or depth > _DEPTH:
        return
    pairs = _child(node, "/Names") or []
    for index in range(0, len(pairs) - 1, 2):
        yield str(pairs[index]), pairs[index + 1]
    kids = _child(node, "/Kids") or []
    for index in range(len(kids)):
        yield from _entries(kids[index], depth + 1)


def _child(node: Any, key: str) -> Any:
    """Return an entry of a dictionary, its reference resolved (pyHanko's ``get`` does not)."""
    return node[key] if node is not None and key in node else None
