"""Text that YAML drops: from a blank and ``#`` to the end of the line.

Whoever writes ``Blok C #12`` without quotes means a number of a house, YAML means a comment.
"""

from __future__ import annotations

import re

from pks_kit.strict_yaml.nodes import YamlScalar

_COMMENT = re.compile(r"[^\S\r\n]+(#[^\r\n]*)")
_SIGN = re.compile(r"[|>][-+0-9]*")


def dropped_behind(text: str, scalar: YamlScalar) -> str:
    """Return the comment behind a value, on the line where it ends; empty when there is none.

    Args:
        text: The file that the value was read from.
        scalar: The value. One of several lines (``|``, ``>``) ends with its last line: behind it
            nothing can stand, but behind its sign.
    """
    is_block = scalar.style in ("|", ">")
    behind_sign = _SIGN.match(text, scalar.start) if is_block else None
    end = behind_sign.end() if behind_sign else scalar.end
    found = _COMMENT.match(text, end)
    return found[1] if found else ""


def is_part_of_words(dropped: str) -> bool:
    """Return whether a comment looks like text: ``#12``, ``#RT`` have no blank behind their sign.

    Args:
        dropped: What :func:`dropped_behind` returned.
    """
    return bool(dropped[1:2].strip(" \t#"))
