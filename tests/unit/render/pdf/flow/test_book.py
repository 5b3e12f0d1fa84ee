"""A book keeps what more than one agreement holds, and each thread the agreement it lays out."""

from __future__ import annotations

import threading

from pks_kit.render.pdf.flow.book import Book
from pks_kit.render.pdf.flow.items import LaidLeaf

LEAF = LaidLeaf((), (), ())


def drafted(book: Book, *keys: str) -> list[bool]:
    """Lay out an agreement; return which of its leaves were known."""
    known = [book.leaf(key) is not None for key in keys]
    for key in keys:
        book.add_leaf(key, LEAF)
    assert all(book.leaf(key) is LEAF for key in keys)
    book.forget()
    return known


def test_a_leaf_is_kept_when_a_second_agreement_has_it() -> None:
    book = Book()
    assert drafted(book, "naskah", "faskes A") == [False, False]
    assert drafted(book, "naskah", "faskes B") == [False, False]
    assert drafted(book, "naskah", "faskes C", "faskes A") == [True, False, False]
    assert drafted(book, "naskah", "faskes A", "faskes B") == [True, True, False]


def test_the_end_of_another_agreement_takes_no_leaf_away() -> None:
    book = Book()
    book.add_leaf("naskah", LEAF)
    other = threading.Thread(target=drafted, args=(book, "lain"))
    other.start()
    other.join()
    assert book.leaf("naskah") is LEAF
    assert book.leaf("lain") is None
