"""What a certificate is called: one name for the signer's desk, the report and the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asn1crypto import x509


def common_name(name: x509.Name) -> str:
    """Return the common name, or the whole name when it has none.

    A name with several common names is shown with all of them: whoever showed one could show
    another person than somebody else does.
    """
    common = name.native.get("common_name")
    if isinstance(common, list):
        common = ", ".join(str(part) for part in common)
    return str(common or name.human_friendly)
