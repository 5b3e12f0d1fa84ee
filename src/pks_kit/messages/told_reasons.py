"""Lists of reasons that travel as text, ``host: code=value; host: code``, and their words.

Reports and ledgers hold text of one language or none; a code of the catalogue in it is said in the
language of whoever reads it.
"""

from __future__ import annotations

import re

from pks_kit.messages import Message, lookup

_CODE = re.compile(r"\b(service\.(?:reason|cause)\.[a-z_]{1,40})(?:=([^;\r\n]{1,80}))?")


def reason_code(code: str, what: str = "") -> str:
    """Return a reason as it stands in such a list."""
    return f"{code}={what}" if what else code


def told_reasons(text: str) -> Message:
    """Return a list of reasons with its codes put into words; other text stays as it is."""
    return Message(
        _CODE.sub(lambda found: _words(found).id, text),
        _CODE.sub(lambda found: _words(found).en, text),
    )


def _words(found: re.Match[str]) -> Message:
    what = found[2] or ""
    told = lookup(what) if what.startswith("service.cause.") else what
    return lookup(found[1]).fill({"what": told})
