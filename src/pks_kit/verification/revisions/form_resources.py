"""May the default resources of a form (``/DR``) change as a revision changes them?

iText adds its own to a form that had some or none. What has a name keeps it; but a name that an
old default look or an old appearance uses, and that nothing had, is a trap: it would be given its
meaning, for instance a font with other shapes, after the signature.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.verification.revisions.before_after import (
    changed_entries,
    collect,
    key_of,
    raw_entry,
    reference_to,
)

if TYPE_CHECKING:
    from pks_kit.pdf.objects import ObjectKey
    from pks_kit.verification.revisions.before_after import RevisionDiff

_NAME = re.compile(rb"/([^\0\t\n\f\r \[\]()<>{}/%]*)")


def may_have_resources(scene: RevisionDiff, before: Any, after: Any) -> bool:
    """Return whether new default resources only add names for which nothing was waiting.

    Args:
        scene: Before and after.
        before: The form before the revision.
        after: The form after it.
    """
    was, now = raw_entry(before, "/DR"), raw_entry(after, "/DR")
    if was is None:
        come = _names(scene, now)
    elif _is_direct(was) and _is_direct(now) and _grows(was, now):
        come = _names(scene, now) - _names(scene, was)
    else:
        return False
    awaited = guarded(lambda: _awaited(scene, before))
    return not isinstance(awaited, ParserFailure) and not come & awaited


def _grows(was: Any, now: Any) -> bool:
    if set(was) - set(now):
        return False
    for kind in changed_entries(was, now) & set(was):
        names, more = raw_entry(was, kind), raw_entry(now, kind)
        if not (_is_direct(names) and _is_direct(more)):
            return False
        if changed_entries(names, more) & set(names):
            return False
    return True


def _is_direct(value: Any) -> bool:
    return key_of(value) is None and hasattr(value, "keys")


def _names(scene: RevisionDiff, resources: Any) -> set[bytes]:
    found = set()
    key = key_of(resources)
    held = resources if key is None else scene.new(reference_to(scene, key))
    for kind in held or ():
        listed = held[kind]
        found |= {str(name)[1:].encode() for name in listed} if hasattr(listed, "keys") else set()
    return found


def _awaited(scene: RevisionDiff, form: Any) -> set[bytes]:
    """Return the names that default looks, and appearances without resources, use in a form."""
    keys: set[ObjectKey] = set()
    collect(scene, form, keys, only_new=False, state=scene.old)
    found: set[bytes] = set()
    values = [form, *(scene.old(reference_to(scene, key)) for key in keys)]
    while values:
        item = values.pop()
        if not hasattr(item, "keys"):
            continue
        look = raw_entry(item, "/DA")
        if look is not None:
            text = look if key_of(look) is None else look.get_object()
            found |= set(_NAME.findall(getattr(text, "original_bytes", b"") or b""))
        if hasattr(item, "encoded_data") and "/Resources" not in item:
            found |= set(_NAME.findall(bytes(item.data)))
        values += [item.raw_get(entry) for entry in item if key_of(item.raw_get(entry)) is None]
    return {_plain(one) for one in found}


def _plain(name: bytes) -> bytes:
    """Return a name with its escapes resolved."""
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda match: bytes([int(match[1], 16)]), name)
