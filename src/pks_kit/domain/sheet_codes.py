"""What a first, cheap look at a returned file tells: its sheets and the page codes on them.

Made in a guarded child from a file of others, so every length is bounded here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from pks_kit.domain.edition import EDITION_LENGTH
from pks_kit.domain.identitas import CROCKFORD, ID_LENGTH
from pks_kit.domain.page_code import MAXIMUM_PAGES
from pks_kit.domain.paper import MOST_SHEETS

MOST_CODES = 4
"""Different pages on one sheet; two upright ones have room on it."""

_Id = Annotated[str, Field(pattern=rf"^[{CROCKFORD}]{{{ID_LENGTH}}}$")]
_Edition = Annotated[str, Field(pattern=rf"^[{CROCKFORD}]{{{EDITION_LENGTH}}}$")]
_Page = Annotated[int, Field(ge=1, le=MAXIMUM_PAGES)]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeOnSheet:
    """One page that a sheet says it shows.

    Attributes:
        agreement_id: Agreement of the code.
        edition: Its edition; None on pages of the first layout.
        page: Page of the agreement.
        pages: Pages of the whole document.
    """

    agreement_id: _Id
    edition: _Edition | None
    page: _Page
    pages: _Page


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetSeen:
    """One sheet of a file.

    Attributes:
        number: From 1, within the file.
        codes: What its codes say, each page once.
        state: ``read`` when a picture was there; ``blank`` when nothing is printed on it;
            ``cover`` for a page of covering instructions, which is no page of an agreement;
            ``unreadable`` when its picture cannot be opened.
    """

    number: Annotated[int, Field(ge=1, le=MOST_SHEETS)]
    codes: Annotated[tuple[CodeOnSheet, ...], Field(max_length=MOST_CODES)] = ()
    state: Literal["read", "blank", "cover", "unreadable"] = "read"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSeen:
    """All sheets of a file.

    Attributes:
        sheets: In their order.
        covered: How many of its pages a picture covers; 1 for a file that is itself a picture. A
            file of 0 is no scan, and nobody looked at its sheets.
        cut: Whether it has more sheets than anybody looks at.
        broken: Whether it cannot be opened at all.
    """

    sheets: Annotated[tuple[SheetSeen, ...], Field(max_length=MOST_SHEETS, fail_fast=True)]
    covered: Annotated[int, Field(ge=0, le=MOST_SHEETS)]
    cut: bool = False
    broken: bool = False
