"""Ask parsers about bytes made to break them: what they raise becomes a value, or a refusal."""

from __future__ import annotations

import re
import zlib
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from pks_kit.errors import InputError
from pks_kit.messages.parser_reason import parser_reason

Answer = TypeVar("Answer")

_ADDRESS = re.compile(r"<([\w.]+) object at 0x[0-9a-fA-F]+>")


def without_addresses(text: str) -> str:
    """Return what a parser said without places in memory, which differ from run to run."""
    return _ADDRESS.sub(r"<\1>", text)


class ParserFailure:
    """What a parser said when a hostile file broke it: the kind of error and its text."""

    __slots__ = ("text",)

    def __init__(self, error: BaseException) -> None:
        self.text = without_addresses(f"{type(error).__name__}: {error}")[:300]


def guarded(look: Callable[[], Answer]) -> Answer | ParserFailure:
    """Run one look into a hostile file; whatever it raises becomes a value.

    Parsers meet bytes made to break them and raise any exception there is; none of them may
    leave the caller, and none of them may be taken for "nothing found".

    Raises:
        MemoryError: The process has used what it may; only its parent can answer.
        ImportError: A library of ours does not load, which says nothing about the file.
    """
    try:
        return look()
    except (MemoryError, ImportError):
        raise  # nothing about the file: whoever watches the process answers for it
    except Exception as error:  # noqa: BLE001 - see above
        return ParserFailure(error)


async def guarded_async(look: Awaitable[Answer]) -> Answer | ParserFailure:
    """As :func:`guarded`, for a look that must be awaited.

    Raises:
        MemoryError: As :func:`guarded`.
        ImportError: As :func:`guarded`.
    """
    try:
        return await look
    except (MemoryError, ImportError):
        raise
    except Exception as error:  # noqa: BLE001 - as above
        return ParserFailure(error)


@contextmanager
def refusing_broken_pdf() -> Iterator[None]:
    """Turn whatever a malformed file provokes in the PDF libraries into ``pdf.unreadable``.

    Raises:
        InputError: ``pdf.unreadable``.
    """
    import pikepdf
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.diff_analysis import SuspiciousModification
    from pyhanko.sign.validation.errors import SignatureValidationError

    try:
        yield
    except (SuspiciousModification, SignatureValidationError):
        raise
    except (
        PdfError,
        pikepdf.PikepdfError,
        ArithmeticError,
        AssertionError,
        AttributeError,
        LookupError,
        OSError,
        RecursionError,
        TypeError,
        ValueError,
        zlib.error,
    ) as error:
        raise InputError("pdf.unreadable", reason=parser_reason(error)) from error
