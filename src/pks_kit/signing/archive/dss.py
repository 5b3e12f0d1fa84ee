"""Add validation material to the store in a PDF (DSS)."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from pks_kit.pki.material import ValidationMaterial
from pks_kit.signing.step.sign_field import signature_only_writer


def add_to_store(pdf: bytes, entries: Iterable[tuple[str, ValidationMaterial]]) -> bytes:
    """Return the file with one revision that stores material per signature, and nothing else.

    Args:
        pdf: The file.
        entries: Name of :func:`~pks_kit.pki.dss.entry_name` and the material of that signature.
            An entry that the file has already is never changed (whoever compares revisions would
            call that a forgery); its new material stands in the store alone.
    """
    from pyhanko.pdf_utils.generic import pdf_name
    from pyhanko.sign.validation.dss import DocumentSecurityStore

    writer: Any = signature_only_writer(pdf)
    is_new = "/DSS" not in writer.root
    store: Any = (
        DocumentSecurityStore(writer=writer) if is_new else DocumentSecurityStore.read_dss(writer)
    )
    for name, evidence in entries:
        store.register_vri(
            None if name in store.vri_entries else pdf_name(name),
            certs=evidence.certificates,
            ocsps=evidence.ocsps,
            crls=evidence.crls,
        )
    dictionary = store.as_pdf_object()
    if is_new:
        writer.root["/DSS"] = writer.add_object(dictionary)
        writer.update_root()
    output = BytesIO()
    writer.write(output)
    return output.getvalue()
