"""Signatures that an earlier revision of the file shows and the newest one does not.

Whoever signs later could take an earlier signature away in the same revision: his own signature
then covers the file without it, and nothing that is left complains.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.pdf.revisions import cut_revisions
from pks_kit.pdf.signatures import filled_fields
from pks_kit.verification.report.answers import indeterminate

if TYPE_CHECKING:
    from pks_kit.pdf.opening import OpenedFile
    from pks_kit.verification.report.verdict import Check


def check_lost(opened: OpenedFile) -> list[Check]:
    """Compare the filled fields of all revisions with those of the newest one."""
    reader: Any = opened.reader
    spans = cut_revisions(opened)
    # the first table of a linearised file alone is no state of it
    first = 0 if isinstance(spans, ParserFailure) else spans[0].number
    states = range(first, int(reader.xrefs.total_revisions))
    seen = [guarded(lambda n=n: _filled(reader, n)) for n in states]  # type: ignore[misc]
    newest = seen[-1]
    if isinstance(newest, ParserFailure):
        return []  # told where the signatures are read
    lost: dict[str, int] = {}
    checks: list[Check] = []
    for number, fields in zip(states[:-1], seen[:-1], strict=True):
        if isinstance(fields, ParserFailure):
            checks.append(
                indeterminate(
                    "signature.lost",
                    "unreadable",
                    revision=number,
                    details={"parser": fields.text},
                )
            )
            continue
        for name, value in fields.items():
            if newest.get(name) != value:
                lost.setdefault(name, number)
    checks += [
        indeterminate("signature.lost", "found", "cryptographic", field=name, revision=number)
        for name, number in lost.items()
    ]
    return checks


def _filled(reader: Any, number: int) -> dict[str, bytes]:
    """Return the container of every filled signature field of one state, by name."""
    state = reader.get_historical_resolver(number)
    found: dict[str, bytes] = {}
    for name, reference, _ in filled_fields(state):
        value = reference.get_object()
        if "/Contents" in value:
            found[str(name)] = bytes(value["/Contents"].original_bytes)
    return found
