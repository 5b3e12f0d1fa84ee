"""Judge what the objects of a file hold: nothing may run, reach outside, hide or explode."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pks_kit.domain.receipt import DATA_ATTACHMENT, RECEIPT_ATTACHMENT
from pks_kit.limits import MIB
from pks_kit.pdf.content import content_facts
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.verification.report.answers import failed, indeterminate, passed
from pks_kit.verification.report.verdict import Note

if TYPE_CHECKING:
    from pks_kit.pdf.attachments import EmbeddedFile
    from pks_kit.pdf.content import ContentFacts
    from pks_kit.pdf.opening import OpenedFile
    from pks_kit.verification.limits import Limits
    from pks_kit.verification.report.verdict import Check

_OWN_ATTACHMENTS = frozenset({RECEIPT_ATTACHMENT, DATA_ATTACHMENT})

_MOST_DAMAGED = 10


def look_at_content(opened: OpenedFile, limits: Limits) -> tuple[list[Check], list[Note]]:
    """Check all objects of the newest state.

    Returns:
        Checks ``file.decompression``, ``content.active``, ``content.layers``,
        ``content.attachments`` and notes about links.
    """
    found = guarded(lambda: content_facts(opened.pdf, limits, opened.remarks))
    if isinstance(found, ParserFailure):
        return [failed("file.structure", "unreadable", details={"parser": found.text})], []
    return judge_content(found, limits)


def judge_content(found: ContentFacts, limits: Limits) -> tuple[list[Check], list[Note]]:
    """Judge what the objects of a file hold; see :func:`look_at_content`."""
    checks = [_cost(found)]
    if found.pictures_skipped:
        mib = limits.image_bytes // MIB
        checks.append(indeterminate("file.decompression", "pictures", mib=mib))
    if found.broken:
        checks.append(failed("file.structure", "broken_stream", object=found.broken))
    if found.too_much:
        return checks, []
    running = sorted(found.running)
    damaged = ", ".join(found.damaged[:_MOST_DAMAGED])
    if running:
        checks.append(
            failed("content.active", "found", what=", ".join(running), details={"found": running})
        )
    elif damaged:
        checks.append(indeterminate("content.active", "damaged", object=damaged))
    else:
        checks.append(passed("content.active", "none"))
    if found.outside:
        shown = ", ".join(sorted(found.outside))
        checks.append(failed("content.active", "outside", what=shown))
    if found.layers:
        checks.append(indeterminate("content.layers", "found"))
    attached = _attachments(found.files)
    if damaged and attached.status == "passed":
        attached = indeterminate("content.attachments", "damaged", object=damaged)
    checks.append(attached)
    notes = [Note(code="links", params={"links": ", ".join(sorted(found.links)[:10])})]
    return checks, notes if found.links else []


def _cost(found: ContentFacts) -> Check:
    if found.too_much:
        return failed("file.decompression", "too_much", what=found.too_much)
    return passed("file.decompression", "within", mib=max(1, found.decoded // MIB))


def _attachments(files: list[EmbeddedFile]) -> Check:
    programs = {one.name for one in files if one.is_program}
    own = {one.name for one in files} & _OWN_ATTACHMENTS - programs
    strangers = {one.name for one in files} - own - programs
    if programs:
        return failed("content.attachments", "program", names=", ".join(sorted(programs)))
    if strangers:
        names = ", ".join(sorted(strangers))
        return indeterminate("content.attachments", "unexpected", names=names)
    return passed("content.attachments", "expected", count=len(own))
