"""What a certificate is called: one name for the signer's desk, the report and the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pks_kit.domain.nama_orang import name_words
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.visible_text import short_name

if TYPE_CHECKING:
    from asn1crypto import x509


UNREADABLE = "?"
"""Stands for a part of a name that is not what its kind says, or for a whole name."""


def name_entries(name: x509.Name) -> dict[str, list[str]]:
    """Return the parts of a name by their kind, in their order.

    A part of the wrong type (a unique identifier as text, say) is ``?``; anybody can have such a
    certificate made, and it must not keep a program from judging.

    Raises:
        ValueError: It is no name at all.
    """
    found: dict[str, list[str]] = {}
    for together in name.chosen:
        for part in together:
            value = guarded(lambda part=part: str(part["value"].native))  # type: ignore[misc]
            kind = guarded(lambda part=part: str(part["type"].native))  # type: ignore[misc]
            named = UNREADABLE if isinstance(kind, ParserFailure) else kind
            said = UNREADABLE if isinstance(value, ParserFailure) else value
            found.setdefault(named, []).append(said)
    return found


def common_name(name: x509.Name) -> str:
    """Return the common name, or the whole name when it has none; ``?`` when nobody can read it.

    A name with several common names is shown with all of them: whoever showed one could show
    another person than somebody else does. For the same reason given name and surname follow when
    they hold a word that no common name has; without a common name they are the name. A very long
    one is cut as every name from outside (:func:`~pks_kit.visible_text.short_name`).
    """
    parts = guarded(lambda: name_entries(name))
    if isinstance(parts, ParserFailure):
        return UNREADABLE
    common = [one for one in parts.get("common_name", ()) if one]
    person = " ".join([*parts.get("given_name", ()), *parts.get("surname", ())])
    known = {word for one in common for word in name_words(one)}
    if not set(name_words(person)) <= known:
        common.append(person)
    if common:
        return short_name(", ".join(common))
    whole = guarded(lambda: str(name.human_friendly))
    if isinstance(whole, ParserFailure):
        whole = ", ".join(f"{kind}: {', '.join(said)}" for kind, said in parts.items())
    return short_name(whole or UNREADABLE)
