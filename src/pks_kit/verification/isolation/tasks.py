"""Read a file again: its embedded data, its pages beside our own, its unproven chains.

These tasks run in the guarded child process, because the file is hostile.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from importlib import import_module
from typing import Any

from pks_kit.domain.page_words import squeezed
from pks_kit.domain.receipt import DATA_ATTACHMENT, RECEIPT_ATTACHMENT
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

_SCALE = 1.0
"""Pixels per point of the pictures that are compared."""


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
    import pypdfium2

    theirs: Any = pypdfium2.PdfDocument(content)
    ours: Any = pypdfium2.PdfDocument(own)
    shared = range(min(len(theirs), len(ours)))
    pairs = [(_words(theirs[n]), _words(ours[n])) for n in shared]
    return ComparedPages(
        pages=len(theirs),
        own_pages=len(ours),
        other_words=tuple(n + 1 for n in shared if pairs[n][0] != pairs[n][1]),
        other_pictures=tuple(n + 1 for n in shared if _picture(theirs[n]) != _picture(ours[n])),
        words="".join(_words(theirs[n]) for n in range(len(theirs))),
        own_words="".join(_words(ours[n]) for n in range(len(ours))),
    )


def _words(page: Any) -> str:
    """Return the words between header and footer, so that a sentence goes on over the page."""
    width, height = page.get_size()
    margin = 60.0
    text = page.get_textpage().get_text_bounded(
        left=0, bottom=margin, right=width, top=height - margin
    )
    return squeezed(str(text))


def _picture(page: Any) -> str:
    bitmap = page.render(scale=_SCALE, may_draw_forms=False, grayscale=True)
    return hashlib.sha256(bytes(bitmap.buffer)).hexdigest()
