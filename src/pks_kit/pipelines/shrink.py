"""Make a scan small enough for a portal: print in black and white, places in colour.

The scan is opened in a guarded child, sheet by sheet. What cannot be shrunk without harm is
refused: files with electronic signatures, and files of text, which were never scanned.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated

from pydantic import Field

from pks_kit.domain.page_list import page_list
from pks_kit.domain.receipt import Receipt
from pks_kit.errors import InputError, UsageError
from pks_kit.files import NamedFile
from pks_kit.foreign import Looks
from pks_kit.json_types import Count, Ordinal
from pks_kit.limits import PDF_BYTES
from pks_kit.pipelines.inside.looks import LooksInside
from pks_kit.pipelines.inside.small_scan import ShrinkScan, SmallFile, SmallScan, SmallSheet
from pks_kit.pipelines.requests.background import in_background
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pipelines.requests.clock import Clock, moment, system_clock
from pks_kit.pipelines.requests.given import (
    Content,
    FileInput,
    ReceiptInput,
    read_file,
    read_receipt,
)
from pks_kit.pipelines.verifying.given_issued import read_issued
from pks_kit.pipelines.verifying.policies import policy_in_force
from pks_kit.policy.signing_profile import load_profile
from pks_kit.resources import signing_root
from pks_kit.rules.law.parameters import load_parameters
from pks_kit.verification.limits import Limits
from pks_kit.verification.report.verdict import Note

LARGEST_KNOWN = "dokumen.registrasi_bita"
"""Parameter with the largest limit of a portal that anybody wrote down."""

_HEAD_SECONDS = 20.0
_SECONDS_PER_SHEET = 3.0
_MOST_SECONDS = 900.0
_SHEET_BYTES = 1 << 15


@dataclass(frozen=True, slots=True, kw_only=True)
class ShrinkRequest(Request):
    """What to shrink.

    Attributes:
        files: PDF of pictures, JPEG, PNG or TIFF, in the order of the result.
        most_bytes: Limit of the result in bytes; 0: that of ``jenis``.
        jenis: Kind of document (``signing/policies/``) whose limit holds; empty: the largest limit
            of a portal that is known.
        issued: The issued file: its places for pen, stamp and sticker are then kept exactly.
        receipt: Its receipt; None: the one inside it.
        split: Several files when one cannot hold all sheets.
        clock: Tells the day for the limit of ``jenis``, with zone.
    """

    files: Sequence[FileInput]
    most_bytes: int = 0
    jenis: str = ""
    issued: FileInput | None = None
    receipt: ReceiptInput | None = None
    split: bool = False
    clock: Clock = system_clock


@dataclass(frozen=True, slots=True, kw_only=True)
class ShrinkResult:
    """What was made.

    Attributes:
        files: One PDF, or several with ``split``; none when the scan is small enough as it is.
        limit: Limit in bytes.
        before: Bytes of all files that were sent.
        after: Bytes of each file that was made.
        quality: Quality of the JPEG pictures, 1 to 100; None when nothing was made.
        sheets: What became of each sheet.
        notes: What must be said of sheets, and of the machine that looked.
    """

    files: Annotated[tuple[NamedFile, ...], Field(alias="outputs")]
    limit: Ordinal
    before: Count
    after: tuple[Count, ...]
    quality: Ordinal | None
    sheets: tuple[SmallSheet, ...]
    notes: tuple[Note, ...] = field(default=())


@verb
def shrink(request: ShrinkRequest) -> ShrinkResult:
    """Shrink a scan below a limit.

    A single PDF that is small enough already stays as it is: no file is made of it.

    Raises:
        UsageError: ``shrink.nothing`` without any file; ``shrink.no_limit`` when that kind of
            document has none; ``shrink.receipt_alone``; ``shrink.no_extra``; ``policy.unknown``.
        InputError: ``shrink.too_large`` when one file cannot hold all sheets and ``split`` is not
            asked for, ``shrink.sheet_too_large`` when one sheet alone is too large;
            ``shrink.signed``, ``shrink.text``, ``shrink.unreadable``, ``shrink.empty``,
            ``shrink.sheet``; as ``verify`` for the issued file.
        NotLookedError: ``pdf.not_looked``.
    """
    if not request.files:
        raise UsageError("shrink.nothing")
    limit = _limit(request)
    sent = [read_file(one, PDF_BYTES, f"files[{at}]") for at, one in enumerate(request.files)]
    before = sum(len(one.content) for one in sent)
    if len(sent) == 1 and before <= limit and b"%PDF" in sent[0].content[:1024]:
        return ShrinkResult(files=(), limit=limit, before=before, after=(), quality=None, sheets=())
    looks = LooksInside(limits=_patience(before, len(sent)))
    done = _ask(request, sent, limit, looks)
    _refuse_too_large(done, limit, split=request.split)
    stem = _stem(sent[0])
    files = tuple(
        NamedFile(f"{stem}-kecil{f'-{number}' if len(done.files) > 1 else ''}.pdf", one.content)
        for number, one in enumerate(done.files, start=1)
    )
    return ShrinkResult(
        files=files,
        limit=limit,
        before=before,
        after=tuple(len(one.content) for one in files),
        quality=min(one.quality for one in done.files),
        sheets=done.sheets,
        notes=(*_notes(done, placing=request.issued is not None), *looks.notes),
    )


shrink_async = in_background(shrink, stops=True)


def _limit(request: ShrinkRequest) -> int:
    if request.most_bytes > 0:
        return request.most_bytes
    day = moment(request.clock).date()
    if not request.jenis:
        return load_parameters().resolve_all(day).whole(LARGEST_KNOWN)
    found = policy_in_force(request.jenis, day).ukuran_bita
    if found is None:
        raise UsageError("shrink.no_limit", name=request.jenis)
    return found


def _patience(before: int, files: int) -> Limits:
    sheets = max(8, before // _SHEET_BYTES + files)
    return Limits().lasting(min(_MOST_SECONDS, _HEAD_SECONDS + _SECONDS_PER_SHEET * sheets))


def _ask(
    request: ShrinkRequest, sent: Sequence[Content], limit: int, looks: LooksInside
) -> SmallScan:
    names = tuple(one.name for one in sent)
    contents = tuple(one.content for one in sent)
    question = ShrinkScan(names=names, most_bytes=limit)
    if request.issued is None:
        if request.receipt is not None:
            raise UsageError("shrink.receipt_alone")
        return looks.ask(question, *contents)
    issued = read_issued(request.issued, Limits(), "issued")
    receipt = _receipt(request, issued, looks)
    profile = load_profile(signing_root(), receipt.profile)
    question = replace(question, cara_kontrak=profile.cara_kontrak)
    return looks.ask(question, issued.content, receipt.to_json(), *contents)


def _receipt(request: ShrinkRequest, issued: Content, looks: Looks) -> Receipt:
    if request.receipt is not None:
        return read_receipt(request.receipt, "receipt")
    from pks_kit.signing.step.embedded_receipt import receipt_inside  # loads a parser

    receipt = receipt_inside(issued.content, looks)
    if receipt is None:
        raise InputError("shrink.no_receipt", file=issued.name)
    return receipt


def _refuse_too_large(done: SmallScan, limit: int, *, split: bool) -> None:
    """Refuse what is over the limit, by the bytes themselves: the child is not believed."""
    for one in done.files:
        if len(one.content) <= limit:
            continue
        if one.first == one.last:
            raise InputError(
                "shrink.sheet_too_large", number=one.first, size=len(one.content), limit=limit
            )
        raise InputError("shrink.too_large", limit=limit, count=2, ranges=_ranges(done.files))
    if len(done.files) > 1 and not split:
        raise InputError(
            "shrink.too_large",
            limit=limit,
            count=len(done.files),
            ranges=_ranges(done.files),
        )


def _ranges(files: Iterable[SmallFile]) -> str:
    return ", ".join(
        str(one.first) if one.first == one.last else f"{one.first}–{one.last}" for one in files
    )


def _notes(done: SmallScan, *, placing: bool) -> Iterable[Note]:
    told = {
        "shrink_codes_lost": [one.sheet for one in done.sheets if one.lost],
        "shrink_whole": [one.sheet for one in done.sheets if one.kept == "whole"],
        "shrink_not_placed": [one.sheet for one in done.sheets if placing and not one.placed],
    }
    for code, sheets in told.items():
        if sheets:
            yield Note(code=code, params={"sheets": page_list(sheets), "count": len(sheets)})


def _stem(first: Content) -> str:
    stem, _, ending = first.name.rpartition(".")
    return stem if stem and len(ending) <= 4 else first.name
