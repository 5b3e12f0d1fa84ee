"""The page code: what the small QR on every page says, so that a scanned page can be identified.

Form: ``PKS2:<agreement id>:<edition>:<page>:<pages>:<check>``, always 59 characters of the QR
alphanumeric set, so that a QR of version 3-M (at most 61) is needed and its size never changes.
The edition (:mod:`pks_kit.domain.edition`) tells two issues of one agreement apart: without it a
page of a superseded draft reads like the page of the final one. Pages that were printed before
say ``PKS1:<agreement id>:<page>:<pages>:<check>``; their edition is not known.

The check value is the first eight Crockford characters (40 bits) of SHA-256 over everything before
it: it finds misreadings, it is no protection against forgery.

The pages of covering instructions say ``PKSP:<agreement id>:<check>``: whoever scans the whole
print sends them back too, and they are no pages of the agreement.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pks_kit.domain.edition import EDITION_LENGTH
from pks_kit.domain.identitas import CROCKFORD, ID_LENGTH, crockford
from pks_kit.errors import InputError

FORMAT_TAG = "PKS2"
OLD_FORMAT_TAG = "PKS1"
COVER_TAG = "PKSP"
CHECK_LENGTH = 8
MAXIMUM_PAGES = 9999

_SET = f"[{CROCKFORD}]"
_CODE = re.compile(
    rf"(?:{OLD_FORMAT_TAG}:(?P<old_id>{_SET}{{{ID_LENGTH}}})"
    rf"|{FORMAT_TAG}:(?P<id>{_SET}{{{ID_LENGTH}}}):(?P<edition>{_SET}{{{EDITION_LENGTH}}}))"
    rf":(?P<page>[0-9]{{4}}):(?P<pages>[0-9]{{4}}):(?P<check>{_SET}{{{CHECK_LENGTH}}})"
)
_COVER = re.compile(
    rf"{COVER_TAG}:(?P<id>{_SET}{{{ID_LENGTH}}}):(?P<check>{_SET}{{{CHECK_LENGTH}}})"
)
_ID = re.compile(rf"{_SET}{{{ID_LENGTH}}}")
_EDITION = re.compile(rf"{_SET}{{{EDITION_LENGTH}}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCode:
    """A page code that was read and whose check value is right.

    Attributes:
        agreement_id: 26 characters, see :func:`pks_kit.domain.identitas.agreement_id`.
        edition: 8 characters, see :mod:`pks_kit.domain.edition`; None for a page printed before
            there were editions: whether it belongs to this issue cannot be told from its code.
        page: Page number from 1.
        pages: Pages of the whole document.
    """

    agreement_id: str
    edition: str | None
    page: int
    pages: int

    def same_issue(self, agreement_id: str, edition: str | None) -> bool | None:
        """Return whether the page belongs to an issue; None when the codes cannot tell.

        Args:
            agreement_id: Id of the agreement that is looked for.
            edition: Its edition; None when it was issued before there were editions.
        """
        if self.agreement_id != agreement_id:
            return False
        return None if self.edition is None else self.edition == edition


def format_page_code(agreement_id: str, edition: str | None, page: int, pages: int) -> str:
    """Return the page code of one page.

    Args:
        agreement_id: 26 characters.
        edition: 8 characters; None writes the old form, for rendering old issues again.
        page: Page number from 1.
        pages: Pages of the whole document.

    Raises:
        InputError: ``page_code.invalid`` when the id, the edition or the page numbers cannot be
            right.
    """
    right = (
        _ID.fullmatch(agreement_id)
        and (edition is None or _EDITION.fullmatch(edition))
        and 1 <= page <= pages <= MAXIMUM_PAGES
    )
    if not right:
        raise InputError("page_code.invalid", reason=f"id/{page}/{pages}")
    head = (
        f"{OLD_FORMAT_TAG}:{agreement_id}"
        if edition is None
        else f"{FORMAT_TAG}:{agreement_id}:{edition}"
    )
    body = f"{head}:{page:04d}:{pages:04d}"
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
    return PageCode(
        agreement_id=found["old_id"] or found["id"],
        edition=found["edition"],
        page=page,
        pages=pages,
    )


def format_cover_code(agreement_id: str) -> str:
    """Return the code of the covering pages of an agreement.

    Args:
        agreement_id: 26 characters.

    Raises:
        InputError: ``page_code.invalid`` for an id that cannot be right.
    """
    if not _ID.fullmatch(agreement_id):
        raise InputError("page_code.invalid", reason="id")
    body = f"{COVER_TAG}:{agreement_id}"
    return f"{body}:{crockford(body.encode(), CHECK_LENGTH)}"


def parse_cover_code(text: str) -> str:
    """Return the id of the agreement whose covering page says this.

    Raises:
        InputError: ``page_code.invalid`` when the form or the check value is wrong.
    """
    found = _COVER.fullmatch(text)
    if found is None or format_cover_code(found["id"]) != text:
        raise InputError("page_code.invalid", reason="format")
    return found["id"]
