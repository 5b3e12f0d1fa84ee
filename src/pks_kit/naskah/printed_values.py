"""Decide what ``{{ ... }}`` may print, and clean it to one line of printable text."""

from __future__ import annotations

import re
import unicodedata

from pks_kit.naskah.source_text import Printed, TemplateFault
from pks_kit.naskah.tree import BlokTandaTangan

_LINE_BREAKS = re.compile("[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")
_NONCHARACTERS = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")


def one_line(text: str) -> str:
    """Return text with line breaks and tabs as spaces, without spaces at both ends.

    Raises:
        TemplateFault: ``naskah.control_character`` for control characters, lone surrogates and
            noncharacters: XML has no way to write them, so no renderer could print them exactly.
    """
    cleaned = _LINE_BREAKS.sub(" ", text).strip()
    if not cleaned.isprintable():
        for character in cleaned:
            control = unicodedata.category(character) in ("Cc", "Cs")
            if control or _NONCHARACTERS.match(character):
                raise TemplateFault("naskah.control_character", name=f"U+{ord(character):04X}")
    return cleaned


def printed_value(value: object) -> Printed:
    """Return what a template expression prints.

    Only text, whole numbers and signature blocks print. Everything else needs a filter that
    decides its spelling; a missing value (None) is a mistake of the template.

    Raises:
        TemplateFault: ``naskah.value_missing`` or ``naskah.value_not_text``.
    """
    if value is None:
        raise TemplateFault("naskah.value_missing")
    if isinstance(value, BlokTandaTangan):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TemplateFault("naskah.value_not_text", type=type(value).__name__)
    return one_line(str(value))
