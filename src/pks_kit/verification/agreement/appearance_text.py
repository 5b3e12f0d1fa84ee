"""What the boxes of signatures show: words that fit the certificate.

A signature vouches for a certificate; people read the box. Whoever may sign can draw any name, or
a new tariff, into the box of a signature that is perfectly sound.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pks_kit.domain.nama_orang import folded_words, name_words, same_person
from pks_kit.pdf.objects import words_in
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.verification.report.answers import indeterminate, passed

if TYPE_CHECKING:
    from pikepdf import Pdf

    from pks_kit.verification.report.verdict import Check, SignatureReport

_SIGNED_BY = re.compile(
    r"(?:signed\s+by|ditandatangani(?:\s++secara\s++(?:elektronik|digital|sah))*+\s++oleh)\s*+:?\s*+"
    r"([^\r\n]{2,120})",
    re.IGNORECASE,
)
_NOBODY = frozenset({"me", "myself", "us", "saya", "kami", "sendiri"})
"""Words behind "signed by" that name nobody."""
_OTHER_WORDS = re.compile(r"[^\W\d_]{3,}")
_LETTERS = re.compile(r"[^\W\d_]+")
_MOST_LETTERS = 4000
_MOST_FIELDS = 1 << 14


def check_appearances(pdf: Pdf, reports: Sequence[SignatureReport]) -> list[Check]:
    """Compare the words in every visible box with the certificate.

    Args:
        pdf: The file as qpdf sees it.
        reports: What was found out about its signatures.
    """
    named = [one for one in reports if one.kind != "timestamp" and one.signer]
    words = guarded(lambda: _words_in_boxes(pdf, named))
    checks: list[Check] = []
    for number, one in enumerate(named):
        printed = words if isinstance(words, ParserFailure) else words[number]
        if isinstance(printed, ParserFailure):
            checks.append(
                indeterminate("signature.appearance", "unreadable", "visual", field=one.field)
            )
        elif printed.strip():
            checks.append(words_check(one, printed))
    return checks


def words_check(one: SignatureReport, words: str) -> Check:
    """Compare the words of one box with the certificate.

    Args:
        one: What was found out about the signature.
        words: The words; not blank.
    """
    code, signer = "signature.appearance", one.signer
    told = {"field": one.field, "signer": signer}
    if _names(words, signer):
        return passed(code, "named", "visual", **told)
    if one.kind == "meterai" and one.serial_number in words:
        return passed(code, "serial", "visual", field=one.field)
    claimed = _SIGNED_BY.search(words)
    if claimed is not None and claimed[1].strip(" .,!").casefold() not in _NOBODY:
        shown = claimed[1].strip()[:80]
        return indeterminate(code, "other_name", "visual", shown=shown, **told)
    shown = " ".join(words.split())[:80]
    if not _OTHER_WORDS.search(words):
        return passed(code, "no_words", "visual", field=one.field)
    return indeterminate(code, "other_words", "visual", shown=shown, **told)


def _names(words: str, signer: str) -> bool:
    """Return whether the words hold the name of the certificate, in any case and line breaking."""
    wanted = name_words(signer)
    if not wanted:  # a certificate may be named by digits alone
        parts = signer.casefold().split()
        return bool(parts) and set(parts) <= set(words.casefold().split())
    printed = {*folded_words(words), *words.casefold().split()}
    if set(wanted) <= printed:
        return True
    if _letters(signer) in _letters(words) or "".join(wanted) in _letters(words):
        return True
    lines = [*words.splitlines(), *_SIGNED_BY.findall(words)]
    return any(same_person(line, signer) for line in lines if line.strip())


def _letters(words: str) -> str:
    return "".join(_LETTERS.findall(words.casefold()))


def _words_in_boxes(pdf: Pdf, named: Sequence[SignatureReport]) -> list[str | ParserFailure]:
    """Draw every appearance on a page of its own and read the words from there.

    Raises:
        Exception: Whatever a malformed form provokes.
    """
    import pikepdf

    words: list[str | ParserFailure] = ["" for _ in named]
    drawn: list[int] = []
    widgets = widgets_by_name(pdf)
    with pikepdf.new() as paper:
        for number, one in enumerate(named):
            look = guarded(lambda one=one: _appearance(widgets[one.field]) if one.rect else None)  # type: ignore[misc]
            done = look if look is None else guarded(lambda look=look: _add_page(paper, look))  # type: ignore[misc]
            if isinstance(done, ParserFailure):
                words[number] = done
            elif done is not None:
                drawn.append(number)
        if drawn:
            target = io.BytesIO()
            paper.save(target)
            for number, printed in zip(
                drawn, _words_on(target.getvalue(), len(drawn)), strict=True
            ):
                words[number] = printed
    return words


def _add_page(paper: Any, look: Any) -> bool:
    import pikepdf

    if isinstance(look, ParserFailure):
        raise ValueError(look.text)
    edges = [float(edge) for edge in look.get("/BBox", (0, 0, 100, 100))]
    left, right = sorted((edges[0], edges[2]))
    bottom, top = sorted((edges[1], edges[3]))
    shown = paper.copy_foreign(look)
    page = paper.add_blank_page(page_size=(14400, 14400))
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(K=shown))
    page.MediaBox = pikepdf.Array([left - 1000, bottom - 1000, right + 1000, top + 1000])
    page.Contents = paper.make_stream(b"/K Do")
    return True


def _words_on(content: bytes, pages: int) -> list[str | ParserFailure]:
    import pypdfium2

    document: Any = pypdfium2.PdfDocument(content)
    try:
        return [guarded(lambda page=page: _words_of(document[page])) for page in range(pages)]  # type: ignore[misc]
    finally:
        document.close()


def _words_of(page: Any) -> str:
    text = page.get_textpage()
    count = min(text.count_chars(), _MOST_LETTERS)
    return str(text.get_text_range(0, count)) if count else ""


def _appearance(field: Any) -> Any:
    """Return the normal appearance of a field's widget; None without one."""
    import pikepdf

    kids = field.get("/Kids")
    widget = kids[0] if kids else field
    shown = widget.get("/AP", pikepdf.Dictionary()).get("/N")
    return shown if isinstance(shown, pikepdf.Stream) else None


def widgets_by_name(pdf: Pdf) -> dict[str, Any]:
    """Return the fields of the form by their full names; of two with one name, the first.

    Raises:
        Exception: Whatever a malformed form provokes.
    """
    form = pdf.Root.get("/AcroForm")
    waiting = [("", field) for field in reversed(list(form.get("/Fields", ())))] if form else []
    found: dict[str, Any] = {}
    seen: set[tuple[int, int]] = set()
    while waiting:
        above, field = waiting.pop()
        if field.is_indirect:
            if field.objgen in seen:
                continue
            seen.add(field.objgen)
        if len(found) >= _MOST_FIELDS:
            raise ValueError("too many fields")
        name = above
        if "/T" in field:
            name = f"{above}.{words_in(field['/T'])}" if above else words_in(field["/T"])
        found.setdefault(name, field)
        waiting += [(name, kid) for kid in reversed(list(field.get("/Kids", ()))) if "/T" in kid]
    return found
