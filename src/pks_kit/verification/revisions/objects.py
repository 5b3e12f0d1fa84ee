"""Judge one appended revision by its objects: what is new, what was replaced, and why.

An appended revision may fill one expected signature field, or add one meterai field inside its
reserved rectangle, or store validation material, or add a document timestamp. The catalog, the
form, the page that gets a new widget, and the field itself may change for that, each only in the
entries needed. Everything else is a problem, named with its object and page.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Literal

from pks_kit.pdf.objects import entry_of, words_in
from pks_kit.verification.file.page_tree_mark import is_marked_only
from pks_kit.verification.file.pdf_values import equal_values, same_metadata
from pks_kit.verification.revisions.before_after import (
    Addition,
    Expected,
    RefusedChange,
    RevisionDiff,
    changed_entries,
    collect,
    explain_all,
    key_of,
    name_of,
    raw_entry,
    raw_items,
    reference_to,
)
from pks_kit.verification.revisions.dss import look_at_dss
from pks_kit.verification.revisions.fields import look_at_fields, look_at_names, look_at_new_fields
from pks_kit.verification.revisions.form_resources import may_have_resources

if TYPE_CHECKING:
    from pks_kit.pdf.opening import OpenedFile
    from pks_kit.verification.report.verdict import RevisionKind

_CATALOG_MAY_CHANGE = frozenset({"/AcroForm", "/DSS", "/Extensions", "/Version", "/Metadata"})
_FORM_MAY_CHANGE = frozenset({"/Fields", "/SigFlags", "/DR", "/DA"})
_INFO_MAY_CHANGE = frozenset({"/ModDate", "/Producer"})
_TRAILER_MAY_CHANGE = frozenset({"/Size", "/Prev", "/ID", "/Info"})


def judge_objects(
    opened: OpenedFile, number: int, filled: list[str], expected: Expected | None
) -> Addition:
    """Judge the objects of revision ``number``.

    Args:
        opened: The file.
        number: Revision from 0; must be at least 1.
        filled: Signature fields whose signature lies in this revision.
        expected: What the profile allows; None skips the questions about names and places.
    """
    reader = opened.reader
    old, new = reader.get_historical_resolver(number - 1), reader.get_historical_resolver(number)
    # A number that the older revisions could already point at is never new: something old may
    # have been waiting for it.
    free = _freed_entries(opened, number)
    refs = {
        (ref.idnum, ref.generation): not old.is_ref_unassignable(ref)
        for ref in new.explicit_refs_in_revision()  # type: ignore[no-untyped-call]
        if (ref.idnum, ref.generation) not in free
    }
    scene = RevisionDiff(old=old, new=new, refs=refs)
    for key in _still_awaited(scene, _that_were_there(opened, scene, free)):
        scene.refuse("removed", key)
    _look_at_trailer(scene)
    _look_at_catalog(scene, is_foreign=expected is None)
    look_at_fields(scene, filled)
    look_at_new_fields(scene, opened, filled, expected)
    look_at_names(scene, filled, expected)
    _explain_structure(scene)
    _refuse_the_rest(scene, opened, is_foreign=expected is None)
    return Addition(
        kind=_kind(scene, filled),
        added=tuple(name_of(key) for key in sorted(refs) if not refs[key]),
        changed=tuple(name_of(key) for key in sorted(refs) if refs[key]),
        problems=tuple(scene.problems),
    )


def _freed_entries(opened: OpenedFile, number: int) -> set[tuple[int, int]]:
    """Return what the table of a revision lists as free, as pyHanko counts it among its objects."""
    data = opened.reader.xrefs.get_xref_data(number)
    parts = [data, *([data.hybrid.xref_data] if data.hybrid is not None else [])]
    used = {one for part in parts for one in (*part.standard_xrefs, *part.xrefs_in_objstm)}
    return {
        (idnum, generation - 1)
        for part in parts
        for idnum, generation in part.freed.items()
        if idnum not in used
    }


def _that_were_there(
    opened: OpenedFile, scene: RevisionDiff, free: set[tuple[int, int]]
) -> set[tuple[int, int]]:
    """Return the objects behind free entries; the generation of such an entry is often wrong."""
    keys = {key for idnum, generation in free for key in ((idnum, 0), (idnum, generation))}
    xrefs, before = opened.reader.xrefs, scene.old.revision
    return {
        key
        for key in keys
        if key[1] >= 0 and xrefs.get_historical_ref(reference_to(scene, key), before) is not None
    }


def _still_awaited(scene: RevisionDiff, freed: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return those of them to which the new state still leads; the others are litter put away."""
    if not freed:
        return []
    reached: set[tuple[int, int]] = set()
    for entry in scene.new.trailer_view:
        collect(scene, raw_entry(scene.new.trailer_view, entry), reached, only_new=False)
    return sorted(freed & reached)


