"""Judge the signature fields and widgets that one appended revision fills or adds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pks_kit.pdf.objects import entry_of, words_in
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.verification.revisions.before_after import (
    Expected,
    RefusedChange,
    RevisionDiff,
    changed_entries,
    explain_all,
    key_of,
    raw_entry,
    raw_items,
    reference_to,
)

if TYPE_CHECKING:
    from pks_kit.domain.receipt import RecordedPlace
    from pks_kit.pdf.opening import OpenedFile

_FIELD_MAY_CHANGE = frozenset({"/V", "/AP", "/F", "/M", "/MK", "/DA", "/Border", "/BS"})
_NEW_FIELD_ENTRIES = frozenset(
    [
        "/FT",
        "/T",
        "/Type",
        "/Subtype",
        "/F",
        "/Rect",
        "/P",
        "/AP",
        "/V",
        "/MK",
        "/Ff",
        "/DA",
        "/DR",
        "/M",
        "/NM",
        "/TU",
        "/Border",
        "/BS",
        "/Contents",
        "/Lock",
    ]
)
_REMARK = re.compile(rb"%[^\r\n]*")
_TOLERANCE = 1.0
"""Points by which a stamp may reach over its reserved rectangle (rounding)."""


def look_at_fields(scene: RevisionDiff, filled: list[str]) -> None:
    """Existing fields: only the one that is filled now may change, and only to be filled."""
    from pyhanko.sign.fields import enumerate_sig_fields

    for name, _, reference in enumerate_sig_fields(scene.old):
        key = key_of(reference) or _container(reference)
        if key is None:
            continue
        before, after = reference.get_object(), scene.new(reference_to(scene, key))
        parts: list[tuple[Any, Any, Any]] = [(key, before, after)] if key in scene.refs else []
        for kid, kid_after in zip(
            raw_items(before, "/Kids"), raw_items(after, "/Kids"), strict=False
        ):
            if key_of(kid) == key_of(kid_after) and key_of(kid) in scene.refs:
                parts.append((key_of(kid), kid.get_object(), kid_after.get_object()))
        for part, was, now in parts:
            _judge_field_change(scene, str(name), part, was, now, is_filled=name in filled)


def _container(value: Any) -> tuple[int, int] | None:
    reference = getattr(value, "container_ref", None)
    return (reference.idnum, reference.generation) if reference is not None else None


def _judge_field_change(
    scene: RevisionDiff, name: str, key: Any, was: Any, now: Any, *, is_filled: bool
) -> None:
    scene.explained.add(key)
    changed = changed_entries(was, now)
    if not changed:
        return
    if not is_filled:
        if changed & {"/AP", "/Rect"} and _is_drawn(now):
            scene.refuse("drawn_field", key, name)
        scene.refuse("other_field", key, name)
        return
    if "/V" in was and "/V" in changed:
        scene.refuse("replaced_signature", key, name)
    for entry in sorted(changed - _FIELD_MAY_CHANGE):
        scene.refuse("field", key, f"{name} {entry}")
    _explain_signature(scene, now)


def _explain_signature(scene: RevisionDiff, holder: Any) -> None:
    """The signature and the appearance of a filled field are new objects of this revision."""
    for entry in ("/V", "/AP", "/MK"):
        value = raw_entry(holder, entry)
        key: Any = key_of(value)
        if entry == "/V" and scene.refs.get(key, False):
            scene.refuse("replaced_signature", key)
        explain_all(scene, value)


def look_at_new_fields(
    scene: RevisionDiff, opened: OpenedFile, filled: list[str], expected: Expected | None
) -> None:
    """New fields: at most one, filled at once, inside a place reserved for it."""
    if len(scene.new_fields) > 1:
        scene.refuse("several_fields", key_of(scene.new_fields[1]))
    for reference in scene.new_fields:
        new_field: Any = reference.get_object()
        key: Any = key_of(reference)
        name = words_in(entry_of(new_field, "/T"), "")
        scene.explain(key)
        if scene.refs.get(key, True):
            scene.refuse("old_object_as_field", key, name)
        if "/V" not in new_field and _is_drawn(new_field):
            scene.refuse("drawn_field", key, name, _page_of(opened, new_field))
        if str(entry_of(new_field, "/FT", "")) != "/Sig" or "/Kids" in new_field:
            scene.refuse("not_a_signature_field", key, name)
            continue
        strange = {str(entry) for entry in new_field} - _NEW_FIELD_ENTRIES
        if strange:
            scene.refuse("field", key, f"{name} {', '.join(sorted(strange))}")
        if name not in filled:
            scene.refuse("empty_field", key, name)
        _explain_signature(scene, new_field)
        _look_at_new_widget(scene, opened, reference, new_field, expected)


def _look_at_new_widget(
    scene: RevisionDiff,
    opened: OpenedFile,
    reference: Any,
    new_field: Any,
    expected: Expected | None,
) -> None:
    """The page of a new widget may list it; a visible one must lie in a reserved rectangle."""
    key = key_of(reference)
    page_key = key_of(raw_entry(new_field, "/P"))
    page = _page_number(opened, page_key)
    if page is not None:
        _judge_page(scene, page_key, key, page)
    if expected is None:
        return
    edges = [float(edge) for edge in entry_of(new_field, "/Rect", ())]
    is_visible = len(edges) == 4 and edges[0] != edges[2] and edges[1] != edges[3]
    value = new_field["/V"].get_object() if "/V" in new_field else {}
    if str(entry_of(value, "/Type", "")) == "/DocTimeStamp":
        if is_visible:
            scene.refuse("visible_timestamp", key, words_in(entry_of(new_field, "/T"), ""), page)
        return
    allowed = (*expected.stamps, *_blank_areas(scene, expected))
    if not is_visible or stamp_place(allowed, page, edges) is None:
        scene.refuse("outside_place", key, words_in(entry_of(new_field, "/T"), ""), page)


def _blank_areas(scene: RevisionDiff, expected: Expected) -> list[RecordedPlace]:
    """Return the places for signatures in which no field was prepared."""
    from pyhanko.sign.fields import enumerate_sig_fields

    prepared = {str(name) for name, _, _ in enumerate_sig_fields(scene.old)}
    return [place for place in expected.areas if place.name not in prepared]


def stamp_place(
    stamps: Iterable[RecordedPlace], page: int | None, edges: Iterable[float]
) -> RecordedPlace | None:
    """Return the reserved place that holds a rectangle, or None."""
    first, second, third, fourth = edges
    left, right = sorted((first, third))
    bottom, top = sorted((second, fourth))
    for place in stamps:
        x1, y1, x2, y2 = place.rect
        if (
            place.page == page
            and left >= x1 - _TOLERANCE
            and bottom >= y1 - _TOLERANCE
            and right <= x2 + _TOLERANCE
            and top <= y2 + _TOLERANCE
        ):
            return place
    return None


def _judge_page(scene: RevisionDiff, page_key: Any, widget: Any, page: int) -> None:
    scene.explained.add(page_key)
    reference = reference_to(scene, page_key)
    was, now = scene.old(reference), scene.new(reference)
    for entry in sorted(changed_entries(was, now) - {"/Annots"}):
        scene.refuse("page", page_key, entry, page)
    _judge_annotations(scene, was, now, widget, page)


def _judge_annotations(scene: RevisionDiff, was: Any, now: Any, widget: Any, page: int) -> None:
    array_key = key_of(raw_entry(now, "/Annots"))
    scene.explain(array_key, before=key_of(raw_entry(was, "/Annots")))
    before = [key_of(one) for one in raw_items(was, "/Annots")]
    after = [key_of(one) for one in raw_items(now, "/Annots")]
    if after not in (before, [*before, widget]):
        scene.refuse("annotations", array_key or widget, "", page)


def _is_drawn(field: Any) -> bool:
    """Return whether a field draws something on the page, itself or by a widget of its own."""
    widgets = [field, *(kid.get_object() for kid in raw_items(field, "/Kids"))]
    return any(_has_area(one) and _has_drawing(entry_of(one, "/AP", {})) for one in widgets)


def _has_area(widget: Any) -> bool:
    edges = [float(edge) for edge in entry_of(widget, "/Rect", ())]
    return len(edges) == 4 and edges[0] != edges[2] and edges[1] != edges[3]


def _has_drawing(appearance: Any) -> bool:
    """Return whether any face holds more than remarks; one that cannot be read may."""
    from pyhanko.pdf_utils.generic import StreamObject

    faces = [entry_of(appearance, entry) for entry in appearance]
    streams = [one for one in faces if isinstance(one, StreamObject)]
    for states in faces:
        if not isinstance(states, StreamObject) and hasattr(states, "keys"):
            streams += [entry_of(states, state) for state in states]
    for stream in streams:
        data = guarded(lambda stream=stream: bytes(stream.data))  # type: ignore[misc]
        if isinstance(data, ParserFailure) or _REMARK.sub(b"", data).strip(b"\0 \t\n\f\r"):
            return True
    return False


def _page_of(opened: OpenedFile, field: Any) -> int | None:
    return _page_number(opened, key_of(raw_entry(field, "/P")))


def _page_number(opened: OpenedFile, key: Any) -> int | None:
    for number, page in enumerate(opened.pdf.pages, start=1):
        if page.obj.objgen == key:
            return number
    return None


def look_at_names(scene: RevisionDiff, filled: list[str], expected: Expected | None) -> None:
    """Only one signature in a revision, and only in a field that the profile knows."""
    if len(filled) > 1:
        scene.problems.append(
            RefusedChange(reason="several_signatures", object="-", what=", ".join(filled))
        )
    if expected is None:
        return
    added = {words_in(entry_of(one.get_object(), "/T"), "") for one in scene.new_fields}
    for name in filled:
        if name not in added and name not in expected.fields:
            scene.problems.append(RefusedChange(reason="unexpected_field", object="-", what=name))
