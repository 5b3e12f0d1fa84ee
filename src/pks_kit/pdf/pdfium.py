"""PDFium in a process that may have threads: one document at a time.

PDFium keeps state of its own outside every document, so two threads inside it end the process. A
portal drafts in several threads; whatever opens a document there goes through here. Guarded
children have one thread and need no turn.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_TURN = threading.RLock()


@contextmanager
def opened(content: bytes) -> Iterator[Any]:
    """Open a document, and close it with all its pages before another thread's turn.

    Args:
        content: The file.

    Raises:
        pypdfium2.PdfiumError: PDFium cannot open it.
    """
    import pypdfium2

    with _TURN, pypdfium2.PdfDocument(content) as document:
        yield document
