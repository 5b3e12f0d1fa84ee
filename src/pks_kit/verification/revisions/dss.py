"""Judge the validation material (DSS) that an appended revision stores.

Anybody may append it without a key, so it may hold nothing but certificates, revocation lists and
OCSP answers, and may not lose what an earlier revision stored: a revocation could vanish that way.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.pki.names import name_entries
from pks_kit.verification.revisions.before_after import (
    RevisionDiff,
    explain_all,
    key_of,
    raw_entry,
    raw_items,
    reference_to,
    touched,
)
from pks_kit.verification.revisions.material_kept import Stored, lost_material

if TYPE_CHECKING:
    from collections.abc import Iterator

_STORE = {"/Certs": "certificate", "/CRLs": "list", "/OCSPs": "answer"}
_OF_SIGNATURE = {"/Cert": "certificate", "/CRL": "list", "/OCSP": "answer"}
_SIGNATURE_NAME = re.compile(r"/[0-9A-Fa-f]{40}")


def look_at_dss(scene: RevisionDiff, before: Any, after: Any, changed: set[str]) -> None:
    """Explain the objects of the DSS and refuse whatever in it is no validation material.

    Args:
        scene: Before and after.
        before: Catalog before the revision.
        after: Catalog after it.
        changed: Entries of the catalog that changed.
    """
    old, new = raw_entry(before, "/DSS"), raw_entry(after, "/DSS")
    if new is None:
        if old is not None:
            scene.refuse("dss_lost", scene.new.root_ref, "/DSS")
        return
    if "/DSS" not in changed and not touched(scene, new):
        return
    scene.has_dss = True
    explain_all(scene, new, before=old)
    place = key_of(new) or scene.new.root_ref
    for key in lost_material(_stored(scene, old, scene.old), _stored(scene, new, scene.new)):
        scene.refuse("dss_lost", key or place, "/DSS")
    for strange in _strange(scene, after["/DSS"]):
        scene.refuse("dss_junk", place, strange)


def _stored(scene: RevisionDiff, store: Any, state: Any) -> list[Stored]:
    """Return the material that a store lists, in one state of the file."""
    from pyhanko.pdf_utils import generic

    def resolved(value: Any) -> Any:
        key = key_of(value)
        return value if key is None else state(reference_to(scene, key))

    found: list[Stored] = []
    if store is None:
        return found
    held = resolved(store)
    for entry, kind in _STORE.items():
        listed = resolved(held.raw_get(entry)) if entry in held else generic.ArrayObject()
        for place in range(len(listed)):
            item = listed.raw_get(place)
            data = guarded(lambda item=item, kind=kind: _data(resolved(item), kind))  # type: ignore[misc]
            content = repr(key_of(item)).encode() if isinstance(data, ParserFailure) else data
            found.append(Stored(kind=kind, content=content, object=key_of(item)))
    return found


def _strange(scene: RevisionDiff, store: Any) -> Iterator[str]:
    """Name what does not belong into a DSS."""
    yield from _foreign(store, {*_STORE, "/VRI", "/Type"})
    yield from _unreadable(scene, store, _STORE)
    if "/VRI" not in store:
        return
    for name in store["/VRI"]:
        if name == "/Type":
            continue
        part = store["/VRI"][name]
        if not _SIGNATURE_NAME.fullmatch(str(name)) or not hasattr(part, "raw_get"):
            yield f"/VRI {name}"
            continue
        yield from _foreign(part, {*_OF_SIGNATURE, "/TU", "/TS", "/Type"})
        yield from _unreadable(scene, part, _OF_SIGNATURE)


def _foreign(dictionary: Any, known: set[str]) -> list[str]:
    return sorted(str(entry) for entry in dictionary if str(entry) not in known)


def _unreadable(scene: RevisionDiff, holder: Any, entries: dict[str, str]) -> Iterator[str]:
    for entry, kind in entries.items():
        for item in raw_items(holder, entry):
            if key_of(item) not in scene.refs:
                continue
            if isinstance(guarded(lambda item=item, kind=kind: _read(item, kind)), ParserFailure):  # type: ignore[misc]
                yield entry


def _data(stream: Any, kind: str) -> bytes:
    from pyhanko.pdf_utils.decode_limits import DecodePurpose

    purposes = {
        "certificate": DecodePurpose.CERTIFICATE,
        "list": DecodePurpose.CRL,
        "answer": DecodePurpose.OCSP_RESPONSE,
    }
    return bytes(stream.read_data(purposes[kind]))


def _read(item: Any, kind: str) -> None:
    """Parse one stream strictly; bytes behind the structure are not allowed either."""
    from asn1crypto import crl, ocsp, x509

    readers: dict[str, tuple[Any, Callable[[Any], Any]]] = {
        "certificate": (
            x509.Certificate,
            lambda one: (name_entries(one.subject), one.serial_number),
        ),
        "list": (crl.CertificateList, lambda one: name_entries(one.issuer)),
        "answer": (ocsp.OCSPResponse, lambda one: one["response_status"].native),
    }
    structure, look = readers[kind]
    look(structure.load(_data(item.get_object(), kind), strict=True))
