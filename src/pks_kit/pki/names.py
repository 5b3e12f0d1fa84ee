"""What a certificate is called: one name for the signer's desk, the report and the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pks_kit.visible_text import short_name

if TYPE_CHECKING:
    from asn1crypto import x509


def common_name(name: x509.Name) -> str:
    """Return the common name, or the whole name when it has none.

    A name with several common names is shown with all of them: whoever showed one could show
    another person than somebody else does. A very long one is cut as every name from outside
    (:func:`~pks_kit.visible_text.short_name`).
    """
    common = name.native.get("common_name")
    if isinstance(common, list):
        common = ", ".join(str(part) for part in common)
    return short_name(str(common or name.human_friendly))
