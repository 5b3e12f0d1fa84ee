"""What a change shows that did not pass: on which page, where, which words, before and after.

A revision is the only border between "before" and "after" that a file itself keeps. So each
revision that did not pass is compared with the state before it, and, when the beginning of the
upload is not the issued file, the whole upload with the issued file. Runs after the verdict, in the
guarded child: whatever goes wrong here changes no verdict.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from pks_kit.domain.rect import Rect
from pks_kit.pdf import pdfium
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.verification.report.comments import around, comments_of
from pks_kit.verification.report.details import (
    MOST_CHANGED_PAGES,
    MOST_LETTERS,
    ChangedPage,
    ChangedPages,
    Details,
    TouchedObjects,
)

if TYPE_CHECKING:
    from pks_kit.verification.report.verdict import Check, VerifyReport

REFUSED = ("issued.revisions", "file.revisions")
WHOLE = "issued.prefix"
"""Code of the check that compares the beginning of the upload with the issued file."""

_MOST_REVISIONS = 8
"""Refused ones come first, then those that a person must judge."""
_MOST_WORDS = 2000
_MOST_SECONDS = 4.0
"""Processor time after which no further page is compared."""
_SCALE = 1.0
"""Pixels per point of the pictures that are compared."""
_MOST_SIDE = 3000.0


Changes = Annotated[
    dict[Annotated[str, Field(pattern=r"^(issued|[0-9]{1,9})$")], ChangedPages | None],
    Field(max_length=_MOST_REVISIONS + 1),
]
"""What refused changes show, by number of the revision (as text) or ``issued``."""


def describe_changes(content: bytes, report: VerifyReport, issued: bytes | None) -> Changes:
    """Return what every refused change shows.

    Args:
        content: The upload.
        report: Its report.
        issued: The issued file, if known.

    Returns:
        By number of the revision (as text), or ``issued`` when compared with the issued file, the
        pages that differ; None when it could not be compared.
    """
    ends = time.process_time() + _MOST_SECONDS
    found: Changes = {}
    for key, before, after in states(content, report, issued):
        pages = guarded(lambda before=before, after=after: _compare(before, after, ends))  # type: ignore[misc]
        found[key] = None if isinstance(pages, ParserFailure) else pages
    return found


def states(
    content: bytes, report: VerifyReport, issued: bytes | None
) -> list[tuple[str, bytes, bytes]]:
    """Return key, state before and state after of each refused change, the first ones only."""
    found: list[tuple[str, bytes, bytes]] = []
    if issued is not None and any(_is_whole(check) for check in report.checks):
        found.append(("issued", issued, content))
    spans = {one.number: one for one in report.revisions}
    asked = {
        number for one in report.checks if (number := _revision(one)) is not None
    } & spans.keys()
    refused = {_revision(one) for one in report.checks if one.status == "failed"}
    first = sorted(asked, key=lambda number: (number not in refused, number))[:_MOST_REVISIONS]
    found += [
        (str(number), content[: spans[number].start], content[: spans[number].end])
        for number in sorted(first)
    ]
    return found


def with_changes(report: VerifyReport, changes: Changes) -> VerifyReport:
    """Return the report whose refusals say in ``details`` which objects and pages they touch."""
    objects: dict[int, TouchedObjects] = {
        one.number: {"added": list(one.added), "changed": list(one.changed)}
        for one in report.revisions
    }
    checks = []
    for check in report.checks:
        revision = _revision(check)
        key = "issued" if _is_whole(check) else None if revision is None else str(revision)
        if key is None:
            checks.append(check)
            continue
        details: Details = {**check.details}
        if revision is not None and revision in objects:
            details["objects"] = objects[revision]
        if key in changes:
            details["pages"] = changes[key]
        pages = details.get("pages") or []
        page = check.page or (pages[0]["page"] if pages else None)
        checks.append(replace(check, details=details, page=page))
    return replace(report, checks=tuple(checks))


def _revision(check: Check) -> int | None:
    """Return the revision that a check refuses, or leaves to a person, who must see it too."""
    return check.revision if check.code in REFUSED and check.status != "passed" else None


def _is_whole(check: Check) -> bool:
    return check.code == WHOLE and check.status == "failed"


def _compare(before: bytes, after: bytes, ends: float) -> list[ChangedPage]:
    with pdfium.opened(before, forms=True) as old, pdfium.opened(after, forms=True) as new:
        return _changed_pages(old, new, ends)


def _changed_pages(old: Any, new: Any, ends: float) -> list[ChangedPage]:
    shared = min(len(old), len(new))
    found: list[ChangedPage] = []
    for number in range(max(len(old), len(new))):
        if len(found) >= MOST_CHANGED_PAGES or time.process_time() > ends:
            break
        if number >= shared:
            found.append(
                ChangedPage(
                    page=number + 1,
                    change="added" if number < len(new) else "removed",
                    region=None,
                    words_before="",
                    words_after="",
                )
            )
            continue
        one = _changed_page(old, new, number)
        if one is not None:
            found.append(one)
    return found


def _changed_page(old: Any, new: Any, number: int) -> ChangedPage | None:
    region = _region(old[number], new[number])
    was, now = _words(old[number]), _words(new[number])
    said = guarded(lambda: [comments_of(one[number]) for one in (old, new)])
    before, after = ([], []) if isinstance(said, ParserFailure) else said
    if region is None and was == now:
        if before == after:
            return None
        region = around([one for one in before + after if (one in before) != (one in after)])
    if was == now:
        seen = guarded(lambda: [_words_with_fields(one, number) for one in (old, new)])
        was, now = (was, now) if isinstance(seen, ParserFailure) else seen
    if was == now:
        was, now = ([word for one in each for word in one.words] for each in (before, after))
    gone, come = _different(was, now)
    return ChangedPage(
        page=number + 1, change="changed", region=region, words_before=gone, words_after=come
    )


def _words_with_fields(document: Any, number: int) -> list[str]:
    """Return the words of a page with those of its fields and comments.

    They are drawn into the page of this copy, so it must have been compared before.
    """
    import pypdfium2.raw as raw

    document[number].flatten(raw.FLAT_NORMALDISPLAY)
    return _words(document[number])


def _region(old: Any, new: Any) -> Rect | None:
    """Return the smallest rectangle around everything that looks different."""
    from PIL import ImageChops

    width, height = new.get_size()
    scale = min(_SCALE, _MOST_SIDE / max(width, height, 1.0))
    first, second = (
        page.render(scale=scale, may_draw_forms=True, grayscale=True).to_pil().convert("L")
        for page in (old, new)
    )
    if first.size != second.size:
        return 0.0, 0.0, round(width, 1), round(height, 1)
    box = ImageChops.difference(first, second).getbbox()
    if box is None:
        return None
    left, top, right, bottom = box
    tall = second.size[1]
    edges = (left, tall - bottom, right, tall - top)
    left, bottom, right, top = (round(edge / scale, 1) for edge in edges)
    return left, bottom, right, top


def _words(page: Any) -> list[str]:
    text = page.get_textpage()
    count = min(text.count_chars(), 20 * _MOST_WORDS)
    return str(text.get_text_range(0, count)).split()[:_MOST_WORDS] if count else []


def _different(was: Sequence[str], now: Sequence[str]) -> tuple[str, str]:
    """Return the words that went and those that came, in their order."""
    gone: list[str] = []
    come: list[str] = []
    for tag, a, b, c, d in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if tag != "equal":
            gone += was[a:b]
            come += now[c:d]
    return " ".join(gone)[:MOST_LETTERS], " ".join(come)[:MOST_LETTERS]
