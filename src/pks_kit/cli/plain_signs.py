"""Signs for a terminal that does not know UTF-8: the nearest one, never a lost or broken line."""

from __future__ import annotations

import codecs
import unicodedata

HANDLER = "pks_kit.plain"
_NEAREST = {
    "«": '"', "»": '"', "“": '"', "”": '"', "‘": "'", "’": "'", "‹": "<", "›": ">",
    "–": "-", "—": "-", "…": "...", "•": "*", "·": "-", "→": "->", "×": "x", "\u00a0": " ",
}  # fmt: skip


def nearest(sign: str) -> str:
    """Return what stands for a sign in ASCII: a like one, its letters, or its number."""
    known = _NEAREST.get(sign)
    if known is not None:
        return known
    letters = unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode()
    return letters or f"<U+{ord(sign):04X}>"


def _replaced(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(nearest, error.object[error.start : error.end])), error.end


codecs.register_error(HANDLER, _replaced)
