"""The page code: what the small QR on every page says, so that a scanned page can be identified.

Form: ``PKS1:<agreement id>:<page>:<pages>:<check>``, always 50 characters of the QR alphanumeric
set (at least 45, so that a QR of a fixed size is needed). The check value is the first eight
Crockford characters (40 bits) of SHA-256 over everything before it: it finds misreadings, it is
no protection against forgery.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pks_kit.domain.identitas import CROCKFORD, ID_LENGTH, crockford
from pks_kit.errors import InputError

FORMAT_TAG = "PKS1"
CHECK_LENGTH = 8
MAXIMUM_PAGES = 9999

_SET = f"[{CROCKFORD}]"
_CODE = re.compile(
    rf"{FORMAT_TAG}:(?P<id>{_SET}{{{ID_LENGTH}}}):(?P<page>[0-9]{{4}}):(?P<pages>[0-9]{{4}})"
    rf":(?P<check>{_SET}{{{CHECK_LENGTH}}})"
)
_ID = re.compile(rf"{_SET}{{{ID_LENGTH}}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCode:
    """A page code that was read and whose check value is right.

    Attributes:
        agreement_id: 26 characters, see :func:`pks_kit.domain.identitas.agreement_id`.
        page: Page number from 1.
        pages: Pages of the whole document.
    """

    agreement_id: str
    page: int
    pages: int


def format_page_code(agreement_id: str, page: int, pages: int) -> str:
    """Return the page code of one page.

    Raises:
        InputError: ``page_code.invalid`` when the id or the page numbers cannot be right.
    """
    if not _ID.fullmatch(agreement_id) or not 1 <= page <= pages <= MAXIMUM_PAGES:
        raise InputError("page_code.invalid", reason=f"id/{page}/{pages}")
    body = f"{FORMAT_TAG}:{agreement_id}:{page:04d}:{pages:04d}"
    return f"{body}:{crockford(body.encode(), CHECK_LENGTH)}"


def parse_page_code(text: str) -> PageCode:
    """Read a page code, for example from a scan.

    Raises:
        InputError: ``page_code.invalid`` when the form, the numbers or the check value are wrong.
    """
    found = _CODE.fullmatch(text)
    if found is None:
        raise InputError("page_code.invalid", reason="format")
    body = text[: -CHECK_LENGTH - 1]
    if crockford(body.encode(), CHECK_LENGTH) != found["check"]:
        raise InputError("page_code.invalid", reason="check value")
    page, pages = int(found["page"]), int(found["pages"])
    if not 1 <= page <= pages:
        raise InputError("page_code.invalid", reason=f"{page}/{pages}")
    return PageCode(agreement_id=found["id"], page=page, pages=pages)
