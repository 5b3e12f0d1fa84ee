"""Add validation material to the store in a PDF (DSS)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pks_kit.foreign import HERE, Files, Looks, Question
from pks_kit.json_types import Count
from pks_kit.limits import ARCHIVE_BYTES
from pks_kit.pdf.parsing import refusing_broken_pdf
from pks_kit.pki.material import ValidationMaterial
from pks_kit.signing.growth import check_growth
from pks_kit.signing.step.reserved_space import Appended
from pks_kit.signing.step.sign_field import signature_only_writer


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreEntry:
    """Material of one signature, as numbers of files that follow.

    Attributes:
        name: Name of :func:`~pks_kit.pki.dss.entry_name`.
        certificates: How many certificates come first.
        ocsps: How many OCSP answers come next.
        crls: How many revocation lists come last.
    """

    name: str
    certificates: Count
    ocsps: Count
    crls: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreRevision(Question[Appended]):
    """What must follow a file so that it stores material? The file, then each piece in DER.

    Attributes:
        entries: Whose material it is, in the order of the pieces.
    """

    entries: tuple[StoreEntry, ...]

    def answer(self, files: Files) -> Appended:
        """Write the revision.

        Raises:
            InputError: ``pdf.unreadable``.
        """
        from asn1crypto import crl, ocsp, x509

        pieces = iter(files[1:])
        with refusing_broken_pdf():
            given = [
                (
                    one.name,
                    ValidationMaterial(
                        certificates=_loaded(x509.Certificate, pieces, one.certificates),
                        ocsps=_loaded(ocsp.OCSPResponse, pieces, one.ocsps),
                        crls=_loaded(crl.CertificateList, pieces, one.crls),
                    ),
                )
                for one in self.entries
            ]
            return Appended(content=_written(files[0], given)[len(files[0]) :])


def add_to_store(
    pdf: bytes, entries: Iterable[tuple[str, ValidationMaterial]], looks: Looks = HERE
) -> bytes:
    """Return the file with one revision that stores material per signature, and nothing else.

    Args:
        pdf: The file.
        entries: Name of :func:`~pks_kit.pki.dss.entry_name` and the material of that signature.
            An entry that the file has already is never changed (whoever compares revisions would
            call that a forgery); its new material stands in the store alone.
        looks: Where the file is opened.

    Raises:
        InputError: ``pdf.unreadable``.
        SigningError: ``pdf.grown``.
        NotLookedError: ``pdf.not_looked``.
    """
    counted, pieces = [], []
    for name, material in entries:
        kinds = (material.certificates, material.ocsps, material.crls)
        certificates, ocsps, crls = (len(one) for one in kinds)
        counted.append(StoreEntry(name=name, certificates=certificates, ocsps=ocsps, crls=crls))
        pieces += [piece.dump() for kind in kinds for piece in kind]
    added = looks.ask(StoreRevision(entries=tuple(counted)), pdf, *pieces).content
    check_growth(0, added, ARCHIVE_BYTES)
    return pdf + added


def _loaded(kind: Any, pieces: Any, count: int) -> tuple[Any, ...]:
    return tuple(kind.load(next(pieces)) for _ in range(count))


def _written(pdf: bytes, entries: Iterable[tuple[str, ValidationMaterial]]) -> bytes:
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
