"""Read a file again: its embedded data, its pages beside our own, its unproven chains.

These tasks run in the guarded child process, because the file is hostile.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from importlib import import_module
from typing import Any

from pks_kit.domain.page_words import squeezed
from pks_kit.domain.receipt import DATA_ATTACHMENT, RECEIPT_ATTACHMENT
from pks_kit.pdf import pdfium
from pks_kit.verification.isolation.protocol import (
    Answers,
    AskedOfFiles,
    ComparedPages,
    EmbeddedTexts,
    Job,
    Parts,
    ToldOfFiles,
)

QUESTIONS = "pks_kit.pipelines.inside.child"
"""Who answers what the rooms above ask of files: named here, since this room may not know them."""

_SCALES = (1.0, 1.7)
"""Pixels per point of the pictures that are compared."""

_SQUARE = 4.0
"""Side in points of the squares of a page that are told apart."""

_SAME_GREY = 8
"""Greys of 256 by which a pixel may differ: coordinates were written more finely by some versions,
and their edges differ by two."""


def prepare(job: Job) -> None:
    """Load what a question of the rooms above needs; before limits hold and a file is seen.

    Raises:
        ImportError: A library of ours does not load.
    """
    if job.asked is not None:
        import_module(QUESTIONS).prepare(job.asked)


def do_task(job: Job, files: Parts) -> Answers:
    """Do the task that the parent asks for.

    Args:
        job: ``embedded`` or ``chains`` (of one file), or ``pages`` (of a file and our own
            rendering), or a question of the rooms above.
        files: The files.
    """
    if job.asked is not None:
        answer: Callable[[AskedOfFiles, Parts], ToldOfFiles] = import_module(QUESTIONS).answer
        return Answers(told=answer(job.asked, files))
    if job.chains is not None:
        from pks_kit.verification.isolation.unproven_chains import tell_open_chains

        return Answers(chains=tell_open_chains(files[0], job.chains, job.limits))
    if job.task == "embedded":
        return Answers(embedded=read_embedded(files[0]))
    return Answers(pages=compare_pages(files[0], files[1]))


def read_embedded(content: bytes) -> EmbeddedTexts:
    """Return the contract data and the receipt that a file carries."""
    import pikepdf

    from pks_kit.pdf.attachments import attachment

    with pikepdf.open(io.BytesIO(content), attempt_recovery=False) as pdf:
        found = [attachment(pdf, name) for name in (DATA_ATTACHMENT, RECEIPT_ATTACHMENT)]
    texts = [None if inside is None else inside.decode("utf-8", "replace") for inside in found]
    return EmbeddedTexts(data=texts[0], receipt=texts[1])


def compare_pages(content: bytes, own: bytes) -> ComparedPages:
    """Compare every page of a file with our own rendering: its words and its picture."""
    with pdfium.opened(content) as theirs, pdfium.opened(own) as ours:
        shared = range(min(len(theirs), len(ours)))
        words, own_words = ([_words(page) for page in document] for document in (theirs, ours))
        return ComparedPages(
            pages=len(theirs),
            own_pages=len(ours),
            other_words=tuple(n + 1 for n in shared if words[n] != own_words[n]),
            # pages of files of another length are pairs of different pages
            other_pictures=()
            if len(theirs) != len(ours)
            else tuple(n + 1 for n in shared if _differ(theirs[n], ours[n])),
            words="".join(words),
            own_words="".join(own_words),
        )


def _words(page: Any) -> str:
    """Return the words between header and footer, so that a sentence goes on over the page."""
    width, height = page.get_size()
    margin = 60.0
    text = page.get_textpage().get_text_bounded(
        left=0, bottom=margin, right=width, top=height - margin
    )
    return squeezed(str(text))


def _differ(one: Any, other: Any) -> bool:
    """Return whether two pages look different, at the same place in two sizes.

    PDFium sets each glyph on whole pixels. Where a version wrote numbers in another way, one of
    thousands may fall on the next pixel, in one size and hardly in another too; what was drawn or
    left out shows in both.
    """
    places: set[tuple[int, int]] | None = None
    for scale in _SCALES:
        found = _different_places(one, other, scale)
        places = found if places is None else places & found
        if not places:
            return False
    return True


def _different_places(one: Any, other: Any, scale: float) -> set[tuple[int, int]]:
    """Return the squares of a page in which pixels differ, and those round them."""
    first, second = (
        page.render(scale=scale, may_draw_forms=False, grayscale=True) for page in (one, other)
    )
    if (first.width, first.height) != (second.width, second.height):
        return {(0, 0)}
    before, after = bytes(first.buffer), bytes(second.buffer)
    if before == after:
        return set()
    side = _SQUARE * scale
    found: set[tuple[int, int]] = set()
    for down in range(first.height):
        row = slice(down * first.stride, (down + 1) * first.stride)
        if before[row] == after[row]:
            continue
        for across, (grey, own) in enumerate(zip(before[row], after[row], strict=True)):
            if abs(grey - own) > _SAME_GREY:
                x, y = int(across / side), int(down / side)
                found.update((x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1))
    return found
