"""The agreement that follows: its data, what a person must look at, and what its text changes."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from pks_kit.domain.kontrak import JangkaWaktu, Kontrak
from pks_kit.domain.perpanjangan import (
    Tenggat,
    deadlines,
    remarks,
    renewed,
    without_results,
)
from pks_kit.domain.sifat_faskes import JenisFaskes
from pks_kit.errors import NotInForceError, PksKitError, UsageError
from pks_kit.naskah.catalogue import list_versions, load_version
from pks_kit.pipelines.drafting.text_age import may_be_used
from pks_kit.resources import templates_root
from pks_kit.rules.checks.renewal import check_next_term, check_renewal
from pks_kit.rules.findings import Finding
from pks_kit.rules.law.parameters import load_parameters

if TYPE_CHECKING:
    from pks_kit.naskah.diff import VersionDiff

_CHOICE = re.compile(r"[0-9]{0,4}_?[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class NextAgreement:
    """The data of the agreement that follows.

    Attributes:
        kontrak: The data; what :data:`~pks_kit.domain.perpanjangan.DIISI_KEMBALI` names is still
            the old value and must be written anew.
        removed: Places that are left out on purpose.
        remarks: Place -> why a value that was carried over must be looked at.
        licences: What ends before or within the new term, the earliest first.
        findings: What would block or disturb the new agreement as the data stand now.
    """

    kontrak: Kontrak
    removed: tuple[str, ...]
    remarks: dict[str, str]
    licences: tuple[Tenggat, ...]
    findings: tuple[Finding, ...]


def next_agreement(kontrak: Kontrak, term: JangkaWaktu, versi: str | None) -> NextAgreement:
    """Make the data of the agreement that follows.

    Args:
        kontrak: Data of the agreement that ends.
        term: The new term.
        versi: Template version; None takes the newest one in use on the first day.

    Raises:
        InputError: ``naskah.unknown_version``.
        UsageError: ``renew.term_turned``, ``renew.term_overlaps``, ``renew.no_version``,
            ``draft.not_an_agreement``.
        NotInForceError: A limit has no value on the first day of the new term.
    """
    check_next_term(kontrak, term)
    chosen = _version(versi, kontrak.faskes.jenis, term.tanggal_mulai)
    upcoming, removed = without_results(renewed(kontrak, term, chosen))
    return NextAgreement(
        kontrak=upcoming,
        removed=removed,
        remarks=remarks(upcoming),
        licences=tuple(
            one
            for one in deadlines(kontrak)
            if one.jenis != "perjanjian" and one.berakhir < term.tanggal_selesai
        ),
        findings=check_renewal(kontrak, term, chosen),
    )


def _version(wanted: str | None, jenis: JenisFaskes, start: date) -> str:
    """Return the version asked for, or the newest one for the kind in use when the term starts."""
    root = templates_root()
    if wanted is not None:
        if load_version(wanted, root).manifest.naskah != "perjanjian":
            raise UsageError("draft.not_an_agreement", versi=wanted)
        return wanted
    versions = [load_version(name, root) for name in list_versions(root)]
    usable = [
        manifest
        for manifest in (one.manifest for one in versions if jenis in one.kinds())
        if may_be_used(manifest, start)
    ]
    if not usable:
        raise UsageError("renew.no_version", start=start)
    return max(usable, key=lambda manifest: (manifest.berlaku.mulai, manifest.versi)).versi


def text_changes(
    kontrak: Kontrak, versi: str, start: date
) -> tuple[VersionDiff | None, PksKitError | None]:
    """Compare the texts, both filled with the old data so that only text and law can differ.

    Args:
        kontrak: Data of the agreement that ends.
        versi: Template version of the next one.
        start: First day of the next term.

    Returns:
        The comparison, or why it could not be made.
    """
    from pks_kit.pipelines.compare import CompareRequest, compare_versions

    request = CompareRequest(
        kontrak=kontrak,
        versi_lama=kontrak.versi_templat,
        versi_baru=versi,
        as_of_lama=kontrak.jangka_waktu.tanggal_mulai,
        as_of_baru=start,
    )
    try:
        try:
            return compare_versions(request).diff, None
        except NotInForceError:  # the law of the old term is not known: compare the text alone
            return compare_versions(replace(request, as_of_lama=None)).diff, None
    except PksKitError as error:
        # The new data are worth having although the old text cannot be made any more.
        return None, error


def text_stays(kontrak: Kontrak, versi: str, start: date) -> bool:
    """Return whether neither text nor law changes, so that there is nothing to compare.

    Args:
        kontrak: Data of the agreement that ends.
        versi: Template version of the next one.
        start: First day of the next term.
    """
    if versi != kontrak.versi_templat:
        return False
    before = kontrak.jangka_waktu.tanggal_mulai
    return all(one.applied(before) == one.applied(start) for one in load_parameters())


def structure_of(kontrak: Kontrak) -> Hashable:
    """Return what decides which clauses an agreement has, but for its template version.

    Kind, method, every choice and every yes or no, and which groups and lists there are. Texts of
    equal structure differ in names and numbers alone, and so does what changes in them.
    """
    return _shape(kontrak.model_dump())


def _shape(value: Any) -> Hashable:
    if isinstance(value, dict):
        return tuple((key, _shape(inner)) for key, inner in value.items())
    if isinstance(value, tuple | list):
        return bool(value)
    if isinstance(value, bool) or value is None:
        return value
    # names have capitals or blanks and numbers no letter, which no choice has
    return value if isinstance(value, str) and _CHOICE.fullmatch(value) else ""
