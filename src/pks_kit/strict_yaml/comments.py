"""Text that YAML drops: from a blank and ``#`` to the end of the line.

Whoever writes ``Blok C #12`` without quotes means a number of a house, YAML means a comment.
"""

from __future__ import annotations

import re

from pks_kit.strict_yaml.nodes import YamlScalar

_COMMENT = re.compile(r"[^\S\r\n]+(#[^\r\n]*)")


def dropped_behind(text: str, scalar: YamlScalar) -> str:
    """Return the comment behind a value without quotes, on its line; empty when there is none.

    A value in quotes or of several lines (``|``, ``>``) shows where it ends: what stands behind
    it is a comment to every reader.

    Args:
        text: The file that the value was read from.
        scalar: The value.
    """
    if scalar.style:
        return ""
    found = _COMMENT.match(text, scalar.end)
    return found[1] if found else ""