def _look_at_trailer(scene: RevisionDiff) -> None:
    before, after = scene.old.trailer_view, scene.new.trailer_view
    for entry in sorted(set(before) | set(after)):
        if entry in _TRAILER_MAY_CHANGE:
            continue
        if not equal_values(raw_entry(before, entry), raw_entry(after, entry)):
            scene.problems.append(RefusedChange(reason="trailer", object="-", what=entry))
    info = key_of(raw_entry(after, "/Info"))
    if info is None or info not in scene.refs:
        return
    scene.explain(info, before=key_of(raw_entry(before, "/Info")))
    earlier = entry_of(before, "/Info", {})
    changed = changed_entries(earlier, after["/Info"])
    if changed - _INFO_MAY_CHANGE:
        scene.refuse("information", info, ", ".join(sorted(changed - _INFO_MAY_CHANGE)))


def _look_at_catalog(scene: RevisionDiff, *, is_foreign: bool) -> None:
    root = scene.new.root_ref
    before, after = scene.old.root, scene.new.root
    scene.explained.add((root.idnum, root.generation))
    changed = changed_entries(before, after)
    for entry in sorted(changed - _CATALOG_MAY_CHANGE):
        scene.refuse("catalog", root, entry)
    metadata = raw_entry(after, "/Metadata")
    if key_of(metadata) in scene.refs or "/Metadata" in changed:
        scene.explain(key_of(metadata), before=key_of(raw_entry(before, "/Metadata")))
        if not same_metadata(packet(scene.old, before), packet(scene.new, after)):
            scene.refuse("metadata", key_of(metadata) or root)
    _look_at_form(scene, before, after, is_foreign=is_foreign)
    look_at_dss(scene, before, after, changed)
    if "/Extensions" in after:
        explain_all(scene, raw_entry(after, "/Extensions"))


def packet(resolver: Any, catalog: Any) -> Any:
    """Return the XMP stream of a state, read afresh.

    pyHanko hands out another kind of object for ``/Metadata`` that its own history cannot copy.
    """
    reference = getattr(raw_entry(catalog, "/Metadata"), "reference", None)
    if reference is None:
        return None
    return resolver.reader.get_object(_plain(resolver.reader, reference), resolver.revision)


def _plain(reader: Any, reference: Any) -> Any:
    from pyhanko.pdf_utils.generic import Reference

    return Reference(reference.idnum, reference.generation, reader)


def _look_at_form(scene: RevisionDiff, before: Any, after: Any, *, is_foreign: bool) -> None:
    if "/AcroForm" not in after:
        if "/AcroForm" in before:
            scene.refuse("form", scene.new.root_ref, "/AcroForm")
        return
    form_key = key_of(raw_entry(after, "/AcroForm"))
    if "/AcroForm" in before and form_key != key_of(raw_entry(before, "/AcroForm")):
        scene.refuse("form", scene.new.root_ref, "/AcroForm")
    scene.explain(form_key, before=key_of(raw_entry(before, "/AcroForm")))
    earlier = entry_of(before, "/AcroForm", {})
    form = after["/AcroForm"]
    changed = changed_entries(earlier, form)
    for entry in sorted(changed - _FORM_MAY_CHANGE):
        scene.refuse("form", form_key or scene.new.root_ref, entry)
    if "/DA" in changed and "/DA" in earlier:
        scene.refuse("form", form_key or scene.new.root_ref, "/DA")
    may_grow = is_foreign or "/DR" not in earlier
    if "/DR" in changed and not (may_grow and may_have_resources(scene, earlier, form)):
        scene.refuse("form", form_key or scene.new.root_ref, "/DR")
    explain_all(scene, raw_entry(form, "/DR"))
    fields_before = key_of(raw_entry(earlier, "/Fields"))
    scene.explain(key_of(raw_entry(form, "/Fields")), before=fields_before)
    # by key: where a writer puts a new field in the list means nothing
    listed = Counter(key_of(one) for one in raw_items(form, "/Fields"))
    listed_before = Counter(key_of(one) for one in raw_items(earlier, "/Fields"))
    added = listed - listed_before
    if listed_before - listed or None in added:  # one without a number could not be judged
        scene.refuse("fields_list", form_key or scene.new.root_ref)
    scene.new_fields = [
        one for one in raw_items(form, "/Fields") if key_of(one) in added and key_of(one)
    ]


