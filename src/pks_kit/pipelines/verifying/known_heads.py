"""Heads of a ledger that were kept elsewhere: in receipts, seals, evidence files, archived PDFs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from pydantic import ValidationError

from pks_kit.domain.evidence import EvidenceManifest
from pks_kit.domain.ledger_head import AnchoredHead, heads_in_pdf
from pks_kit.errors import InputError
from pks_kit.json_form import from_json
from pks_kit.ledger.chain import Head, KnownHead
from pks_kit.ledger.seal import FORMAT, Seal, SealAnswer, judge_seal, token_of
from pks_kit.limits import PDF_BYTES
from pks_kit.pipelines.extend import read_trust_files
from pks_kit.pipelines.requests.background import in_own_loop
from pks_kit.pipelines.requests.given import Content, TextInput, read_file
from pks_kit.verification import evidence_file as bundle

if TYPE_CHECKING:
    from pks_kit.pki.chains import Trust

_EVIDENCE_BYTES = 4 * PDF_BYTES
"""Largest file: an evidence file holds the final file twice, and pictures."""


def known_heads(files: Sequence[TextInput], trust: Sequence[TextInput]) -> tuple[KnownHead, ...]:
    """Return every head in files that were kept elsewhere.

    Args:
        files: Receipts of sessions, seals, evidence files, archived PDFs; told by their content.
        trust: PEM or DER files with certificates of authorities, for seals.

    Raises:
        InputError: ``ledger.no_head_inside`` for a file that holds none; a file is missing or too
            large; ``trust.no_certificate``.
        UsageError: ``request.path_as_text``; ``sign.running_loop`` for a seal inside a running
            event loop.
    """
    if not files:
        return ()
    anchors = read_trust_files(trust, ())
    found: list[KnownHead] = []
    for index, given in enumerate(files):
        read = read_file(given, _EVIDENCE_BYTES, f"receipts[{index}]")
        found += _heads(read, anchors)
    return tuple(found)


def _heads(read: Content, trust: Trust) -> Iterable[KnownHead]:
    content = read.content
    if content.startswith(b"%PDF"):
        anchored = heads_in_pdf(content)
        if anchored:
            return [_known(read, one) for one in anchored]
    elif bundle.looks_packed(content):
        packed = _in_evidence(content)
        if packed is not None:
            head, ledger = packed
            return [KnownHead(source=read.name, head=head, ledger=ledger)]
    else:
        told = _in_json(content, trust)
        if told is not None:
            return [_known(read, *told)]
    raise InputError("ledger.no_head_inside", file=read.shown)


def _known(read: Content, head: AnchoredHead, seal: SealAnswer | None = None) -> KnownHead:
    return KnownHead(
        source=read.name, head=Head(head.nomor, head.hash), ledger=head.ledger, seal=seal
    )


def _in_evidence(content: bytes) -> tuple[Head, str | None] | None:
    files = bundle.unpack(content)
    if isinstance(files, bundle.Refused):
        return None
    try:
        listed = EvidenceManifest.model_validate_json(files[bundle.MANIFEST]).ledger
    except (ValidationError, ValueError, RecursionError):
        return None
    return None if listed is None else (Head(listed.head.nomor, listed.head.hash), listed.id)


def _in_json(content: bytes, trust: Trust) -> tuple[AnchoredHead, SealAnswer | None] | None:
    """Read a seal, or whatever of ours has ``ledger_head``: a receipt or an answer of sign-all."""
    try:
        told = json.loads(content)
        if isinstance(told, dict) and told.get("format") == FORMAT:
            seal = from_json(Seal, content)
            return seal.head, in_own_loop(judge_seal(seal.head, token_of(seal), trust))
        return from_json(AnchoredHead, json.dumps(told["ledger_head"])), None
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
