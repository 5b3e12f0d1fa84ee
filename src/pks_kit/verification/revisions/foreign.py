"""Later changes in a file that carries no receipt: what is forbidden, and what a person must judge.

Our own files know what may be added to them, everything else is refused. A file of somebody else
may have had a form filled between two signatures, or a comment where the first signer allowed
comments. Such changes show other content than the signer saw, so they never pass; but they are
no forgery either, so they do not fail as long as the change analysis of pyHanko allows them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pks_kit.pdf.objects import ObjectKey
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.verification.file.pdf_values import equal_values, same_metadata
from pks_kit.verification.report.answers import indeterminate
from pks_kit.verification.report.softening import SOFTENINGS
from pks_kit.verification.revisions.before_after import (
    RevisionDiff,
    changed_entries,
    collect,
    key_of,
    raw_entry,
    raw_items,
    reference_to,
)
from pks_kit.verification.revisions.objects import packet

if TYPE_CHECKING:
    from pks_kit.pdf.opening import OpenedFile
    from pks_kit.pdf.signatures import FoundSignature
    from pks_kit.verification.file.issued_reference import Reference
    from pks_kit.verification.report.verdict import Check
    from pks_kit.verification.signatures.judge import JudgedSignature

_COMMENTS = frozenset(
    f"/{name}"
    for name in (
        *("Text", "FreeText", "Line", "Square", "Circle", "Polygon", "PolyLine", "Highlight"),
        *("Underline", "Squiggly", "StrikeOut", "Caret", "Stamp", "Ink", "Popup"),
    )
)


def is_foreign(reference: Reference) -> bool:
    """Return whether nothing says what the file looked like when it was issued."""
    return reference.receipt is None and not reference.issued_sha256


def first_signed(found: Iterable[FoundSignature], *, otherwise: int) -> int:
    """Return the revision that holds the first signature; everything up to there it covers."""
    return min((one.revision for one in found if one.revision is not None), default=otherwise)


def soften(
    opened: OpenedFile, judged: tuple[JudgedSignature, ...], checks: list[Check]
) -> list[Check]:
    """Turn refused changes into open questions where the signers allowed them.

    Args:
        opened: The file.
        judged: Its signatures.
        checks: All checks so far, those of the signatures and of the revisions.
    """
    refused = {
        check.revision
        for check in checks
        if check.code == "file.revisions"
        and check.status == "failed"
        and check.revision is not None
    }
    places = {one.found.field: one for one in judged}
    softened = [
        _changes(opened, check, places[str(check.field)], refused)
        if check.code == "signature.changes" and check.field in places
        else check
        for check in checks
    ]
    forbidden = [
        places[str(check.field)].found.revision or 0
        for check in softened
        if check.code == "signature.changes" and check.status == "failed"
    ]
    return [_revision(check, forbidden) for check in softened]


def _changes(
    opened: OpenedFile, check: Check, signature: JudgedSignature, refused: set[int]
) -> Check:
    """Judge again what pyHanko forbids: it knows no comments, and no new field after certifying."""
    if not SOFTENINGS["allowed_by_signer"].fits(check):
        return check
    level = guarded(lambda: _permission(signature.found.embedded))
    if isinstance(level, ParserFailure) or level == 1:
        return check
    later = {number for number in refused if number > (signature.found.revision or 0)}
    if not later:
        return indeterminate(
            "signature.changes", "disagree", field=check.field, details=check.details
        )
    if level == 3 and all(guarded(lambda n=n: only_comments(opened, n)) is True for n in later):  # type: ignore[misc]
        return indeterminate("signature.changes", "comments", field=check.field)
    return check


def _permission(embedded: Any) -> int:
    """Return what the signature permits (DocMDP): 1 nothing, 2 forms, 3 comments; 0: not said."""
    level = embedded.docmdp_level
    return 0 if level is None else int(level.value)


def _revision(check: Check, forbidden: list[int]) -> Check:
    number = check.revision
    if not SOFTENINGS["other_writer"].fits(check):
        return check
    if number is None or any(one < number for one in forbidden):
        return check
    return replace(check, status="indeterminate")


def only_comments(opened: OpenedFile, number: int) -> bool:
    """Return whether a revision only adds comments to pages."""
    reader = opened.reader
    old, new = reader.get_historical_resolver(number - 1), reader.get_historical_resolver(number)
    if list(new.refs_freed_in_revision()):  # type: ignore[no-untyped-call]
        return False
    refs = {
        (ref.idnum, ref.generation): not old.is_ref_unassignable(ref)
        for ref in new.explicit_refs_in_revision()  # type: ignore[no-untyped-call]
    }
    scene = RevisionDiff(old=old, new=new, refs=refs)
    allowed: set[ObjectKey] = set()
    for page in opened.pdf.pages:
        if not _page_gets_comments(scene, page.obj.objgen, allowed):
            return False
    info = key_of(raw_entry(new.trailer_view, "/Info"))
    if same_metadata(packet(old, old.root), packet(new, new.root)):
        allowed |= {key_of(raw_entry(new.root, "/Metadata")) or (0, 0)}
    rest = [key for key, existed in refs.items() if existed and key != info and key not in allowed]
    return all(equal_values(old(reference_to(scene, key)), new(reference_to(scene, key)))
               for key in rest)  # fmt: skip


def _page_gets_comments(scene: RevisionDiff, key: ObjectKey, allowed: set[ObjectKey]) -> bool:
    reference = reference_to(scene, key)
    was, now = scene.old(reference), scene.new(reference)
    if changed_entries(was, now) - {"/Annots"}:
        return False
    before, after = raw_items(was, "/Annots"), raw_items(now, "/Annots")
    kept = [key_of(one) for one in before]
    if [key_of(one) for one in after][: len(kept)] != kept:
        return False
    allowed.add(key)
    array = key_of(raw_entry(now, "/Annots"))
    if array is not None and array == key_of(raw_entry(was, "/Annots")):
        allowed.add(array)
    return all(_is_comment(scene, one) for one in after[len(kept) :])


def _is_comment(scene: RevisionDiff, item: Any) -> bool:
    """A new annotation for comments, made of new objects alone."""
    note = item.get_object() if hasattr(item, "get_object") else item
    if str(note.get("/Subtype", "")) not in _COMMENTS or {"/A", "/AA", "/FT"} & set(note):
        return False
    inside: set[ObjectKey] = set()
    collect(scene, item, inside, only_new=True)
    return not any(scene.refs[key] for key in inside)
