"""Paper in an evidence file: what came back, what persons saw, and whether both fit together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pks_kit.domain.paper_review import review_items
from pks_kit.errors import InputError
from pks_kit.ledger import kinds
from pks_kit.verification import evidence_file as bundle
from pks_kit.verification.report.answers import failed, passed
from pks_kit.verification.report.verdict import Check, Note, VerifyReport

if TYPE_CHECKING:
    from pks_kit.ledger.stored import StoredEvent
    from pks_kit.verification.report.pictures import Examined


def paper_files(examined: Examined, sent: Sequence[bytes]) -> dict[str, bytes]:
    """Return the files of a scan, and the pictures of what persons decided or must decide.

    Args:
        examined: Report of the scan, with pictures.
        sent: The files that came back.

    Raises:
        InputError: ``evidence.too_many_scans``.
    """
    if len(sent) > bundle.MOST_SCANS:
        raise InputError("evidence.too_many_scans", limit=bundle.MOST_SCANS)
    files = {bundle.scan_name(at, one): one for at, one in enumerate(sent, start=1)}
    facts = examined.report.paper
    if facts is None:
        return files
    decided = {one.item for one in facts.decided}
    keys = [one.key for one in review_items(facts) if one.is_open or one.key in decided]
    keys.sort(key=lambda key: key not in decided)
    shown = {
        one.item: one.jpeg for one in examined.paper_pictures if one.kind in ("scanned", "sheet")
    }
    crops = list(dict.fromkeys(shown[key] for key in keys if key in shown))
    return files | dict(zip(bundle.CROPS, crops[: bundle.MOST_CROPS], strict=False))


def crop_checks(files: Mapping[str, bytes], events: Sequence[StoredEvent]) -> list[Check]:
    """Compare the decisions in an evidence file with the pictures beside them.

    Args:
        files: Files of the evidence file.
        events: Its events, whose own hashes were found right.
    """
    scans = {hashlib.sha256(one).hexdigest() for one in bundle.scans_in(files)}
    if not scans:
        return []
    crops = {hashlib.sha256(one).hexdigest() for one in bundle.crops_in(files)}
    told = [json.loads(one.isi) for one in events if one.jenis == kinds.PAPER_DECIDED]
    seen = {
        one.get("crop_sha256")
        for one in told
        if one.get("scan_sha256") in scans and one.get("crop_sha256") is not None
    }
    lost = seen - crops
    if lost:
        return [failed("bundle.crops", "missing", count=len(lost))]
    return [passed("bundle.crops", "same", count=len(seen))]


def crop_notes(events: Sequence[StoredEvent], *, believed: bool) -> tuple[Note, ...]:
    """Say that decisions count only by a ledger from outside.

    Args:
        events: Events of the evidence file.
        believed: Whether a ledger was given, which must hold the same events.
    """
    some = any(one.jenis == kinds.PAPER_DECIDED for one in events)
    return (Note(code="bundle_decisions"),) if some and not believed else ()


def is_about_others(report: VerifyReport, files: Mapping[str, bytes]) -> bool:
    """Return whether a report is about other scans than lie beside it, or more, or fewer.

    One scan more would replace pages that were seen; without one, others would stand alone.

    Args:
        report: The report of an evidence file.
        files: Content of the evidence file by name.
    """
    if report.paper is None:
        return False
    return report.paper.files != tuple(
        hashlib.sha256(one).hexdigest() for one in bundle.scans_in(files)
    )
