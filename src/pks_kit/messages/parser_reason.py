"""What broke a parser, in words: the classes of libraries mean nothing to staff."""

from __future__ import annotations

import zlib

from pks_kit.messages import Message, lookup


def parser_reason(error: BaseException) -> Message:
    """Return what is wrong with a file that a parser gave up on."""
    if isinstance(error, RecursionError):
        return lookup("parser.reason.loop")
    if isinstance(error, zlib.error):
        return lookup("parser.reason.packed")
    if isinstance(error, OSError | EOFError):
        return lookup("parser.reason.cut")
    return lookup("parser.reason.structure")
