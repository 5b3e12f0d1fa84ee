"""What a guarded child answers: every question that the verbs may ask about files from outside."""

from __future__ import annotations

import zlib
from dataclasses import fields
from typing import Any, get_type_hints

from pks_kit.errors import InputError, PksKitError, SigningError, UsageError
from pks_kit.foreign import Question
from pks_kit.inputs.form_rows import RowsOf
from pks_kit.inputs.workbook.grid import CellsOf
from pks_kit.inputs.workbook.marked_copy import MarkedCopy
from pks_kit.json_form import adapter, from_wire
from pks_kit.messages import BothLanguages, Message
from pks_kit.pipelines.inside.known_issued import FactsOfIssued, JudgeKnown, PagesOfIssued
from pks_kit.pipelines.inside.page_codes import PageCodesOf
from pks_kit.pipelines.inside.page_view import PageView, PageWords
from pks_kit.pipelines.inside.paper import CoveredPages, LookAtPaper, ReadPaper
from pks_kit.pipelines.inside.small_scan import ShrinkScan
from pks_kit.render.cover.places import WhatPagesSay
from pks_kit.render.cover.print_copy import PrintCopy
from pks_kit.render.cover.printed import DrawnPages
from pks_kit.signing.archive.dss import StoreRevision
from pks_kit.signing.archive.seal import SealRevision
from pks_kit.signing.archive.signed_parts import SignedParts
from pks_kit.signing.services.bsre.placement import Sendable
from pks_kit.signing.services.bsre.returned_pdf import ReturnedPdf
from pks_kit.signing.step.appearance import MeteraiPicture
from pks_kit.signing.step.embedded_receipt import AttachmentInside
from pks_kit.signing.step.sign_field import FieldRevision
from pks_kit.signing.step.stamp_preflight import Stampable
from pks_kit.signing.step.stamp_result import StampedPdf
from pks_kit.signing.step.state import StateOf
from pks_kit.verification.isolation.protocol import (
    AskedOfFiles,
    Parts,
    Refusal,
    ToldOfFiles,
    ToldParam,
)

_QUESTIONS: dict[str, type[Question[Any]]] = {
    kind.__name__: kind
    for kind in (
        AttachmentInside,
        CellsOf,
        CoveredPages,
        DrawnPages,
        FactsOfIssued,
        FieldRevision,
        JudgeKnown,
        LookAtPaper,
        MarkedCopy,
        MeteraiPicture,
        PageCodesOf,
        PageView,
        PageWords,
        PagesOfIssued,
        PrintCopy,
        ReadPaper,
        ReturnedPdf,
        RowsOf,
        SealRevision,
        Sendable,
        ShrinkScan,
        SignedParts,
        Stampable,
        StampedPdf,
        StateOf,
        StoreRevision,
        WhatPagesSay,
    )
}
_MOST_LETTERS = 400

for _kind in _QUESTIONS.values():  # made once, in the process from which children are forked
    adapter(_kind)
    adapter(get_type_hints(_kind.answer)["return"])


def prepare(asked: AskedOfFiles) -> None:
    """Let a question load what it needs; an unknown one needs nothing, and is refused later."""
    if asked.name in _QUESTIONS:
        _QUESTIONS[asked.name].prepare()


def answer(asked: AskedOfFiles, files: Parts) -> ToldOfFiles:
    """Return the answer to a question, or the error with which it refused the files.

    Raises:
        Exception: Whatever a malformed file provokes and nobody expected.
    """
    question = from_wire(_QUESTIONS[asked.name], asked.fields)
    try:
        found = question.answer(files)
    except (InputError, SigningError, UsageError) as error:
        return ToldOfFiles(refusal=_refusal(error))
    form = adapter(type(found))
    text = form.dump_json(found, by_alias=True, round_trip=True, warnings="error")
    return ToldOfFiles(answer=packed(text, dense=_is_mostly_bytes(found, text)))


def packed(text: bytes, *, dense: bool) -> bytes:
    """Return an answer in zlib.

    Args:
        text: The answer as JSON.
        dense: Whether most of it are packed bytes as hex, such as a picture: nothing repeats in
            them, so digits are packed one by one, in half the time and to a seventh less.
    """
    strategy = zlib.Z_HUFFMAN_ONLY if dense else zlib.Z_DEFAULT_STRATEGY
    packing = zlib.compressobj(1, strategy=strategy)
    return packing.compress(text) + packing.flush()


def _is_mostly_bytes(found: Any, text: bytes) -> bool:
    values = (getattr(found, one.name) for one in fields(found))
    return 4 * sum(len(value) for value in values if isinstance(value, bytes)) > len(text)


def _refusal(error: PksKitError) -> Refusal:
    kind = next(
        one.__name__ for one in (InputError, SigningError, UsageError) if isinstance(error, one)
    )
    params = {name: _param(value) for name, value in error.params.items()}
    return Refusal(kind=kind, code=error.code, params=params)  # type: ignore[arg-type]


def _param(value: object) -> ToldParam:
    if isinstance(value, Message):
        return BothLanguages(value.id, value.en)
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    return str(value)[:_MOST_LETTERS]
