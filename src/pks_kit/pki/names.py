"""What a certificate is called: one name for the signer's desk, the report and the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pks_kit.domain.nama_orang import AND, NO_NAME, UNREADABLE_NAME, name_words
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.visible_text import short_name

if TYPE_CHECKING:
    from asn1crypto import x509


UNREADABLE = "?"
"""Stands for a part of a name that is not what its kind says."""


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


def is_readable(name: x509.Name) -> bool:
    """Return whether every part of a name is what its kind says."""
    parts = guarded(lambda: name_entries(name))
    return not isinstance(parts, ParserFailure) and all(
        UNREADABLE not in (kind, *said) for kind, said in parts.items()
    )


def make_comparable(certificates: Iterable[x509.Certificate]) -> None:
    """Let the names of certificates be compared also where a part of them cannot be read.

    Such a part is compared by its bytes, so that the chain is judged as that of any other
    certificate instead of ending in an error of the library.

    Args:
        certificates: They remember it.
    """
    for certificate in certificates:
        for name in (certificate.subject, certificate.issuer):
            guarded(lambda name=name: _make_comparable(name))  # type: ignore[misc]


def _make_comparable(name: x509.Name) -> None:
    for together in name.chosen:
        for part in together:
            if isinstance(guarded(lambda part=part: part.prepped_value), ParserFailure):  # type: ignore[misc]
                part._prepped = part.dump().hex()
    if isinstance(guarded(lambda: name.human_friendly), ParserFailure):
        name._human_friendly = common_name(name)


def common_name(name: x509.Name) -> str:
    """Return the common name, or the whole name when it has none.

    A name with several common names is shown with all of them, :data:`AND` between: whoever
    showed one could show another person than somebody else does. For the same reason given name
    and surname follow when they hold a word that no common name has; without a common name they
    are the name. A very long one is cut as every name from outside
    (:func:`~pks_kit.visible_text.short_name`). One that is empty, or that nobody can read, is
    called so.
    """
    parts = guarded(lambda: name_entries(name))
    if isinstance(parts, ParserFailure):
        return UNREADABLE_NAME
    common: list[str] = []
    for one in parts.get("common_name", ()):
        if one.strip() and one not in common:
            common.append(UNREADABLE_NAME if one == UNREADABLE else one)
    person = " ".join([*parts.get("given_name", ()), *parts.get("surname", ())]).strip()
    known = {word for one in common for word in name_words(one)}
    if not set(name_words(person)) <= known or (person and not common):
        common.append(person)
    if common:
        return short_name(AND.join(common))
    if not any(one.strip() for said in parts.values() for one in said):
        return NO_NAME
    whole = guarded(lambda: str(name.human_friendly))
    if isinstance(whole, ParserFailure):
        whole = ", ".join(f"{kind}: {', '.join(said)}" for kind, said in parts.items())
    return short_name(whole)


def same_as(name: x509.Name) -> str | bytes:
    """Return what two names share when they are the same one; the bytes of an unreadable name."""
    try:
        return str(name.hashable)
    except (ValueError, TypeError, LookupError):
        return bytes(name.dump())
