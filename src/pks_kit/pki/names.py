"""What a certificate is called: one name for the signer's desk, the report and the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pks_kit.domain.nama_orang import name_words
from pks_kit.visible_text import short_name

if TYPE_CHECKING:
    from asn1crypto import x509


def common_name(name: x509.Name) -> str:
    """Return the common name, or the whole name when it has none.

    A name with several common names is shown with all of them: whoever showed one could show
    another person than somebody else does. For the same reason given name and surname follow when
    they hold a word that no common name has; without a common name they are the name. A very long
    one is cut as every name from outside (:func:`~pks_kit.visible_text.short_name`).
    """
    native: dict[str, Any] = name.native
    common = _texts(native.get("common_name"))
    person = " ".join([*_texts(native.get("given_name")), *_texts(native.get("surname"))])
    known = {word for one in common for word in name_words(one)}
    if not set(name_words(person)) <= known:
        common.append(person)
    return short_name(", ".join(common) or str(name.human_friendly))


def _texts(value: Any) -> list[str]:
    """Return the values of an attribute that may stand several times, without empty ones."""
    values = value if isinstance(value, list) else [value]
    return [str(one) for one in values if one]
