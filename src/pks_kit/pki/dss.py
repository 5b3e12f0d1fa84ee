"""The store of validation material in a PDF (DSS): what it holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.pki.material import ReadOnce, ValidationMaterial

if TYPE_CHECKING:
    from asn1crypto import x509
    from pyhanko.pdf_utils.reader import PdfFileReader

    from pks_kit.pdf.prefix.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What a file stores.

    Attributes:
        material: Everything together.
        signatures: Names of the entries per signature (``/VRI``).
    """

    material: ValidationMaterial
    signatures: frozenset[str] = frozenset()


def read_store(reader: PdfFileReader) -> Stored:
    """Return the material of a file; a file without a store has none.

    Raises:
        Exception: Whatever a malformed store provokes.
    """
    if "/DSS" not in reader.root:
        return Stored(material=ValidationMaterial())
    from asn1crypto import crl, ocsp
    from pyhanko.pdf_utils.decode_limits import DecodePurpose
    from pyhanko.sign.validation.dss import DocumentSecurityStore

    store = DocumentSecurityStore.read_dss(reader)
    return Stored(
        material=ValidationMaterial(
            certificates=tuple(one for one in store.load_certs() if _has_readable_names(one)),
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


def stored_in(store: Store | None, read: ReadOnce | None = None) -> Stored:
    """Return the material of a store that was told from bytes, as :func:`read_store` does.

    Args:
        store: The store; None for none.
        read: What reads structures; None: all are read anew.
    """
    if store is None:
        return Stored(material=ValidationMaterial())
    from asn1crypto import crl, ocsp, x509

    read = read or ReadOnce()
    certificates = [read.of(x509.Certificate, der) for der in store.pieces["/Certs"].values()]
    # pyHanko knows one of each issuer and number
    known = {one.issuer_serial: one for one in certificates}
    return Stored(
        material=ValidationMaterial(
            certificates=tuple(one for one in known.values() if _has_readable_names(one)),
            ocsps=tuple(read.of(ocsp.OCSPResponse, der) for der in store.pieces["/OCSPs"].values()),
            crls=tuple(read.of(crl.CertificateList, der) for der in store.pieces["/CRLs"].values()),
        ),
        signatures=frozenset(store.entries),
    )


def _has_readable_names(certificate: x509.Certificate) -> bool:
    """Return whether chains can be built from a certificate.

    One whose names cannot be compared leads nowhere, and must not keep others from being used.
    """
    names = guarded(lambda: (certificate.subject.hashable, certificate.issuer.hashable))
    return not isinstance(names, ParserFailure)


def entry_name(pdf: bytes, byte_range: Iterable[Any]) -> str:
    """Return the name under which material of a signature is kept.

    It is the SHA-1 of the hexadecimal digits of ``/Contents`` as they stand in the file, in upper
    case (ISO 32000-2, 12.8.4.4); a name, no protection.
    """
    first, length, second, _ = (int(number) for number in byte_range)
    digits = pdf[first + length + 1 : second - 1]
    return "/" + hashlib.sha1(digits, usedforsecurity=False).hexdigest().upper()
