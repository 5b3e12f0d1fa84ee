"""Which line ends survive Jinja: a line that holds only tags vanishes, every other line stays.

Jinja's ``trim_blocks`` removes the newline after every tag, also after an ``{% endif %}`` at the
end of a line of text, which would glue two lines of the agreement together. A ``+`` inside the tag
(``+%}``) tells Jinja to keep the newline; it is added where the line holds more than tags.
"""

from __future__ import annotations

import re

_TAG = re.compile(r"\{%.*?(?:%\}|\Z)|\{\{.*?(?:\}\}|\Z)|\{#.*?(?:#\}|\Z)", re.DOTALL)
"""A tag; one that nothing closes, which Jinja refuses, goes to the end of the text."""
_OPEN_END = ("%}", "#}")
_CHOSEN_END = ("-%}", "+%}", "-#}", "+#}")


def keep_line_ends(source: str) -> str:
    """Return the template with ``+`` added to tags that end a line of text."""
    pieces: list[str] = []
    position = 0
    line_has_words = False
    for found in _TAG.finditer(source):
        between, tag = source[position : found.start()], found.group()
        _, newline, last = between.rpartition("\n")
        line_has_words = bool(last.strip()) or (line_has_words and not newline)
        pieces.append(between)
        position = found.end()
        if tag.startswith("{{"):
            line_has_words = True
        elif (
            line_has_words
            and source.startswith("\n", position)
            and tag.endswith(_OPEN_END)
            and not tag.endswith(_CHOSEN_END)
        ):
            tag = f"{tag[:-2]}+{tag[-2:]}"
        pieces.append(tag)
    return "".join((*pieces, source[position:]))