def _explain_structure(scene: RevisionDiff) -> None:
    """Reference streams and object streams are only containers."""
    info = scene.new.reader.xrefs.get_xref_container_info(scene.new.revision)
    containers = list(scene.new.object_streams_used())
    if info.stream_ref is not None:
        containers.append(info.stream_ref)
    for reference in containers:
        scene.explain((reference.idnum, reference.generation))


def _refuse_the_rest(scene: RevisionDiff, opened: OpenedFile, *, is_foreign: bool) -> None:
    """What nothing above explained is refused, unless nobody can see it or it says the same."""
    shown = _shown_by_replaced(scene)
    for key in sorted(set(scene.refs) - scene.explained):
        reference = reference_to(scene, key)
        if not scene.refs[key]:
            if key in shown:
                scene.refuse("new_object", key, _describe(scene, key))
        elif opened.reader.xrefs.get_historical_ref(reference, scene.old.revision) is None:
            scene.refuse("awaited_object", key, _describe(scene, key))
        elif not equal_values(was := scene.old(reference), now := scene.new(reference)):
            if is_foreign and is_marked_only(was, now):
                continue
            page, what = _where(opened, key, was)
            scene.refuse("replaced_object", key, what or _describe(scene, key), page)


def _shown_by_replaced(scene: RevisionDiff) -> set[tuple[int, int]]:
    """Return the objects to which a replaced object of this revision leads.

    New objects that nothing leads to are litter of the writer and show nothing.
    """
    seen: set[tuple[int, int]] = set()
    for key, existed in scene.refs.items():
        if existed:
            collect(scene, scene.new(reference_to(scene, key)), seen, only_new=True)
    return seen


def _describe(scene: RevisionDiff, key: tuple[int, int]) -> str:
    value = scene.new(reference_to(scene, key))
    if hasattr(value, "get") and hasattr(value, "keys"):
        words = [words_in(value.get(entry), "") for entry in ("/Type", "/Subtype", "/S")]
        return " ".join(word for word in words if word) or type(value).__name__
    return type(value).__name__


def _where(opened: OpenedFile, key: tuple[int, int], was: Any) -> tuple[int | None, str]:
    """Find the page that an object belongs to, by identity of page, content or annotation."""
    for number, page in enumerate(opened.pdf.pages, start=1):
        if page.obj.objgen == key:
            return number, "/Page"
        for entry in ("/Contents", "/Annots", "/Resources"):
            value = page.obj.get(entry)
            if value is None:
                continue
            if value.objgen == key or (
                entry != "/Resources"
                and value._type_name == "array"
                and any(one.objgen == key for one in value)
            ):
                return number, entry
    return None, ""


def _kind(scene: RevisionDiff, filled: list[str]) -> RevisionKind | Literal["unsigned"]:
    if scene.problems:
        return "unexpected"
    if not filled:
        return "dss" if scene.has_dss else "unsigned"
    fields = {words_in(entry_of(one.get_object(), "/T"), ""): one for one in scene.new_fields}
    name = filled[0]
    if name not in fields:
        return "signature"
    value = fields[name].get_object()["/V"].get_object()
    if str(entry_of(value, "/Type", "")) == "/DocTimeStamp":
        return "timestamp"
    return "meterai" if name.startswith("Emet") else "signature"
