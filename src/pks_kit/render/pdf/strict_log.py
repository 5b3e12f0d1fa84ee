"""Silence is part of the contract: what the layout engine complains about is an error here."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from pks_kit.errors import RenderError

_LOGGERS = ("weasyprint", "fontTools")

HARMLESS = (
    # Without the HarfBuzz subset library the fonts of a part are subset by fontTools. The font
    # programs of a part never reach the finished file: pdf.faces embeds its own.
    "Using fontTools instead of HarfBuzz-Subset for font",
)
"""Beginnings of log messages that may be ignored, each with its reason."""


class _Collector(logging.Handler):
    """Keeps the warnings of one thread."""

    def __init__(self) -> None:
        super().__init__(level=logging.WARNING)
        self.messages: list[str] = []
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if record.thread == self._thread and not message.startswith(HARMLESS):
            self.messages.append(message)


@contextmanager
def silence_required(what: str) -> Iterator[None]:
    """Turn every warning that the layout engine logs inside the block into an error.

    Args:
        what: Name of the part for the message.

    Raises:
        RenderError: ``render.pdf.engine_warning`` with the first complaint.
    """
    collector = _Collector()
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    for logger in loggers:
        logger.addHandler(collector)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(collector)
    if collector.messages:
        raise RenderError(
            "render.pdf.engine_warning",
            part=what,
            message=collector.messages[0][:300],
            count=len(collector.messages),
        )
