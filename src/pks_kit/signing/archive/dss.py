"""The store of validation material in a PDF (DSS): what it holds, and adding to it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from pks_kit.pki.chains import Evidence
from pks_kit.signing.step.sign_field import signature_only_writer

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What a file stores.

    Attributes:
        evidence: Everything together.
        signatures: Names of the entries per signature (``/VRI``).
    """

    evidence: Evidence
    signatures: frozenset[str] = frozenset()


def read_store(reader: PdfFileReader) -> Stored:
    """Return the material of a file; a file without a store has none.

    Call this inside ``refusing_broken_pdf``: a malformed store raises what its parsers raise.
    """
    from asn1crypto import crl, ocsp
    from pyhanko.pdf_utils.decode_limits import DecodePurpose
    from pyhanko.sign.validation.dss import DocumentSecurityStore

    if "/DSS" not in reader.root:
        return Stored(evidence=Evidence())
    store = DocumentSecurityStore.read_dss(reader)
    return Stored(
        evidence=Evidence(
            certificates=tuple(store.load_certs()),
            ocsps=tuple(
                ocsp.OCSPResponse.load(one.get_object().read_data(DecodePurpose.OCSP_RESPONSE))
                for one in store.ocsps
            ),
            crls=tuple(
                crl.CertificateList.load(one.get_object().read_data(DecodePurpose.CRL))
                for one in store.crls
            ),
        ),
        signatures=frozenset(str(name) for name in store.vri_entries),
    )


def entry_name(pdf: bytes, byte_range: Iterable[Any]) -> str:
    """Return the name under which material of a signature is kept.

    It is the SHA-1 of the hexadecimal digits of ``/Contents`` as they stand in the file, in upper
    case (ISO 32000-2, 12.8.4.4); a name, no protection.
    """
    first, length, second, _ = (int(number) for number in byte_range)
    digits = pdf[first + length + 1 : second - 1]
    return "/" + hashlib.sha1(digits, usedforsecurity=False).hexdigest().upper()


def add_to_store(pdf: bytes, entries: Iterable[tuple[str, Evidence]]) -> bytes:
    """Return the file with one revision that stores material per signature, and nothing else.

    Args:
        pdf: The file.
        entries: Name of :func:`entry_name` and the material of that signature. An entry that the
            file has already is never changed (whoever compares revisions would call that a
            forgery); its new material stands in the store alone.
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
