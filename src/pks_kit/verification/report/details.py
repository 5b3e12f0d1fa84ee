"""Facts of a check for machines and experts, beside the words for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from pks_kit.json_types import Number, Ordinal, Sha256, Text, Whole

PageForm = Literal["digital", "scan", "mixed", "blank"]
PageColour = Literal["colour", "grey", "bilevel", "unknown"]

MOST_LETTERS = 300
"""Most letters of the words that a changed page shows."""
MOST_CHANGED_PAGES = 8
MOST_SCANS = 100
_MOST_OBJECTS = 1 << 17
_MOST_NAMES = 1 << 14

_Texts = Annotated[list[Text], Field(max_length=_MOST_NAMES, fail_fast=True)]
_Objects = Annotated[list[Text], Field(max_length=_MOST_OBJECTS, fail_fast=True)]
_Pages = Annotated[list[Ordinal], Field(max_length=_MOST_NAMES, fail_fast=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageScan:
    """What was measured of one page.

    Attributes:
        number: Page from 1.
        form: ``digital`` (words and drawings), ``scan`` (pictures cover it, no visible words),
            ``mixed`` (visible words on a picture of the page) or ``blank``.
        dpi: Resolution of the coarsest large picture; None without one.
        colour: Of a scan: ``colour``, ``grey`` (no colour anywhere), ``bilevel`` (only black and
            white) or ``unknown`` (not looked at).
        paper: Nearest usual paper, or empty.
        camera: The picture says that a camera took it.
        uneven: Difference between the brightest and the darkest part of the paper, in percent of
            white; None when not looked at.
        surroundings: Part of the edge of the picture that is dark, in percent: a table around
            the paper; None when not looked at.
    """

    number: Ordinal
    form: PageForm
    dpi: Whole | None = None
    colour: PageColour = "unknown"
    paper: Text = ""
    camera: bool = False
    uneven: Whole | None = None
    surroundings: Whole | None = None


class TouchedObjects(TypedDict):
    """Numbers of the objects of a refused revision.

    Attributes:
        added: New ones.
        changed: Those that replace older ones.
    """

    added: _Objects
    changed: _Objects


class ChangedPage(TypedDict):
    """What a refused change shows on one page.

    Attributes:
        page: Page from 1.
        change: Whether the page was changed, added or removed.
        region: Left, bottom, right, top in points of the page as it is shown; None: no visible
            change, or a whole page.
        words_before: Words that went.
        words_after: Words that came.
    """

    page: Ordinal
    change: Literal["changed", "added", "removed"]
    region: tuple[Number, Number, Number, Number] | None
    words_before: Annotated[str, Field(max_length=MOST_LETTERS)]
    words_after: Annotated[str, Field(max_length=MOST_LETTERS)]


ChangedPages = Annotated[list[ChangedPage], Field(max_length=MOST_CHANGED_PAGES, fail_fast=True)]


class MissingClause(TypedDict):
    """A clause whose words stand in our own rendering but not in the file.

    Attributes:
        clause: Where it is printed, for people.
        address: Its address in the text, or empty.
        expected: Words that should be there.
    """

    clause: Text
    address: Text
    expected: Text


class Details(TypedDict, total=False):
    """Facts for experts; a key is there when the check has that fact.

    Attributes:
        parser: What a parser said.
        analysis: What the analysis of later changes said.
        indication: Why a chain is not trusted, in the words of ETSI EN 319 102-1.
        flaws: Unusual spellings inside a signature.
        found: Names of what may run.
        sheets: What was measured of each page, the first ones only.
        hints: Hints of a photo or photocopy, with the pages that show them.
        clauses: Clauses that the file lacks.
        sha256: Hash that the ledger knows.
        objects: Numbers of new and replaced objects of the refused revision.
        pages: What the refused change shows; None when it could not be compared.
    """

    parser: Text
    analysis: Text
    indication: Text
    flaws: _Texts
    found: _Texts
    sheets: Annotated[list[PageScan], Field(max_length=MOST_SCANS, fail_fast=True)]
    hints: Annotated[
        dict[Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")], _Pages], Field(max_length=32)
    ]
    clauses: Annotated[list[MissingClause], Field(max_length=_MOST_NAMES, fail_fast=True)]
    sha256: Sha256
    objects: TouchedObjects
    pages: ChangedPages | None
