"""The edition of an issue: eight characters over everything that was known before rendering.

The agreement id stays while an address or an account number is corrected; the edition does not.
It stands in every page code and beside every page number, so that a page of a superseded draft
can be told from a page of the final one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from pks_kit.domain.identitas import crockford

EDITION_LENGTH = 8
"""40 bits: two drafts of one agreement that share it by chance are not to be expected."""

LAYOUT = 2
"""Version of the printed page: furniture, boxes, sizes. Whatever moves on paper gets another."""

OLD_LAYOUT = 1
"""The page of the receipts of format 1: no edition, one page code, words inside the boxes."""


def edition_of(
    data: Mapping[str, object],
    *,
    template_sha256: str,
    parameters_sha256: str,
    as_of: str,
    method: str,
    versions: Mapping[str, str],
    layout: int = LAYOUT,
) -> str:
    """Return the edition, 8 Crockford characters.

    Args:
        data: What fills the document, as JSON values.
        template_sha256: Hash of the template files that are used.
        parameters_sha256: Hash of the dated parameters.
        as_of: Date of the rules, ISO.
        method: Contract method.
        versions: Versions of the libraries that shape the pages.
        layout: Version of the printed page.
    """
    known = {
        "as_of": as_of,
        "data": data,
        "layout": layout,
        "method": method,
        "parameters": parameters_sha256,
        "template": template_sha256,
        "versions": dict(versions),
    }
    canonical = json.dumps(known, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return crockford(b"pks-kit edition 1\n" + canonical.encode(), EDITION_LENGTH)
