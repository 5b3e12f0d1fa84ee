"""What the boxes of signatures show: words that fit the certificate, and no box over another.

A signature vouches for a certificate; people read the box. Whoever may sign can draw any name, or
a new tariff, into the box of a signature that is perfectly sound.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Any

from pks_kit.domain.nama_orang import name_words
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.verification.agreement.names import compare_names
from pks_kit.verification.report.answers import failed, indeterminate, passed

if TYPE_CHECKING:
    from pks_kit.domain.rect import Rect
    from pks_kit.pdf.opening import OpenedFile
    from pks_kit.verification.report.verdict import Check
    from pks_kit.verification.signatures.judge import JudgedSignature

_SIGNED_BY = re.compile(
    r"(?:signed\s+by|ditandatangani(?:\s++secara\s++(?:elektronik|digital|sah))*+\s++oleh)\s*+:?\s*+"
    r"([^\r\n]{2,120})",
    re.IGNORECASE,
)
_OTHER_WORDS = re.compile(r"[^\W\d_]{3,}")
_LETTERS = re.compile(r"[^\W\d_]+")
_MOST_LETTERS = 4000
_TOUCHING = 2.0
"""Points by which two boxes may overlap (rounding)."""


def check_boxes(opened: OpenedFile, judged: tuple[JudgedSignature, ...]) -> list[Check]:
    """Check names of fields, place and words of every visible box."""
    names = Counter(one.found.field for one in judged)
    checks: list[Check] = [
        failed("signature.integrity", "duplicate", "cryptographic", field=name)
        for name, count in names.items()
        if count > 1
    ]
    checks += _overlaps(judged)
    for one in judged:
        if one.report.kind == "timestamp" or not one.report.signer:
            continue
        words = guarded(lambda one=one: _words_in_box(opened, one))  # type: ignore[misc]
        if isinstance(words, ParserFailure):
            checks.append(
                indeterminate("signature.appearance", "unreadable", "visual", field=one.found.field)
            )
        elif words.strip():
            checks.append(_words_check(one, words))
    return checks


def _overlaps(judged: tuple[JudgedSignature, ...]) -> Iterator[Check]:
    for one, other in combinations([seen for seen in judged if seen.report.rect], 2):
        if one.report.page == other.report.page and _overlap(one.report.rect, other.report.rect):
            yield indeterminate(
                "signature.place",
                "overlap",
                "visual",
                field=other.found.field,
                other=one.found.field,
                page=other.report.page,
            )


def _overlap(first: Rect | None, second: Rect | None) -> bool:
    if first is None or second is None:
        return False
    wide = min(first[2], second[2]) - max(first[0], second[0])
    high = min(first[3], second[3]) - max(first[1], second[1])
    return wide > _TOUCHING and high > _TOUCHING


def _words_check(one: JudgedSignature, words: str) -> Check:
    code, signer = "signature.appearance", one.report.signer
    told = {"field": one.found.field, "signer": signer}
    if _names(words, signer):
        return passed(code, "named", "visual", **told)
    if one.report.kind == "meterai" and one.report.serial_number in words:
        return passed(code, "serial", "visual", field=one.found.field)
    claimed = _SIGNED_BY.search(words)
    if claimed is not None:
        shown = claimed[1].strip()[:80]
        return indeterminate(code, "other_name", "visual", shown=shown, **told)
    shown = " ".join(words.split())[:80]
    if not _OTHER_WORDS.search(words):
        return passed(code, "no_words", "visual", field=one.found.field)
    return indeterminate(code, "other_words", "visual", shown=shown, **told)


def _names(words: str, signer: str) -> bool:
    """Return whether the words hold the name of the certificate, in any case and line breaking."""
    wanted = name_words(signer)
    if not wanted:
        return False
    printed = set(name_words(" ".join(words.split()))) | set(words.casefold().split())
    if set(wanted) <= printed:
        return True
    if _letters(signer) in _letters(words) or "".join(wanted) in _letters(words):
        return True
    lines = [*words.splitlines(), *_SIGNED_BY.findall(words)]
    return any(compare_names(line, signer) == "same" for line in lines if line.strip())


def _letters(words: str) -> str:
    return "".join(_LETTERS.findall(words.casefold()))


def _words_in_box(opened: OpenedFile, one: JudgedSignature) -> str:
    """Draw the appearance of a widget on a page of its own and read the words from there."""
    import pikepdf
    import pypdfium2

    if one.report.rect is None:
        return ""
    look = _appearance(opened, one)
    if look is None:
        return ""
    with pikepdf.new() as paper:
        edges = [float(edge) for edge in look.get("/BBox", (0, 0, 100, 100))]
        left, right = sorted((edges[0], edges[2]))
        bottom, top = sorted((edges[1], edges[3]))
        page = paper.add_blank_page(page_size=(14400, 14400))
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(K=paper.copy_foreign(look)))
        page.MediaBox = pikepdf.Array([left - 1000, bottom - 1000, right + 1000, top + 1000])
        page.Contents = paper.make_stream(b"/K Do")
        target = io.BytesIO()
        paper.save(target)
    document: Any = pypdfium2.PdfDocument(target.getvalue())
    try:
        text = document[0].get_textpage()
        count = min(text.count_chars(), _MOST_LETTERS)
        return str(text.get_text_range(0, count)) if count else ""
    finally:
        document.close()


def _appearance(opened: OpenedFile, one: JudgedSignature) -> Any:
    """Return the normal appearance of the field's widget as qpdf sees it; None without one."""
    import pikepdf

    embedded: Any = one.found.embedded
    field = embedded.sig_field
    kids = field.raw_get("/Kids").get_object() if "/Kids" in field else None
    holder = kids.raw_get(0) if kids else None
    reference = getattr(holder, "reference", None) or getattr(field, "container_ref", None)
    if reference is None:
        return None
    widget = opened.pdf.get_object(reference.idnum, reference.generation)
    shown = widget.get("/AP", pikepdf.Dictionary()).get("/N")
    return shown if isinstance(shown, pikepdf.Stream) else None
