"""What a refused change shows: on which page, where, and which words, before and after.

A revision is the only border between "before" and "after" that a file itself keeps. So each
refused revision is compared with the state before it, and, when the beginning of the upload is not
the issued file, the whole upload with the issued file. Runs after the verdict, in the guarded
child: whatever goes wrong here changes no verdict.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from pks_kit.pdf.parsing import ParserFailure, guarded

if TYPE_CHECKING:
    from pks_kit.verification.report.verdict import Check, VerifyReport

REFUSED = ("issued.revisions", "file.revisions")
WHOLE = "issued.prefix"
"""Code of the check that compares the beginning of the upload with the issued file."""

_MOST_REVISIONS = 3
_MOST_CHANGED_PAGES = 8
_MOST_WORDS = 2000
_MOST_LETTERS = 300
_MOST_SECONDS = 4.0
"""Processor time after which no further page is compared."""
_SCALE = 1.0
"""Pixels per point of the pictures that are compared."""
_MOST_SIDE = 3000.0


def describe_changes(content: bytes, report: VerifyReport, issued: bytes | None) -> dict[str, Any]:
    """Return what every refused change shows.

    Args:
        content: The upload.
        report: Its report.
        issued: The issued file, if known.

    Returns:
        By number of the revision (as text), or ``issued`` when compared with the issued file:
        a list of ``{page, change, region, words_before, words_after}``; ``region`` is in points
        from the lower left corner of the page as it is shown. None when it could not be compared.
    """
    ends = time.process_time() + _MOST_SECONDS
    found: dict[str, Any] = {}
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
    refused = {int(one.params["revision"]) for one in report.checks if _revision(one) is not None}
    for one in report.revisions:
        if one.number in refused and len(found) < _MOST_REVISIONS:
            found.append((str(one.number), content[: one.start], content[: one.end]))
    return found


def with_changes(report: VerifyReport, changes: Mapping[str, Any]) -> VerifyReport:
    """Return the report whose refusals say in ``details`` which objects and pages they touch.

    Raises:
        KeyError, TypeError, ValueError: ``changes`` is not what :func:`describe_changes` returns.
    """
    objects = {
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
        details = dict(check.details)
        if revision is not None and revision in objects:
            details["objects"] = objects[revision]
        if key in changes:
            details["pages"] = _checked(changes[key])
        pages = details.get("pages") or []
        page = check.page or (pages[0]["page"] if pages else None)
        checks.append(replace(check, details=details, page=page))
    return replace(report, checks=tuple(checks))


def _checked(pages: Any) -> list[dict[str, Any]] | None:
    """Take over only what has the right shape; it may come from a child that was overcome."""
    if pages is None:
        return None
    return [
        {
            "page": max(int(one["page"]), 1),
            "change": {"added": "added", "removed": "removed"}.get(one["change"], "changed"),
            "region": None
            if one["region"] is None
            else [float(edge) for _, edge in zip(range(4), one["region"], strict=True)],
            "words_before": str(one["words_before"])[:_MOST_LETTERS],
            "words_after": str(one["words_after"])[:_MOST_LETTERS],
        }
        for one in pages[:_MOST_CHANGED_PAGES]
    ]


def _revision(check: Check) -> int | None:
    number = check.params.get("revision") if check.code in REFUSED else None
    return number if check.status == "failed" and isinstance(number, int) else None


def _is_whole(check: Check) -> bool:
    return check.code == WHOLE and check.status == "failed"


def _compare(before: bytes, after: bytes, ends: float) -> list[dict[str, Any]]:
    import pypdfium2

    old: Any = pypdfium2.PdfDocument(before)
    new: Any = pypdfium2.PdfDocument(after)
    old.init_forms()
    new.init_forms()
    try:
        return _changed_pages(old, new, ends)
    finally:
        old.close()
        new.close()


def _changed_pages(old: Any, new: Any, ends: float) -> list[dict[str, Any]]:
    shared = min(len(old), len(new))
    found: list[dict[str, Any]] = []
    for number in range(max(len(old), len(new))):
        if len(found) >= _MOST_CHANGED_PAGES or time.process_time() > ends:
            break
        if number >= shared:
            change = "added" if number < len(new) else "removed"
            found.append(_page(number + 1, change))
            continue
        one = _changed_page(old[number], new[number], number + 1)
        if one is not None:
            found.append(one)
    return found


def _page(number: int, change: str, **more: Any) -> dict[str, Any]:
    empty = {"region": None, "words_before": "", "words_after": ""}
    return {"page": number, "change": change, **empty, **more}


def _changed_page(old: Any, new: Any, number: int) -> dict[str, Any] | None:
    region = _region(old, new)
    was, now = _words(old), _words(new)
    if region is None and was == now:
        return None
    gone, come = _different(was, now)
    return _page(number, "changed", region=region, words_before=gone, words_after=come)


def _region(old: Any, new: Any) -> list[float] | None:
    """Return the smallest rectangle around everything that looks different."""
    from PIL import ImageChops

    width, height = new.get_size()
    scale = min(_SCALE, _MOST_SIDE / max(width, height, 1.0))
    first, second = (
        page.render(scale=scale, may_draw_forms=True, grayscale=True).to_pil().convert("L")
        for page in (old, new)
    )
    if first.size != second.size:
        return [0.0, 0.0, round(width, 1), round(height, 1)]
    box = ImageChops.difference(first, second).getbbox()
    if box is None:
        return None
    left, top, right, bottom = box
    tall = second.size[1]
    return [round(edge / scale, 1) for edge in (left, tall - bottom, right, tall - top)]


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
    return " ".join(gone)[:_MOST_LETTERS], " ".join(come)[:_MOST_LETTERS]
